//! Messages of the activity analysis.
