//! Makes the automata of the managed patterns, so that a scan need not.

use crate::pattern_facts::PatternFacts;
use regex_automata::dfa::{Automaton, StartKind, dense, regex};
use regex_automata::util::alphabet::Unit;
use regex_automata::util::primitives::StateID;
use regex_automata::{Anchored, Input};
use regex_syntax::hir::{Class, Hir, HirKind};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

/// Most bytes of an automaton while it is made. The few patterns beyond are compiled when they are needed: their automata
/// would be larger than those of all others together.
const LARGEST: usize = 1024 * 1024;
/// Most bytes of an automaton that is kept, forward and backward together.
const KEPT: usize = 160 * 1024;
/// Most bytes of an anchored automaton that is kept.
const ANCHORED_KEPT: usize = 64 * 1024;

/// What the build step writes.
#[derive(Default)]
pub struct Automata {
    /// The automata one after the other, in the form that [`table`] describes.
    pub bytes: Vec<u8>,
    /// An expression of type `&'static [Known]`: what is known of each pattern, with the places of its forward and its
    /// backward automaton and of the one that is anchored in `bytes`; sorted by pattern.
    pub index: String,
}

/// The automata of `patterns`, each with whether one is wanted; where it grows too large there is none either.
pub fn build<'a>(patterns: impl Iterator<Item = (&'a str, bool)>) -> Automata {
    let mut automata = Automata { bytes: Vec::new(), index: String::from("&[\n") };
    for (pattern, wanted) in patterns.collect::<BTreeMap<_, _>>() {
        let hir = regex_syntax::parse(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
        let shortest = hir.properties().minimum_len().unwrap_or(0);
        // Where an empty match may stand among the bytes of a character is more than a table tells.
        let places = (wanted && shortest > 0).then(|| automata.append(pattern)).flatten();
        let anchored = (shortest > 0).then(|| automata.append_anchored(pattern)).flatten();
        let holds_digit = holds_digit(&hir);
        let facts = PatternFacts::of(pattern).unwrap_or_else(|| panic!("{pattern}: no automaton"));
        let PatternFacts { bytes, lead, needs_digit, fewest_digits, literal, longest } = facts;
        let literal = literal.map_or(String::from("None"), |literal| format!("Some(&{literal:?})"));
        writeln!(
            automata.index,
            "Known {{ pattern: {pattern:?}, shortest: {shortest}, holds_digit: {holds_digit}, places: {places:?}, \
             facts: KnownFacts {{ bytes: &{bytes:?}, lead: {lead:?}, needs_digit: {needs_digit}, \
             fewest_digits: {fewest_digits}, literal: {literal}, longest: {longest:?}, anchored: {anchored:?} }} }},"
        )
        .expect("writing to a string");
    }
    automata.index.push(']');
    automata
}

impl Automata {
    fn append(&mut self, pattern: &str) -> Option<(usize, usize)> {
        let automaton = regex::Builder::new().dense(config(StartKind::Unanchored)).build(pattern).ok()?;
        let forward = table(automaton.forward(), |automaton, beside| {
            automaton.start_state_forward(&Input::new(beside).range(beside.len()..)).ok()
        })?;
        let backward = table(automaton.reverse(), |automaton, beside| {
            automaton.start_state_reverse(&Input::new(beside).range(..0).anchored(Anchored::Yes)).ok()
        })?;
        if forward.len() + backward.len() > KEPT {
            return None;
        }
        let first = self.bytes.len();
        let second = first + forward.len();
        self.bytes.extend(forward);
        self.bytes.extend(backward);
        Some((first, second))
    }

    /// The place of the automaton that finds the end of a match that begins where it starts.
    fn append_anchored(&mut self, pattern: &str) -> Option<usize> {
        let automaton = dense::Builder::new().configure(config(StartKind::Anchored)).build(pattern).ok()?;
        let anchored = table(&automaton, |automaton, beside| {
            automaton.start_state_forward(&Input::new(beside).range(beside.len()..).anchored(Anchored::Yes)).ok()
        })?;
        let place = self.bytes.len();
        (anchored.len() <= ANCHORED_KEPT).then(|| {
            self.bytes.extend(anchored);
            place
        })
    }
}

fn config(start: StartKind) -> dense::Config {
    dense::Config::new()
        .accelerate(false)
        .minimize(true)
        .start_kind(start)
        .dfa_size_limit(Some(LARGEST))
        .determinize_size_limit(Some(2 * LARGEST))
}

/// What stands beside the place at which a search begins, in the order of the start states: nothing, an end of line in either form,
/// a character of a word, something else.
const BESIDE: [&[u8]; 5] = [b"", b"\n", b"\r", b"a", b" "];

/// An automaton as a table. Numbers are of 16 bits with the low byte first:
/// - 256 bytes: the class of each byte; one more class stands for the end of the text;
/// - how many classes there are, how many states accept, and the five start states, one for each of [`BESIDE`];
/// - for each state, the state that follows for each class.
///
/// State 0 is the one from which no match follows; then come those that accept, then the others.
fn table(
    automaton: &dense::DFA<Vec<u32>>,
    start: impl Fn(&dense::DFA<Vec<u32>>, &[u8]) -> Option<StateID>,
) -> Option<Vec<u8>> {
    let classes = automaton.byte_classes();
    let mut bytes: Vec<u8> = (0..=255).map(|byte| classes.get(byte)).collect();
    // A byte of each class, then the end of the text.
    let samples: Vec<Option<u8>> = classes.representatives(..).map(Unit::as_u8).collect();
    let starts: Vec<StateID> = BESIDE.iter().map(|beside| start(automaton, beside)).collect::<Option<_>>()?;
    let next = |state: StateID, sample: &Option<u8>| match sample {
        Some(byte) => automaton.next_state(state, *byte),
        None => automaton.next_eoi_state(state),
    };
    let mut reached = Vec::new();
    let mut open = starts.clone();
    let mut seen = HashMap::new();
    while let Some(state) = open.pop() {
        if automaton.is_dead_state(state) || seen.insert(state, 0).is_some() {
            continue;
        }
        assert!(!automaton.is_quit_state(state), "no pattern asks what a table cannot tell");
        open.extend(samples.iter().map(|sample| next(state, sample)));
        reached.push(state);
    }
    reached.sort_by_key(|state| !automaton.is_match_state(*state));
    let accepting = reached.iter().filter(|state| automaton.is_match_state(**state)).count();
    seen.extend((1..).zip(&reached).map(|(number, state)| (*state, number)));
    let number = |state: StateID| seen.get(&state).copied().unwrap_or(0);
    let header = [samples.len(), accepting].into_iter().chain(starts.into_iter().map(number));
    let dead = std::iter::repeat_n(0, samples.len());
    let transitions = reached.iter().flat_map(|state| samples.iter().map(|sample| number(next(*state, sample))));
    for value in header.chain(dead).chain(transitions) {
        bytes.extend(u16::try_from(value).ok()?.to_le_bytes());
    }
    Some(bytes)
}

/// Whether every match holds an ASCII digit; `false` if in doubt.
fn holds_digit(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => false,
        HirKind::Literal(literal) => literal.0.iter().any(u8::is_ascii_digit),
        HirKind::Class(Class::Unicode(class)) => {
            class.ranges().iter().all(|range| range.start().is_ascii_digit() && range.end().is_ascii_digit())
        }
        HirKind::Class(Class::Bytes(class)) => {
            class.ranges().iter().all(|range| range.start().is_ascii_digit() && range.end().is_ascii_digit())
        }
        HirKind::Repetition(repetition) => repetition.min > 0 && holds_digit(&repetition.sub),
        HirKind::Capture(capture) => holds_digit(&capture.sub),
        HirKind::Concat(parts) => parts.iter().any(holds_digit),
        HirKind::Alternation(parts) => parts.iter().all(holds_digit),
    }
}
