//! Looks at a single text: for examples, tests and people, not for files.

use super::Engine;
use super::judge::Judge;
use super::plan::TablePlan;
use crate::model::TableStart;
use std::ops::Range;

impl Engine {
    /// What occurs in `text`, in order: identifier index and byte range. With a column name the text is the one value of that
    /// column, else it is running text.
    pub fn inspect(&self, column: Option<&str>, text: &str) -> Vec<(usize, Range<usize>)> {
        let mut judge = Judge::default();
        let found = match column {
            Some(name) => {
                let start = TableStart { names: Some(vec![name.to_string()]), sample: vec![vec![text.to_string()]] };
                let plan = TablePlan::new(self, &start);
                judge.ranges(self, &plan.columns[0].field, text)
            }
            None => judge.running(self, text),
        };
        found.iter().map(|&(start, end, identifier)| (usize::from(identifier), start..end)).collect()
    }
}
