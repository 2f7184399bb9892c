//! Which objects of its buckets a job analyses.

use crate::sources::Entry;

/// Conditions on objects. An object is in scope if all conditions of `includes` hold and not all of `excludes` do; a list
/// without conditions says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    pub(super) includes: Vec<ScopeTerm>,
    pub(super) excludes: Vec<ScopeTerm>,
}

/// One condition on an object. Values are told apart by case and have no wildcards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ScopeTerm {
    /// The extension of the key, without the dot, is one of these; if negated, none.
    Extension { negated: bool, values: Vec<String> },
    /// The key begins with one of these.
    KeyPrefix(Vec<String>),
    /// The time of the last modification, in seconds since 1970.
    Modified(Comparison, i64),
    /// The size as stored, in bytes.
    Size(Comparison, i64),
    /// A tag. Files have none: only the negated condition holds.
    Tag { negated: bool },
}

/// How a number is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Eq,
    Ne,
    Gt,
    Gte,
    Lt,
    Lte,
}

impl Comparison {
    fn holds(self, left: i64, right: i64) -> bool {
        match self {
            Self::Eq => left == right,
            Self::Ne => left != right,
            Self::Gt => left > right,
            Self::Gte => left >= right,
            Self::Lt => left < right,
            Self::Lte => left <= right,
        }
    }
}

impl ScopeTerm {
    fn holds(&self, entry: &Entry) -> bool {
        match self {
            Self::Extension { negated, values } => {
                let extension = extension(&entry.key);
                values.iter().any(|value| value == extension) != *negated
            }
            Self::KeyPrefix(prefixes) => prefixes.iter().any(|prefix| entry.key.starts_with(prefix.as_str())),
            Self::Modified(comparison, at) => match entry.modified {
                Some(modified) => comparison.holds(modified, *at),
                None => *comparison == Comparison::Ne,
            },
            Self::Size(comparison, bytes) => comparison.holds(i64::try_from(entry.size).unwrap_or(i64::MAX), *bytes),
            Self::Tag { negated } => *negated,
        }
    }
}

/// The extension of a key as it is written, without the dot; empty if there is none.
fn extension(key: &str) -> &str {
    let name = key.rsplit('/').next().unwrap_or_default();
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => extension,
        _ => "",
    }
}

impl Scope {
    /// Whether an object is in scope.
    pub fn holds(&self, entry: &Entry) -> bool {
        let holds = |terms: &[ScopeTerm]| terms.iter().all(|term| term.holds(entry));
        holds(&self.includes) && (self.excludes.is_empty() || !holds(&self.excludes))
    }

    /// Whether a condition is about tags, which files do not have.
    pub fn names_tags(&self) -> bool {
        let is_tag = |term: &ScopeTerm| matches!(term, ScopeTerm::Tag { .. });
        self.includes.iter().any(is_tag) || self.excludes.iter().any(is_tag)
    }
}
