//! A custom data identifier: what somebody asked Macie, or this program, to look for.

use crate::model::Severity;
use std::path::PathBuf;
use uuid::Uuid;

/// The maximum match distance of an identifier that does not state one.
pub const DEFAULT_DISTANCE: u16 = 50;

/// The namespace of ids that are derived from names. It never changes: ids in old findings depend on it.
const NAMESPACE: Uuid = Uuid::from_u128(0x1d7a_5c86_3f0e_5b42_9c4d_6e21_8ab0_f793);

/// One custom data identifier, within Macie's limits when it comes from [`super::custom_load::load`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomIdentifier {
    /// What findings call it in `arn` and jobs in `customDataIdentifierIds`: the given `id`, else [`derived_id`].
    pub id: String,
    /// Name for people, 1 to 128 characters.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// The pattern as it was written, in Macie's subset of PCRE; see [`super::custom_regex`].
    pub regex: String,
    /// Texts one of which must come before a match; case is ignored. None: every match counts.
    pub keywords: Vec<String>,
    /// Texts that a match must not contain; case matters.
    pub ignore_words: Vec<String>,
    /// Most characters from the end of a keyword to the end of the match.
    pub maximum_match_distance: u16,
    /// From how many occurrences in one object on (at least 1) which severity applies, both ascending. Empty: medium
    /// for any number. Below the first threshold there is no finding.
    pub severity_levels: Vec<(u64, Severity)>,
    /// Where it was written.
    pub origin: Origin,
}

/// Where an identifier was written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    /// The file, as it was named.
    pub file: PathBuf,
    /// 1-based line on which its definition starts.
    pub line: usize,
}

/// The id of an identifier that does not state one: the version 5 UUID (RFC 9562) of its name in lakegate's namespace
/// `1d7a5c86-3f0e-5b42-9c4d-6e218ab0f793`. The same name has the same id on every machine.
pub fn derived_id(name: &str) -> String {
    Uuid::new_v5(&NAMESPACE, name.as_bytes()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_depends_on_the_name_only_and_never_changes() {
        assert_eq!(derived_id("Patient ID"), derived_id("Patient ID"));
        assert_ne!(derived_id("Patient ID"), derived_id("patient id"));
        assert_eq!(derived_id("Patient ID"), "6dea4ec4-cbd2-5382-a26b-ff55f2187de9");
    }
}
