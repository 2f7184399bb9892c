//! What every match of a pattern looks like, and the automaton that tells whether one begins at a place.
//!
//! A look at a few bytes tells nearly all places of a text apart from beginnings of matches. What is left is tried by an
//! automaton that is anchored to the place.

use super::pattern_facts::{ByteSet, PatternFacts};
use super::transitions::AnchoredTable;
use memchr::memmem::Finder;
use regex_automata::dfa::Automaton;
use regex_automata::dfa::{StartKind, dense};
use regex_automata::{Anchored, Input};
use std::sync::OnceLock;

pub use super::pattern_facts::{DEPTH, LONG};

/// What the build step found out about a pattern (see [`PatternFacts`]).
#[derive(Debug, Clone, Copy)]
pub(super) struct KnownFacts {
    pub(super) bytes: &'static [ByteSet],
    pub(super) lead: Option<usize>,
    pub(super) needs_digit: bool,
    pub(super) fewest_digits: usize,
    pub(super) literal: Option<&'static [u8]>,
    pub(super) longest: Option<usize>,
    /// Where its anchored automaton stands, if it has one.
    pub(super) anchored: Option<usize>,
}

/// What every match of a pattern looks like, and the automaton that tells.
#[derive(Debug)]
pub struct PatternShape {
    source: Box<str>,
    /// For each of the first bytes of a match, and of what follows it, the bytes that can stand there.
    pub bytes: [ByteSet; DEPTH],
    /// Bytes before the first ASCII letter or digit of a match, at most; `None` for more than 3, and if a match needs none.
    pub lead: Option<usize>,
    /// True when no match is without a digit.
    pub needs_digit: bool,
    /// Digits among the first [`DEPTH`] bytes of every match, at least.
    pub fewest_digits: usize,
    /// A text that is part of every match, if the pattern says one.
    pub literal: Option<Finder<'static>>,
    /// Bytes of the longest match; `None` when there is no such bound, or a large one.
    pub longest: Option<usize>,
    /// The automaton that the build step made.
    table: Option<AnchoredTable>,
    /// The one that is made when it is first needed, if there is no table.
    automaton: OnceLock<Option<dense::DFA<Vec<u32>>>>,
}

impl PatternShape {
    /// The shape of a pattern behind whose matches no letter, digit or underscore stands; `None` if the expression does not
    /// compile.
    pub fn of(source: &str) -> Option<Self> {
        let facts = PatternFacts::of(source)?;
        Some(Self {
            source: source.into(),
            bytes: padded(&facts.bytes),
            lead: facts.lead,
            needs_digit: facts.needs_digit,
            fewest_digits: facts.fewest_digits,
            literal: facts.literal.map(|literal| Finder::new(&literal).into_owned()),
            longest: facts.longest,
            table: None,
            automaton: OnceLock::new(),
        })
    }

    /// The shape of a pattern of which the facts are known.
    pub(super) fn of_known(source: &str, facts: &KnownFacts) -> Self {
        Self {
            source: source.into(),
            bytes: padded(facts.bytes),
            lead: facts.lead,
            needs_digit: facts.needs_digit,
            fewest_digits: facts.fewest_digits,
            literal: facts.literal.map(Finder::new),
            longest: facts.longest,
            table: facts.anchored.map(AnchoredTable::at),
            automaton: OnceLock::new(),
        }
    }

    /// The end of the match that begins at `start`, if one does; it has to end at or before `end`. `Err` when there is no
    /// automaton for this pattern.
    pub fn match_at(&self, text: &str, start: usize, end: usize) -> Result<Option<usize>, NoAutomaton> {
        if let Some(table) = &self.table {
            return Ok(table.end_at(&text.as_bytes()[..end], start));
        }
        let automaton = self.automaton.get_or_init(|| {
            let config = dense::Config::new()
                .start_kind(StartKind::Anchored)
                .dfa_size_limit(Some(1 << 20))
                .determinize_size_limit(Some(1 << 20));
            dense::Builder::new().configure(config).build(&self.source).ok()
        });
        let input = Input::new(&text[..end]).anchored(Anchored::Yes).range(start..);
        let found = automaton.as_ref().ok_or(NoAutomaton)?.try_search_fwd(&input).map_err(|_| NoAutomaton)?;
        Ok(found.map(|found| found.offset()))
    }
}

