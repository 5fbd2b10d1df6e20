//! An interpreter of the IR and a generator of programs, for tests only.
