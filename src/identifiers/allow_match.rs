//! What the allow lists of a scan allow, ready for comparison with matches.

use super::allow_list::{AllowList, AllowedTexts};
use super::custom_regex::{RegexError, compile_whole};
use super::fold::folded;
use regex::Regex;
use std::borrow::Cow;
use std::collections::HashSet;

/// Allow lists made ready.
#[derive(Debug, Default)]
pub struct CompiledAllowLists {
    /// Folded for comparison.
    words: HashSet<String>,
    patterns: Vec<Regex>,
}

impl CompiledAllowLists {
    /// Makes lists ready. An error is the number of the list, from 0, whose pattern is refused, which those of
    /// [`super::allow_list_load::load`] are not.
    pub fn new(lists: &[AllowList]) -> Result<Self, (usize, RegexError)> {
        let mut compiled = Self::default();
        for (number, list) in lists.iter().enumerate() {
            match &list.texts {
                AllowedTexts::Words(words) => compiled.words.extend(words.iter().map(|word| folded(word))),
                AllowedTexts::Regex(regex) => {
                    compiled.patterns.push(compile_whole(regex).map_err(|error| (number, error))?);
                }
            }
        }
        Ok(compiled)
    }

    /// Whether a matched text is an entry of a list, in any case, or all of it is what a pattern matches.
    ///
    /// Running text breaks its lines anywhere: a text that holds a line break is also compared with a space in its place.
    pub fn allows(&self, text: &str) -> bool {
        let unbroken = unbroken(text);
        self.words.contains(&folded(&unbroken))
            || self.patterns.iter().any(|pattern| {
                pattern.is_match(text) || (matches!(unbroken, Cow::Owned(_)) && pattern.is_match(&unbroken))
            })
    }
}

/// A text with one space for each stretch of white space that holds a line break.
fn unbroken(text: &str) -> Cow<'_, str> {
    let breaks = |character: char| matches!(character, '\n' | '\r' | '\u{C}');
    if !text.contains(breaks) {
        return Cow::Borrowed(text);
    }
    let mut joined = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(breaks) {
        joined.push_str(rest[..at].trim_end());
        joined.push(' ');
        rest = rest[at..].trim_start();
    }
    joined.push_str(rest);
    Cow::Owned(joined)
}

#[cfg(test)]
mod tests {
    use super::super::custom::Origin;
    use super::*;

    fn lists(texts: Vec<AllowedTexts>) -> CompiledAllowLists {
        let origin = Origin { file: "x".into(), line: 1 };
        let list =
            |texts| AllowList { id: "i".into(), name: "n".into(), logical_id: None, texts, origin: origin.clone() };
        CompiledAllowLists::new(&texts.into_iter().map(list).collect::<Vec<_>>()).expect("the patterns are sound")
    }

    #[test]
    fn an_entry_is_a_complete_text_in_any_case() {
        let lists = lists(vec![AllowedTexts::Words(vec!["Jane Ödön".into(), "4111.1111".into()])]);
        for text in ["Jane Ödön", "JANE ÖDÖN", "4111.1111"] {
            assert!(lists.allows(text), "{text}");
        }
        for text in ["Jane", "Jane Ödönx", "4111x1111", "Jane  Ödön", ""] {
            assert!(!lists.allows(text), "{text}");
        }
    }

    #[test]
    fn a_pattern_has_to_match_all_of_a_text_and_its_anchors_are_the_ends_of_it() {
        let lists = lists(vec![AllowedTexts::Regex("a|ab|(?i)^test$".into())]);
        for (text, allowed) in [("a", true), ("ab", true), ("TEST", true), ("abc", false), ("xa", false), ("A", false)]
        {
            assert_eq!(lists.allows(text), allowed, "{text}");
        }
    }

    #[test]
    fn a_text_that_goes_on_in_the_next_line_is_the_same_text() {
        let lists =
            lists(vec![AllowedTexts::Words(vec!["Jane Doe".into()]), AllowedTexts::Regex("John [A-Z][a-z]+".into())]);
        for text in ["Jane\nDoe", "jane \r\n  doe", "John\nDoe"] {
            assert!(lists.allows(text), "{text:?}");
        }
        assert!(!lists.allows("Jane\tDoe") && !lists.allows("Jane\nDoe\n"));
    }
}
