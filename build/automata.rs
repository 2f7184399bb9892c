//! Makes the automata of the managed patterns, so that a scan need not.

use regex_automata::dfa::{StartKind, dense, regex};
use regex_syntax::hir::{Class, Hir, HirKind};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Most bytes of an automaton while it is made. The few patterns beyond are compiled when they are needed: their automata
/// would be larger than those of all others together.
const LARGEST: usize = 1024 * 1024;
/// Most bytes of an automaton that is kept, forward and backward together.
const KEPT: usize = 320 * 1024;

/// What the build step writes.
#[derive(Default)]
pub struct Automata {
    /// The automata one after the other, each at a multiple of four bytes.
    pub bytes: Vec<u8>,
    /// An expression of type `&'static [(&'static str, usize, bool, Option<(usize, usize)>)]`: pattern, fewest bytes of a match,
    /// whether every match holds a digit, places of the forward and of the backward automaton in `bytes`; sorted by pattern.
    pub index: String,
}

/// The automata of `patterns`, each with whether one is wanted; where it grows too large there is none either.
pub fn build<'a>(patterns: impl Iterator<Item = (&'a str, bool)>, little_endian: bool) -> Automata {
    let mut automata = Automata { bytes: Vec::new(), index: String::from("&[\n") };
    let config = dense::Config::new()
        .accelerate(false)
        .minimize(true)
        .start_kind(StartKind::Unanchored)
        .dfa_size_limit(Some(LARGEST))
        .determinize_size_limit(Some(2 * LARGEST));
    for (pattern, wanted) in patterns.collect::<BTreeMap<_, _>>() {
        let hir = regex_syntax::parse(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
        let shortest = hir.properties().minimum_len().unwrap_or(0);
        let automaton = wanted.then(|| regex::Builder::new().dense(config.clone()).build(pattern).ok()).flatten();
        let places = automaton
            .filter(|automaton| automaton.forward().memory_usage() + automaton.reverse().memory_usage() <= KEPT)
            .map(|automaton| {
                let forward = automata.append(automaton.forward(), little_endian);
                (forward, automata.append(automaton.reverse(), little_endian))
            });
        writeln!(automata.index, "({pattern:?}, {shortest}, {}, {places:?}),", holds_digit(&hir))
            .expect("writing to a string");
    }
    automata.index.push(']');
    automata
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

impl Automata {
    fn append(&mut self, automaton: &dense::DFA<Vec<u32>>, little_endian: bool) -> usize {
        let (bytes, padding) =
            if little_endian { automaton.to_bytes_little_endian() } else { automaton.to_bytes_big_endian() };
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
        let place = self.bytes.len();
        self.bytes.extend_from_slice(&bytes[padding..]);
        place
    }
}
