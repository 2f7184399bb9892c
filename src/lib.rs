//! Know what sensitive data a drop of files holds before it is uploaded: a local, offline scanner that reports in the
//! words of Amazon Macie.

pub mod engine;
pub mod identifiers;
pub mod model;
pub mod validators;
