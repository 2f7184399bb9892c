//! YAML (and so JSON) as a tree in which every member and value knows its place in the file.

use super::problem::Place;
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, Tag};
use std::borrow::Cow;
use std::collections::HashMap;

/// Deeper nesting than this is refused, so that nothing that walks the tree can exhaust the stack.
const DEEPEST: usize = 100;
/// Most nodes that aliases (`*name`) may add to a file, against files that grow exponentially when read.
const MOST_COPIES: usize = 100_000;

/// A value and where it starts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    /// Where the value starts.
    pub(crate) at: Place,
    /// A tag that is not YAML's own, without its exclamation mark: `Sub` of `!Sub text`.
    pub(crate) tag: Option<String>,
    /// The value.
    pub(crate) value: Value,
}

/// The kinds of value. Plain scalars follow the core schema of YAML 1.2.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as it is written.
    Number(String),
    /// Anything quoted, and every plain scalar that is nothing else.
    Text(String),
    /// A value that only a deployment knows, shown as a person would read it: `${AWS::StackName}-id`.
    Computed(String),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping, in the order of the file.
    Map(Vec<Member>),
}

/// One member of a mapping.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Member {
    /// Where the name starts.
    pub(crate) at: Place,
    /// The name.
    pub(crate) name: String,
    /// What it is set to.
    pub(crate) value: Node,
}

impl Node {
    /// The member of that name, if this is a mapping that has it.
    pub(crate) fn get(&self, name: &str) -> Option<&Node> {
        match &self.value {
            Value::Map(members) => members.iter().find(|member| member.name == name).map(|member| &member.value),
            _ => None,
        }
    }

    /// What the value is, for a message: `a list`.
    pub(crate) fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::Text(_) | Value::Computed(_) => "a text",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }
}

/// Reads all documents of a file. Documents with nothing in them are left out.
///
/// The first break of YAML's grammar ends the reading: what follows it could mean anything.
pub(crate) fn parse(text: &str) -> Result<Vec<Node>, (Place, String)> {
    let mut tree = Tree::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| (place(*error.marker()), explain(error.info())))?;
        tree.take(event, span)?;
    }
    Ok(tree.documents)
}

/// The parser's words, with a way out of the most common mistake: a pattern in double quotes.
fn explain(message: &str) -> String {
    if message.contains("unknown escape character") {
        return format!("{message}; put a text with backslashes in single quotes, or write each backslash twice");
    }
    message.to_owned()
}

/// A mapping or sequence that is being read.
struct Open {
    node: Node,
    anchor: usize,
    /// In a mapping: the name whose value comes next.
    name: Option<(Place, String)>,
}

#[derive(Default)]
struct Tree {
    documents: Vec<Node>,
    open: Vec<Open>,
    anchors: HashMap<usize, Node>,
    copies: usize,
}

impl Tree {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), (Place, String)> {
        let at = place(span.start);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let node = scalar(at, text, style, tag.as_deref());
                self.close(node, anchor)
            }
            Event::SequenceStart(anchor, tag) => self.begin(at, tag.as_deref(), Value::List(Vec::new()), anchor),
            Event::MappingStart(anchor, tag) => self.begin(at, tag.as_deref(), Value::Map(Vec::new()), anchor),
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(open) => self.close(open.node, open.anchor),
                None => Ok(()),
            },
            Event::Alias(anchor) => {
                let Some(mut node) = self.anchors.get(&anchor).cloned() else {
                    return Err((at, "this alias stands inside the value that it names".to_owned()));
                };
                self.copies += count(&node);
                if self.copies > MOST_COPIES || self.open.len() + depth(&node) > DEEPEST {
                    return Err((at, "aliases make this file too large".to_owned()));
                }
                node.at = at;
                self.close(node, 0)
            }
            Event::DocumentStart(_) => {
                self.anchors.clear();
                Ok(())
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
        }
    }

    fn begin(&mut self, at: Place, tag: Option<&Tag>, value: Value, anchor: usize) -> Result<(), (Place, String)> {
        if self.open.len() >= DEEPEST {
            return Err((at, format!("values are nested more than {DEEPEST} deep")));
        }
        self.open.push(Open { node: Node { at, tag: local(tag), value }, anchor, name: None });
        Ok(())
    }

    /// Puts a finished value where it belongs: into the open mapping or sequence, or among the documents.
    fn close(&mut self, node: Node, anchor: usize) -> Result<(), (Place, String)> {
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        let Some(parent) = self.open.last_mut() else {
            if node.value != Value::Null {
                self.documents.push(node);
            }
            return Ok(());
        };
        match &mut parent.node.value {
            Value::Map(members) => match parent.name.take() {
                Some((at, name)) => members.push(Member { at, name, value: node }),
                None => parent.name = Some(name_of(node, members)?),
            },
            Value::List(items) => items.push(node),
            _ => {}
        }
        Ok(())
    }
}

