//! Know what sensitive data a drop of files holds before it is uploaded: a local, offline scanner that reports in the
//! words of Amazon Macie.
#![warn(clippy::print_stdout, clippy::print_stderr, clippy::unwrap_used)]

pub mod describe;
pub mod engine;
pub mod findings;
pub mod identifiers;
pub mod model;
pub mod outputs;
pub mod proof;
pub mod readers;
pub mod scan;
pub mod sources;
pub mod validators;
