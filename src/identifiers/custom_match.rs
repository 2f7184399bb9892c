//! What a custom identifier finds in a text.

use super::custom::{CustomIdentifier, DEFAULT_DISTANCE};
use super::custom_limits;
use super::custom_regex::{Checked, RegexError, check};
use super::fixed_shape::FixedShape;
use super::fold::folded;
use crate::model::is_of_quiet;
use aho_corasick::{AhoCorasick, AhoCorasickBuilder};
use regex::Regex;
use std::ops::Range;
use std::sync::OnceLock;

/// A custom identifier made ready for matching. The pattern and the keywords are compiled when they are first needed.
#[derive(Debug)]
pub struct CompiledCustom {
    pattern: Checked,
    searcher: OnceLock<Searcher>,
    quiet: OnceLock<bool>,
    keywords: Option<Keywords>,
    ignore_words: Vec<String>,
}

/// How matches of the pattern are found.
#[derive(Debug)]
enum Searcher {
    Fixed(FixedShape),
    Regex(Regex),
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
        Ok(Self {
            pattern: check(regex)?,
            searcher: OnceLock::new(),
            quiet: OnceLock::new(),
            keywords,
            ignore_words: ignore_words.to_vec(),
        })
    }

    /// The byte ranges of all occurrences in `text`, in order.
    ///
    /// `named` says that the name of the column, field or path element that `text` is the value of holds a keyword (see
    /// [`Self::keyword_in_name`]): no keyword is then needed in the text. Otherwise a match counts if a keyword ends
    /// before the match starts and at most the maximum match distance, in characters, before the match ends. Matches are
    /// leftmost and do not overlap; a match that counts for nothing still uses up its text.
    pub fn occurrences(&self, text: &str, named: bool) -> Vec<Range<usize>> {
        let keywords = self.keywords.as_ref().filter(|_| !named);
        let mut found = match self.searcher() {
            Searcher::Fixed(shape) => shape.find_all(text),
            Searcher::Regex(regex) => regex.find_iter(text).map(|found| found.range()).collect(),
        };
        found.retain(|range| {
            !range.is_empty()
                && !self.ignore_words.iter().any(|word| text[range.clone()].contains(word.as_str()))
                && keywords.is_none_or(|keywords| keywords.near(text, range))
        });
        found
    }

    /// False when the identifier surely does not occur in a text of that many bytes; `has_digits` tells whether so many digits in a row
    /// are in it.
    pub fn may_occur(&self, length: usize, has_digits: impl FnOnce(usize) -> bool) -> bool {
        match self.searcher() {
            Searcher::Fixed(shape) => shape.may_be_in(length, has_digits),
            Searcher::Regex(_) => true,
        }
    }

    /// Whether each UUID in small letters is one occurrence where no keyword is needed, or none is; `None` where that depends on
    /// the UUID.
    pub fn matches_uuids(&self) -> Option<bool> {
        match self.searcher() {
            Searcher::Fixed(shape) => shape.matches_uuids().filter(|matches| !matches || self.ignore_words.is_empty()),
            Searcher::Regex(_) => None,
        }
    }

    /// Bytes that stand in every match, side by side; `None` where nothing is fixed.
    pub fn literal(&self) -> Option<Vec<u8>> {
        self.pattern.literal()
    }

    /// False when no match is made only of the bytes of numbers, dates, times and UUIDs (see [`is_of_quiet`]).
    pub fn may_be_quiet(&self) -> bool {
        *self.quiet.get_or_init(|| self.literal().is_none_or(|literal| literal.iter().all(|byte| is_of_quiet(*byte))))
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
    fn searcher(&self) -> &Searcher {
        self.searcher.get_or_init(|| match self.pattern.fixed_shape() {
            Some(shape) => Searcher::Fixed(shape),
            None => Searcher::Regex(self.pattern.compile().expect("a checked pattern compiles")),
        })
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
        let value = &text[found.clone()];
        let length = if value.is_ascii() { value.len() } else { value.chars().take(self.distance + 1).count() };
        let Some(gap) = self.distance.checked_sub(length) else { return false };
        let before = &text[..found.start];
        let bytes = before.as_bytes();
        let window = &bytes[bytes.len().saturating_sub(gap + self.longest)..];
        if self.folded.len() <= FEW && window.is_ascii() {
            return self.folded.iter().any(|keyword| ends_near(window, keyword.as_bytes(), gap));
        }
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

/// Keywords that are looked for one by one.
const FEW: usize = 8;

/// Whether the keyword, in any case, ends at most `gap` bytes before the end of the text.
fn ends_near(text: &[u8], keyword: &[u8], gap: usize) -> bool {
    let Some((&first, rest)) = keyword.split_first() else { return true };
    let tail = &text[text.len().saturating_sub(gap + keyword.len())..];
    memchr::memchr2_iter(first, first.to_ascii_uppercase(), tail)
        .any(|at| tail.get(at + 1..at + keyword.len()).is_some_and(|text| text.eq_ignore_ascii_case(rest)))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identifiers::custom::Origin;
    use proptest::prelude::*;

    fn custom(regex: &str, keywords: &[&str], ignore_words: &[&str], distance: u16) -> CompiledCustom {
        let owned = |words: &[&str]| words.iter().map(ToString::to_string).collect();
        CompiledCustom::new(&CustomIdentifier {
            id: "x".into(),
            name: "x".into(),
            description: String::new(),
            regex: regex.into(),
            keywords: owned(keywords),
            ignore_words: owned(ignore_words),
            maximum_match_distance: distance,
            severity_levels: Vec::new(),
            origin: Origin { file: "x.yaml".into(), line: 1 },
        })
        .unwrap()
    }

    #[test]
    fn a_match_is_quiet_unless_something_else_is_fixed_in_it() {
        for (regex, expected) in [
            (r"\d{4}-\d{4}", true),
            ("[A-Z]{2}[0-9]{5}", true),
            (r"FACE\d+", true),
            (r"EMP\d{3}-\d{6}", false),
            (r"[S]{1}\d{8}", false),
            (r"(EMP|ABC)\d{3}", true),
            (r"\d+ ?EUR", false),
        ] {
            assert_eq!(custom(regex, &[], &[], 50).may_be_quiet(), expected, "{regex}");
        }
    }

    fn count(compiled: &CompiledCustom, text: &str) -> usize {
        compiled.occurrences(text, false).len()
    }

    #[test]
    fn the_distance_is_from_the_end_of_the_keyword_to_the_end_of_the_match() {
        let compiled = custom(r"S\d{8}", &["license"], &[], 50);
        for (gap, expected) in [(0, 1), (40, 1), (41, 1), (42, 0)] {
            // The match has 9 characters: with a gap of 41 its end is 50 from the keyword.
            assert_eq!(count(&compiled, &format!("license{}S12345678", " ".repeat(gap))), expected, "{gap}");
        }
    }

    #[test]
    fn a_distance_shorter_than_the_match_never_fits() {
        assert_eq!(count(&custom(r"S\d{8}", &["license"], &[], 8), "licenseS12345678"), 0);
        assert_eq!(count(&custom(r"S\d{8}", &["license"], &[], 9), "licenseS12345678"), 1);
    }

    #[test]
    fn a_keyword_after_the_match_or_overlapping_it_does_not_count() {
        assert_eq!(count(&custom(r"\d{4}", &["code"], &[], 50), "1234 code"), 0);
        assert_eq!(count(&custom(r"e\d{4}", &["code"], &[], 50), "code1234"), 0);
        assert_eq!(count(&custom(r"code\d{4}", &["code"], &[], 50), "code1234"), 0);
        assert_eq!(count(&custom(r"code\d{4}", &["code"], &[], 50), "code code1234"), 1);
    }

    #[test]
    fn a_keyword_is_a_sequence_of_characters_in_any_case() {
        let compiled = custom(r"\d{4}", &["PATIENT"], &[], 50);
        assert_eq!(count(&compiled, "outpatients: 1234"), 1);
        assert_eq!(count(&compiled, "patien t: 1234"), 0);
        let greek = custom(r"\d{4}", &["ΟΔΟΣ"], &[], 50);
        assert_eq!(count(&greek, "οδος 1234, οδοσ 5678"), 2);
        assert_eq!(count(&custom(r"\d{4}", &["kind"], &[], 50), "\u{212A}IND 1234"), 1);
    }

    #[test]
    fn distances_count_characters_not_bytes() {
        let compiled = custom(r"\d{4}", &["schlüssel"], &[], 10);
        assert_eq!(count(&compiled, "SCHLÜSSELéééééé1234"), 1);
        assert_eq!(count(&compiled, "SCHLÜSSELééééééé1234"), 0);
        assert_eq!(count(&custom("é{4}", &["key"], &[], 4), "keyéééé"), 1);
    }

    #[test]
    fn the_nearest_of_overlapping_keywords_decides() {
        let compiled = custom(r"\d{4}", &["abc", "bcd", "aaa"], &[], 4);
        assert_eq!(count(&compiled, "abcd1234"), 1);
        assert_eq!(count(&compiled, "aaaa1234"), 1);
    }

    #[test]
    fn a_name_with_the_keyword_covers_the_text() {
        let compiled = custom(r"\d{4}", &["Größe"], &[], 50);
        assert!(compiled.keyword_in_name("MAXGRÖSSE") == compiled.keyword_in_name("grösse"));
        assert!(compiled.keyword_in_name("max_GRÖßE_cm") && !compiled.keyword_in_name("size"));
        assert_eq!(compiled.occurrences("1234 5678", true), [0..4, 5..9]);
        assert_eq!(count(&compiled, "1234 5678"), 0);
        assert!(!custom(r"\d{4}", &[], &[], 50).keyword_in_name("anything"));
    }

    #[test]
    fn ignore_words_are_part_of_the_match_and_case_matters() {
        let compiled = custom(r"[A-Za-z]+\d", &[], &["TEST"], 50);
        assert_eq!(count(&compiled, "aTESTb1 TEST"), 0);
        assert_eq!(count(&compiled, "test1 Test2 TEST x3"), 3);
    }

    #[test]
    fn empty_matches_are_no_occurrences_and_matches_do_not_overlap() {
        assert_eq!(custom(r"\d*", &[], &[], 50).occurrences("a12b3", false), [1..3, 4..5]);
        assert_eq!(custom(r"\d\d", &[], &[], 50).occurrences("12345", false), [0..2, 2..4]);
    }

    #[test]
    fn a_sample_is_counted_or_every_broken_limit_is_named() {
        let words = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(matches_in_sample(r"\d{4}", &words(&["pin"]), &[], None, "PIN 1234, 5678"), Ok(2));
        assert_eq!(matches_in_sample(r"\d{4}", &words(&["pin"]), &[], Some(5), "PIN 1234, 5678"), Ok(1));
        let error = matches_in_sample("(?=a)", &words(&["ab"]), &words(&["abc"]), Some(301), "").unwrap_err();
        assert_eq!(error.0.len(), 4, "{error}");
    }

    /// The rule as it reads, tried at every place.
    fn near_naively(text: &str, found: &Range<usize>, keywords: &[String], distance: usize) -> bool {
        let same = |left: &str, right: &str| folded(left) == folded(right);
        keywords.iter().any(|keyword| {
            text.char_indices().any(|(start, _)| {
                let end =
                    text[start..].char_indices().nth(keyword.chars().count()).map_or(text.len(), |(n, _)| start + n);
                end <= found.start
                    && same(&text[start..end], keyword)
                    && text[end..found.end].chars().count() <= distance
            })
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn occurrences_agree_with_the_rule_tried_at_every_place(
            text in "[abcABCéÉſs1 ]{0,60}",
            keywords in proptest::collection::vec("[abcéſs]{1,3}", 1..4),
            distance in 1u16..12,
        ) {
            let borrowed: Vec<&str> = keywords.iter().map(String::as_str).collect();
            let found = custom("1+", &borrowed, &[], distance).occurrences(&text, false);
            let expected: Vec<_> = Regex::new("1+").unwrap().find_iter(&text).map(|m| m.range())
                .filter(|range| near_naively(&text, range, &keywords, usize::from(distance))).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
