//! What can be said of a pattern's matches without running it: which bytes stand where, and how soon a digit comes.
//!
//! A look at a few bytes tells nearly all places of a text apart from beginnings of matches. What is left is tried by an
//! automaton that is anchored to the place.

use memchr::memmem::Finder;
use regex_automata::dfa::Automaton;
use regex_automata::dfa::{StartKind, dense};
use regex_automata::nfa::thompson::{NFA, State};
use regex_automata::util::primitives::StateID;
use regex_automata::{Anchored, Input};
use regex_syntax::hir::{Hir, HirKind};
use std::sync::OnceLock;

/// Bytes of a match that are looked at.
pub const DEPTH: usize = 16;

/// A set of bytes, and whether the end of the text is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByteSet {
    bits: [u64; 4],
    /// True when the text may end here.
    pub end: bool,
}

impl ByteSet {
    const NONE: ByteSet = ByteSet { bits: [0; 4], end: false };
    const ALL: ByteSet = ByteSet { bits: [u64::MAX; 4], end: true };

    /// True when the byte is in the set.
    pub fn has(&self, byte: u8) -> bool {
        self.bits[usize::from(byte >> 6)] >> (byte & 63) & 1 == 1
    }

    fn add(&mut self, byte: u8) {
        self.bits[usize::from(byte >> 6)] |= 1 << (byte & 63);
    }

    fn add_range(&mut self, first: u8, last: u8) {
        (first..=last).for_each(|byte| self.add(byte));
    }
}

/// What every match of a pattern looks like, and the automaton that tells.
#[derive(Debug)]
pub struct PatternShape {
    nfa: NFA,
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
    automaton: OnceLock<Option<dense::DFA<Vec<u32>>>>,
}

/// Bytes of a match beyond which its length is not bounded.
pub const LONG: usize = 150;

impl PatternShape {
    /// The shape of a pattern behind whose matches no letter, digit or underscore stands; `None` if the expression does not
    /// compile.
    pub fn of(source: &str) -> Option<Self> {
        let nfa = NFA::new(source).ok()?;
        let (bytes, longest) = simulate(&nfa, |_| true, LONG);
        let (symbols, _) = simulate(&nfa, |byte| !byte.is_ascii_alphanumeric(), 5);
        let mut first = [ByteSet::NONE; DEPTH];
        for (index, set) in first.iter_mut().enumerate() {
            *set = bytes.get(index).copied().unwrap_or(ByteSet::ALL);
        }
        Some(Self {
            bytes: first,
            lead: (symbols.len() < 5 && !symbols.iter().any(|set| set.end)).then(|| symbols.len().saturating_sub(1)),
            needs_digit: !matches_without_digit(&nfa),
            fewest_digits: fewest_digits(&nfa),
            literal: regex_syntax::parse(source)
                .ok()
                .and_then(|hir| literal(&hir))
                .map(|literal| Finder::new(&literal).into_owned()),
            longest,
            automaton: OnceLock::new(),
            nfa,
        })
    }

    /// The end of the match that begins at `start`, if one does; it has to end at or before `end`. `Err` when there is no
    /// automaton for this pattern.
    pub fn match_at(&self, text: &str, start: usize, end: usize) -> Result<Option<usize>, NoAutomaton> {
        let automaton = self.automaton.get_or_init(|| {
            let config = dense::Config::new()
                .start_kind(StartKind::Anchored)
                .dfa_size_limit(Some(1 << 20))
                .determinize_size_limit(Some(1 << 20));
            dense::Builder::new().configure(config).build_from_nfa(&self.nfa).ok()
        });
        let input = Input::new(&text[..end]).anchored(Anchored::Yes).range(start..);
        let found = automaton.as_ref().ok_or(NoAutomaton)?.try_search_fwd(&input).map_err(|_| NoAutomaton)?;
        Ok(found.map(|found| found.offset()))
    }
}

/// A pattern is too large for an automaton.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoAutomaton;

