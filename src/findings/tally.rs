//! Running counts of one object, or of a part of it, that add up to the same result however the object was divided.

use super::columns::ColumnTotals;
use crate::model::{Column, ColumnCount, Ignored, Location, Occurrences};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Locations kept per identifier and object: as many as a stored discovery result lists, and the number at which Macie
/// stops counting full names and mailing addresses.
pub const TYPE_LOCATIONS: usize = 1000;

/// Identifiers of which an object's earlier parts hold as many locations as are kept: told to the tallies of later parts,
/// which then only count.
#[derive(Debug)]
pub struct Located(Box<[AtomicBool]>);

impl Located {
    /// None of so many identifiers yet.
    pub fn none_of(identifiers: usize) -> Self {
        Self((0..identifiers).map(|_| AtomicBool::new(false)).collect())
    }

    /// Notes what `earlier`, the tally of all parts up to some part, has enough of.
    pub fn note(&self, earlier: &Tally) {
        for (located, entry) in self.0.iter().zip(&earlier.entries) {
            if entry.locations.len() >= TYPE_LOCATIONS {
                located.store(true, Ordering::Relaxed);
            }
        }
    }

    fn has(&self, identifier: usize) -> bool {
        self.0.get(identifier).is_some_and(|located| located.load(Ordering::Relaxed))
    }
}

/// Count, first locations and columns of every identifier that occurred, in the order of the scanner's identifier list.
///
/// Memory is bounded by the number of identifiers: locations stop at [`TYPE_LOCATIONS`] each, columns at a few
/// thousand.
#[derive(Debug, Clone)]
pub struct Tally {
    /// Per identifier: whether its count stops at [`TYPE_LOCATIONS`].
    stops: Arc<[bool]>,
    entries: Vec<Entry>,
    /// Non-empty values per column, whatever was found in them.
    non_empty: ColumnTotals,
    /// What need not be located again.
    located: Option<Arc<Located>>,
    /// What comments say is known.
    ignored: Ignored,
}

#[derive(Debug, Clone, Default)]
struct Entry {
    count: u64,
    locations: Vec<Location>,
    columns: ColumnTotals,
}

/// What a [`Tally`] holds of one identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Total {
    pub(super) count: u64,
    pub(super) locations: Vec<Location>,
    pub(super) columns: Vec<ColumnCount>,
}

impl Tally {
    /// An empty tally. `stops` has one entry per identifier of the scanner: true where the count stops at
    /// [`TYPE_LOCATIONS`], as Macie's does for `NAME` and `ADDRESS`.
    pub fn new(stops: Arc<[bool]>) -> Self {
        Self {
            stops,
            entries: Vec::new(),
            non_empty: ColumnTotals::default(),
            located: None,
            ignored: Ignored::default(),
        }
    }

    /// An empty tally of a part: it keeps no locations that [`Located`] says earlier parts have enough of. It may only be
    /// merged into the tally of those.
    #[must_use]
    pub fn after(self, located: Arc<Located>) -> Self {
        Self { located: Some(located), ..self }
    }

    /// Adds one occurrence. Those of one identifier come in file order.
    ///
    /// A count that stops does so here; the columns go on being counted, since their coverage would otherwise look
    /// like a hole in the identifier.
    ///
    /// # Panics
    /// When `identifier` is not an index into the list that the tally was made for.
    pub fn add(&mut self, identifier: usize, location: Location) {
        if let Location::Cell { column, column_name, .. } = &location {
            let column = Column { number: *column, name: column_name.as_ref() };
            self.entry(identifier).columns.add(column, 1);
        }
        let entry = self.entry(identifier);
        entry.count += 1;
        if entry.locations.len() < TYPE_LOCATIONS {
            entry.locations.push(location);
        }
        self.stop(identifier);
    }

    /// False once further locations of this identifier would be dropped: [`Tally::count`] then spares making them.
    pub fn needs_location(&self, identifier: usize) -> bool {
        self.entries.get(identifier).is_none_or(|entry| entry.locations.len() < TYPE_LOCATIONS)
            && self.located.as_ref().is_none_or(|located| !located.has(identifier))
    }

    /// Adds so many occurrences whose locations are not needed (see [`Tally::needs_location`]); `column` says where in a
    /// table they stand.
    ///
    /// # Panics
    /// As [`Tally::add`] does.
    pub fn count(&mut self, identifier: usize, column: Option<Column<'_>>, times: u64) {
        let entry = self.entry(identifier);
        entry.count += times;
        if let Some(column) = column {
            entry.columns.add(column, times);
        }
        self.stop(identifier);
    }

