//! Where the time of a scan went, and what it found there.

use super::scanner::Scanner;
use crate::engine::{Cost, Costs, column_label};
use crate::model::{IdentifierKind, ObjectReport};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Takes down where the time of a scan goes, for [`Scanner::measure_entries`]. Measuring makes a scan slower.
#[derive(Debug, Default)]
pub struct Stats(Mutex<BTreeMap<String, Costs>>);

/// What an identifier, or several that are looked for together, cost and gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentifierStats {
    /// Name of a custom identifier, id of a managed one, or what those are that were looked for together.
    pub name: String,
    /// Time and values; `None` for an identifier that was looked for together with others.
    pub cost: Option<Cost>,
    /// Occurrences.
    pub matches: u64,
}

/// What a column or a path of an object, or its running text, cost and gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldStats {
    /// The object's key.
    pub key: String,
    /// Name of the column (or its number) or path; empty for running text.
    pub name: String,
    /// Time and values.
    pub cost: Cost,
    /// Occurrences, where they are counted by column.
    pub matches: Option<u64>,
}

impl Stats {
    pub(super) fn add(&self, key: &str, costs: Costs) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(key.to_owned()).or_default().add(costs);
    }

    fn by_object(&self) -> BTreeMap<String, Costs> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// By identifier: first the managed ones together, names and addresses, and each custom one; then each managed one that
    /// occurred. `reports` are what the same scan gave.
    pub fn identifiers(&self, scanner: &Scanner, reports: &[ObjectReport]) -> Vec<IdentifierStats> {
        let mut all = Costs::default();
        self.by_object().into_values().for_each(|costs| all.add(costs));
        let detections =
            || reports.iter().filter_map(|report| report.finding.as_ref()).flat_map(|found| &found.detections);
        let mut managed: BTreeMap<&str, u64> = BTreeMap::new();
        for detection in detections().filter(|detection| detection.identifier.kind == IdentifierKind::Managed) {
            *managed.entry(&detection.identifier.id).or_default() += detection.count;
        }
        let by_detector = |index: Option<u16>| {
            let id = index.map(|index| &scanner.counted[usize::from(index)].identifier.id);
            id.and_then(|id| managed.get(id.as_str())).copied().unwrap_or_default()
        };
        let names =
            by_detector(scanner.engine.managed.full_name()) + by_detector(scanner.engine.managed.mailing_address());
        let patterns = managed.values().sum::<u64>() - names;
        let together = [("managed patterns", all.patterns, patterns), ("names and addresses", all.names, names)];
        let mut stats: Vec<IdentifierStats> = together
            .into_iter()
            .map(|(name, cost, matches)| IdentifierStats { name: name.to_owned(), cost: Some(cost), matches })
            .collect();
        for (position, counted) in scanner.counted[scanner.engine.custom_index(0)..].iter().enumerate() {
            let of = detections().filter(|detection| detection.identifier.id == counted.identifier.id);
            stats.push(IdentifierStats {
                name: counted.identifier.name.clone(),
                cost: Some(all.custom.get(position).copied().unwrap_or_default()),
                matches: of.map(|detection| detection.count).sum(),
            });
        }
        let each = managed.into_iter();
        stats.extend(each.map(|(id, matches)| IdentifierStats { name: id.to_owned(), cost: None, matches }));
        stats
    }

    /// By column, path or text, the costliest first.
    pub fn fields(&self, reports: &[ObjectReport]) -> Vec<FieldStats> {
        let mut stats = Vec::new();
        for (key, costs) in self.by_object() {
            let finding =
                reports.iter().find(|report| report.object.key == key).and_then(|report| report.finding.as_ref());
            let detections = finding.map_or(&[][..], |finding| &finding.detections);
            let columns: Vec<(String, u64)> = detections
                .iter()
                .flat_map(|detection| &detection.columns)
                .map(|column| (column_label(column.column, column.name.as_deref()), column.count))
                .collect();
            for (name, cost) in costs.fields {
                let of = columns.iter().filter(|(column, _)| *column == name);
                let matches = (!columns.is_empty() || finding.is_none()).then(|| of.map(|(_, count)| count).sum());
                stats.push(FieldStats { key: key.clone(), name, cost, matches });
            }
        }
        stats.sort_by_key(|field| Reverse(field.cost.time));
        stats
    }
}
