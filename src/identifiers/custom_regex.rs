//! The patterns of custom identifiers and allow lists: Macie's subset of PCRE, checked and compiled.

use super::fixed_shape::FixedShape;
use super::pcre::{Translation, translate};
use super::required_literal::required_literal;
use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind};

/// Macie's limit: most characters of a pattern.
pub const LONGEST_PATTERN: usize = 512;
/// Our limit: the largest bound of a repeat. Macie refuses `\d{100,1000}` and does not say where it draws the line.
pub const HIGHEST_BOUND: u32 = 999;
/// Our limit: most characters a pattern may spell out once its bounded repeats are written in full.
pub const LARGEST_PATTERN: usize = 10_000;
/// Far above what a pattern within [`LARGEST_PATTERN`] compiles to; stands between us and an arithmetic slip.
const COMPILED_BYTES: usize = 256 << 20;

/// Why a pattern is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", .position.map(|at| format!("at character {at}: ")).unwrap_or_default())]
pub struct RegexError {
    /// 1-based character of the pattern; `None` if it is about the pattern as a whole.
    pub position: Option<usize>,
    /// The rule that is broken and what to write instead.
    pub message: String,
}

/// A pattern that keeps all limits, ready to be compiled.
#[derive(Debug, Clone)]
pub(super) struct Checked(String);

impl Checked {
    /// The pattern as a row of classes, if it is one.
    pub(super) fn fixed_shape(&self) -> Option<FixedShape> {
        FixedShape::of(&regex_syntax::parse(&self.0).ok()?)
    }

    /// The longest bytes side by side that every match holds, if there are any.
    pub(super) fn literal(&self) -> Option<Vec<u8>> {
        required_literal(&regex_syntax::parse(&self.0).ok()?)
    }

    pub(super) fn compile(&self) -> Result<regex::Regex, RegexError> {
        regex::RegexBuilder::new(&self.0)
            .size_limit(COMPILED_BYTES)
            .build()
            .map_err(|error| RegexError { position: None, message: error.to_string() })
    }
}

/// Compiles a pattern of Macie's subset of PCRE.
///
/// `\d`, `\w`, `\s` and `\b` are ASCII as in PCRE; literals and `.` take any character. `^` and `$` are the start and
/// the end of the whole text, not of a line. A pattern may match the empty text, but an empty match is no occurrence.
pub fn compile(pattern: &str) -> Result<regex::Regex, RegexError> {
    check(pattern)?.compile()
}

/// [`compile`], but the pattern matches a text only if it matches all of it.
pub fn compile_whole(pattern: &str) -> Result<regex::Regex, RegexError> {
    let Checked(text) = check(pattern)?;
    let broken = |error: regex_syntax::Error| RegexError { position: None, message: error.to_string() };
    // Written anew from its tree, the pattern has no comment that could swallow what is put around it.
    let hir = regex_syntax::parse(&text).map_err(broken)?;
    Checked(format!(r"\A(?:{hir})\z")).compile()
}

/// Checks a pattern against Macie's limits and ours, without the work of compiling it.
pub(super) fn check(pattern: &str) -> Result<Checked, RegexError> {
    let whole = |message: String| RegexError { position: None, message };
    let length = pattern.chars().count();
    if length == 0 || length > LONGEST_PATTERN {
        return Err(whole(format!("the pattern has {length} characters; a regex has 1 to {LONGEST_PATTERN}")));
    }
    let translation = translate(pattern)?;
    let hir = regex_syntax::parse(&translation.text).map_err(|error| explain(&translation, &error))?;
    if hir.properties().maximum_len() == Some(0) {
        return Err(whole("the pattern matches nothing but the empty text; it needs at least one character".into()));
    }
    let size = size(&hir);
    if size > LARGEST_PATTERN {
        return Err(whole(format!(
            "with its bounded repeats written in full the pattern is {size} characters long, the most is \
             {LARGEST_PATTERN}; use smaller bounds or none"
        )));
    }
    if has_star_run(&pieces(&hir)?) {
        return Err(too_many_stars());
    }
    Ok(Checked(translation.text))
}

