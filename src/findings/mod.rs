//! From occurrences to findings: counting, severity, and the choice of the places that a finding names.

pub mod baseline;
mod baseline_compare;
mod baseline_place;
mod build;
mod columns;
mod severity;
mod share;
mod tally;

pub use baseline_compare::{Comparison, Fresh, Scope, Stale, StaleReason};
pub use baseline_place::{ColumnRef, Place};
pub use build::{Counted, build};
pub use severity::SeverityRule;
pub use share::{FINDING_LOCATIONS, share};
pub use tally::{Located, TYPE_LOCATIONS, Tally};
