//! Finds a managed pattern in a text: with the automaton that the build step made of it, or else with one compiled on
//! first use.

use super::definition::Text;
use super::pattern_facts::ByteSet;
use super::pattern_shape::{KnownFacts, PatternShape};
use super::transitions::Tables;
use regex_automata::meta::{Config, Regex};
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input, PatternID, Span};
use std::sync::OnceLock;

/// What the build step found out about a pattern.
struct Known {
    pattern: &'static str,
    /// Fewest bytes of a match.
    shortest: usize,
    /// Every match holds an ASCII digit.
    holds_digit: bool,
    /// Where its forward and its backward automaton stand, if it has them.
    places: Option<(usize, usize)>,
    facts: KnownFacts,
}

/// The patterns of the managed identifiers, sorted.
#[allow(clippy::unreadable_literal, reason = "a program wrote it for the compiler")]
static KNOWN: &[Known] = include!(concat!(env!("OUT_DIR"), "/automata.rs"));

fn known(source: &str) -> Option<&'static Known> {
    KNOWN.binary_search_by_key(&source, |known| known.pattern).ok().map(|place| &KNOWN[place])
}

/// The shape of a pattern (see [`PatternShape::of`]), as the build step found it if it has seen the pattern.
pub fn shape_of(source: &str) -> Option<PatternShape> {
    match known(source) {
        Some(known) => Some(PatternShape::of_known(source, &known.facts)),
        None => PatternShape::of(source),
    }
}

/// Finds leftmost matches of a pattern, of several at one place the one that the pattern prefers.
pub struct Automaton {
    source: Text,
    /// Fewest bytes of a match.
    shortest: usize,
    /// Every match holds an ASCII digit.
    holds_digit: bool,
    /// The automaton that the build step made.
    tables: Option<Tables>,
    /// The compiled pattern, if there are no tables.
    compiled: OnceLock<Regex>,
    literals: bool,
    /// For a pattern with a group named `value`: what finds the group in a match.
    value: Option<Box<ValueGroup>>,
}

impl Automaton {
    /// The automaton of a pattern. `literals` says that looking for literal strings first is worth the time to prepare it, if the
    /// pattern has to be compiled.
    pub fn new(source: &Text, literals: bool) -> Self {
        let known = known(source);
        Self {
            source: source.clone(),
            shortest: known.map_or(0, |known| known.shortest),
            holds_digit: known.is_some_and(|known| known.holds_digit),
            tables: known.and_then(|known| known.places).map(Tables::at),
            compiled: OnceLock::new(),
            literals,
            value: has_value_group(source).then(Box::default),
        }
    }

    /// The first match that starts at or after the byte `from`: all of it, and its group `value` or once more all of it.
    ///
    /// # Panics
    /// If the pattern does not compile.
    pub fn find_at(&self, text: &str, from: usize) -> Option<(Span, Span)> {
        if text.len() - from < self.shortest {
            return None;
        }
        let whole = if let Some(tables) = &self.tables {
            tables.find_at(text.as_bytes(), from)?.into()
        } else if self.compiled.get().is_none() && self.holds_digit && !has_digit(&text[from..]) {
            return None;
        } else {
            self.compiled().search(&Input::new(text).range(from..))?.span()
        };
        Some((whole, self.value.as_ref().map_or(whole, |value| value.find(&self.source, text, whole))))
    }

    /// The end of the match that starts at the byte `at`.
    ///
    /// # Panics
    /// If the pattern does not compile.
    pub fn end_of_match_at(&self, text: &str, at: usize) -> Option<usize> {
        let input = Input::new(text).anchored(Anchored::Yes).range(at..);
        self.compiled().search(&input).map(|found| found.end())
    }

    fn compiled(&self) -> &Regex {
        self.compiled.get_or_init(|| {
            // A search for literals first pays only where whole texts are searched; leaving it out makes a pattern compile
            // in less than half the time.
            let config = Config::new().auto_prefilter(self.literals).onepass(false);
            compile(&self.source, config, true).unwrap_or_else(|error| panic!("{error}"))
        })
    }
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}