/// Runs all matches at once over the bytes that `allowed` lets pass. Gives for each place, up to `limit`, the bytes that can
/// stand there (behind a match: no letter, digit or underscore), none beyond [`DEPTH`] places, and the length of the longest match
/// if it is below the limit. Assertions are taken to hold.
fn simulate(nfa: &NFA, allowed: impl Fn(u8) -> bool, limit: usize) -> (Vec<ByteSet>, Option<usize>) {
    let mut sets = Vec::new();
    let mut now = vec![nfa.start_anchored()];
    let mut longest = None;
    let mut past = false;
    while sets.len() < limit {
        let (states, matches) = closure(nfa, &now);
        if matches {
            longest = Some(sets.len());
        }
        let mut set = if past { ByteSet::ALL } else { ByteSet::NONE };
        if matches && sets.len() < DEPTH {
            set.end = true;
            (0..=255_u8).filter(|byte| !(byte.is_ascii_alphanumeric() || *byte == b'_')).for_each(|byte| set.add(byte));
        }
        past |= matches;
        let mut next = Vec::new();
        for state in states {
            each_transition(nfa.state(state), |first, last, to| {
                if (first..=last).any(&allowed) {
                    if sets.len() < DEPTH {
                        set.add_range(first, last);
                    }
                    next.push(to);
                }
            });
        }
        sets.push(set);
        if next.is_empty() {
            return (sets, longest);
        }
        next.sort_unstable();
        next.dedup();
        now = next;
    }
    (sets, None)
}

/// The longest text of at least three bytes that the pattern spells out.
fn literal(hir: &Hir) -> Option<Vec<u8>> {
    match hir.kind() {
        HirKind::Literal(literal) if literal.0.len() > 2 => Some(literal.0.to_vec()),
        HirKind::Capture(capture) => literal(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => literal(&repetition.sub),
        HirKind::Concat(parts) => parts.iter().filter_map(literal).max_by_key(Vec::len),
        _ => None,
    }
}

/// Digits among the first [`DEPTH`] bytes of the match that has the fewest there. Assertions are taken to hold.
fn fewest_digits(nfa: &NFA) -> usize {
    let mut fewest = usize::MAX;
    let mut now = vec![(nfa.start_anchored(), 0)];
    for _ in 0..DEPTH {
        let mut next: Vec<(StateID, usize)> = Vec::new();
        for group in now.chunk_by(|one, other| one.1 == other.1) {
            let digits = group[0].1;
            let from: Vec<StateID> = group.iter().map(|(state, _)| *state).collect();
            let (states, matches) = closure(nfa, &from);
            if matches {
                fewest = fewest.min(digits);
            }
            for state in states {
                each_transition(nfa.state(state), |first, last, to| {
                    let digit = (first..=last).all(|byte| byte.is_ascii_digit());
                    next.push((to, digits + usize::from(digit)));
                });
            }
        }
        // Of the ways to a state the one with the fewest digits.
        next.sort_unstable();
        next.dedup_by_key(|(state, _)| *state);
        next.sort_unstable_by_key(|(_, digits)| *digits);
        now = next;
    }
    now.iter().map(|(_, digits)| *digits).fold(fewest, usize::min).min(DEPTH)
}

fn matches_without_digit(nfa: &NFA) -> bool {
    let mut seen = vec![false; nfa.states().len()];
    let mut now = vec![nfa.start_anchored()];
    while !now.is_empty() {
        let (states, matches) = closure(nfa, &now);
        if matches {
            return true;
        }
        now.clear();
        for state in states {
            if !std::mem::replace(&mut seen[state.as_usize()], true) {
                each_transition(nfa.state(state), |first, last, to| {
                    if (first..=last).any(|byte| !byte.is_ascii_digit()) {
                        now.push(to);
                    }
                });
            }
        }
    }
    false
}

fn each_transition(state: &State, mut found: impl FnMut(u8, u8, StateID)) {
    match state {
        State::ByteRange { trans } => found(trans.start, trans.end, trans.next),
        State::Sparse(sparse) => sparse.transitions.iter().for_each(|trans| found(trans.start, trans.end, trans.next)),
        State::Dense(dense) => (0..=255_u8).for_each(|byte| {
            let to = dense.transitions[usize::from(byte)];
            if to != StateID::ZERO {
                found(byte, byte, to);
            }
        }),
        _ => {}
    }
}

/// The states that are reached without a byte, and whether one of them is a match.
fn closure(nfa: &NFA, from: &[StateID]) -> (Vec<StateID>, bool) {
    let mut seen = vec![false; nfa.states().len()];
    let mut stack = from.to_vec();
    let (mut states, mut matches) = (Vec::new(), false);
    while let Some(state) = stack.pop() {
        if std::mem::replace(&mut seen[state.as_usize()], true) {
            continue;
        }
        match nfa.state(state) {
            State::Look { next, .. } | State::Capture { next, .. } => stack.push(*next),
            State::Union { alternates } => stack.extend(alternates.iter()),
            State::BinaryUnion { alt1, alt2 } => stack.extend([*alt1, *alt2]),
            State::Match { .. } => matches = true,
            State::Fail => {}
            State::ByteRange { .. } | State::Sparse(_) | State::Dense(_) => states.push(state),
        }
    }
    (states, matches)
}

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
