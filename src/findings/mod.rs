//! From occurrences to findings: counting, severity, and the choice of the places that a finding names.

mod build;
mod columns;
mod severity;
mod share;
mod tally;

pub use build::{Counted, build};
pub use severity::SeverityRule;
pub use share::{FINDING_LOCATIONS, share};
pub use tally::{Located, TYPE_LOCATIONS, Tally};