/// Finds the group `value` in matches.
#[derive(Default)]
struct ValueGroup {
    /// For matches of ASCII only, in which a pattern of bytes finds the same and compiles much faster.
    ascii: OnceLock<Option<Regex>>,
    any: OnceLock<Regex>,
}

impl ValueGroup {
    /// The group in a match. What the pattern prefers at the start of the match is the match itself, so it suffices to look inside it.
    fn find(&self, source: &str, text: &str, whole: Span) -> Span {
        let light = || Config::new().auto_prefilter(false).hybrid(false).dfa(false).onepass(false);
        let ascii = text[whole.range()]
            .is_ascii()
            .then(|| self.ascii.get_or_init(|| compile(source, light().utf8_empty(false), false).ok()).as_ref())
            .flatten();
        let regex = ascii.unwrap_or_else(|| {
            self.any.get_or_init(|| compile(source, light(), true).unwrap_or_else(|error| panic!("{error}")))
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

/// Compiles a pattern of characters, or of bytes. The error names the pattern.
fn compile(source: &str, config: Config, unicode: bool) -> Result<Regex, String> {
    Regex::builder()
        .configure(config)
        .syntax(syntax::Config::new().unicode(unicode).utf8(unicode))
        .build(source)
        .map_err(|error| format!("built-in pattern {source:?}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identifiers::builtin;
    use crate::identifiers::pattern_facts::PatternFacts;
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
                text.push_str(["", " ", "x", "-1"][random(4)]);
            }
            texts.push(text);
        }
        texts
    }

    /// Both must agree on every match, wherever the search begins.
    fn compare(source: &str, texts: &[String]) -> usize {
        let automaton = Automaton::new(&Text::Owned(source.to_string()), false);
        let compiled = compile(source, Config::new(), true).unwrap();
        let shape = shape_of(source).unwrap();
        let mut found = 0;
        for text in texts {
            let may_begin = |at: &usize| text.is_char_boundary(*at) && shape.bytes[0].has(text.as_bytes()[*at]);
            for at in (0..text.len()).filter(may_begin) {
                let expected = automaton.end_of_match_at(text, at);
                let end = shape.match_at(text, at, text.len()).unwrap_or(expected);
                assert_eq!(end, expected, "{source} at {at} of {text:?}");
            }
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
    fn the_shape_of_a_managed_pattern_is_known_without_compiling_it() {
        for known in KNOWN {
            let facts = PatternFacts::of(known.pattern).unwrap();
            assert_eq!(known.facts.bytes, facts.bytes, "{}", known.pattern);
            let KnownFacts { bytes: _, lead, needs_digit, fewest_digits, literal, longest, anchored: _ } = known.facts;
            let expected = (facts.lead, facts.needs_digit, facts.literal.as_deref(), facts.longest);
            assert_eq!(fewest_digits, facts.fewest_digits, "{}", known.pattern);
            assert_eq!((lead, needs_digit, literal, longest), expected, "{}", known.pattern);
        }
        let patterns = builtin::managed().iter().flat_map(|definition| &*definition.patterns);
        assert!(patterns.filter_map(|pattern| pattern.regex.as_ref()).all(|source| known(source).is_some()));
    }

    #[test]
    fn nearly_all_patterns_without_anchors_have_an_automaton() {
        let patterns = builtin::managed().iter().flat_map(|definition| &*definition.patterns);
        let searched: BTreeSet<&Text> = patterns
            .filter(|pattern| pattern.anchors.is_empty())
            .filter_map(|pattern| pattern.regex.as_ref())
            .collect();
        let without: Vec<_> = searched.iter().filter(|source| Automaton::new(source, false).tables.is_none()).collect();
        assert!(without.len() * 10 < searched.len(), "{without:#?}");
    }
}
