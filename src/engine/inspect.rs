//! Looks at a single text: for examples, tests and people, not for files.

use super::Engine;
use super::judge::Judge;
use super::matcher::{Context, Matcher};
use super::plan::{FieldPlan, TablePlan};
use crate::model::TableStart;
use std::ops::Range;

/// A match of a managed identifier's pattern in an inspected text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Index of the identifier.
    pub identifier: usize,
    /// Bytes of the text that matched.
    pub range: Range<usize>,
    /// Whether the pattern that matched verifies a check digit.
    pub check_digit: bool,
}

impl Engine {
    /// What occurs in `text`, in order: identifier index and byte range. With a column name the text is the one value of that
    /// column, else it is running text.
    pub fn inspect(&self, column: Option<&str>, text: &str) -> Vec<(usize, Range<usize>)> {
        let mut judge = Judge::default();
        let found = match column {
            Some(name) => judge.ranges(self, &self.plan_of(name, text), text),
            None => judge.running(self, text),
        };
        found.iter().map(|&(start, end, identifier)| (usize::from(identifier), start..end)).collect()
    }

    /// The matches of patterns in `text`, in order, with what speaks for them: as [`Engine::inspect`], but without names,
    /// addresses and custom identifiers, which have no patterns here.
    pub fn evidence(&self, column: Option<&str>, text: &str) -> Vec<Evidence> {
        let plan = column.map(|name| self.plan_of(name, text));
        let context =
            plan.as_ref().map_or(Context::Text, |plan| Context::Value { named: &plan.named, names: &plan.name_text });
        let mut matches = Vec::new();
        Matcher::default().find(&self.managed, text, context, &mut matches);
        let evidence = matches.iter().map(|found| Evidence {
            identifier: usize::from(found.identifier),
            range: found.start..found.end,
            check_digit: found.check_digit,
        });
        evidence.collect()
    }

    fn plan_of(&self, column: &str, text: &str) -> FieldPlan {
        let start = TableStart { names: Some(vec![column.to_string()]), sample: vec![vec![text.to_string()]] };
        TablePlan::new(self, &start).columns.swap_remove(0).field
    }
}
