//! How files are isolated and put back.

use super::encryption::{Identities, Recipients};
use super::witness::Witness;
use jiff::Timestamp;

/// How files are isolated.
#[derive(Clone, Copy)]
pub struct Settings<'a> {
    /// Whom the copies are encrypted to; nobody for plain copies.
    pub recipients: &'a Recipients,
    /// The time that the manifest notes.
    pub at: Timestamp,
    /// Say what would be done, and do nothing.
    pub dry_run: bool,
    /// Who is told of every step.
    pub witness: &'a dyn Witness,
}

/// How files are put back.
#[derive(Clone, Copy)]
pub struct RestoreSettings<'a> {
    /// What encrypted copies are read with.
    pub identities: &'a Identities,
    /// The time that the manifest notes.
    pub at: Timestamp,
    /// Who is told of every step.
    pub witness: &'a dyn Witness,
}
