//! From the text of a pattern to what is asked of events.

use super::address::{Block, address};
use super::condition::{Condition, Exception};
use super::error::PatternError;
use super::json::{self, Node, Value};
use super::letter_case::AnyCase;
use super::number::Number;
use super::wildcard::Wildcard;
use crate::identifiers::spelling::nearest;
use std::collections::BTreeMap;
use std::ops::Bound;

/// The name whose array holds patterns of which one must be met.
const OR: &str = "$or";
/// Most ways to meet a pattern that its `$or` members may make, as in `EventBridge`.
const MOST_ALTERNATIVES: usize = 1000;
const OPERATORS: [&str; 9] =
    ["prefix", "suffix", "equals-ignore-case", "wildcard", "anything-but", "numeric", "exists", "cidr", "exactly"];
/// Names that no member inside `$or` may have, so that operators written one level too high are not taken for members.
const RESERVED: [&str; 15] = [
    "exactly",
    "equals-ignore-case",
    "prefix",
    "suffix",
    "anything-but",
    "exists",
    "wildcard",
    "numeric",
    "cidr",
    "=",
    "<",
    "<=",
    ">",
    ">=",
    "regex",
];

/// A compiled event pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventPattern {
    /// What is asked of each member: as it is written, and what it means. One of them is to be met.
    pub(super) members: Vec<Vec<(String, Condition)>>,
    /// Ways to meet the pattern; one is enough.
    pub(super) alternatives: Vec<Alternative>,
}

/// Paths, sorted, with the number of what is asked there. All of them are to be met.
pub(super) type Alternative = Vec<(String, usize)>;

impl EventPattern {
    /// Compiles the JSON text of a pattern.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let node = json::parse(text)?;
        let compile = |or_is_special| {
            let mut compiler =
                Compiler { text, or_is_special, members: Vec::new(), place: Vec::new(), names: Vec::new() };
            let mut ways = vec![BTreeMap::new()];
            compiler.object(&node, &mut ways, false)?;
            Ok(Self {
                members: compiler.members,
                alternatives: ways.into_iter().map(|way| way.into_iter().collect()).collect(),
            })
        };
        // Patterns older than `$or` may have a member of that name; they keep their meaning.
        compile(true).or_else(|error: PatternError| compile(false).map_err(|_| error))
    }

    /// Values that the pattern asks for, exactly and in every way to meet it, at that path of names joined by dots. Empty
    /// if it asks for anything else there, or for nothing.
    pub fn exact_texts(&self, path: &str) -> Vec<&str> {
        let mut texts = Vec::new();
        for alternative in &self.alternatives {
            let Some((_, member)) = alternative.iter().find(|(other, _)| other == path) else { return Vec::new() };
            for (_, condition) in &self.members[*member] {
                let Condition::Text(text) = condition else { return Vec::new() };
                if !texts.contains(&text.as_str()) {
                    texts.push(text.as_str());
                }
            }
        }
        texts
    }
}

/// The conditions of a way to meet the pattern, by path.
type Way = BTreeMap<String, usize>;

struct Compiler<'t> {
    text: &'t str,
    or_is_special: bool,
    members: Vec<Vec<(String, Condition)>>,
    /// Steps of the JSON path of what is being read.
    place: Vec<String>,
    /// Names of the members that lead to it, `$or` left out.
    names: Vec<String>,
}

