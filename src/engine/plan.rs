//! What is looked for in which column or path, decided once from its name and a sample of its values.

use super::Engine;
use super::address_role::{AddressRole, address_role};
use super::judge::Verdict;
use super::matcher::{Context, Matcher};
use super::name_role::{NameRole, name_role, names_things, says_name};
use super::person_name::{is_family_name, is_full_name, is_given_name, is_name_part_shape};
use super::postal_address::is_full_address;
use super::postal_code::is_postal_code;
use super::street::is_street_line;
use crate::identifiers::keyword_index::Place;
use crate::model::TableStart;
use crate::validators::verhoeff;
use std::ops::Range;
use std::sync::Arc;

/// How the values of a field take part in the search for people's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NameUse {
    /// Not at all.
    #[default]
    None,
    /// A value is a full name or none.
    Whole,
    /// Given names, to be put together with a family name.
    Given,
    /// Family names, to be put together with a given name.
    Family,
    /// Running text that may mention people.
    Running,
}

/// What is looked for in one column or at one path.
#[derive(Debug, Clone, Default)]
pub struct FieldPlan {
    /// Managed identifiers with a keyword in the name, and the length of the longest such keyword.
    pub named: Vec<(u16, u16)>,
    /// For each custom identifier, whether the name holds one of its keywords (or it has none).
    pub custom_named: Vec<bool>,
    /// The names that the plan was made from, one after the other.
    pub name_text: String,
    /// People's names.
    pub names: NameUse,
    /// Values are first lines of addresses.
    pub street: bool,
    /// A value may be a whole address.
    pub full_address: bool,
    /// Values are running text.
    pub running_text: bool,
    /// For each allow list with a scope, whether it is for this column or record member; empty without lists.
    pub allowed_by: Vec<bool>,
}

impl FieldPlan {
    /// The plan that follows from names alone: of a column, or of the elements of a path (outermost first).
    pub fn from_names(engine: &Engine, names: &[&str]) -> Self {
        let mut plan = Self {
            custom_named: engine
                .custom
                .iter()
                .map(|custom| custom.keywords().is_empty() || names.iter().any(|name| custom.keyword_in_name(name)))
                .collect(),
            name_text: names.join(" "),
            allowed_by: engine
                .allowance
                .as_ref()
                .map_or_else(Vec::new, |allowance| allowance.in_column(names.last().copied().unwrap_or_default())),
            ..Self::default()
        };
        let mut hits = Vec::new();
        for name in names {
            hits.clear();
            engine.managed.keywords.find_in(name, Place::Name, &mut hits);
            for hit in &hits {
                let length = engine.managed.keywords.length(hit.keyword) as u16;
                for &identifier in engine.managed.keywords.identifiers(hit.keyword) {
                    plan.note_named(identifier, length);
                }
            }
        }
        if let Some(last) = names.last() {
            for &identifier in engine.managed.by_column_name(last) {
                plan.note_named(identifier, last.chars().count() as u16);
            }
        }
        plan
    }

    fn note_named(&mut self, identifier: u16, length: u16) {
        match self.named.iter_mut().find(|(known, _)| *known == identifier) {
            Some((_, longest)) => *longest = length.max(*longest),
            None => self.named.push((identifier, length)),
        }
    }

    /// True when something may occur in a quiet value: the name holds a keyword of an identifier, or a custom identifier needs none.
    pub fn is_named(&self, engine: &Engine) -> bool {
        let mut custom = self.custom_named.iter().zip(&*engine.custom);
        !self.named.is_empty() || custom.any(|(named, custom)| *named && custom.may_be_quiet())
    }
}

/// One column of a table.
#[derive(Debug, Clone)]
pub struct ColumnPlan {
    /// Header text; `None` without a header, and for a header that itself holds sensitive data.
    pub name: Option<Arc<str>>,
    /// What is looked for.
    pub field: FieldPlan,
    /// Every cell counts: the name holds a keyword, or the cells are needed for a name or address per row.
    pub planned: bool,
}

/// Cells that make up one name per row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonColumns {
    /// 0-based column of given names.
    pub given: usize,
    /// 0-based column of family names.
    pub family: usize,
}

/// Cells that make up one address per row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddressColumns {
    /// 0-based column of the street line.
    pub street: usize,
    /// 0-based column of the city.
    pub city: usize,
}

/// What is looked for in a table. Made once, shared by all threads that scan parts of it.
#[derive(Debug, Clone)]
pub struct TablePlan {
    /// One plan per column.
    pub columns: Vec<ColumnPlan>,
    /// Names put together per row.
    pub people: Vec<PersonColumns>,
    /// Addresses put together per row.
    pub addresses: Vec<AddressColumns>,
    /// The plan of cells beyond the last known column.
    pub extra: FieldPlan,
    /// Sensitive data in the header itself: (identifier index, 1-based character column of the header line).
    pub in_header: Vec<(u16, u64)>,
}

