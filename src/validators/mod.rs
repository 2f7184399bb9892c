//! Checks on the digits and letters of a candidate: pure functions, each after a published rule.
//!
//! Every function takes the candidate *compacted*: upper case, letters and digits only. None of them panics on any input.

pub mod registry;
