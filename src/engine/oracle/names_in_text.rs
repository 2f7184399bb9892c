//! Finds full names of persons in running text.
//!
//! A name is looked for in a run: capitalised words with nothing but a space between them. Words of organisations,
//! medicine or streets in the same run show that it names something else (George L Mee Memorial Hospital).

use std::ops::Range;

use crate::engine::name_word::{self, NameWord, Shape};
use crate::engine::person_name::{Introduction, introduction_of, is_name_in_order, is_title};
use crate::engine::word_list::{self, Kinds};

/// Words of a run that are looked at together; a longer run is cut.
const MAX_RUN: usize = 12;

/// Words of a name, titles and suffixes left out.
const MAX_NAME: usize = 5;

/// Byte ranges of the full names in `text`, in order and without overlap. Titles, credentials and a possessive 's are
/// not part of a name.
pub fn full_names_in(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut run = Run::default();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        if byte.is_ascii() && !byte.is_ascii_alphanumeric() {
            at += 1;
            continue;
        }
        if !stands_free(text, at) || byte.is_ascii_digit() {
            at = skip_token(bytes, at);
            continue;
        }
        run.clear();
        at = run.read(text, at);
        run.names(text, &mut found);
    }
    found
}

/// True when a word that begins at the byte offset is not the rest of something larger: an address, a path, a code.
fn stands_free(text: &str, at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|at| text.as_bytes()[at]) else { return true };
    match before {
        b'@' | b'_' | b'/' | b'\\' | b'#' | b'$' | b'%' | b'&' | b'.' | b'-' | b'\'' => {
            // Escaped line ends in JSON (`\n`) and quotes are not part of a code.
            before == b'\'' && at.checked_sub(2).is_none_or(|at| !text.as_bytes()[at].is_ascii_alphanumeric())
        }
        _ if before.is_ascii() => !before.is_ascii_alphanumeric(),
        _ => text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() || word_list::is_mark(c)),
    }
}

/// Byte offset behind the letters and digits at `at`.
fn skip_token(bytes: &[u8], at: usize) -> usize {
    at + bytes[at..]
        .iter()
        .position(|byte| byte.is_ascii() && !byte.is_ascii_alphanumeric())
        .unwrap_or(bytes.len() - at)
}

/// True when what follows the word shows that it is part of something larger (`John@`, `example.com`, `Smith_2`).
fn is_tied_to_what_follows(bytes: &[u8], word: &NameWord) -> bool {
    match bytes.get(word.next) {
        None => false,
        Some(b'@' | b'_' | b'\\') => bytes.get(word.next + 1) != Some(&b'n'),
        Some(b'/' | b'=') => true,
        Some(byte) if word.dotted => byte.is_ascii_alphanumeric() && word.shape != Shape::Initial,
        Some(byte) => byte.is_ascii_digit(),
    }
}

/// Words side by side.
#[derive(Default)]
struct Run {
    words: Vec<NameWord>,
    /// True when `Family, Given` may stand here: a comma and a space follow the only word so far.
    comma_after_first: bool,
}

impl Run {
    fn clear(&mut self) {
        self.words.clear();
        self.comma_after_first = false;
    }

    /// Reads the run that begins at the byte offset `start` and gives the offset where the search goes on.
    fn read(&mut self, text: &str, start: usize) -> usize {
        let bytes = text.as_bytes();
        let mut at = start;
        loop {
            let Some(word) = name_word::read(text, at) else {
                // Not a letter: a sign outside ASCII.
                let size = text[at..].chars().next().map_or(1, char::len_utf8);
                return at + size;
            };
            if is_tied_to_what_follows(bytes, &word) {
                // The words before it stand next to something larger, which does not make them less of a name.
                return skip_token(bytes, word.next);
            }
            let lower = word.shape == Shape::Lower;
            let first_lower = self.words.first().is_some_and(|first| first.shape == Shape::Lower);
            if self.words.is_empty() {
                // A lower-case word begins a run only as a given name.
                if (lower && (!word.is_given() || word.is_particle())) || word.shape == Shape::Other {
                    return word.next;
                }
            } else if word.shape == Shape::Other || (lower != first_lower && !(lower && word.is_particle())) {
                return word.start;
            }
            self.words.push(word);
            at = word.next;
            if self.words.len() == MAX_RUN || (first_lower && self.words.len() == 3) || word.possessive {
                return at;
            }
            if word.dotted && !(word.shape == Shape::Initial || is_title(&word) || word.kinds.has(Kinds::SUFFIX)) {
                return at;
            }
            if self.words.len() == 1
                && bytes.get(at) == Some(&b',')
                && !word.dotted
                && word.is_family()
                && !word.is_given()
            {
                self.comma_after_first = true;
                at += 1;
            }
            match space_size(bytes, at) {
                0 if word.dotted && word.shape == Shape::Initial => {}
                0 => return at,
                size => at += size,
            }
            match bytes.get(at) {
                Some(byte) if byte.is_ascii() && !byte.is_ascii_alphabetic() => return at,
                Some(_) => {}
                None => return at,
            }
        }
    }

