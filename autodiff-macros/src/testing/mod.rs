//! Tests of the stages together: an interpreter of the IR and a generator of programs.

mod interp;
