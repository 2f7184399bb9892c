//! Why a pattern or an event is refused, and where.

use std::fmt;

/// What is wrong with a JSON text, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct PatternError {
    /// 1-based line.
    pub line: usize,
    /// 1-based column, in characters.
    pub column: usize,
    /// The part that is wrong, as a JSON path such as `$.detail.type[0].prefix`; empty if the text is no JSON at all.
    pub path: String,
    /// What is wrong, and what would be right.
    pub reason: String,
}

impl PatternError {
    /// An error at a byte offset of `text`.
    pub(super) fn at(text: &str, offset: usize, path: String, reason: String) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        Self { line, column, path, reason }
    }
}

impl fmt::Display for PatternError {
    /// `line 1, column 8 ($.a[0]): what is wrong`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)?;
        if !self.path.is_empty() {
            write!(f, " ({})", self.path)?;
        }
        write!(f, ": {}", self.reason)
    }
}
