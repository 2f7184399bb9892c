//! Where in a YAML file of managed identifiers a part of an identifier stands.

use super::located::{Node, Value, parse};
use super::problem::Place;

/// A part of an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The identifier as a whole.
    Identifier,
    /// The pattern of that number, from 0.
    Pattern(usize),
    /// The example of that number, from 0.
    Example(usize),
    /// The counter-example of that number, from 0.
    CounterExample(usize),
}

/// Where the `number`th (from 0) identifier with this id stands in `text`, or that part of it.
pub fn place_of(text: &str, id: &str, number: usize, part: Part) -> Option<Place> {
    let documents = parse(text).ok()?;
    let identifiers = elements(documents.first()?.get("identifiers")?);
    let has_id = |node: &&Node| matches!(node.get("id").map(|id| &id.value), Some(Value::Text(text)) if text == id);
    let identifier = identifiers.iter().filter(has_id).nth(number)?;
    let inner = match part {
        Part::Identifier => identifier.get("id"),
        Part::Pattern(number) => nth(identifier, "patterns", number),
        Part::Example(number) => nth(identifier, "examples", number),
        Part::CounterExample(number) => nth(identifier, "counter_examples", number),
    };
    Some(inner.unwrap_or(identifier).at)
}

fn nth<'a>(identifier: &'a Node, member: &str, number: usize) -> Option<&'a Node> {
    elements(identifier.get(member)?).get(number)
}

fn elements(node: &Node) -> &[Node] {
    match &node.value {
        Value::List(elements) => elements,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_an_identifier_are_found_by_its_id() {
        let text =
            "identifiers:\n  - id: A\n  - name: b\n    id: B\n    patterns:\n      - regex: x\n      - regex: y\n";
        let place = |id, part| place_of(text, id, 0, part).map(|place| (place.line, place.column));
        assert_eq!(place("A", Part::Identifier), Some((2, 9)));
        assert_eq!(place("B", Part::Identifier), Some((4, 9)));
        assert_eq!(place("B", Part::Pattern(1)), Some((7, 9)));
        assert_eq!(place("B", Part::Example(0)), Some((3, 5)));
        assert_eq!(place("C", Part::Identifier), None);
    }
}
