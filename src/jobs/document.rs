//! A request as JSON, for storing and comparing.

use crate::identifiers::located::{Node, Value};
use serde_json::{Map, Number};

/// The JSON of a tree, members sorted by name: equal for requests that say the same, in YAML or JSON.
pub(super) fn json(node: &Node) -> serde_json::Value {
    match &node.value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(truth) => (*truth).into(),
        Value::Number(written) => {
            written.parse::<i64>().map(Number::from).map_or_else(|_| written.clone().into(), serde_json::Value::Number)
        }
        Value::Text(text) | Value::Computed(text) => text.clone().into(),
        Value::List(items) => items.iter().map(json).collect(),
        Value::Map(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by(|left, right| left.name.cmp(&right.name));
            serde_json::Value::Object(
                sorted.into_iter().map(|member| (member.name.clone(), json(&member.value))).collect::<Map<_, _>>(),
            )
        }
    }
}
