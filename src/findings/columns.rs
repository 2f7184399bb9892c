//! Numbers kept per column of a table, within a fixed bound however many columns a file claims to have.

use crate::model::Column;
use std::sync::Arc;

/// A number per column, in column order.
#[derive(Debug, Clone, Default)]
pub(super) struct ColumnTotals {
    totals: Vec<ColumnTotal>,
    /// Index of the column that was added to last: runs of values mostly come from one column.
    last: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ColumnTotal {
    pub(super) column: u32,
    pub(super) name: Option<Arc<str>>,
    pub(super) total: u64,
}

impl ColumnTotal {
    fn key(&self) -> (u32, Option<&str>) {
        (self.column, self.name.as_deref())
    }
}

impl ColumnTotals {
    /// Columns kept. A table is itemised for people, who do not read further; the first columns are the ones kept, so
    /// that parts of a table merge to the same result in any grouping.
    pub(super) const KEPT: usize = 4096;

    pub(super) fn add(&mut self, column: Column<'_>, amount: u64) {
        if let Some(last) = self.totals.get_mut(self.last)
            && last.column == column.number
            && same_name(last.name.as_ref(), column.name)
        {
            last.total += amount;
            return;
        }
        let key = (column.number, column.name.map(AsRef::as_ref));
        match self.totals.binary_search_by(|total| total.key().cmp(&key)) {
            Ok(index) => {
                self.totals[index].total += amount;
                self.last = index;
            }
            Err(index) if index < Self::KEPT => {
                self.totals.truncate(Self::KEPT - 1);
                let name = column.name.cloned();
                self.totals.insert(index, ColumnTotal { column: column.number, name, total: amount });
                self.last = index;
            }
            Err(_) => {}
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for ColumnTotal { column, name, total } in &other.totals {
            self.add(Column { number: *column, name: name.as_ref() }, *total);
        }
    }

    /// The number kept for a column; `None` for a column that has none.
    pub(super) fn get(&self, column: u32, name: Option<&str>) -> Option<u64> {
        let index = self.totals.binary_search_by(|total| total.key().cmp(&(column, name))).ok()?;
        Some(self.totals[index].total)
    }

    pub(super) fn into_totals(self) -> Vec<ColumnTotal> {
        self.totals
    }
}

/// Names are shared by all rows of a table, so comparing the pointers nearly always settles it.
fn same_name(left: Option<&Arc<str>>, right: Option<&Arc<str>>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => Arc::ptr_eq(left, right) || left == right,
        (None, None) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_the_same_number_in_different_tables_stay_apart() {
        let (ssn, zip): (Arc<str>, Arc<str>) = ("SSN".into(), "ZIP".into());
        let mut totals = ColumnTotals::default();
        for name in [Some(&zip), Some(&ssn), None, Some(&zip)] {
            totals.add(Column { number: 4, name }, 2);
        }
        assert_eq!(totals.get(4, Some("ZIP")), Some(4));
        assert_eq!(totals.get(4, Some("SSN")), Some(2));
        assert_eq!(totals.get(4, None), Some(2));
        assert_eq!(totals.get(5, None), None);
    }

    #[test]
    fn a_table_of_very_many_columns_keeps_its_first_ones_in_whatever_order_they_come() {
        let kept = u32::try_from(ColumnTotals::KEPT).unwrap();
        let (mut upwards, mut downwards) = (ColumnTotals::default(), ColumnTotals::default());
        for number in 1..=kept + 10 {
            upwards.add(Column { number, name: None }, 1);
            downwards.add(Column { number: kept + 11 - number, name: None }, 1);
        }
        let upwards = upwards.into_totals();
        assert_eq!(upwards.len(), ColumnTotals::KEPT);
        assert_eq!(upwards.last().map(|total| total.column), Some(kept));
        assert_eq!(upwards, downwards.into_totals());
    }
}