impl Compiler<'_> {
    fn error(&self, node: &Node<'_>, reason: impl Into<String>) -> PatternError {
        PatternError::at(self.text, node.at, format!("${}", self.place.concat()), reason.into())
    }

    fn within<T>(&mut self, step: String, inner: impl FnOnce(&mut Self) -> T) -> T {
        self.place.push(step);
        let result = inner(self);
        self.place.pop();
        result
    }

    fn object(&mut self, node: &Node<'_>, ways: &mut Vec<Way>, inside_or: bool) -> Result<(), PatternError> {
        let Value::Object(members) = &node.value else {
            return Err(self.error(node, format!("a pattern is an object; this is {}", node.kind())));
        };
        if members.is_empty() {
            return Err(self.error(node, "this object is empty; it should name what events are to have"));
        }
        for (name, value) in members {
            self.within(format!(".{name}"), |own| own.member(name, value, ways, inside_or))?;
        }
        Ok(())
    }

    fn member(
        &mut self,
        name: &str,
        node: &Node<'_>,
        ways: &mut Vec<Way>,
        inside_or: bool,
    ) -> Result<(), PatternError> {
        if name == OR && self.or_is_special {
            return self.alternatives(node, ways);
        }
        if inside_or && RESERVED.contains(&name) {
            let reason = format!("{name:?} is an operator; it stands in an array: [{{{name:?}: ...}}]");
            return Err(self.error(node, reason));
        }
        self.names.push(name.to_owned());
        let result = match &node.value {
            Value::Object(_) => self.object(node, ways, inside_or),
            Value::List(items) => self.conditions(node, items, ways),
            _ => Err(self
                .error(node, format!("a member is an object, or an array of what it may be; this is {}", node.kind()))),
        };
        self.names.pop();
        result
    }

    fn alternatives(&mut self, node: &Node<'_>, ways: &mut Vec<Way>) -> Result<(), PatternError> {
        let Value::List(items) = &node.value else {
            return Err(self.error(node, format!("$or is an array of patterns; this is {}", node.kind())));
        };
        if items.len() < 2 {
            return Err(self.error(node, "$or needs at least two patterns"));
        }
        let before = std::mem::take(ways);
        for (number, item) in items.iter().enumerate() {
            let mut branch = before.clone();
            self.within(format!("[{number}]"), |own| own.object(item, &mut branch, true))?;
            ways.append(&mut branch);
            if ways.len() > MOST_ALTERNATIVES {
                let reason = format!("with this $or there are more than {MOST_ALTERNATIVES} ways to meet the pattern");
                return Err(self.error(node, reason));
            }
        }
        Ok(())
    }

    fn conditions(&mut self, node: &Node<'_>, items: &[Node<'_>], ways: &mut [Way]) -> Result<(), PatternError> {
        if items.is_empty() {
            return Err(self.error(node, "this array is empty; it should say what the member may be"));
        }
        let mut conditions = Vec::with_capacity(items.len());
        for (number, item) in items.iter().enumerate() {
            let condition = self.within(format!("[{number}]"), |own| own.condition(item))?;
            conditions.push((item.written.split_whitespace().collect::<Vec<_>>().join(" "), condition));
        }
        self.members.push(conditions);
        let path = self.names.join(".");
        for way in ways {
            way.insert(path.clone(), self.members.len() - 1);
        }
        Ok(())
    }

    fn condition(&mut self, node: &Node<'_>) -> Result<Condition, PatternError> {
        Ok(match &node.value {
            Value::Null => Condition::Null,
            Value::Bool(value) => Condition::Bool(*value),
            Value::Number => {
                Condition::Number { written: node.written.to_owned(), number: Number::parse(node.written).ok() }
            }
            Value::Text(text) => match address(text) {
                Some(address) => Condition::Address(address),
                None => Condition::Text(text.clone()),
            },
            Value::List(_) => {
                return Err(self.error(node, "an array does not stand in an array of what a member may be"));
            }
            Value::Object(_) => {
                let (name, argument) = self.only_member(node, &OPERATORS)?;
                return self.within(format!(".{name}"), |own| own.operator(name, argument));
            }
        })
    }

    /// The name and value of an object with one member, which has one of the `known` names.
    fn only_member<'n, 't>(
        &self,
        node: &'n Node<'t>,
        known: &[&'static str],
    ) -> Result<(&'n str, &'n Node<'t>), PatternError> {
        let Value::Object(members) = &node.value else {
            return Err(self.error(node, format!("here stands an object; this is {}", node.kind())));
        };
        let [(name, argument), others @ ..] = members.as_slice() else {
            return Err(self.error(node, format!("this object is empty; it should have one of {}", known.join(", "))));
        };
        if !known.contains(&name.as_str()) {
            let hint = match nearest(name, known.iter().copied()) {
                Some(meant) => format!("did you mean {meant:?}?"),
                None => format!("there are {}", known.join(", ")),
            };
            return Err(self.error(node, format!("there is no operator {name:?} here; {hint}")));
        }
        if let Some((second, at)) = others.first() {
            let reason = format!("{second:?} stands beside {name:?}; an operator stands in an object of its own");
            return Err(self.error(at, reason));
        }
        Ok((name, argument))
    }

    fn operator(&mut self, name: &str, node: &Node<'_>) -> Result<Condition, PatternError> {
        match name {
            "anything-but" => self.exception(node).map(Condition::AnythingBut),
            "numeric" => self.range(node),
            "exists" => match node.value {
                Value::Bool(true) => Ok(Condition::Exists),
                Value::Bool(false) => Ok(Condition::Absent),
                _ => Err(self.error(node, format!("exists takes true or false; this is {}", node.kind()))),
            },
            "prefix" | "suffix" if matches!(node.value, Value::Object(_)) => {
                let (inner, argument) = self.only_member(node, &["equals-ignore-case"])?;
                let text = self.within(format!(".{inner}"), |own| own.text(argument, inner))?;
                let text = AnyCase::new(text);
                Ok(if name == "prefix" { Condition::PrefixAnyCase(text) } else { Condition::SuffixAnyCase(text) })
            }
            _ => {
                let text = self.text(node, name)?;
                Ok(match name {
                    "prefix" => Condition::Prefix(text.to_owned()),
                    "suffix" => Condition::Suffix(text.to_owned()),
                    "equals-ignore-case" => Condition::EqualsAnyCase(AnyCase::new(text)),
                    "wildcard" => Condition::Wildcard(self.wildcard(node, text)?),
                    "cidr" => Condition::Cidr(Block::parse(text).map_err(|reason| self.error(node, reason))?),
                    _ => Condition::Text(text.to_owned()),
                })
            }
        }
    }

    fn text<'n>(&self, node: &'n Node<'_>, operator: &str) -> Result<&'n str, PatternError> {
        match &node.value {
            Value::Text(text) => Ok(text),
            _ => Err(self.error(node, format!("{operator} takes a string; this is {}", node.kind()))),
        }
    }

    fn wildcard(&self, node: &Node<'_>, text: &str) -> Result<Wildcard, PatternError> {
        Wildcard::parse(text).map_err(|reason| self.error(node, reason))
    }

    fn number(&self, node: &Node<'_>, operator: &str) -> Result<Number, PatternError> {
        match node.value {
            Value::Number => Number::parse(node.written).map_err(|reason| self.error(node, reason)),
            _ => Err(self.error(node, format!("{operator} takes a number; this is {}", node.kind()))),
        }
    }

    fn exception(&mut self, node: &Node<'_>) -> Result<Exception, PatternError> {
        let (operator, node) = match &node.value {
            Value::Object(_) => {
                let known = ["prefix", "suffix", "equals-ignore-case", "wildcard"];
                self.only_member(node, &known)?
            }
            _ => ("", node),
        };
        let items = match &node.value {
            Value::List(items) => items.as_slice(),
            _ => std::slice::from_ref(node),
        };
        let Some(first) = items.first() else {
            return Err(self.error(node, "this array is empty; it should say what the member may not be"));
        };
        if operator.is_empty() && matches!(first.value, Value::Number) {
            let numbers = items.iter().map(|item| self.number(item, "anything-but with a number"));
            return Ok(Exception::Numbers(numbers.collect::<Result<_, _>>()?));
        }
        let what = if operator.is_empty() { "anything-but" } else { operator };
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            let text = self.text(item, what)?;
            if text.is_empty() && matches!(operator, "prefix" | "suffix") {
                return Err(self.error(item, format!("every text has the empty {operator}; nothing would be left")));
            }
            texts.push((item, text));
        }
        let owned = texts.iter().map(|(_, text)| (*text).to_owned());
        Ok(match operator {
            "prefix" => Exception::Prefixes(owned.collect()),
            "suffix" => Exception::Suffixes(owned.collect()),
            "equals-ignore-case" => Exception::AnyCase(texts.iter().map(|(_, text)| AnyCase::new(text)).collect()),
            "wildcard" => Exception::Wildcards(
                texts.iter().map(|(item, text)| self.wildcard(item, text)).collect::<Result<_, _>>()?,
            ),
            _ => Exception::Texts(owned.collect()),
        })
    }

    fn range(&self, node: &Node<'_>) -> Result<Condition, PatternError> {
        let Value::List(items) = &node.value else {
            let reason = format!("numeric takes an array such as [\">\", 0, \"<=\", 5]; this is {}", node.kind());
            return Err(self.error(node, reason));
        };
        let mut bounds = Vec::new();
        for pair in items.chunks(2) {
            let operator = match &pair[0].value {
                Value::Text(text) => text.as_str(),
                _ => "",
            };
            if !["=", ">", ">=", "<", "<="].contains(&operator) {
                let reason = format!("here stands one of =, >, >=, <, <=; this is {}", pair[0].written);
                return Err(self.error(&pair[0], reason));
            }
            let [_, number] = pair else {
                return Err(self.error(&pair[0], format!("a number is to follow {operator:?}")));
            };
            bounds.push((operator, self.number(number, operator)?));
        }
        let (least, most) = (Bound::Included(Number::LEAST), Bound::Included(Number::GREATEST));
        let lower = |operator, number| if operator == ">" { Bound::Excluded(number) } else { Bound::Included(number) };
        let upper = |operator, number| if operator == "<" { Bound::Excluded(number) } else { Bound::Included(number) };
        match bounds.as_slice() {
            [("=", number)] => Ok(Condition::Range(Bound::Included(*number), Bound::Included(*number))),
            [(operator @ (">" | ">="), number)] => Ok(Condition::Range(lower(*operator, *number), most)),
            [(operator @ ("<" | "<="), number)] => Ok(Condition::Range(least, upper(*operator, *number))),
            [(above @ (">" | ">="), low), (below @ ("<" | "<="), high)] if low < high => {
                Ok(Condition::Range(lower(*above, *low), upper(*below, *high)))
            }
            [(">" | ">=", _), ("<" | "<=", _)] => {
                Err(self.error(node, "no number is in this range: the first number is to be less than the second"))
            }
            _ => {
                let reason =
                    "numeric takes one comparison, or two of which the first is > or >= and the second < or <=";
                Err(self.error(node, reason))
            }
        }
    }
}
