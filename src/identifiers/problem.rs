//! What is wrong with a file of custom identifiers, and where.

use std::fmt;
use std::path::PathBuf;

/// A place in a text file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// 1-based line.
    pub line: usize,
    /// 1-based column, in characters.
    pub column: usize,
}

/// One thing that is wrong, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Problem {
    /// The file, as it was named by the caller or found in a directory that the caller named.
    pub file: PathBuf,
    /// The place in it; `None` when the problem is the file itself.
    pub place: Option<Place>,
    /// The rule that is broken, in one line.
    pub message: String,
}

impl fmt::Display for Problem {
    /// `file:line:column: message`, the form that editors make clickable.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.file.display())?;
        if let Some(place) = self.place {
            write!(f, "{}:{}:", place.line, place.column)?;
        }
        write!(f, " {}", self.message)
    }
}

/// Everything that is wrong with the files that were to be loaded: files in the order of loading, problems of one file
/// by their place. Never empty.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct LoadErrors {
    problems: Vec<Problem>,
}

impl LoadErrors {
    /// Wraps the problems, or nothing if there are none.
    pub(crate) fn from_problems(problems: Vec<Problem>) -> Result<(), Self> {
        if problems.is_empty() { Ok(()) } else { Err(Self { problems }) }
    }

    /// A single problem.
    pub(crate) fn of(problem: Problem) -> Self {
        Self { problems: vec![problem] }
    }

    /// The problems, in order.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl fmt::Display for LoadErrors {
    /// One line per problem, no newline at the end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}