    /// Adds the names of the run to `found`.
    fn names(&self, text: &str, found: &mut Vec<Range<usize>>) {
        let words = self.words.as_slice();
        if words.len() < 2 {
            return;
        }
        if words[0].shape == Shape::Lower {
            return self.lower_case_name(text, found);
        }
        if words.iter().any(NameWord::is_never_in_a_name) {
            return;
        }
        if self.comma_after_first {
            return self.family_comma_given(found);
        }
        let mut at = 0;
        while at + 1 < words.len() {
            let mut introduction = Introduction::None;
            if at == 0 {
                introduction = introduction_before(&text[..words[0].start]);
            }
            let titles = words[at..words.len() - 2].iter().take_while(|word| is_title(word)).count();
            if titles > 0 {
                introduction = introduction.max(introduction_of(&words[at..at + titles]));
                at += titles;
            }
            let Some(count) = name_at(&words[at..], introduction) else {
                at += 1;
                continue;
            };
            let name = &words[at..at + count];
            let place = match at.checked_sub(1) {
                Some(before) => words[before].kinds.has(Kinds::PLACE_PREFIX) && introduction == Introduction::None,
                None => is_part_of_an_address(&text[..name[0].start], &name[count - 1]),
            };
            // `Del` is a given name, but far more often a preposition (Del Rio, Cooperativa del Sur).
            let preposition =
                introduction < Introduction::Title && text[name[0].start..name[0].end].eq_ignore_ascii_case("del");
            if !place && !preposition {
                found.push(name[0].start..name[count - 1].end);
            }
            at += count;
        }
    }

    /// `Smith, Mary A.` at the start of a run.
    fn family_comma_given(&self, found: &mut Vec<Range<usize>>) {
        let [family, given, rest @ ..] = self.words.as_slice() else { return };
        if !given.is_given() || given.kinds.has(Kinds::FAMILY) && rest.is_empty() && family.shape != Shape::Upper {
            return;
        }
        let initials = rest.iter().take_while(|word| word.shape == Shape::Initial).count();
        if initials < rest.len() {
            return;
        }
        let last = rest.last().unwrap_or(given);
        found.push(family.start..last.end);
    }

    /// Names in lower case: both parts have to be names and little else.
    fn lower_case_name(&self, text: &str, found: &mut Vec<Range<usize>>) {
        let [given, family, ..] = self.words.as_slice() else { return };
        if family.shape == Shape::Lower
            && family.is_family()
            && family.letters > 2
            && text[given.start..given.end].len() > 2
        {
            found.push(given.start..family.end);
        }
    }
}

/// Bytes of the space at `at`: one or two blanks, or a no-break space of either width.
fn space_size(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at..).unwrap_or_default() {
        [b' ', b' ', ..] | [0xC2, 0xA0, ..] => 2,
        [b' ', ..] => 1,
        [0xE2, 0x80, 0xAF, ..] => 3,
        _ => 0,
    }
}

/// The last word of `text` and what follows it, if that is short.
fn last_word(text: &str) -> Option<(&str, &str)> {
    let bytes = text.as_bytes();
    let end = bytes.len() - bytes.iter().rev().take(4).take_while(|byte| b" :\"".contains(byte)).count();
    let start = end - bytes[..end].iter().rev().take(20).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    (start < end).then(|| (&text[start..end], &text[end..]))
}

/// What the words before a name say.
fn introduction_before(text: &str) -> Introduction {
    let Some((word, gap)) = last_word(text) else { return Introduction::None };
    if word.eq_ignore_ascii_case("is") && gap == " " {
        let before = &text[..text.len() - 3];
        return match last_word(before) {
            Some((word, " ")) if word.eq_ignore_ascii_case("name") => Introduction::Title,
            _ => Introduction::None,
        };
    }
    let is_label = gap.contains(':') && LABELS.iter().any(|label| label.eq_ignore_ascii_case(word));
    if is_label { Introduction::Label } else { Introduction::None }
}

/// Labels behind which the name of a person stands.
static LABELS: &[&str] = &[
    "name",
    "patient",
    "employee",
    "client",
    "customer",
    "contact",
    "physician",
    "doctor",
    "nurse",
    "witness",
    "spouse",
    "plaintiff",
    "defendant",
    "attending",
    "surgeon",
    "beneficiary",
    "applicant",
    "member",
    "subscriber",
    "guardian",
];

/// True for the middle of a street address: behind a word that begins the names of streets, or, where the last word is
/// mostly something else, behind a number (1239 Magnolia Way).
fn is_part_of_an_address(before: &str, last: &NameWord) -> bool {
    let Some((word, " ")) = last_word(before) else { return false };
    if word.bytes().all(|byte| byte.is_ascii_digit()) {
        return !last.is_family();
    }
    word_list::kinds(word).has(Kinds::PLACE_PREFIX.or(Kinds::STREET))
}

/// Number of words of the name that begins with the first of `words`; the longest that is sound, but a word that no
/// list knows is not added to a name that is whole without it.
fn name_at(words: &[NameWord], introduction: Introduction) -> Option<usize> {
    let first = words.first()?;
    if !(first.may_be_given() || first.shape == Shape::Initial || introduction > Introduction::None) {
        return None;
    }
    let all_upper = words.iter().take(2).all(|word| word.shape == Shape::Upper);
    let mut best = None;
    for count in 2..=words.len().min(MAX_NAME) {
        let candidate = &words[..count];
        let last = &candidate[count - 1];
        if last.kinds.has(Kinds::SUFFIX) && !last.may_be_family() {
            break;
        }
        let known = last.is_family() || (last.may_be_family() && best.is_none());
        // A rare word in capitals may as well be an abbreviation.
        let rare_is_welcome = best.is_none() && !all_upper;
        if (known || rare_is_welcome) && !is_title(last) && is_name_in_order(candidate, introduction) {
            best = Some(count);
        }
    }
    best
}
