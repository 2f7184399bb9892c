//! Finds a managed pattern in a text: with the automaton that the build step made of it, or else with one compiled on
//! first use.

use regex_automata::dfa::{dense, regex};
use regex_automata::meta::{Config, Regex};
use regex_automata::{Anchored, Input, PatternID, Span};
use std::sync::OnceLock;

/// The automata one after the other. They are read as numbers of four bytes where they stand.
static BYTES: &Aligned<[u8]> = &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/automata.bin")));

/// Patterns that have an automaton, sorted: pattern, fewest bytes of a match, places of the forward and of the backward automaton.
static INDEX: &[(&str, usize, usize, usize)] = include!(concat!(env!("OUT_DIR"), "/automata.rs"));

#[repr(C, align(4))]
struct Aligned<T: ?Sized>(T);

/// Finds leftmost matches of a pattern, of several at one place the one that the pattern prefers.
pub struct Automaton {
    searcher: Searcher,
    /// For a pattern with a group named `value`.
    value: Option<ValueGroup>,
}

enum Searcher {
    Embedded { search: regex::Regex<dense::DFA<&'static [u32]>>, shortest: usize },
    Compiled(Regex),
}

struct ValueGroup {
    source: String,
    compiled: OnceLock<Regex>,
}

impl Automaton {
    /// The automaton of a pattern. `literals` says that looking for literal strings first is worth the time to prepare it, if the
    /// pattern has to be compiled.
    ///
    /// # Panics
    /// If the pattern does not compile.
    pub fn new(source: &str, literals: bool) -> Self {
        let value =
            has_value_group(source).then(|| ValueGroup { source: source.to_string(), compiled: OnceLock::new() });
        let searcher = embedded(source).unwrap_or_else(|| {
            // A search for literals first pays only where whole texts are searched; leaving it out makes a pattern
            // compile in less than half the time.
            Searcher::Compiled(compile(source, Config::new().auto_prefilter(literals).onepass(false)))
        });
        Self { searcher, value }
    }