    /// Adds to the number of non-empty values of a column, found sensitive or not. Meant to be called once per column
    /// and block, not per value.
    pub fn add_non_empty(&mut self, column: Column<'_>, values: u64) {
        self.non_empty.add(column, values);
    }

    /// True when nothing has occurred.
    pub fn is_empty(&self) -> bool {
        self.entries.iter().all(|entry| entry.count == 0)
    }

    /// Moves all locations to where they stand in the whole object: `base` rows or records come before this part. Lines
    /// of running text stay, because text blocks say themselves where they start.
    pub fn shift_rows(&mut self, base: u64) {
        for location in self.entries.iter_mut().flat_map(|entry| &mut entry.locations) {
            match location {
                Location::Cell { row, .. } => *row += base,
                Location::Record { index, .. } => *index += base,
                Location::Lines { .. } | Location::Page { .. } => {}
            }
        }
    }

    /// Adds the tally of the part that follows. Associative: parts may be merged in any grouping, as long as they stay
    /// in file order.
    ///
    /// # Panics
    /// When `later` was made for a longer list of identifiers.
    pub fn merge(&mut self, later: Self) {
        for (identifier, part) in later.entries.into_iter().enumerate() {
            if part.count == 0 {
                continue;
            }
            let entry = self.entry(identifier);
            if entry.count == 0 {
                *entry = part;
                continue;
            }
            entry.count += part.count;
            let room = TYPE_LOCATIONS - entry.locations.len();
            entry.locations.extend(part.locations.into_iter().take(room));
            entry.columns.merge(&part.columns);
            self.stop(identifier);
        }
        self.non_empty.merge(&later.non_empty);
        self.ignored.merge(&later.ignored);
    }

    /// What comments in the object say is known.
    pub fn ignored(&self) -> &Ignored {
        &self.ignored
    }

    /// The counts without locations and columns: what a file inside an object adds to it.
    #[must_use]
    pub fn counts(&self) -> Self {
        let count = |entry: &Entry| Entry { count: entry.count, ..Entry::default() };
        Self { entries: self.entries.iter().map(count).collect(), ..Self::new(Arc::clone(&self.stops)) }
    }

    /// What was counted, per identifier in list order; identifiers past the last one that occurred are missing.
    pub(super) fn into_totals(self) -> impl Iterator<Item = Total> {
        let non_empty = self.non_empty;
        self.entries.into_iter().map(move |entry| Total {
            count: entry.count,
            locations: entry.locations,
            columns: entry
                .columns
                .into_totals()
                .into_iter()
                .map(|total| ColumnCount {
                    non_empty: non_empty.get(total.column, total.name.as_deref()).unwrap_or_default(),
                    column: total.column,
                    name: total.name,
                    count: total.total,
                })
                .collect(),
        })
    }

    fn entry(&mut self, identifier: usize) -> &mut Entry {
        assert!(identifier < self.stops.len(), "identifier {identifier} of {}", self.stops.len());
        if identifier >= self.entries.len() {
            self.entries.resize_with(identifier + 1, Entry::default);
        }
        &mut self.entries[identifier]
    }

    fn stop(&mut self, identifier: usize) {
        if self.stops[identifier] {
            let entry = &mut self.entries[identifier];
            entry.count = entry.count.min(TYPE_LOCATIONS as u64);
        }
    }
}

impl Occurrences for Tally {
    fn add(&mut self, identifier: usize, column: Option<Column<'_>>, location: &mut dyn FnMut() -> Location) {
        if self.needs_location(identifier) {
            self.add(identifier, location());
        } else {
            self.count(identifier, column, 1);
        }
    }

    fn needs_location(&self, identifier: usize) -> bool {
        Tally::needs_location(self, identifier)
    }

    fn count(&mut self, identifier: usize, column: Option<Column<'_>>, times: u64) {
        Tally::count(self, identifier, column, times);
    }

    fn ignore(&mut self) {
        self.ignored.occurrences += 1;
    }

