//! Puts the layers together: objects in, reports out.

#[cfg(test)]
mod agreement;
mod coverage;
mod given;
mod hands;
mod member;
mod merge;
mod object;
mod parts;
mod scanner;
mod stats;
mod structured;
mod worker;

pub use crate::engine::Cost;
pub use given::Given;
pub use scanner::{BuildError, ManagedSelection, Scanner, ScannerBuilder};
pub use stats::{FieldStats, IdentifierStats, Stats};

/// Told how far a scan has come. Called from all worker threads.
pub trait Progress: Sync {
    /// Stored bytes read since the last call.
    fn bytes(&self, count: u64);

    /// An object is done.
    fn object_done(&self);
}

/// A scan that nobody watches.
impl Progress for () {
    fn bytes(&self, _: u64) {}

    fn object_done(&self) {}
}
