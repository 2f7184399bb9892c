//! Where in an object an identifier was found, in words for a person.

use super::fit::{shorten_middle, width};
use super::quantity::grouped;
use super::sanitize::sanitize;
use crate::model::{ColumnCount, Detection, Location};
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
    /// The columns, record paths or lines of a detection. Columns say how many of their non-empty values were found,
    /// so that a hole shows.
    pub(super) fn of(detection: &Detection) -> Self {
        let located_all = detection.occurrences.len() as u64 == detection.count;
        let mut places: Vec<Place> = detection.columns.iter().map(Place::column).collect();
        places.extend(paths(&detection.occurrences, located_all));
        let lines = lines(&detection.occurrences);
        let more = lines.len() > LINES || (!located_all && detection.columns.is_empty() && !lines.is_empty());
        places.extend(lines.iter().take(LINES).enumerate().map(|(index, line)| {
            let word = match (index, lines.len()) {
                (0, 1) => "line ",
                (0, _) => "lines ",
                _ => "",
            };
            Place { name: format!("{word}{}", grouped(*line)), note: String::new() }
        }));
        Self { places, more }
    }

    /// At most `lines` lines of at most `limit` cells; what does not fit is counted at the end.
    pub(super) fn layout(&self, limit: usize, lines: usize) -> Vec<String> {
        let mut laid: Vec<String> = vec![String::new()];
        for (index, place) in self.places.iter().enumerate() {
            let rest = self.places.len() - index - 1;
            let last = rest == 0;
            let mut text = place.within(limit.saturating_sub(1));
            if !last || self.more {
                text.push(',');
            }
            let line = laid.last().map_or("", String::as_str);
            let gap = usize::from(!line.is_empty());
            // The last line keeps room for the words that say how much is missing.
            let ending =
                if laid.len() == lines && !(last && !self.more) { width(&remaining(rest, self.more)) + 1 } else { 0 };
            if width(line) + gap + width(&text) + ending > limit && !(line.is_empty()) {
                if laid.len() == lines {
                    return close(laid, &remaining(rest + 1, self.more));
                }
                laid.push(text);
            } else if let Some(line) = laid.last_mut() {
                if gap > 0 {
                    line.push(' ');
                }
                line.push_str(&text);
            }
        }
        if self.more { close(laid, &remaining(0, true)) } else { laid }
    }
}

/// Replaces the comma at the end by words for what was left out.
fn close(mut lines: Vec<String>, words: &str) -> Vec<String> {
    if let Some(line) = lines.last_mut() {
        line.truncate(line.trim_end_matches(',').len());
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(words);
    }
    lines
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
        let path = if json_path.is_empty() { "a sensitive path".to_owned() } else { open_indexes(json_path) };
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

/// `$.name[0].family` as `$.name[*].family`.
fn open_indexes(path: &str) -> String {
    let mut open = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(bracket) = rest.find('[') {
        let (before, from) = rest.split_at(bracket);
        open.push_str(before);
        let digits = from[1..].bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 && from[1 + digits..].starts_with(']') {
            open.push_str("[*]");
            rest = &from[digits + 2..];
        } else {
            open.push('[');
            rest = &from[1..];
        }
    }
    open + rest
}

/// The distinct lines on which occurrences start.
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
