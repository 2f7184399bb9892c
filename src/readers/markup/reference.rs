//! Character references of XML: `&#233;`, `&#xE9;`, `&amp;`.

use super::passages::PassageWriter;
use crate::model::decode_value;
use crate::readers::Place;
use memchr::memchr;

/// Longest reference in bytes, after its `&`.
const LONGEST: usize = 12;

/// The character that `text`, which starts with `&`, refers to, and the bytes of the reference. Numbers that stand for no
/// character and names that are not XML's own are no references.
pub(in crate::readers) fn reference(text: &[u8]) -> Option<(char, usize)> {
    let name = text.strip_prefix(b"&")?;
    let end = memchr(b';', &name[..name.len().min(LONGEST)])?;
    let character = match &name[..end] {
        b"amp" => '&',
        b"lt" => '<',
        b"gt" => '>',
        b"quot" => '"',
        b"apos" => '\'',
        [b'#', b'x' | b'X', digits @ ..] => number(digits, 16)?,
        [b'#', digits @ ..] => number(digits, 10)?,
        _ => return None,
    };
    Some((character, end + 2))
}

fn number(digits: &[u8], radix: u32) -> Option<char> {
    let digits =
        std::str::from_utf8(digits).ok().filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
    char::from_u32(u32::from_str_radix(digits, radix).ok()?).filter(|character| *character != '\0')
}

/// Adds `raw`, which stands at `place`, with its references as the characters that they refer to.
pub(super) fn write_unescaped(writer: &mut PassageWriter<'_>, raw: &[u8], mut place: Place) {
    let mut rest = raw;
    while !rest.is_empty() {
        let from = usize::from(rest[0] == b'&');
        let next = memchr(b'&', &rest[from..]).map_or(rest.len(), |at| at + from);
        let (piece, length) = match reference(rest) {
            Some((character, length)) => (character.to_string().into(), length),
            None => (decode_value(&rest[..next]), next),
        };
        writer.text(&piece, place);
        place.advance(&rest[..length]);
        rest = &rest[length..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_the_characters_they_stand_for() {
        for (text, character, length) in
            [("&amp;x", '&', 5), ("&#233;", '\u{e9}', 6), ("&#xE9;&", '\u{e9}', 6), ("&#x1F600;", '\u{1f600}', 9)]
        {
            assert_eq!(reference(text.as_bytes()), Some((character, length)), "{text}");
        }
        for text in ["", ";", "&", "& ;", "&nbsp;", "&#;", "&#x110000;", "&#-5;", "&#+5;", "&#0;", "&amp"] {
            assert_eq!(reference(text.as_bytes()), None, "{text}");
        }
    }
}