/// Least share of sampled values that must look right before a column counts as names or addresses.
const LIKELY: f64 = 0.3;
/// The same without help from the column's name.
const CERTAIN: f64 = 0.8;
/// Fewest values from which a column's kind is told without help from its name.
const ENOUGH: usize = 5;

impl TablePlan {
    /// Plans a table from its header and a sample of its rows.
    pub fn new(engine: &Engine, table: &TableStart) -> Self {
        let width = table.names.as_ref().map_or(0, Vec::len).max(table.sample.iter().map(Vec::len).max().unwrap_or(0));
        let names = |column: usize| table.names.as_ref().and_then(|names| names.get(column)).map_or("", String::as_str);
        let mut plan = Self {
            columns: Vec::with_capacity(width),
            people: Vec::new(),
            addresses: Vec::new(),
            extra: FieldPlan { names: NameUse::Running, running_text: true, ..FieldPlan::from_names(engine, &[]) },
            in_header: Vec::new(),
        };
        let samples: Vec<Sample<'_>> = (0..width).map(|column| Sample::new(table, column)).collect();
        let roles: Vec<AddressRole> = (0..width).map(|column| address_role(names(column))).collect();
        let mut header_column = 1;
        for (column, sample) in samples.iter().enumerate() {
            let name = names(column);
            let mut field = FieldPlan::from_names(engine, &[name]);
            if sample.are_codes() {
                let identifiers = &engine.managed.identifiers;
                field.named.retain(|(index, _)| identifiers[usize::from(*index)].verifies_check_digit());
            }
            sample.decide_names(name, &mut field);
            sample.decide_addresses(roles[column], &mut field);
            let sensitive = sensitive_name(engine, name);
            plan.in_header.extend(sensitive.iter().map(|identifier| (*identifier, header_column)));
            header_column += name.chars().count() as u64 + 1;
            let shown = !name.is_empty() && sensitive.is_empty() && !is_numbered(name);
            plan.columns.push(ColumnPlan {
                name: shown.then(|| Arc::from(name)),
                planned: field.is_named(engine),
                field,
            });
        }
        plan.compose_people(engine);
        plan.compose_addresses(engine, &samples, &roles);
        plan
    }

    /// The verdict on any UUID in small letters in the 0-based column, if there is one for all of them.
    pub fn on_uuids(&self, engine: &Engine, column: usize) -> Option<Verdict> {
        let ColumnPlan { field, planned, .. } = &self.columns[column];
        let is_part = self.people.iter().any(|person| [person.given, person.family].contains(&column))
            || self.addresses.iter().any(|address| [address.street, address.city].contains(&column));
        // Nothing managed occurs in a UUID unless the name says so, and no keyword of letters does.
        if !engine.keywords_need_letters || !field.named.is_empty() || is_part {
            return None;
        }
        if !planned {
            return Some(Verdict::default());
        }
        if engine.allowance.is_some() {
            return None;
        }
        let mut found = Vec::new();
        for (position, custom) in engine.custom.iter().enumerate().filter(|(position, _)| field.custom_named[*position])
        {
            if custom.matches_uuids()? {
                found.push(engine.custom_index(position) as u16);
            }
        }
        Some(Verdict { identifiers: (!found.is_empty()).then(|| found.into()), part: true })
    }

    fn compose_people(&mut self, engine: &Engine) {
        if engine.managed.full_name().is_none() {
            return;
        }
        let of = |plan: &Self, wanted: NameUse| -> Vec<usize> {
            (0..plan.columns.len()).filter(|&column| plan.columns[column].field.names == wanted).collect()
        };
        let mut families = of(self, NameUse::Family);
        for given in of(self, NameUse::Given) {
            let nearest = (0..families.len()).min_by_key(|&index| (families[index].abs_diff(given), families[index]));
            if let Some(index) = nearest {
                let family = families.remove(index);
                self.people.push(PersonColumns { given, family });
                self.columns[given].planned = true;
                self.columns[family].planned = true;
            }
        }
    }