    fn misnamed(&mut self, line: u64) {
        self.ignored.add_misnamed(line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const STOPS: [bool; 3] = [false, true, false];

    fn tally() -> Tally {
        Tally::new(STOPS.into())
    }

    fn cell(row: u64, column: u32) -> Location {
        Location::Cell { row, column, column_name: None, sheet: None }
    }

    fn totals(tally: Tally) -> Vec<Total> {
        tally.into_totals().collect()
    }

    #[test]
    fn a_count_goes_on_where_the_locations_end_unless_the_identifier_stops() {
        let mut tally = tally();
        for row in 1..=1500 {
            tally.add(0, cell(row, 1));
            tally.add(1, cell(row, 2));
        }
        let totals = totals(tally);
        assert_eq!((totals[0].count, totals[0].locations.len()), (1500, 1000));
        assert_eq!((totals[1].count, totals[1].locations.len()), (1000, 1000));
        assert_eq!(totals[0].locations.last(), Some(&cell(1000, 1)));
        assert_eq!(totals[1].columns[0].count, 1500);
    }

    #[test]
    fn counting_without_a_location_gives_what_adding_gives_once_there_is_no_room() {
        let name: Arc<str> = "SSN".into();
        let (mut added, mut counted) = (tally(), tally());
        for row in 1..=1100 {
            let location = Location::Cell { row, column: 3, column_name: Some(name.clone()), sheet: None };
            added.add(0, location.clone());
            if counted.needs_location(0) {
                counted.add(0, location);
            } else {
                counted.count(0, Some(Column { number: 3, name: Some(&name) }), 1);
            }
        }
        assert!(!counted.needs_location(0) && counted.needs_location(2));
        assert_eq!(totals(counted), totals(added));
    }

    #[test]
    fn a_part_is_moved_by_the_rows_and_records_before_it_and_text_lines_stay() {
        let lines = Location::Lines { start: 7, end: 8, start_column: 1 };
        let record = |index| Location::Record { index, json_path: "$.ssn".into() };
        let mut tally = tally();
        tally.add(0, cell(2, 1));
        tally.add(0, record(0));
        tally.add(2, lines.clone());
        tally.shift_rows(500);
        let totals = totals(tally);
        assert_eq!(totals[0].locations, [cell(502, 1), record(500)]);
        assert_eq!(totals[2].locations, [lines]);
    }

    #[test]
    fn coverage_compares_a_columns_occurrences_with_its_non_empty_values() {
        let name: Arc<str> = "PASSPORT".into();
        let (mut first, mut second) = (tally(), tally());
        for (part, rows, values) in [(&mut first, 1..=30, 32), (&mut second, 1..=9, 10)] {
            for row in rows {
                part.add(2, Location::Cell { row, column: 5, column_name: Some(name.clone()), sheet: None });
            }
            part.add_non_empty(Column { number: 5, name: Some(&name) }, values);
        }
        first.merge(second);
        let expected = ColumnCount { column: 5, name: Some(name), count: 39, non_empty: 42 };
        assert_eq!(totals(first)[2].columns, [expected]);
    }

    #[test]
    fn a_tally_in_which_nothing_occurred_is_empty_even_with_values_seen() {
        let mut tally = tally();
        tally.add_non_empty(Column { number: 1, name: None }, 10);
        assert!(tally.is_empty());
        tally.add(2, cell(1, 1));
        assert!(!tally.is_empty());
    }

    #[test]
    fn what_earlier_parts_have_located_is_only_counted_and_the_sum_is_the_same() {
        let located = Arc::new(Located::none_of(3));
        let part = |first: u64, rows: u64, located: Option<&Arc<Located>>| {
            let mut part = located.map_or_else(tally, |located| tally().after(Arc::clone(located)));
            for row in first..first + rows {
                for identifier in [0, 1] {
                    let add = &mut || cell(row, 1);
                    Occurrences::add(&mut part, identifier, Some(Column { number: 1, name: None }), add);
                }
            }
            part
        };
        let mut whole = part(1, 1200, Some(&located));
        located.note(&whole);
        let later = part(1201, 50, Some(&located));
        assert!(later.entries.iter().all(|entry| entry.locations.is_empty()));
        assert!(later.needs_location(2));
        whole.merge(later);
        assert_eq!(totals(whole), totals(part(1, 1250, None)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn parts_merged_in_any_grouping_equal_the_whole(
            occurrences in prop::collection::vec((0usize..3, 1u32..4), 0..6000),
            mut cuts in prop::collection::vec(0usize..6000, 2),
        ) {
            cuts.sort_unstable();
            let end = occurrences.len();
            let (first, second) = (cuts[0].min(end), cuts[1].min(end));
            let part = |range: std::ops::Range<usize>| {
                let mut part = tally();
                for (row, (identifier, column)) in (1..).zip(&occurrences[range.clone()]) {
                    part.add(*identifier, cell(row, *column));
                    part.add_non_empty(Column { number: *column, name: None }, 1);
                }
                part.shift_rows(range.start as u64);
                part
            };
            let whole = totals(part(0..end));

            let mut from_left = part(0..first);
            from_left.merge(part(first..second));
            from_left.merge(part(second..end));
            prop_assert_eq!(&totals(from_left), &whole);

            let mut tail = part(first..second);
            tail.merge(part(second..end));
            let mut from_right = part(0..first);
            from_right.merge(tail);
            prop_assert_eq!(&totals(from_right), &whole);
        }
    }
}