fn padded(bytes: &[ByteSet]) -> [ByteSet; DEPTH] {
    let mut all = [ByteSet::ALL; DEPTH];
    all.iter_mut().zip(bytes).for_each(|(set, known)| *set = *known);
    all
}

/// A pattern is too large for an automaton.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoAutomaton;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_literal_is_part_of_every_match() {
        let literal = |pattern| PatternShape::of(pattern).unwrap().literal.map(|finder| finder.needle().to_vec());
        assert_eq!(literal("[^a](?P<value>AIza[0-9]{3})"), Some(b"AIza".to_vec()));
        assert_eq!(literal("(?:abc|abd)?x"), None);
        assert_eq!(literal("(?i)abcd"), None);
    }

    #[test]
    fn shapes_tell_lead_digits_and_length() {
        for (pattern, lead, digits, longest) in [
            ("[0-9]{8}", Some(0), 8, Some(8)),
            (r"(?:\(0[1-9]\)|0[1-9])[ -]?[0-9]{4}", Some(1), 6, Some(9)),
            (r"[A-Z]{2}-[0-9]{5,8}(?: [0-9])?", Some(0), 5, Some(13)),
            ("[A-Z]{20}[0-9]", Some(0), 0, Some(21)),
            ("[A-Z]+", Some(0), 0, None),
            (r"=\)[0-9A-Z]{10}", Some(2), 0, Some(12)),
            ("[&]{5}1", None, 1, Some(6)),
            ("[0-9]{20}|A", Some(0), 0, Some(20)),
            ("(?:[0-9]-)*", None, 0, None),
        ] {
            let shape = PatternShape::of(pattern).unwrap();
            assert_eq!((shape.lead, shape.fewest_digits, shape.longest), (lead, digits, longest), "{pattern}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn matches_have_the_bytes_that_their_shape_allows(
            pattern in "([ab1]|\\[a-c1\\]|\\[b1\\]\\{1,2\\}|-\\?|\\(a\\|1b\\)|1\\{3\\}|\\(-1\\)\\*){1,8}",
            text in "[ab1c\\- é]{0,30}",
        ) {
            let shape = PatternShape::of(&pattern).unwrap();
            let regex = regex_automata::meta::Regex::new(&pattern).unwrap();
            for start in (0..text.len()).filter(|start| text.is_char_boundary(*start)) {
                let input = Input::new(&text).anchored(Anchored::Yes).range(start..);
                let expected = regex.search(&input).map(|found| found.end());
                prop_assert_eq!(shape.match_at(&text, start, text.len()), Ok(expected));
                let Some(end) = expected.filter(|end| start < *end) else { continue };
                if text.as_bytes().get(end).is_some_and(u8::is_ascii_alphanumeric) {
                    continue;
                }
                for (index, set) in shape.bytes.iter().enumerate() {
                    let allowed = text.as_bytes().get(start + index).map_or(set.end, |byte| set.has(*byte));
                    prop_assert!(allowed, "byte {} of {:?}", index, &text[start..]);
                }
                prop_assert!(!shape.needs_digit || text[start..end].bytes().any(|byte| byte.is_ascii_digit()));
                let has = |finder: &Finder<'_>| finder.find(&text.as_bytes()[start..end]).is_some();
                prop_assert!(shape.literal.as_ref().is_none_or(has));
                prop_assert!(shape.longest.is_none_or(|longest| end - start <= longest));
                let digits = text.as_bytes()[start..end].iter().take(DEPTH).filter(|byte| byte.is_ascii_digit());
                prop_assert!(shape.fewest_digits <= digits.count());
                let first = text.as_bytes()[start..end].iter().position(u8::is_ascii_alphanumeric);
                prop_assert!(shape.lead.is_none_or(|lead| first.is_none_or(|at| at <= lead)));
            }
        }
    }
}
