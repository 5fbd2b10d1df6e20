//! A stable text form of the IR, for snapshots and for reading.
