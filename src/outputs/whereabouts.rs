//! Where in an object an identifier was found, in words for a person.

use super::fit::{shorten_middle, width};
use super::quantity::grouped;
use super::sanitize::sanitize;
use crate::model::{ColumnCount, Detection, Location, open_indexes};
use std::collections::HashMap;

/// Line numbers that are of use before they become a list nobody reads.
const LINES: usize = 8;

/// Places, to be laid out in as many lines as there is room for.
pub(super) struct Whereabouts {
    places: Vec<Place>,
    /// Whether there are places that nobody kept.
    more: bool,
}

struct Place {
    /// Name of the place, which may be shortened.
    name: String,
    /// What follows the name and is never shortened, such as ` (39 of 42)`.
    note: String,
}

impl Whereabouts {
    /// The columns, record paths, pages or lines of a detection. Columns say how many of their non-empty values were found,
    /// so that a hole shows.
    pub(super) fn of(detection: &Detection) -> Self {
        let located_all = detection.occurrences.len() as u64 == detection.count;
        let mut places: Vec<Place> = detection.columns.iter().map(Place::column).collect();
        places.extend(paths(&detection.occurrences, located_all));
        let mut more = false;
        for (word, numbers) in [("page", pages(&detection.occurrences)), ("line", lines(&detection.occurrences))] {
            more |= numbers.len() > LINES || (!located_all && detection.columns.is_empty() && !numbers.is_empty());
            places.extend(numbers.iter().take(LINES).enumerate().map(|(index, number)| {
                let word = match (index, numbers.len()) {
                    (0, 1) => format!("{word} "),
                    (0, _) => format!("{word}s "),
                    _ => String::new(),
                };
                Place { name: format!("{word}{}", grouped(*number)), note: String::new() }
            }));
        }
        Self { places, more }
    }

    /// At most `lines` lines of at most `limit` cells; what does not fit is counted at the end.
    pub(super) fn layout(&self, limit: usize, lines: usize) -> Vec<String> {
        let mut laid = Laid { lines: vec![String::new()], limit, most: lines };
        for (index, place) in self.places.iter().enumerate() {
            let after = self.places.len() - index - 1;
            let complete = after == 0 && !self.more;
            let comma = if complete { "" } else { "," };
            // The last line keeps room for the words that say how much is missing.
            let ending = if complete { 0 } else { width(&remaining(after, self.more)) + 1 };
            let text = |room: usize| format!("{}{comma}", place.within(room.saturating_sub(comma.len())));
            let reserved = if laid.is_last() { ending } else { 0 };
            if laid.append(&text(limit.saturating_sub(reserved)), reserved) {
                continue;
            }
            if laid.is_last() {
                return laid.close(&remaining(after + 1, self.more));
            }
            let reserved = if laid.lines.len() + 1 == lines { ending } else { 0 };
            laid.lines.push(text(limit.saturating_sub(reserved)));
        }
        if self.more { laid.close(&remaining(0, true)) } else { laid.lines }
    }
}

/// Lines being filled.
struct Laid {
    lines: Vec<String>,
    limit: usize,
    most: usize,
}

impl Laid {
    fn is_last(&self) -> bool {
        self.lines.len() >= self.most
    }

    /// Adds text to the current line if it then leaves `reserved` cells free.
    fn append(&mut self, text: &str, reserved: usize) -> bool {
        let limit = self.limit;
        let Some(line) = self.lines.last_mut() else { return false };
        let gap = if line.is_empty() { "" } else { " " };
        let fits = width(line) + gap.len() + width(text) + reserved <= limit;
        if fits || line.is_empty() {
            line.push_str(gap);
            line.push_str(text);
            return true;
        }
        false
    }

    /// Ends the list with words for what is missing.
    fn close(mut self, words: &str) -> Vec<String> {
        if let Some(line) = self.lines.last_mut() {
            line.truncate(line.trim_end_matches(',').len());
        }
        if !self.append(words, 0) {
            self.lines.push(words.to_owned());
        }
        self.lines
    }
}

fn remaining(places: usize, more: bool) -> String {
    match (places, more) {
        (0, _) | (_, true) => "and more".to_owned(),
        (places, false) => format!("and {} more", grouped(places as u64)),
    }
}

impl Place {
    fn column(column: &ColumnCount) -> Self {
        let name = match &column.name {
            Some(name) if !name.is_empty() => sanitize(name).into_owned(),
            _ => format!("column {}", column.column),
        };
        let (count, values) = (grouped(column.count), grouped(column.non_empty));
        let note = match column.non_empty {
            0 => format!(" ({count})"),
            non_empty if column.count <= non_empty => format!(" ({count} of {values})"),
            _ => format!(" ({count} in {values} values)"),
        };
        Self { name, note }
    }

    fn within(&self, limit: usize) -> String {
        let room = limit.saturating_sub(width(&self.note));
        format!("{}{}", shorten_middle(&self.name, room.max(1)), self.note)
    }
}

