//! What can be said of a pattern's matches without running it: which bytes stand where, and how soon a digit comes.
//!
//! The build step reads this file too: it writes what it finds out about the managed patterns into the program.

use regex_automata::nfa::thompson::{NFA, State};
use regex_automata::util::primitives::StateID;
use regex_syntax::hir::{Hir, HirKind};

/// Bytes of a match that are looked at.
pub const DEPTH: usize = 16;

/// Bytes of a match beyond which its length is not bounded.
pub const LONG: usize = 150;

/// A set of bytes, and whether the end of the text is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByteSet {
    /// A bit for each byte.
    pub bits: [u64; 4],
    /// True when the text may end here.
    pub end: bool,
}

impl ByteSet {
    const NONE: ByteSet = ByteSet { bits: [0; 4], end: false };
    /// Every byte, and the end.
    pub const ALL: ByteSet = ByteSet { bits: [u64::MAX; 4], end: true };

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

/// What every match of a pattern looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternFacts {
    /// For each of the first bytes of a match, and of what follows it, the bytes that can stand there; [`ByteSet::ALL`] past
    /// the last one, of at most [`DEPTH`].
    pub bytes: Vec<ByteSet>,
    /// Bytes before the first ASCII letter or digit of a match, at most; `None` for more than 3, and if a match needs none.
    pub lead: Option<usize>,
    /// True when no match is without a digit.
    pub needs_digit: bool,
    /// Digits among the first [`DEPTH`] bytes of every match, at least.
    pub fewest_digits: usize,
    /// A text that is part of every match, if the pattern says one.
    pub literal: Option<Vec<u8>>,
    /// Bytes of the longest match; `None` when there is no such bound, or a large one.
    pub longest: Option<usize>,
}

impl PatternFacts {
    /// The facts of a pattern behind whose matches no letter, digit or underscore stands; `None` if the expression does not
    /// compile.
    pub fn of(source: &str) -> Option<Self> {
        let nfa = NFA::new(source).ok()?;
        let (mut bytes, longest) = simulate(&nfa, |_| true, LONG);
        let (symbols, _) = simulate(&nfa, |byte| !byte.is_ascii_alphanumeric(), 5);
        bytes.truncate(DEPTH);
        Some(Self {
            bytes,
            lead: (symbols.len() < 5 && !symbols.iter().any(|set| set.end)).then(|| symbols.len().saturating_sub(1)),
            needs_digit: !matches_without_digit(&nfa),
            fewest_digits: fewest_digits(&nfa),
            literal: regex_syntax::parse(source).ok().and_then(|hir| literal(&hir)),
            longest,
        })
    }
}

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