/// Puts the parser's words into ours, with the place in the original pattern.
fn explain(translation: &Translation, error: &regex_syntax::Error) -> RegexError {
    let (offset, message) = match error {
        regex_syntax::Error::Parse(error) => (error.span().start.offset, error.kind().to_string()),
        regex_syntax::Error::Translate(error) => (error.span().start.offset, error.kind().to_string()),
        other => return RegexError { position: None, message: other.to_string() },
    };
    RegexError { position: Some(translation.origin(offset)), message }
}

/// Characters of the pattern with its bounded repeats written in full; large Unicode classes count more.
fn size(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 0,
        HirKind::Literal(literal) => literal.0.len(),
        HirKind::Class(Class::Unicode(class)) => 1 + class.ranges().len() / 8,
        HirKind::Class(Class::Bytes(_)) => 1,
        HirKind::Capture(capture) => size(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().map(size).fold(0, usize::saturating_add),
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min).max(1) as usize;
            size(&repetition.sub).saturating_mul(times)
        }
    }
}

/// What a sequence of pattern parts consists of, as far as repeated wildcards are concerned.
#[derive(Clone)]
enum Piece {
    /// Takes at least one character.
    Needed,
    /// May take nothing, but is not a repeat without end.
    Optional,
    /// One of these characters, any number of times, also none: `a*`.
    Star(ClassUnicode),
}

fn too_many_stars() -> RegexError {
    RegexError {
        position: None,
        message:
            "repeated wildcards: three repeats with * follow one another and two of them take the same characters, \
                  as in a*b*a*; use + or a bound such as {0,20} for one of them"
                .to_owned(),
    }
}

/// The pieces of a pattern in sequence. An error if a part of it already holds a run of stars.
fn pieces(hir: &Hir) -> Result<Vec<Piece>, RegexError> {
    let nullable = hir.properties().minimum_len() == Some(0);
    let as_one = if nullable { Piece::Optional } else { Piece::Needed };
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Ok(Vec::new()),
        HirKind::Literal(_) | HirKind::Class(_) => Ok(vec![as_one]),
        HirKind::Capture(capture) => pieces(&capture.sub),
        HirKind::Concat(parts) => {
            let mut all = Vec::new();
            for part in parts {
                all.extend(pieces(part)?);
            }
            if has_star_run(&all) { Err(too_many_stars()) } else { Ok(all) }
        }
        HirKind::Alternation(parts) => {
            for part in parts {
                pieces(part)?;
            }
            Ok(vec![as_one])
        }
        HirKind::Repetition(repetition) => {
            if repetition.max.is_none()
                && repetition.min == 0
                && let Some(class) = one_character(&repetition.sub)
            {
                return Ok(vec![Piece::Star(class)]);
            }
            let once = pieces(&repetition.sub)?;
            let most = repetition.max.map_or(3, |max| max.min(3)) as usize;
            if has_star_run(&once.iter().cloned().cycle().take(once.len() * most).collect::<Vec<_>>()) {
                return Err(too_many_stars());
            }
            // A group that has to occur brings its stars into the sequence; one that may be left out stands apart.
            if repetition.min > 0 { Ok(once) } else { Ok(vec![Piece::Optional]) }
        }
    }
}

/// Whether a star is followed by another and then by one that can take the same characters as the first, with nothing
/// between them that must match.
fn has_star_run(pieces: &[Piece]) -> bool {
    let mut run: Vec<&ClassUnicode> = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Needed => run.clear(),
            Piece::Optional => {}
            Piece::Star(class) => {
                let earlier = run.len().saturating_sub(1);
                if run[..earlier].iter().any(|other| overlap(other, class)) {
                    return true;
                }
                run.push(class);
            }
        }
    }
    false
}

fn overlap(left: &ClassUnicode, right: &ClassUnicode) -> bool {
    let mut common = left.clone();
    common.intersect(right);
    !common.ranges().is_empty()
}

/// The characters of a pattern that takes exactly one.
fn one_character(hir: &Hir) -> Option<ClassUnicode> {
    match hir.kind() {
        HirKind::Class(Class::Unicode(class)) => Some(class.clone()),
        HirKind::Class(Class::Bytes(class)) => class.to_unicode_class(),
        HirKind::Literal(literal) => {
            let mut characters = std::str::from_utf8(&literal.0).ok()?.chars();
            let c = characters.next()?;
            characters.next().is_none().then(|| ClassUnicode::new([ClassUnicodeRange::new(c, c)]))
        }
        HirKind::Capture(capture) => one_character(&capture.sub),
        _ => None,
    }
}

