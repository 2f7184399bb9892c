//! Systems without what a safe move needs: names that are looked up from an open folder, and permission bits.

use super::error::IsolationError;
use super::outcome::Outcome;
use super::request::Request;
use super::settings::{RestoreSettings, Settings};
use super::witness::Witness;
use jiff::Timestamp;
use std::path::Path;

/// Always an error here.
pub fn isolate(_: &Path, _: &[Request], _: &Settings<'_>) -> Result<Vec<Outcome>, IsolationError> {
    Err(IsolationError::Unsupported)
}

/// Always an error here.
pub fn finish(_: &Path, _: Timestamp, _: &dyn Witness) -> Result<Vec<Outcome>, IsolationError> {
    Err(IsolationError::Unsupported)
}

/// Always an error here.
pub fn check_apart(_: &Path, _: &Path) -> Result<(), IsolationError> {
    Err(IsolationError::Unsupported)
}

/// Always an error here.
pub fn restore(_: &Path, _: &[String], _: &RestoreSettings<'_>) -> Result<Vec<Outcome>, IsolationError> {
    Err(IsolationError::Unsupported)
}