fn name_of(node: Node, members: &[Member]) -> Result<(Place, String), (Place, String)> {
    let name = match node.value {
        Value::Text(name) | Value::Number(name) => name,
        Value::Bool(value) => value.to_string(),
        Value::Null => "null".to_owned(),
        Value::Computed(_) | Value::List(_) | Value::Map(_) => {
            return Err((node.at, format!("the name of a member is {}; it is a text", node.kind())));
        }
    };
    match members.iter().find(|member| member.name == name) {
        Some(first) => Err((node.at, format!("member {name:?} was already given at line {}", first.at.line))),
        None => Ok((node.at, name)),
    }
}

fn scalar(at: Place, text: Cow<'_, str>, style: ScalarStyle, tag: Option<&Tag>) -> Node {
    let own = tag.is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "str");
    let tag = local(tag);
    let plain = style == ScalarStyle::Plain && !own && tag.is_none();
    let value = match text.as_ref() {
        _ if !plain => Value::Text(text.into_owned()),
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        written if is_number(written) => Value::Number(text.into_owned()),
        _ => Value::Text(text.into_owned()),
    };
    Node { at, tag, value }
}

/// Numbers of the core schema (YAML 1.2.2, section 10.3.2).
fn is_number(text: &str) -> bool {
    let all = |digits: &str, good: fn(&char) -> bool| !digits.is_empty() && digits.chars().all(|c| good(&c));
    if let Some(octal) = text.strip_prefix("0o") {
        return all(octal, |c| ('0'..='7').contains(c));
    }
    if let Some(hex) = text.strip_prefix("0x") {
        return all(hex, char::is_ascii_hexdigit);
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|digits| all(digits, char::is_ascii_digit))
}

/// The name of a tag that is not YAML's own.
fn local(tag: Option<&Tag>) -> Option<String> {
    tag.filter(|tag| !tag.is_yaml_core_schema() && !tag.suffix.is_empty()).map(|tag| tag.suffix.clone())
}

fn place(mark: Marker) -> Place {
    Place { line: mark.line().max(1), column: mark.col() + 1 }
}

fn count(node: &Node) -> usize {
    1 + match &node.value {
        Value::List(items) => items.iter().map(count).sum(),
        Value::Map(members) => members.iter().map(|member| count(&member.value)).sum(),
        _ => 0,
    }
}

