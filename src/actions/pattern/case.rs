//! A pattern and an event that it is to be tried on, written in one line.

use super::compile::EventPattern;
use super::error::PatternError;
use super::event::Event;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// A pattern and an event. Other members of the line are passed over.
#[derive(Debug, Deserialize)]
pub struct Case<'l> {
    #[serde(borrow)]
    pattern: &'l RawValue,
    #[serde(borrow)]
    event: &'l RawValue,
}

/// Whether a pattern wants an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It does.
    Match,
    /// It does not.
    NoMatch,
    /// There is no telling.
    Invalid {
        /// `pattern` or `event`.
        what: &'static str,
        /// What is wrong with it.
        error: PatternError,
    },
}

impl<'l> Case<'l> {
    /// Reads a line: an object with the members `pattern` and `event`, each a value or a string that holds its JSON text.
    pub fn parse(line: &'l str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(line)
    }

    /// Tries the pattern on the event.
    pub fn judge(&self) -> Verdict {
        let pattern = match EventPattern::parse(&text(self.pattern)) {
            Ok(pattern) => pattern,
            Err(error) => return Verdict::Invalid { what: "pattern", error },
        };
        match Event::parse(&text(self.event)) {
            Ok(event) if pattern.matches(&event) => Verdict::Match,
            Ok(_) => Verdict::NoMatch,
            Err(error) => Verdict::Invalid { what: "event", error },
        }
    }
}

/// The JSON text that a value is or, as a string, holds.
fn text(value: &RawValue) -> Cow<'_, str> {
    serde_json::from_str(value.get()).map_or(Cow::Borrowed(value.get()), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_texts_of_values_are_judged_alike() {
        let judge = |line| Case::parse(line).unwrap().judge();
        assert_eq!(judge(r#"{"pattern": {"a": [300]}, "event": {"a": 3.0e2}, "name": "x"}"#), Verdict::Match);
        assert_eq!(judge(r#"{"pattern": "{\"a\": [300]}", "event": "{\"a\": 301}"}"#), Verdict::NoMatch);
        assert!(matches!(judge(r#"{"pattern": {"a": 1}, "event": null}"#), Verdict::Invalid { what: "pattern", .. }));
        assert!(matches!(judge(r#"{"pattern": {"a": [1]}, "event": []}"#), Verdict::Invalid { what: "event", .. }));
        assert!(Case::parse(r#"{"pattern": {}}"#).is_err());
    }
}
