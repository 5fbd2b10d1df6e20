//! Messages of the fence.