    /// The first match that starts at or after the byte `from`: all of it, and its group `value` or once more all of it.
    pub fn find_at(&self, text: &str, from: usize) -> Option<(Span, Span)> {
        let input = Input::new(text).range(from..);
        let whole = match &self.searcher {
            Searcher::Embedded { shortest, .. } if text.len() - from < *shortest => return None,
            // Errors come only of automata that give up, of which these are none.
            Searcher::Embedded { search, .. } => search.try_search(&input).ok().flatten()?.span(),
            Searcher::Compiled(search) => search.search(&input)?.span(),
        };
        Some((whole, self.value.as_ref().map_or(whole, |value| value.within(text, whole))))
    }
}

impl ValueGroup {
    /// The group in a match. Nothing that the pattern prefers matched at its start, so nothing shorter does.
    fn within(&self, text: &str, whole: Span) -> Span {
        let regex = self.compiled.get_or_init(|| {
            let light = Config::new().auto_prefilter(false).hybrid(false).dfa(false).onepass(false);
            compile(&self.source, light)
        });
        let mut captures = regex.create_captures();
        regex.search_captures(&Input::new(text).range(whole.range()).anchored(Anchored::Yes), &mut captures);
        let group = captures.group_info().to_index(PatternID::ZERO, "value");
        group.and_then(|group| captures.get_group(group)).unwrap_or(whole)
    }
}

fn has_value_group(source: &str) -> bool {
    source.contains("(?P<value>") || source.contains("(?<value>")
}

fn embedded(source: &str) -> Option<Searcher> {
    let place = INDEX.binary_search_by_key(&source, |(known, ..)| known).ok()?;
    let (_, shortest, forward, backward) = INDEX[place];
    let load = |place: usize| dense::DFA::from_bytes(&BYTES.0[place..]).ok().map(|(automaton, _)| automaton);
    let search = regex::Builder::new().build_from_dfas(load(forward)?, load(backward)?);
    Some(Searcher::Embedded { search, shortest })
}

fn compile(source: &str, config: Config) -> Regex {
    Regex::builder()
        .configure(config)
        .build(source)
        .unwrap_or_else(|error| panic!("built-in pattern {source:?}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identifiers::builtin;
    use std::collections::BTreeSet;

    /// Oracle: the pattern compiled whole, asked for its groups.
    fn find_compiled(regex: &Regex, text: &str, from: usize) -> Option<(Span, Span)> {
        let mut captures = regex.create_captures();
        regex.search_captures(&Input::new(text).range(from..), &mut captures);
        let whole = captures.get_match()?.span();
        let group = regex.group_info().to_index(PatternID::ZERO, "value");
        Some((whole, group.and_then(|group| captures.get_group(group)).unwrap_or(whole)))
    }

    /// Texts made of pieces of `examples` with their letters, digits and separators changed, always the same ones.
    fn derived(examples: &[&str], rounds: usize) -> Vec<String> {
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        let mut random = move |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 33) as usize % below
        };
        let signs = [
            '0', '7', '9', 'a', 'A', 'K', 'Z', '\u{212A}', 'ſ', 'ñ', ' ', '-', '–', '.', '/', '+', '_', '\n', '"', ':',
        ];
        let mut texts = Vec::new();
        for _ in 0..rounds {
            let mut text = String::new();
            for _ in 0..=random(2) {
                let mut characters: Vec<char> = examples[random(examples.len())].chars().collect();
                for _ in 0..random(4) {
                    let at = random(characters.len() + 1);
                    match random(3) {
                        0 => characters.insert(at, signs[random(signs.len())]),
                        1 if at < characters.len() => characters[at] = signs[random(signs.len())],
                        _ if at < characters.len() => {
                            characters.remove(at);
                        }
                        _ => {}
                    }
                }
                text.extend(characters);
                text.extend(["", " ", "x", "-1"][random(4)].chars());
            }
            texts.push(text);
        }
        texts
    }

    /// Both must agree on every match, wherever the search begins.
    fn compare(source: &str, texts: &[String]) -> usize {
        let automaton = Automaton::new(source, false);
        let compiled = compile(source, Config::new());
        let mut found = 0;
        for text in texts {
            let mut from = 0;
            while from <= text.len() {
                let expected = find_compiled(&compiled, text, from);
                assert_eq!(automaton.find_at(text, from), expected, "{source} in {text:?} from {from}");
                let Some((whole, _)) = expected else { break };
                found += 1;
                from = whole.start + text[whole.start..].chars().next().map_or(1, char::len_utf8);
            }
        }
        found
    }

    #[test]
    fn an_automaton_made_at_build_time_finds_what_the_compiled_pattern_finds() {
        for (_, file) in builtin::documented() {
            for identifier in &file.identifiers {
                let examples: Vec<&str> = identifier
                    .examples
                    .iter()
                    .map(|example| example.text.as_str())
                    .chain(identifier.counter_examples.iter().map(|example| example.text.as_str()))
                    .collect();
                let mut texts: Vec<String> = examples.iter().map(ToString::to_string).collect();
                texts.extend(derived(&examples, 200));
                let sources = identifier.patterns.iter().filter_map(|pattern| pattern.regex.as_deref());
                let found: usize = sources.map(|source| compare(source, &texts)).sum();
                assert!(
                    found > 0 || identifier.patterns.iter().all(|pattern| pattern.regex.is_none()),
                    "{}",
                    identifier.id
                );
            }
        }
    }

    #[test]
    fn nearly_all_patterns_without_anchors_have_an_automaton() {
        let patterns = builtin::managed().iter().flat_map(|definition| &*definition.patterns);
        let searched: BTreeSet<&str> = patterns
            .filter(|pattern| pattern.anchors.is_empty())
            .filter_map(|pattern| pattern.regex.as_deref())
            .collect();
        let without: Vec<&&str> = searched.iter().filter(|source| embedded(source).is_none()).collect();
        assert!(without.len() * 10 < searched.len(), "{without:#?}");
    }
}
