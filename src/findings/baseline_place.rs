//! The places by which a baseline counts: coarse enough to outlive an edit, fine enough to tell one column from another.

use super::TYPE_LOCATIONS;
use crate::model::{ColumnCount, Location, open_indexes};
use std::collections::BTreeMap;

/// How a baseline names a column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ColumnRef {
    /// By its header.
    Name(String),
    /// By its 1-based number, where there is no header that may be shown.
    Number(u32),
}

/// A place in an object, without lines and rows: they move.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// Anywhere in the object: running text, pages, and what is not placed more closely.
    Anywhere,
    /// A column of a table.
    Column {
        /// The worksheet or table that it is in; `None` where the object has only one, or for any of them.
        sheet: Option<String>,
        /// The column.
        column: ColumnRef,
    },
    /// A path in records, array indexes left open: `$.people[*].ssn`. Empty for paths that are withheld.
    Path(String),
}

impl Place {
    /// The place of a location.
    pub fn of(location: &Location) -> Self {
        match location {
            Location::Cell { column, column_name, sheet, .. } => Self::Column {
                sheet: sheet.as_deref().filter(|sheet| !sheet.is_empty()).map(str::to_owned),
                column: column_ref(*column, column_name.as_deref()),
            },
            Location::Record { json_path, .. } => Self::Path(open_indexes(json_path)),
            Location::Lines { .. } | Location::Page { .. } => Self::Anywhere,
        }
    }

    /// Whether an entry for this place speaks of `other` too, because it is wider.
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Anywhere, _) => true,
            (Self::Column { sheet: None, column }, Self::Column { column: other, .. }) => column == other,
            _ => self == other,
        }
    }
}

/// How often something occurs, by place.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// Occurrences of each place.
    pub(super) counts: BTreeMap<Place, u64>,
    /// More occurred than is located, so that some are placed more widely than they would be else.
    pub(super) widened: bool,
}

impl Places {
    /// The places of `count` occurrences, of which the first are located, and which are counted by column in tables.
    pub(super) fn of(count: u64, locations: &[Location], columns: &[ColumnCount]) -> Self {
        let in_columns: u64 = columns.iter().map(|column| column.count).sum();
        let cells = locations.iter().filter(|location| matches!(location, Location::Cell { .. })).count() as u64;
        let mut places = Self::default();
        // Where a count stops, or locations do, which of them are the first ones changes with every edit.
        if count < TYPE_LOCATIONS as u64 && locations.len() as u64 == count && cells == in_columns {
            for location in locations {
                places.add(Place::of(location), 1);
            }
            return places;
        }
        places.widened = true;
        for column in columns {
            let place = Place::Column { sheet: None, column: column_ref(column.column, column.name.as_deref()) };
            places.add(place, column.count);
        }
        places.add(Place::Anywhere, count.saturating_sub(in_columns));
        places
    }

    fn add(&mut self, place: Place, count: u64) {
        if count > 0 {
            *self.counts.entry(place).or_default() += count;
        }
    }
}

fn column_ref(number: u32, name: Option<&str>) -> ColumnRef {
    match name {
        Some(name) if !name.is_empty() => ColumnRef::Name(name.to_owned()),
        _ => ColumnRef::Number(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(row: u64, name: Option<&str>, sheet: Option<&str>) -> Location {
        Location::Cell { row, column: 3, column_name: name.map(Into::into), sheet: sheet.map(Into::into) }
    }

    fn named(column: &str, sheet: Option<&str>) -> Place {
        Place::Column { sheet: sheet.map(str::to_owned), column: ColumnRef::Name(column.into()) }
    }

    fn count(name: Option<&str>, count: u64) -> ColumnCount {
        ColumnCount { column: 3, name: name.map(Into::into), count, non_empty: count }
    }

    fn places(all: u64, locations: &[Location], columns: &[ColumnCount]) -> Vec<(Place, u64)> {
        Places::of(all, locations, columns).counts.into_iter().collect()
    }

    #[test]
    fn cells_are_counted_by_sheet_and_column_and_the_rest_by_object() {
        let lines = Location::Lines { start: 1, end: 1, start_column: 4 };
        let found = [cell(2, Some("SSN"), Some("May")), cell(3, Some("SSN"), Some("June")), lines];
        let expected = [(Place::Anywhere, 1), (named("SSN", Some("June")), 1), (named("SSN", Some("May")), 1)];
        assert_eq!(places(3, &found, &[count(Some("SSN"), 2)]), expected);
    }

    #[test]
    fn a_column_without_a_header_goes_by_its_number() {
        let expected = [(Place::Column { sheet: None, column: ColumnRef::Number(3) }, 1)];
        assert_eq!(places(1, &[cell(2, None, Some(""))], &[count(None, 1)]), expected);
    }

    #[test]
    fn more_than_is_located_is_counted_by_column_or_by_object() {
        let record = |index| Location::Record { index, json_path: "$.ssn".into() };
        let first: Vec<Location> = (0..1000).map(record).collect();
        assert_eq!(places(1000, &first, &[]), [(Place::Anywhere, 1000)]);
        assert_eq!(places(999, &first[..999], &[]), [(Place::Path("$.ssn".into()), 999)]);
        let cells: Vec<Location> = (2..1002).map(|row| cell(row, Some("SSN"), Some("May"))).collect();
        assert_eq!(places(5000, &cells, &[count(Some("SSN"), 5000)]), [(named("SSN", None), 5000)]);
    }

    #[test]
    fn a_wider_place_covers_a_closer_one() {
        let (any, one) = (named("SSN", None), named("SSN", Some("May")));
        assert!(any.covers(&one) && Place::Anywhere.covers(&one) && one.covers(&one));
        assert!(!one.covers(&any) && !any.covers(&named("ssn", None)) && !any.covers(&Place::Anywhere));
    }
}
