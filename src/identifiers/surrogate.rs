//! JSON writes characters beyond U+FFFF as two `\u` escapes (RFC 8259, section 7), which YAML does not know.

use super::problem::Place;
use std::borrow::Cow;

/// A JSON text with surrogate pairs replaced by the characters they stand for.
pub(super) struct Joined<'a> {
    /// The text; it has as many lines as the original.
    pub(super) text: Cow<'a, str>,
    /// Where the pairs were, as places of the new text.
    pairs: Vec<Place>,
}

/// A pair has twelve characters, what it stands for one.
const LOST: usize = 11;

impl Joined<'_> {
    /// The place in the original of a place in the new text.
    pub(super) fn origin(&self, place: Place) -> Place {
        let first = self.pairs.partition_point(|pair| pair.line < place.line);
        let before = self.pairs[first..].iter().take_while(|pair| **pair < place).count();
        Place { line: place.line, column: place.column + LOST * before }
    }
}

/// Replaces the pairs. Anything else, escapes that are malformed included, stays as it is.
pub(super) fn join(text: &str) -> Joined<'_> {
    let mut joined = Joined { text: Cow::Borrowed(text), pairs: Vec::new() };
    let mut new = String::new();
    let (mut copied, mut next) = (0, 0);
    let mut place = Place { line: 1, column: 1 };
    while let Some(c) = text[next..].chars().next() {
        if c == '\\' {
            if let Some(character) = pair(&text[next..]) {
                new.push_str(&text[copied..next]);
                new.push(character);
                joined.pairs.push(place);
                next += LOST + 1;
                copied = next;
                place.column += 1;
                continue;
            }
            // The escaped character is skipped with its backslash: `\\ud83d` is a backslash and letters.
            if text[next + 1..].starts_with('\\') {
                next += 1;
                place.column += 1;
            }
        }
        next += c.len_utf8();
        place = if c == '\n' {
            Place { line: place.line + 1, column: 1 }
        } else {
            Place { column: place.column + 1, ..place }
        };
    }
    if copied > 0 {
        new.push_str(&text[copied..]);
        joined.text = Cow::Owned(new);
    }
    joined
}

/// The character of a pair that `text` starts with.
fn pair(text: &str) -> Option<char> {
    let unit = |from: usize| {
        let digits = text.get(from..from + 6)?.strip_prefix("\\u")?;
        digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok()).flatten()
    };
    let units = [unit(0)?, unit(6)?];
    let character = char::decode_utf16(units).next()?.ok()?;
    (u32::from(character) > 0xFFFF).then_some(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_become_characters_and_places_stay_those_of_the_original() {
        let text = "{\"a\": \"\\ud83d\\ude00 \\uD83D\\uDE00\",\n \"b\": \"\\ud83d\\ude00\", \"c\": 1}";
        let joined = join(text);
        assert_eq!(joined.text, "{\"a\": \"😀 😀\",\n \"b\": \"😀\", \"c\": 1}");
        assert_eq!(joined.origin(Place { line: 1, column: 10 }), Place { line: 1, column: 21 });
        assert_eq!(joined.origin(Place { line: 2, column: 2 }), Place { line: 2, column: 2 });
        let c = text.lines().nth(1).unwrap().find("\"c\"").unwrap() + 1;
        let new = joined.text.lines().nth(1).unwrap().chars().position(|c| c == 'c').unwrap();
        assert_eq!(joined.origin(Place { line: 2, column: new }), Place { line: 2, column: c });
    }

    #[test]
    fn other_escapes_are_left_alone() {
        for text in
            ["\\\\ud83d\\ude00", "\\ud83d x", "\\u00e9\\u00e9", "\\", "\\u12", "é\\ude00\\ud83d", "\\ué3d\\ude00"]
        {
            assert_eq!(join(text).text, text);
        }
    }
}
