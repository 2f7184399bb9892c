//! Events as patterns see them: a list of values, each with its path and the array elements that it is in.

use super::error::PatternError;
use super::json::{self, Node, Value};
use super::number::Number;

/// An event, taken apart for matching. It can be asked about by any number of patterns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Sorted by path; of one path in the order of the event.
    fields: Vec<Field>,
}

/// A value of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    /// The names that lead to it, joined by dots; arrays have none.
    pub(super) path: String,
    /// The value.
    pub(super) value: Leaf,
    /// The elements that it is in.
    pub(super) elements: Elements,
}

/// Array elements: number of the array in the event, and index of the element in it, by number of the array. Only
/// elements that are objects or arrays count: the values of a plain list do not exclude each other.
pub(super) type Elements = Vec<(u32, u32)>;

/// A value that holds no others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Leaf {
    Null,
    Bool(bool),
    Number { written: String, number: Option<Number> },
    Text(String),
}

impl Event {
    /// Takes a JSON text apart.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let node = json::parse(text)?;
        let Value::Object(members) = &node.value else {
            let reason = format!("an event is an object; this is {}", node.kind());
            return Err(PatternError::at(text, node.at, "$".to_owned(), reason));
        };
        let mut walk = Walk { fields: Vec::new(), arrays: 0, elements: Vec::new() };
        walk.members("", members);
        walk.fields.sort_by(|left, right| left.path.cmp(&right.path));
        Ok(Self { fields: walk.fields })
    }

    /// The values of that path.
    pub(super) fn at(&self, path: &str) -> &[Field] {
        let start = self.fields.partition_point(|field| field.path.as_str() < path);
        let count = self.fields[start..].partition_point(|field| field.path == path);
        &self.fields[start..start + count]
    }
}

struct Walk {
    fields: Vec<Field>,
    /// Arrays met so far.
    arrays: u32,
    /// The elements that the walk is in.
    elements: Elements,
}

impl Walk {
    fn members(&mut self, path: &str, members: &[(String, Node<'_>)]) {
        for (name, node) in members {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            self.value(&path, node);
        }
    }

    fn value(&mut self, path: &str, node: &Node<'_>) {
        let leaf = match &node.value {
            Value::Object(members) => return self.members(path, members),
            Value::List(items) => return self.items(path, items),
            Value::Null => Leaf::Null,
            Value::Bool(value) => Leaf::Bool(*value),
            Value::Number => {
                Leaf::Number { written: node.written.to_owned(), number: Number::parse(node.written).ok() }
            }
            Value::Text(text) => Leaf::Text(text.clone()),
        };
        self.fields.push(Field { path: path.to_owned(), value: leaf, elements: self.elements.clone() });
    }

    fn items(&mut self, path: &str, items: &[Node<'_>]) {
        let array = self.arrays;
        self.arrays += 1;
        for (index, item) in (0..).zip(items) {
            let holds_others = matches!(item.value, Value::Object(_) | Value::List(_));
            if holds_others {
                self.elements.push((array, index));
            }
            self.value(path, item);
            if holds_others {
                self.elements.pop();
            }
        }
    }
}
