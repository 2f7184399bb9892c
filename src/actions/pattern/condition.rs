//! Conditions: what a pattern asks of one value.

use super::address::{Block, address};
use super::event::Leaf;
use super::letter_case::AnyCase;
use super::number::Number;
use super::wildcard::Wildcard;
use std::collections::HashSet;
use std::net::IpAddr;
use std::ops::Bound;

/// What a value is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Condition {
    Null,
    Bool(bool),
    /// A number: equal in value, or, where that cannot be compared, written alike.
    Number {
        written: String,
        number: Option<Number>,
    },
    Text(String),
    /// A text that is an IP address, in whatever notation.
    Address(IpAddr),
    Prefix(String),
    Suffix(String),
    EqualsAnyCase(AnyCase),
    PrefixAnyCase(AnyCase),
    SuffixAnyCase(AnyCase),
    Wildcard(Wildcard),
    Range(Bound<Number>, Bound<Number>),
    Cidr(Block),
    /// There is a value.
    Exists,
    /// There is none. No value meets this; what does is looked at where values are chosen.
    Absent,
    AnythingBut(Exception),
}

/// What a value is not to be. Values of other kinds are welcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Exception {
    Texts(HashSet<String>),
    Numbers(HashSet<Number>),
    Prefixes(Vec<String>),
    Suffixes(Vec<String>),
    AnyCase(Vec<AnyCase>),
    Wildcards(Vec<Wildcard>),
}

impl Condition {
    /// Whether a value meets the condition.
    pub(super) fn accepts(&self, value: &Leaf) -> bool {
        match (self, value) {
            (Self::Exists, _) | (Self::Null, Leaf::Null) => true,
            (Self::Bool(wanted), Leaf::Bool(value)) => wanted == value,
            (Self::Number { written, number }, Leaf::Number { written: other, number: value }) => {
                written == other || (number.is_some() && number == value)
            }
            (Self::Range(lower, upper), Leaf::Number { number: Some(number), .. }) => {
                use std::ops::RangeBounds;
                (*lower, *upper).contains(number)
            }
            (Self::Text(wanted), Leaf::Text(text)) => wanted == text,
            (Self::Address(wanted), Leaf::Text(text)) => address(text) == Some(*wanted),
            (Self::Prefix(prefix), Leaf::Text(text)) => text.starts_with(prefix.as_str()),
            (Self::Suffix(suffix), Leaf::Text(text)) => text.ends_with(suffix.as_str()),
            (Self::EqualsAnyCase(wanted), Leaf::Text(text)) => wanted.equals(text),
            (Self::PrefixAnyCase(prefix), Leaf::Text(text)) => prefix.starts(text),
            (Self::SuffixAnyCase(suffix), Leaf::Text(text)) => suffix.ends(text),
            (Self::Wildcard(wildcard), Leaf::Text(text)) => wildcard.matches(text),
            (Self::Cidr(block), Leaf::Text(text)) => address(text).is_some_and(|address| block.contains(address)),
            (Self::AnythingBut(exception), value) => !exception.names(value),
            _ => false,
        }
    }
}

impl Exception {
    fn names(&self, value: &Leaf) -> bool {
        match (self, value) {
            (Self::Numbers(numbers), Leaf::Number { number: Some(number), .. }) => numbers.contains(number),
            (Self::Texts(texts), Leaf::Text(text)) => texts.contains(text),
            (Self::Prefixes(prefixes), Leaf::Text(text)) => prefixes.iter().any(|prefix| text.starts_with(prefix)),
            (Self::Suffixes(suffixes), Leaf::Text(text)) => suffixes.iter().any(|suffix| text.ends_with(suffix)),
            (Self::AnyCase(texts), Leaf::Text(text)) => texts.iter().any(|other| other.equals(text)),
            (Self::Wildcards(wildcards), Leaf::Text(text)) => wildcards.iter().any(|wildcard| wildcard.matches(text)),
            _ => false,
        }
    }
}
