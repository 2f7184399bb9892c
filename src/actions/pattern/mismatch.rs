//! Why an event is not what a pattern wants.

use super::event::Leaf;
use std::fmt;

/// Most values of an event that are named one by one.
const MOST_VALUES: usize = 5;

/// A member of a pattern that no value of an event meets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The names that lead to it, joined by dots.
    pub path: String,
    /// What the pattern accepts there, as the pattern writes it.
    pub wanted: Vec<String>,
    /// What the event has there.
    pub reason: Reason,
}

/// What an event has instead of what is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// No value.
    Missing,
    /// These values, as JSON.
    Values(Vec<String>),
    /// A value that is wanted, but in another element of an array than what the pattern's other members need.
    OtherElement,
}

impl fmt::Display for Mismatch {
    /// `detail.count: wanted {"numeric": [">", 5]}, the event has 3`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: wanted {}; ", self.path, self.wanted.join(" or "))?;
        match &self.reason {
            Reason::Missing => f.write_str("the event has no value there"),
            Reason::Values(values) => {
                write!(f, "the event has {}", values[..values.len().min(MOST_VALUES)].join(", "))?;
                match values.len().saturating_sub(MOST_VALUES) {
                    0 => Ok(()),
                    more => write!(f, " and {more} more"),
                }
            }
            Reason::OtherElement => {
                f.write_str("the event has that only in other array elements than the members before it")
            }
        }
    }
}

impl fmt::Display for Leaf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => value.fmt(f),
            Self::Number { written, .. } => f.write_str(written),
            Self::Text(text) => serde_json::Value::from(text.as_str()).fmt(f),
        }
    }
}
