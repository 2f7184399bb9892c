//! What is looked for at one path of records, and what was found there.

use super::Engine;
use super::address_role::{AddressRole, address_role};
use super::cost::Cost;
use super::judge::{Judge, Verdict};
use super::matcher::Context;
use super::memo::Memo;
use super::name_role::{NameRole, name_role, names_things, says_name};
use super::plan::{FieldPlan, NameUse, is_numbered, sensitive_name};

/// Longest value that is kept for comparison with the next one.
const LONGEST_LAST: usize = 64;

/// The plan of one path.
#[allow(clippy::struct_excessive_bools, reason = "independent facts about the path")]
pub struct PathPlan {
    field: FieldPlan,
    /// Every value counts, because a name on the path holds a keyword.
    named: bool,
    /// Part of a person's name.
    pub name_role: NameRole,
    /// The last name on the path speaks of names itself.
    pub says_name: bool,
    /// Part of a mailing address.
    pub address_role: AddressRole,
    /// Values may be parts of a name or an address.
    pub is_part: bool,
    /// No name on the path is itself sensitive.
    pub shown: bool,
    /// The value before, if it was short: that a value comes again is told faster than anything else about it.
    last: Vec<u8>,
    verdict: Verdict,
    memo: Memo<Verdict>,
    /// What the values have cost.
    pub cost: Cost,
}

impl PathPlan {
    /// The plan for values below these names, outermost first.
    pub fn new(engine: &Engine, names: &[&str], remembers: bool) -> Self {
        let mut field = FieldPlan::from_names(engine, names);
        let last = names.last().copied().unwrap_or_default();
        let name_role = name_role_of(names);
        field.names = match name_role {
            NameRole::Full => NameUse::Whole,
            NameRole::Given | NameRole::Family | NameRole::Middle | NameRole::Maiden => NameUse::None,
            NameRole::None if names_things(last) => NameUse::None,
            NameRole::None => NameUse::Running,
        };
        field.running_text = true;
        field.full_address = true;
        let address_role = address_role_of(names);
        let is_part = matches!(name_role, NameRole::Given | NameRole::Family)
            || matches!(
                address_role,
                AddressRole::Street | AddressRole::Full | AddressRole::City | AddressRole::PostalCode
            );
        Self {
            named: field.is_named(engine),
            name_role,
            says_name: speaks_of_names(names),
            address_role,
            is_part,
            shown: names.iter().all(|name| sensitive_name(engine, name).is_empty() && !is_numbered(name)),
            field,
            last: Vec::new(),
            verdict: Verdict::default(),
            memo: if remembers { Memo::default() } else { Memo::off() },
            cost: Cost::default(),
        }
    }

    /// How the values take part in the search for people's names.
    pub fn names(&self) -> NameUse {
        self.field.names
    }

    /// Values may be the street of an address.
    pub fn is_street(&self) -> bool {
        matches!(self.address_role, AddressRole::Street | AddressRole::Full)
    }

    /// For each custom identifier, whether a name on the path holds one of its keywords (or it has none).
    pub fn custom_named(&self) -> &[bool] {
        &self.field.custom_named
    }

    /// The context of values; `None` if no name on the path holds a keyword of a managed identifier.
    pub fn named_context(&self) -> Option<Context<'_>> {
        let Self { field, .. } = self;
        (!field.named.is_empty()).then_some(Context::Value { named: &field.named, names: &field.name_text })
    }

    /// What occurs in a value that is not empty.
    #[inline]
    pub fn found(&mut self, engine: &Engine, judge: &mut Judge, bytes: &[u8]) -> &[u16] {
        if self.last != bytes {
            self.verdict = if !self.named && engine.is_inert(bytes) {
                Verdict::default()
            } else {
                let Self { field, memo, cost, .. } = self;
                memo.get_or(bytes, || judge.costed_value(engine, field, bytes, cost))
            };
            self.last.clear();
            if bytes.len() <= LONGEST_LAST {
                self.last.extend_from_slice(bytes);
            }
        }
        self.verdict.identifiers.as_deref().unwrap_or_default()
    }
}

/// What the last name of a path says about names of persons. `family` and `text` are parts of a name below `name`, as in HL7
/// FHIR, and something else elsewhere.
fn name_role_of(names: &[&str]) -> NameRole {
    match names {
        [.., "name" | "names", "family"] => NameRole::Family,
        [.., "name" | "names", "text"] => NameRole::Full,
        [.., last] => name_role(last),
        [] => NameRole::None,
    }
}

/// True if the last name of a path or the one above it speaks of names itself: `last_name`, `name.last`.
fn speaks_of_names(names: &[&str]) -> bool {
    names.iter().rev().take(2).any(|name| says_name(name))
}

/// What the last name of a path says about addresses. The lines of an address are often a list below it
/// (`address.line` in HL7 FHIR), so that `line` means what its parent says.
fn address_role_of(names: &[&str]) -> AddressRole {
    match names {
        [.., parent, last @ ("line" | "lines")] => address_role(&format!("{parent} {last}")),
        [.., last] => address_role(last),
        [] => AddressRole::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_an_address_are_streets_and_other_lines_are_not() {
        assert_eq!(address_role_of(&["patient", "address", "line"]), AddressRole::Street);
        assert_eq!(address_role_of(&["order", "line"]), AddressRole::None);
        assert_eq!(address_role_of(&["line"]), AddressRole::None);
        assert_eq!(address_role_of(&["address", "city"]), AddressRole::City);
    }
}
