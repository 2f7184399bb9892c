//! An allow list: texts that are no sensitive data although an identifier matches them.

use super::custom::Origin;
use super::problem::Place;
use uuid::Uuid;

/// The namespace of ids that are derived from names. It never changes: jobs refer to these ids.
const NAMESPACE: Uuid = Uuid::from_u128(0x90b3_41c2_7f5d_5e08_a6c1_2d94_e37b_58f0);
/// Characters of an id, as Macie's have.
const ID: usize = 22;

/// One allow list, ready for use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowList {
    /// What jobs call it in `allowListIds`: the given `id`, else [`derived_id`].
    pub id: String,
    /// Name for people, 1 to 128 characters.
    pub name: String,
    /// Its name in a `CloudFormation` template.
    pub logical_id: Option<String>,
    /// What it allows.
    pub texts: AllowedTexts,
    /// What it is for.
    pub scope: AllowScope,
    /// Where it was written.
    pub origin: Origin,
}

/// What an allow list allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AllowedTexts {
    /// These texts, in any case.
    Words(Vec<String>),
    /// Texts that this pattern matches completely; the subset is that of [`super::custom_regex`].
    Regex(String),
}

/// What an allow list is for. What is empty leaves nothing out; Macie's lists have no scope.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AllowScope {
    /// Ids of identifiers.
    pub identifiers: Vec<String>,
    /// Globs, one of which matches the end of an object's path: `*.csv`, `samples/**`.
    pub objects: Vec<String>,
    /// Names of columns or record members, in any case.
    pub columns: Vec<String>,
}

/// An allow list as it is declared: its words may be in a file elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredAllowList {
    /// As in [`AllowList`].
    pub id: String,
    /// As in [`AllowList`].
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// As in [`AllowList`].
    pub logical_id: Option<String>,
    /// What it allows.
    pub criteria: AllowListCriteria,
    /// Where the criteria were written.
    pub criteria_at: Place,
    /// As in [`AllowList`].
    pub scope: AllowScope,
    /// Where it was written.
    pub origin: Origin,
}

/// What a declared allow list allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AllowListCriteria {
    /// Texts that this pattern matches completely; the subset is that of [`super::custom_regex`].
    Regex(String),
    /// Texts that are lines of a file in S3. Names that only a deployment knows are shown as `${Name}`.
    S3WordsList {
        /// The bucket.
        bucket_name: String,
        /// The file's key in it.
        object_key: String,
    },
}

/// The id of a list that does not state one: 22 digits and lower-case letters that follow from its name.
pub fn derived_id(name: &str) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut rest = Uuid::new_v5(&NAMESPACE, name.as_bytes()).as_u128();
    let digits = std::iter::repeat_with(|| {
        let digit = DIGITS[(rest % 36) as usize];
        rest /= 36;
        char::from(digit)
    });
    digits.take(ID).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_22_digits_and_letters_and_depends_on_the_name_only() {
        let id = derived_id("Test numbers");
        assert_eq!(id.len(), 22);
        assert!(id.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase()), "{id}");
        assert_eq!(id, derived_id("Test numbers"));
        assert_ne!(id, derived_id("test numbers"));
    }
}