fn depth(node: &Node) -> usize {
    match &node.value {
        Value::List(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Map(members) => 1 + members.iter().map(|member| depth(&member.value)).max().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use std::fmt::Write as _;

    /// Whether a tree says what `serde_yaml` makes of the same text.
    fn agrees(node: &Node, value: &serde_yaml::Value) -> bool {
        match (&node.value, value) {
            (Value::Null, serde_yaml::Value::Null) => true,
            (Value::Bool(ours), serde_yaml::Value::Bool(theirs)) => ours == theirs,
            (Value::Number(ours), serde_yaml::Value::Number(theirs)) => {
                ours.parse::<f64>().unwrap().total_cmp(&theirs.as_f64().unwrap()).is_eq()
            }
            (Value::Text(ours), serde_yaml::Value::String(theirs)) => ours == theirs,
            (Value::List(ours), serde_yaml::Value::Sequence(theirs)) => {
                ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| agrees(ours, theirs))
            }
            (Value::Map(ours), serde_yaml::Value::Mapping(theirs)) => {
                let same = |(ours, (name, value)): (&Member, (&serde_yaml::Value, &serde_yaml::Value))| {
                    name.as_str() == Some(&ours.name) && agrees(&ours.value, value)
                };
                ours.len() == theirs.len() && ours.iter().zip(theirs).all(same)
            }
            _ => false,
        }
    }

    fn any_value() -> impl Strategy<Value = serde_yaml::Value> {
        // Next line, line and paragraph separator are line breaks in YAML 1.1, which serde_yaml reads, but not in YAML 1.2.
        let text = || {
            proptest::string::string_regex(r"[ -~\né😀]{0,12}|[0-9+.e-]{1,4}|true|null|~|0x1F|- a|\PC{0,6}")
                .unwrap()
                .prop_map(|text| text.replace(['\u{85}', '\u{2028}', '\u{2029}'], ""))
        };
        let leaf = prop_oneof![
            Just(serde_yaml::Value::Null),
            any::<bool>().prop_map(serde_yaml::Value::from),
            any::<i32>().prop_map(serde_yaml::Value::from),
            any::<f32>().prop_map(|number| serde_yaml::Value::from(f64::from(number))),
            text().prop_map(serde_yaml::Value::from),
        ];
        leaf.prop_recursive(4, 24, 5, move |inner| {
            let named = (text().prop_map(|name| serde_yaml::Value::from(format!("k {name}"))), inner.clone());
            prop_oneof![
                vec(inner, 0..5).prop_map(serde_yaml::Value::from),
                vec(named, 0..5).prop_map(|members| serde_yaml::Value::Mapping(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_serde_yaml_writes_is_read_as_serde_yaml_reads_it(value in any_value()) {
            for text in [serde_yaml::to_string(&value).unwrap(), serde_json::to_string(&value).unwrap()] {
                let theirs: serde_yaml::Value = serde_yaml::from_str(&text).unwrap();
                let ours = parse(&text).unwrap();
                prop_assert!(
                    ours.first().map_or(theirs.is_null(), |ours| agrees(ours, &theirs)),
                    "{}\n{:?}\n{:?}", text, ours, theirs
                );
            }
        }
    }

    fn one(text: &str) -> Node {
        let mut documents = parse(text).unwrap();
        assert_eq!(documents.len(), 1);
        documents.remove(0)
    }

    #[test]
    fn values_know_their_line_and_column() {
        let node = one("a: 1\nlist:\n  - x\n  - \"y\"\nmap: {k: é, l: z}\n");
        assert_eq!(node.get("a").unwrap().at, Place { line: 1, column: 4 });
        let Value::List(items) = &node.get("list").unwrap().value else { panic!() };
        assert_eq!(items[1].at, Place { line: 4, column: 5 });
        assert_eq!(node.get("map").unwrap().get("l").unwrap().at, Place { line: 5, column: 16 });
    }

    #[test]
    fn json_indented_with_tabs_is_read() {
        let node = one("{\n\t\"a\": [\n\t\t\"x\",\n\t\t1\n\t],\n\t\"b\":\"y\"\n}\n");
        let Value::List(items) = &node.get("a").unwrap().value else { panic!() };
        assert_eq!((items[0].at.line, items[0].at.column), (3, 3));
        assert_eq!(node.get("b").unwrap().value, Value::Text("y".into()));
    }

    #[test]
    fn plain_scalars_follow_the_core_schema_and_quoted_ones_are_text() {
        for number in ["1", "-1", "1.5", ".5", "1.", "1e3", "0x1F", "0o17", ".inf", "-.INF", ".nan"] {
            assert_eq!(one(number).value, Value::Number(number.into()), "{number}");
        }
        for text in ["1-2", "yes", "0xg", "e3", "1e", ".", "-", "+", "1 2", "0o8", "\"1\"", "'true'", "!!str 1"] {
            assert!(matches!(parse(text).unwrap()[..], [Node { value: Value::Text(_), .. }]) || text == "-", "{text}");
        }
    }

    #[test]
    fn a_member_given_twice_is_refused() {
        assert_eq!(
            parse("a: 1\na: 2\n"),
            Err((Place { line: 2, column: 1 }, "member \"a\" was already given at line 1".into()))
        );
    }

    #[test]
    fn aliases_are_copied_but_cannot_explode() {
        let node = one("a: &x [1]\nb: *x\n");
        assert_eq!(node.get("b").unwrap().value, node.get("a").unwrap().value);
        let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
        for level in 1..12 {
            let aliases = vec![format!("*a{}", level - 1); 10].join(",");
            writeln!(bomb, "a{level}: &a{level} [{aliases}]").unwrap();
        }
        assert!(parse(&bomb).unwrap_err().1.contains("too large"));
        assert!(parse("&a [*a]").unwrap_err().1.contains("inside"));
    }

    #[test]
    fn deep_nesting_is_refused() {
        assert!(parse(&"[".repeat(100_000)).is_err());
        assert!(parse(&"- ".repeat(10_000)).is_err());
    }

    #[test]
    fn tags_of_templates_are_kept_and_yamls_own_are_not() {
        assert_eq!(one("!Sub x").tag.as_deref(), Some("Sub"));
        assert_eq!(one("!Join ['', [a]]").tag.as_deref(), Some("Join"));
        assert_eq!(one("!!str x").tag, None);
    }
}
