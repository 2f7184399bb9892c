//! What a custom identifier finds in a text.

use super::custom::{CustomIdentifier, DEFAULT_DISTANCE};
use super::custom_limits;
use super::custom_regex::{Checked, RegexError, check};
use super::fold::folded;
use aho_corasick::{AhoCorasick, AhoCorasickBuilder};
use regex::Regex;
use std::ops::Range;
use std::sync::OnceLock;

/// A custom identifier made ready for matching. The pattern and the keywords are compiled when they are first needed.
#[derive(Debug)]
pub struct CompiledCustom {
    pattern: Checked,
    regex: OnceLock<Regex>,
    keywords: Option<Keywords>,
    ignore_words: Vec<String>,
}

#[derive(Debug)]
struct Keywords {
    folded: Vec<String>,
    /// Most characters of a keyword.
    longest: usize,
    /// Most characters from the end of a keyword to the end of the match.
    distance: usize,
    automaton: OnceLock<AhoCorasick>,
}

impl CompiledCustom {
    /// Makes an identifier ready. An error if its pattern is refused, which those of
    /// [`super::custom_load::load`] are not.
    pub fn new(identifier: &CustomIdentifier) -> Result<Self, RegexError> {
        Self::from_criteria(
            &identifier.regex,
            &identifier.keywords,
            &identifier.ignore_words,
            identifier.maximum_match_distance,
        )
    }

    fn from_criteria(
        regex: &str,
        keywords: &[String],
        ignore_words: &[String],
        distance: u16,
    ) -> Result<Self, RegexError> {
        let folded: Vec<String> = keywords.iter().map(|keyword| folded(keyword)).collect();
        let keywords = (!folded.is_empty()).then(|| Keywords {
            longest: folded.iter().map(|keyword| keyword.chars().count()).max().unwrap_or(0),
            folded,
            distance: usize::from(distance),
            automaton: OnceLock::new(),
        });
        Ok(Self { pattern: check(regex)?, regex: OnceLock::new(), keywords, ignore_words: ignore_words.to_vec() })
    }

    /// The byte ranges of all occurrences in `text`, in order.
    ///
    /// `named` says that the name of the column, field or path element that `text` is the value of holds a keyword (see
    /// [`Self::keyword_in_name`]): no keyword is then needed in the text. Otherwise a match counts if a keyword ends
    /// before the match starts and at most the maximum match distance, in characters, before the match ends. Matches are
    /// leftmost and do not overlap; a match that counts for nothing still uses up its text.
    pub fn occurrences(&self, text: &str, named: bool) -> Vec<Range<usize>> {
        let keywords = self.keywords.as_ref().filter(|_| !named);
        self.regex()
            .find_iter(text)
            .filter(|found| !found.is_empty())
            .filter(|found| !self.ignore_words.iter().any(|word| found.as_str().contains(word.as_str())))
            .map(|found| found.range())
            .filter(|found| keywords.is_none_or(|keywords| keywords.near(text, found)))
            .collect()
    }

    /// The keywords, folded for comparison; none for an identifier that needs none.
    pub fn keywords(&self) -> &[String] {
        self.keywords.as_ref().map_or(&[], |keywords| &keywords.folded)
    }

    /// Whether the identifier has keywords and one of them is part of a column, field or path element name.
    pub fn keyword_in_name(&self, name: &str) -> bool {
        self.keywords.as_ref().is_some_and(|keywords| {
            if name.is_ascii() {
                keywords.automaton().is_match(name)
            } else {
                keywords.automaton().is_match(&folded(name))
            }
        })
    }

    #[expect(
        clippy::expect_used,
        reason = "the limits that `check` has enforced keep every pattern far below the size limit"
    )]
    fn regex(&self) -> &Regex {
        self.regex.get_or_init(|| self.pattern.compile().expect("a checked pattern compiles"))
    }
}

impl Keywords {
    #[expect(clippy::expect_used, reason = "fails only beyond 2^31 states, a hundred thousand times Macie's limit")]
    fn automaton(&self) -> &AhoCorasick {
        self.automaton.get_or_init(|| {
            AhoCorasickBuilder::new()
                .ascii_case_insensitive(true)
                .build(&self.folded)
                .expect("the keywords fit an automaton")
        })
    }

    /// Whether a keyword stands before the match and close enough to its end.
    fn near(&self, text: &str, found: &Range<usize>) -> bool {
        let length = text[found.clone()].chars().take(self.distance + 1).count();
        let Some(gap) = self.distance.checked_sub(length) else { return false };
        let before = &text[..found.start];
        // The part of the text in which a keyword that ends close enough can start.
        let start = match before.char_indices().rev().nth((gap + self.longest).saturating_sub(1)) {
            Some((start, _)) => start,
            None => 0,
        };
        let window = &before[start..];
        if window.is_ascii() {
            return self.automaton().find_overlapping_iter(window).any(|keyword| window.len() - keyword.end() <= gap);
        }
        // Folding keeps the number of characters, so distances can be counted in the folded text.
        let window = folded(window);
        self.automaton().find_overlapping_iter(&window).any(|keyword| window[keyword.end()..].chars().count() <= gap)
    }
}

/// Why a sample cannot be tested: every limit that the criteria break, one line each.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct CriteriaError(pub Vec<String>);

/// How many occurrences a sample text holds: the `matchCount` of Macie's `TestCustomDataIdentifier`, with the limits
/// that operation puts on the criteria. The caller limits the sample (Macie: 1,000 characters), which is plain text.
/// Without a `maximum_match_distance` it is [`DEFAULT_DISTANCE`].
pub fn matches_in_sample(
    regex: &str,
    keywords: &[String],
    ignore_words: &[String],
    maximum_match_distance: Option<u16>,
    sample: &str,
) -> Result<usize, CriteriaError> {
    let distance = maximum_match_distance.unwrap_or(DEFAULT_DISTANCE);
    let mut problems: Vec<String> = [
        custom_limits::keyword_count(keywords.len()),
        custom_limits::ignore_word_count(ignore_words.len()),
        custom_limits::distance(i64::from(distance)),
    ]
    .into_iter()
    .chain(keywords.iter().map(|keyword| custom_limits::keyword(keyword)))
    .chain(ignore_words.iter().map(|word| custom_limits::ignore_word(word)))
    .filter_map(Result::err)
    .collect();
    match CompiledCustom::from_criteria(regex, keywords, ignore_words, distance) {
        Ok(compiled) if problems.is_empty() => Ok(compiled.occurrences(sample, false).len()),
        Ok(_) => Err(CriteriaError(problems)),
        Err(error) => {
            problems.insert(0, format!("regex: {error}"));
            Err(CriteriaError(problems))
        }
    }
}
