//! One condition of a filter: what the values of a field must be.

use super::field::{Field, Kind};
use jiff::Timestamp;
use serde_json::Value;
use std::collections::BTreeSet;

/// A condition on one field. Operators that are given must all hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Condition {
    pub(super) field: Field,
    /// One of the field's values is one of these.
    pub(super) eq: Option<Vec<String>>,
    /// None of the field's values is one of these.
    pub(super) neq: Option<Vec<String>>,
    /// The field's values are these and no others.
    pub(super) exact: Option<BTreeSet<String>>,
    /// One of the field's values is within all of these.
    pub(super) range: Range,
}

/// Bounds of a number, or of a time in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Range {
    pub(super) gt: Option<i64>,
    pub(super) gte: Option<i64>,
    pub(super) lt: Option<i64>,
    pub(super) lte: Option<i64>,
}

impl Range {
    fn is_open(&self) -> bool {
        *self == Self::default()
    }

    fn holds(&self, number: i64) -> bool {
        self.gt.is_none_or(|bound| number > bound)
            && self.gte.is_none_or(|bound| number >= bound)
            && self.lt.is_none_or(|bound| number < bound)
            && self.lte.is_none_or(|bound| number <= bound)
    }
}

impl Condition {
    /// Whether a finding fulfils the condition.
    pub(super) fn holds(&self, finding: &Value) -> bool {
        let mut values = Vec::new();
        collect(finding, &self.field.path, &mut values);
        let one_of = |wanted: &[String]| values.iter().any(|value| wanted.iter().any(|text| self.is(value, text)));
        self.eq.as_deref().is_none_or(one_of)
            && self.neq.as_deref().is_none_or(|wanted| !one_of(wanted))
            && self
                .exact
                .as_ref()
                .is_none_or(|wanted| *wanted == values.iter().filter_map(|value| text(value)).collect())
            && (self.range.is_open()
                || values.iter().filter_map(|value| self.number(value)).any(|number| self.range.holds(number)))
    }

    /// Whether a value is what criteria write as `written`.
    fn is(&self, value: &Value, written: &str) -> bool {
        text(value).is_some_and(|text| text == written)
            || (self.field.kind == Kind::Time
                && written.parse::<i64>().is_ok_and(|wanted| self.number(value) == Some(wanted)))
    }

    fn number(&self, value: &Value) -> Option<i64> {
        match (self.field.kind, value) {
            (Kind::Time, Value::String(time)) => time.parse::<Timestamp>().ok().map(Timestamp::as_millisecond),
            (Kind::Number, Value::Number(number)) => number.as_i64(),
            _ => None,
        }
    }
}

/// The values at a path, those of all elements of the lists on the way.
fn collect<'v>(value: &'v Value, path: &[String], values: &mut Vec<&'v Value>) {
    match (value, path) {
        (Value::Array(elements), _) => {
            for element in elements {
                collect(element, path, values);
            }
        }
        (Value::Null, _) => {}
        (Value::Object(members), [first, rest @ ..]) => {
            if let Some(member) = members.get(first) {
                collect(member, rest, values);
            }
        }
        (value, []) => values.push(value),
        _ => {}
    }
}

/// A value as criteria write it.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
