//! Takes back matches that an allow list allows.

use crate::identifiers::allow_match::CompiledAllowLists;
use std::sync::Arc;

/// What the allow lists of an engine say about its matches.
#[derive(Debug, Clone)]
pub struct Allowance {
    lists: Arc<CompiledAllowLists>,
    /// Mailing addresses cannot be allowed, as in Macie.
    never: Option<u16>,
    /// For each list with a scope, the identifiers that it is for; `None` for all.
    identifiers: Arc<[Option<Vec<u16>>]>,
    /// For each list with a scope, whether it is for the object that is scanned.
    here: Vec<bool>,
}

impl Allowance {
    /// These lists, and the index of the identifier that they do not apply to. `identifiers` are those that each list with a
    /// scope is for.
    pub fn new(lists: CompiledAllowLists, never: Option<u16>, identifiers: Vec<Option<Vec<u16>>>) -> Self {
        let here = lists.scoped().iter().map(|list| list.objects.is_none()).collect();
        Self { lists: Arc::new(lists), never, identifiers: identifiers.into(), here }
    }

    /// The same for the object that `path` gives the path of, parts joined by `/`; `None` if no list asks for the object.
    pub fn for_object(&self, path: impl FnOnce() -> String) -> Option<Self> {
        let lists = self.lists.scoped();
        lists.iter().any(|list| list.objects.is_some()).then(|| {
            let path = path();
            Self { here: lists.iter().map(|list| list.is_for_object(&path)).collect(), ..self.clone() }
        })
    }

    /// For each list with a scope, whether it is for a column or record member of that name.
    pub fn in_column(&self, name: &str) -> Vec<bool> {
        self.lists.scoped().iter().map(|list| list.is_for_column(name)).collect()
    }

    /// Whether a match of that identifier is allowed. `in_column` is what [`Allowance::in_column`] says of its place; in running
    /// text, which has no columns, `None`.
    ///
    /// This is asked of matches that have won against all other claims on their characters: an allowed text does not become
    /// a match of something else.
    pub fn allows(&self, identifier: u16, in_column: Option<&[bool]>, matched: &str) -> bool {
        if Some(identifier) == self.never {
            return false;
        }
        let scoped = self.lists.scoped().iter().enumerate().any(|(number, list)| {
            self.here[number]
                && in_column.map_or(list.columns.is_none(), |is_in| is_in.get(number).copied().unwrap_or(false))
                && self.identifiers[number].as_ref().is_none_or(|identifiers| identifiers.contains(&identifier))
                && list.texts.allows(matched)
        });
        scoped || self.lists.allows(matched)
    }
}
