//! JSON written from a tree that knows its places, so that a problem in the JSON has a place in the file.

use crate::identifiers::located::{Node, Value};
use crate::identifiers::problem::Place;

/// A JSON text on one line, and where its values were written.
pub(super) struct LocatedJson {
    /// The text.
    pub(super) text: String,
    /// 1-based columns in the text, ascending, with the place of the value that begins there.
    places: Vec<(usize, Place)>,
}

impl LocatedJson {
    /// Writes a tree as JSON. An error is a value that JSON does not have, with its place.
    pub(super) fn of(node: &Node) -> Result<Self, (Place, String)> {
        let mut json = Self { text: String::new(), places: Vec::new() };
        json.write(node)?;
        Ok(json)
    }

    /// The place of the value that begins at a column of the text, or before it.
    pub(super) fn place(&self, column: usize) -> Option<Place> {
        let after = self.places.partition_point(|(begin, _)| *begin <= column);
        self.places.get(after.checked_sub(1)?).map(|(_, place)| *place)
    }

    fn write(&mut self, node: &Node) -> Result<(), (Place, String)> {
        self.places.push((self.text.chars().count() + 1, node.at));
        if let Some(tag) = &node.tag {
            return Err((node.at, format!("the tag !{tag} has a meaning in CloudFormation templates only")));
        }
        match &node.value {
            Value::Null => self.text.push_str("null"),
            Value::Bool(value) => self.text.push_str(if *value { "true" } else { "false" }),
            Value::Number(written) => {
                if serde_json::from_str::<&serde_json::value::RawValue>(written).is_err() {
                    return Err((node.at, format!("{written} is not how JSON writes a number")));
                }
                self.text.push_str(written);
            }
            Value::Text(text) => self.string(text),
            Value::Computed(shown) => {
                return Err((
                    node.at,
                    format!(
                        "this depends on {shown}, which only a deployment knows; write the value, or give the parameter a Default"
                    ),
                ));
            }
            Value::List(items) => {
                self.text.push('[');
                for (index, item) in items.iter().enumerate() {
                    self.separate(index);
                    self.write(item)?;
                }
                self.text.push(']');
            }
            Value::Map(members) => {
                self.text.push('{');
                for (index, member) in members.iter().enumerate() {
                    self.separate(index);
                    self.string(&member.name);
                    self.text.push(':');
                    self.write(&member.value)?;
                }
                self.text.push('}');
            }
        }
        Ok(())
    }

    fn separate(&mut self, index: usize) {
        if index > 0 {
            self.text.push(',');
        }
    }

    fn string(&mut self, text: &str) {
        self.text.push_str(&serde_json::Value::from(text).to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identifiers::located::parse;

    #[test]
    fn columns_lead_back_to_the_lines_of_the_file() {
        let node = parse("a:\n  - prefix: é\n  - {\"n\": [1.50, null, true]}\n").unwrap().remove(0);
        let json = LocatedJson::of(&node).unwrap();
        assert_eq!(json.text, r#"{"a":[{"prefix":"é"},{"n":[1.50,null,true]}]}"#);
        let place = |part: &str| json.place(json.text[..json.text.find(part).unwrap()].chars().count() + 1).unwrap();
        assert_eq!((place("\"é\"").line, place("1.50").line, place("{\"n\"").line), (2, 3, 3));
        assert_eq!(place("\"é\"").column, 13);
    }

    #[test]
    fn what_json_does_not_have_is_told_with_its_place() {
        let refused = |text: &str| LocatedJson::of(&parse(text).unwrap().remove(0)).err().unwrap();
        assert!(refused("a: [0x1F]").1.contains("not how JSON"));
        assert!(refused("\na: !Sub x").1.contains("!Sub"));
        assert_eq!(refused("\na: .inf").0.line, 2);
    }
}
