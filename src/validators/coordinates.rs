//! Latitude and longitude.

use super::registry::Rule;

/// Rules of this file.
pub(super) static RULES: &[Rule] = &[];