/// What a pattern matches in a text, for the tests of patterns.
#[cfg(test)]
pub(super) fn found<'t>(pattern: &str, text: &'t str) -> Vec<&'t str> {
    let regex = compile(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
    regex.find_iter(text).map(|found| found.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_patterns_of_the_walk_through_are_accepted() {
        for (pattern, text) in [
            (
                "[a-z,0-9]{8}-[a-z,0-9]{4}-[a-z,0-9]{4}-[a-z,0-9]{4}-[a-z,0-9]{12}",
                "1d604da9-9a81-4ba9-80c2-de3375d59b40",
            ),
            (r"[S]{1}\d{8}", "S99999999"),
            (r"[X]{1}\d{8}[X]{1}", "X12345678X"),
        ] {
            assert_eq!(compile(pattern).unwrap().find(text).map(|found| found.range()), Some(0..text.len()));
        }
    }

    #[test]
    fn anchors_are_the_ends_of_the_whole_text() {
        let regex = compile("^a$").unwrap();
        assert!(regex.is_match("a") && !regex.is_match("b\na") && !regex.is_match("a\n"));
    }

    #[test]
    fn common_patterns_with_several_repeats_are_accepted() {
        for pattern in [
            r"[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}",
            r"\w+\s*\w+",
            r"\d+(-\d+)?(-\d+)?(-\d+)?",
            r"a.*b.*c.*d",
            r"(?:[a-z]+-)+[a-z]*",
            r"a*b*c*",
            r"\d{100,}",
            r"\d{1,999}",
            r"\p{Lu}\p{Ll}{1,30}( \p{Lu}\p{Ll}{1,30})*",
            r"(apple|orange)",
        ] {
            compile(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
        }
    }

    #[test]
    fn runs_of_stars_over_the_same_characters_are_refused() {
        for pattern in
            ["a*b*a*", ".*.*.*", r"x[a-c]*\s?\d*(?i)[B-D]*", "(a*)*", "(a*b*)+", "(a*b*){2}", "x(?:a*y|a*b*a*)"]
        {
            assert!(compile(pattern).is_err_and(|error| error.message.contains("wildcards")), "{pattern}");
        }
    }

    #[test]
    fn a_pattern_that_is_too_long_too_large_or_finds_nothing_is_refused() {
        for (pattern, words) in [
            ("", "0 characters; a regex has 1 to 512".to_owned()),
            (&"é".repeat(513), "513 characters".to_owned()),
            (r"(\d{99}x){999}", "99900 characters long".to_owned()),
            (r"(((\d{999}){999}){999}){999}", "bounded repeats".to_owned()),
            ("^$", "empty text".to_owned()),
            (r"\b", "empty text".to_owned()),
        ] {
            let error = compile(pattern).unwrap_err();
            assert!(error.position.is_none() && error.message.contains(&words), "{pattern}: {error}");
        }
        assert!(compile(&"é".repeat(512)).is_ok());
    }

    #[test]
    fn the_largest_patterns_compile() {
        for pattern in
            [r"\p{L}{1,115}", r"[^a]{999}[^b]{999}[^c]{999}[^d]{999}", r"(?i)(\w{99}x){99}", r".{1,999}.{1,999}"]
        {
            compile(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_checked_pattern_always_compiles(pattern in r"([a-c\\d\\w\\s\\b.(|)*+?\[\]^$,0-9{}é-]|\{[1-9]{1,2}\}|\\p\{L\}|\(\?:|\[\^){1,24}") {
            if let Ok(checked) = check(&pattern) {
                prop_assert!(checked.compile().is_ok());
            }
        }

        #[test]
        fn any_text_is_accepted_or_refused_within_itself(pattern in r"\PC{0,40}") {
            if let Err(RegexError { position: Some(position), .. }) = check(&pattern) {
                prop_assert!((1..=pattern.chars().count() + 1).contains(&position));
            }
        }
    }
}
