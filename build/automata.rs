//! Makes the automata of the managed patterns, so that a scan need not.

use regex_automata::dfa::{StartKind, dense, regex};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Most bytes of an automaton while it is made. The few patterns beyond are compiled when they are needed: their automata
/// would be larger than those of all others together.
const LARGEST: usize = 256 * 1024;

/// What the build step writes.
#[derive(Default)]
pub struct Automata {
    /// The automata one after the other, each at a multiple of four bytes.
    pub bytes: Vec<u8>,
    /// An expression of type `&'static [(&'static str, usize, usize, usize)]`: pattern, fewest bytes of a match, places of
    /// the forward and of the backward automaton in `bytes`; sorted by pattern.
    pub index: String,
}

/// The automata of those `patterns` for which they do not grow too large.
pub fn build<'a>(patterns: impl Iterator<Item = &'a str>, little_endian: bool) -> Automata {
    let mut automata = Automata { bytes: Vec::new(), index: String::from("&[\n") };
    let config = dense::Config::new()
        .accelerate(false)
        .minimize(true)
        .start_kind(StartKind::Unanchored)
        .dfa_size_limit(Some(LARGEST))
        .determinize_size_limit(Some(2 * LARGEST));
    for pattern in patterns.collect::<BTreeSet<_>>() {
        let Ok(automaton) = regex::Builder::new().dense(config.clone()).build(pattern) else { continue };
        let shortest = regex_syntax::parse(pattern).ok().and_then(|hir| hir.properties().minimum_len()).unwrap_or(0);
        let forward = automata.append(automaton.forward(), little_endian);
        let backward = automata.append(automaton.reverse(), little_endian);
        writeln!(automata.index, "({pattern:?}, {shortest}, {forward}, {backward}),").expect("writing to a string");
    }
    automata.index.push(']');
    automata
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
