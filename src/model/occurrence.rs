//! Where the engine hands in what it finds.

use super::Location;
use std::sync::Arc;

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column<'a> {
    /// 1-based column.
    pub number: u32,
    /// Header text, where there is a header that may be shown.
    pub name: Option<&'a Arc<str>>,
}

/// Takes occurrences in file order.
pub trait Occurrences {
    /// Adds one occurrence of the identifier of that index; `column` says where in a table it stands. The location is made
    /// only when it is kept.
    fn add(&mut self, identifier: usize, column: Option<Column<'_>>, location: &mut dyn FnMut() -> Location);

    /// False once further locations of this identifier would be dropped.
    fn needs_location(&self, identifier: usize) -> bool;

    /// Adds so many occurrences whose locations are not needed.
    fn count(&mut self, identifier: usize, column: Option<Column<'_>>, times: u64);

    /// Notes an occurrence that a comment beside it says is known: it is none.
    fn ignore(&mut self) {}

    /// Notes the 1-based line of such a comment that names an identifier that there is none of.
    fn misnamed(&mut self, line: u64) {
        let _ = line;
    }
}

/// What comments in an object say is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ignored {
    /// Occurrences that count for nothing because of them.
    pub occurrences: u64,
    /// 1-based lines of the first comments that name an identifier that there is none of.
    pub misnamed: Vec<u64>,
}

impl Ignored {
    /// Lines that are kept.
    const KEPT: usize = 20;

    /// Adds what later parts of the object say.
    pub fn merge(&mut self, later: &Self) {
        self.occurrences += later.occurrences;
        let room = Self::KEPT.saturating_sub(self.misnamed.len());
        self.misnamed.extend(later.misnamed.iter().take(room));
    }

    /// Adds the line of a comment.
    pub fn add_misnamed(&mut self, line: u64) {
        if self.misnamed.len() < Self::KEPT {
            self.misnamed.push(line);
        }
    }
}