/// Paths of records, array indexes left open, in order of appearance; with counts when all occurrences are known.
fn paths(occurrences: &[Location], located_all: bool) -> Vec<Place> {
    let mut order: Vec<(String, u64)> = Vec::new();
    let mut index_of: HashMap<String, usize> = HashMap::new();
    for location in occurrences {
        let Location::Record { json_path, .. } = location else { continue };
        let path = if json_path.is_empty() { "path withheld".to_owned() } else { open_indexes(json_path) };
        let index = *index_of.entry(path).or_insert_with_key(|path| {
            order.push((path.clone(), 0));
            order.len() - 1
        });
        order[index].1 += 1;
    }
    order
        .into_iter()
        .map(|(path, count)| Place {
            name: sanitize(&path).into_owned(),
            note: if located_all { format!(" ({})", grouped(count)) } else { String::new() },
        })
        .collect()
}

/// The distinct lines on which occurrences start.
fn pages(occurrences: &[Location]) -> Vec<u64> {
    let mut pages: Vec<u64> = occurrences
        .iter()
        .filter_map(|location| match location {
            Location::Page { number } => Some(*number),
            _ => None,
        })
        .collect();
    pages.dedup();
    pages
}

fn lines(occurrences: &[Location]) -> Vec<u64> {
    let mut lines: Vec<u64> = occurrences
        .iter()
        .filter_map(|location| match location {
            Location::Lines { start, .. } => Some(*start),
            _ => None,
        })
        .collect();
    lines.dedup();
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Category, IdentifierKind, IdentifierRef, Severity};
    use proptest::prelude::*;
    use std::sync::Arc;

    fn detection(count: u64, occurrences: Vec<Location>, columns: Vec<ColumnCount>) -> Detection {
        let identifier = Arc::new(IdentifierRef {
            kind: IdentifierKind::Managed,
            id: "NAME".into(),
            name: "Full name".into(),
            category: Category::PersonalInformation,
        });
        Detection { identifier, count, occurrences, severity: Severity::Low, columns }
    }

    fn column(column: u32, name: &str, count: u64, non_empty: u64) -> ColumnCount {
        ColumnCount { column, name: Some(name.into()), count, non_empty }
    }

    fn laid(detection: &Detection) -> String {
        Whereabouts::of(detection).layout(60, 2).join("|")
    }

    #[test]
    fn columns_say_how_many_of_their_values_were_found() {
        let columns = vec![
            column(1, "SSN", 39, 42),
            column(2, "NOTES", 57, 42),
            column(3, "X\u{1b}[2J", 1, 0),
            ColumnCount { column: 4, name: None, count: 1200, non_empty: 1200 },
        ];
        let expected = "SSN (39 of 42), NOTES (57 in 42 values), X\\u{1b}[2J (1),|column 4 (1,200 of 1,200)";
        assert_eq!(laid(&detection(1297, vec![], columns)), expected);
    }

    #[test]
    fn record_paths_leave_array_indexes_open() {
        let record = |path: &str| Location::Record { index: 0, json_path: path.into() };
        let records = vec![record("$[0]['a[1]'].b[12]"), record("$[1]['a[1]'].b[0]"), record("")];
        assert_eq!(laid(&detection(3, records.clone(), vec![])), "$[*]['a[*]'].b[*] (2), path withheld (1)");
        assert_eq!(laid(&detection(2000, records, vec![])), "$[*]['a[*]'].b[*], path withheld");
    }

    #[test]
    fn lines_are_listed_once_each_and_only_the_first_few() {
        let line = |start| Location::Lines { start, end: start, start_column: 1 };
        assert_eq!(laid(&detection(1, vec![line(7)], vec![])), "line 7");
        assert_eq!(laid(&detection(3, vec![line(7), line(7), line(9)], vec![])), "lines 7, 9");
        let many = (1..=1000).map(line).collect();
        assert_eq!(laid(&detection(1000, many, vec![])), "lines 1, 2, 3, 4, 5, 6, 7, 8 and more");
    }

    #[test]
    fn columns_that_do_not_fit_are_counted() {
        let columns = (1..=40).map(|number| column(number, &format!("COLUMN_{number}"), 5, 5)).collect();
        let expected = "COLUMN_1 (5 of 5), COLUMN_2 (5 of 5), COLUMN_3 (5 of 5),|\
                        COLUMN_4 (5 of 5), COLUMN_5 (5 of 5) and 35 more";
        assert_eq!(laid(&detection(200, vec![], columns)), expected);
    }

    proptest! {
        #[test]
        fn the_layout_stays_within_its_bounds(
            names in prop::collection::vec("\\PC{0,30}", 0..30),
            limit in 24usize..90,
            lines in 1usize..4,
            more: bool,
        ) {
            let columns: Vec<_> = names.iter().map(|name| column(1, name, 5, 42)).collect();
            let mut places = Whereabouts::of(&detection(5, vec![], columns));
            places.more = more;
            let laid = places.layout(limit, lines);
            prop_assert!(laid.len() <= lines, "{laid:?}");
            prop_assert!(laid.iter().all(|line| width(line) <= limit), "{laid:?}");
        }
    }
}