    fn compose_addresses(&mut self, engine: &Engine, samples: &[Sample<'_>], roles: &[AddressRole]) {
        if engine.managed.mailing_address().is_none() {
            return;
        }
        let nearest = |wanted: AddressRole, to: usize, taken: &[usize]| -> Option<usize> {
            (0..roles.len())
                .filter(|column| roles[*column] == wanted && !taken.contains(column))
                .min_by_key(|column| (column.abs_diff(to), *column))
        };
        let mut taken = Vec::new();
        let streets: Vec<usize> = (0..self.columns.len()).filter(|&column| self.columns[column].field.street).collect();
        for street in streets {
            let Some(city) = nearest(AddressRole::City, street, &taken) else { continue };
            let Some(postal) = nearest(AddressRole::PostalCode, street, &taken) else { continue };
            if !samples[postal].has_share(LIKELY, is_postal_code) {
                continue;
            }
            taken.extend([city, postal]);
            self.addresses.push(AddressColumns { street, city });
            self.columns[street].planned = true;
            self.columns[city].planned = true;
        }
        for column in 0..self.columns.len() {
            let composed = self.addresses.iter().any(|address| address.street == column);
            let field = &mut self.columns[column].field;
            field.street = composed;
            field.full_address &= !composed;
        }
    }
}

/// A name with so many digits in a row may be somebody's number although no keyword stands beside it: it is not shown either.
pub fn is_numbered(name: &str) -> bool {
    const MANY: usize = 7;
    name.split(|character: char| !(character.is_ascii_digit() || " -.".contains(character)))
        .any(|run| run.bytes().filter(u8::is_ascii_digit).count() >= MANY)
}

/// Identifiers that occur in a name itself, so that the name must not be shown.
pub fn sensitive_name(engine: &Engine, name: &str) -> Vec<u16> {
    let mut matches = Vec::new();
    Matcher::default().find(&engine.managed, name, Context::Value { named: &[], names: "" }, &mut matches);
    let allowed = |identifier: u16, range: Range<usize>| {
        engine.allowance.as_ref().is_some_and(|allowance| allowance.allows(identifier, None, &name[range]))
    };
    matches.retain(|found| !allowed(found.identifier, found.start..found.end));
    let mut found: Vec<u16> = matches.iter().map(|found| found.identifier).collect();
    for (position, custom) in engine.custom.iter().enumerate() {
        let index = engine.custom_index(position) as u16;
        let occurrences = custom.occurrences(name, false).into_iter();
        found.extend(occurrences.filter(|range| !allowed(index, range.clone())).map(|_| index));
    }
    found
}

/// At least four words, parted by white space.
fn has_four_words(value: &str) -> bool {
    // Most values hold no space, which is told without reading characters.
    let may_part = |byte: &u8| *byte <= b' ' || !byte.is_ascii();
    value.as_bytes().iter().filter(|byte| may_part(byte)).count() >= 3 && value.split_whitespace().nth(3).is_some()
}

/// The non-empty sampled values of one column.
struct Sample<'a> {
    values: Vec<&'a str>,
}

impl<'a> Sample<'a> {
    fn new(table: &'a TableStart, column: usize) -> Self {
        let values = table.sample.iter().filter_map(|row| row.get(column)).map(|value| value.trim());
        Self { values: values.filter(|value| !value.is_empty()).collect() }
    }

    fn share(&self, holds: impl Fn(&str) -> bool) -> f64 {
        if self.values.is_empty() {
            return 0.0;
        }
        self.values.iter().filter(|value| holds(value)).count() as f64 / self.values.len() as f64
    }

    /// Whether at least that share of the values holds. Looks at no more of them than it takes to tell.
    fn has_share(&self, share: f64, holds: impl Fn(&str) -> bool) -> bool {
        let total = self.values.len() as f64;
        let mut refused = 0;
        !self.values.is_empty()
            && self.values.iter().all(|value| {
                refused += usize::from(!holds(value));
                (self.values.len() - refused) as f64 / total >= share
            })
    }

    /// Several values, not all the same: enough to tell a column's kind from.
    fn is_telling(&self) -> bool {
        self.values.len() >= ENOUGH && self.values.iter().any(|value| *value != self.values[0])
    }

    /// SNOMED CT codes: 6 to 18 digits with a Verhoeff check digit.
    fn are_codes(&self) -> bool {
        let is_code =
            |value: &str| (6..=18).contains(&value.len()) && !value.starts_with('0') && verhoeff::is_valid(value);
        self.is_telling() && self.share(is_code) > 0.9
    }

    fn decide_names(&self, name: &str, field: &mut FieldPlan) {
        let sentence_like = self.values.is_empty() || self.share(has_four_words) > 0.1;
        let known_part = |value: &str| is_given_name(value) || is_family_name(value);
        // No list holds the names of all people: a header that speaks of names itself is enough for what looks like one.
        let are_parts =
            || self.has_share(LIKELY, known_part) || (says_name(name) && self.has_share(CERTAIN, is_name_part_shape));
        field.names = match name_role(name) {
            NameRole::Given if are_parts() => NameUse::Given,
            NameRole::Family if are_parts() => NameUse::Family,
            NameRole::Full if self.has_share(LIKELY, is_full_name) => NameUse::Whole,
            NameRole::None if self.is_telling() && self.has_share(CERTAIN, is_full_name) => NameUse::Whole,
            NameRole::None if sentence_like && !names_things(name) => NameUse::Running,
            _ => NameUse::None,
        };
        field.running_text = sentence_like;
    }

    fn decide_addresses(&self, role: AddressRole, field: &mut FieldPlan) {
        field.full_address = (role != AddressRole::None && self.has_share(LIKELY, is_full_address))
            || (self.is_telling() && self.has_share(CERTAIN, is_full_address));
        field.street = !field.full_address
            && matches!(role, AddressRole::Street | AddressRole::Full)
            && self.has_share(LIKELY, is_street_line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn words_are_counted_between_white_space_of_any_kind(value in "([ab.]|[ \t]|\u{a0}|\u{2003}|\u{1f}|\u{e9}){0,16}") {
            prop_assert_eq!(has_four_words(&value), value.split_whitespace().count() >= 4);
        }
    }
}
