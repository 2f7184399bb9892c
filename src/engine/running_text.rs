//! Scans running text.

use super::Engine;
use super::cost::{Cost, Costs};
use super::ignore_marks::{IgnoreMarks, KnownIds};
use super::judge::Judge;
use crate::model::{Location, Occurrences, TextBlock};
use std::time::Instant;

/// Scans blocks of running text.
pub struct TextScanner<'e> {
    engine: &'e Engine,
    judge: Judge,
    cost: Cost,
    /// What comments may name that say that something is known; `None` where they are not heeded.
    heeded: Option<&'e KnownIds>,
}

impl<'e> TextScanner<'e> {
    /// A scanner for running text.
    pub fn new(engine: &'e Engine) -> Self {
        Self { engine, judge: Judge::default(), cost: Cost::default(), heeded: None }
    }

    /// The same scanner, which heeds comments that say that something is known.
    #[must_use]
    pub fn heeding(self, known: Option<&'e KnownIds>) -> Self {
        Self { heeded: known, ..self }
    }

    /// Measures from now on.
    pub fn measure(&mut self) {
        self.judge.measure();
    }

    /// What scanning has cost since it measures.
    pub fn take_costs(&mut self) -> Costs {
        let mut costs = self.judge.take_costs();
        if self.cost.values > 0 {
            costs.fields.insert(String::new(), std::mem::take(&mut self.cost));
        }
        costs
    }

    /// Adds what starts in the block's core to `occurrences`.
    pub fn block(&mut self, block: TextBlock<'_>, occurrences: &mut impl Occurrences) {
        let since = self.judge.measures().then(Instant::now);
        let found = self.judge.running(self.engine, block.text);
        if let Some(since) = since {
            self.cost.spent(since);
        }
        let marks = self.heeded.and_then(|known| IgnoreMarks::read(known, block.text));
        let first = Place { line: block.first_line, column: block.first_column, at: 0 };
        if let Some(marks) = &marks {
            let mut place = first;
            for &at in marks.unknown.iter().filter(|at| (block.core.0..block.core.1).contains(*at)) {
                place.advance(block.text, at);
                occurrences.misnamed(place.line);
            }
        }
        let mut place = first;
        for &(start, end, identifier) in found {
            if start < block.core.0 || start >= block.core.1 {
                continue;
            }
            if marks.as_ref().is_some_and(|marks| marks.ignore(start, identifier)) {
                occurrences.ignore();
                continue;
            }
            occurrences.add(usize::from(identifier), None, &mut || {
                place.advance(block.text, start);
                let here = place;
                let lines = memchr::memchr_iter(b'\n', &block.text.as_bytes()[start..end]).count() as u64;
                let ends_line = block.text.as_bytes()[start..end].ends_with(b"\n");
                Location::Lines {
                    start: here.line,
                    end: here.line + lines - u64::from(ends_line),
                    start_column: here.column,
                }
            });
        }
    }
}

/// A place in a text that only moves forward.
#[derive(Clone, Copy)]
struct Place {
    line: u64,
    column: u64,
    at: usize,
}

impl Place {
    fn advance(&mut self, text: &str, to: usize) {
        let passed = &text.as_bytes()[self.at..to];
        let lines = memchr::memchr_iter(b'\n', passed).count() as u64;
        let from = if lines > 0 {
            self.line += lines;
            self.column = 1;
            self.at + memchr::memrchr(b'\n', passed).map_or(0, |last| last + 1)
        } else {
            self.at
        };
        self.column += text[from..to].chars().count() as u64;
        self.at = to;
    }
}
