//! Takes back matches that an allow list allows.

use crate::identifiers::allow_match::CompiledAllowLists;

/// What the allow lists of an engine say about its matches.
#[derive(Debug)]
pub struct Allowance {
    lists: CompiledAllowLists,
    /// Mailing addresses cannot be allowed, as in Macie.
    never: Option<u16>,
}

impl Allowance {
    /// These lists, and the index of the identifier that they do not apply to.
    pub fn new(lists: CompiledAllowLists, never: Option<u16>) -> Self {
        Self { lists, never }
    }

    /// Whether a match of that identifier is allowed.
    ///
    /// This is asked of matches that have won against all other claims on their characters: an allowed text does not become
    /// a match of something else.
    pub fn allows(&self, identifier: u16, matched: &str) -> bool {
        Some(identifier) != self.never && self.lists.allows(matched)
    }
}
