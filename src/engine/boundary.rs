//! Whether a match stands on its own or is a piece of something larger.
//!
//! Digits inside a UUID, a decimal fraction, a dotted identifier, a date or a longer code are no identifier.

/// True when `text[start..end]` is a piece of something larger.
pub fn is_piece(text: &str, start: usize, end: usize) -> bool {
    touches_word(text, start, end)
        || joined_before(text, start)
        || joined_after(text, end)
        || follows_iban_head(text, start)
        || in_uuid(text, start, end)
}

/// An IBAN's country code and check digits stand before, in the same row of groups of four: what follows is the rest of an
/// IBAN, right or wrong.
fn follows_iban_head(text: &str, start: usize) -> bool {
    let mut before = &text.as_bytes()[..start];
    while let [rest @ .., a, b, c, d, b' ' | b'-'] = before {
        let group = [*a, *b, *c, *d];
        if !group.iter().all(u8::is_ascii_alphanumeric) || rest.last().is_some_and(u8::is_ascii_alphanumeric) {
            return false;
        }
        if a.is_ascii_uppercase() && b.is_ascii_uppercase() && c.is_ascii_digit() && d.is_ascii_digit() {
            return true;
        }
        before = rest;
    }
    false
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

fn touches_word(text: &str, start: usize, end: usize) -> bool {
    text[..start].chars().next_back().is_some_and(is_word) || text[end..].chars().next().is_some_and(is_word)
}

/// Bytes of a neighbouring word that are looked at: hostile text may have words of any length.
const LONGEST_RUN: usize = 64;

fn joined_before(text: &str, start: usize) -> bool {
    let bytes = text.as_bytes();
    let Some(&connector) = start.checked_sub(1).map(|index| &bytes[index]) else { return false };
    if text[..start].ends_with(['$', '€', '£']) {
        return true;
    }
    let left = &bytes[..start - 1];
    let run = left.iter().rev().take(LONGEST_RUN).take_while(|byte| byte.is_ascii_alphanumeric());
    match connector {
        b'-' | b'.' | b'+' => run.clone().any(u8::is_ascii_digit) && !is_keyword_like(run),
        b'/' | b':' | b'@' => {
            let mut digits = 0;
            run.into_iter().all(|byte| {
                digits += 1;
                byte.is_ascii_digit()
            }) && digits > 0
        }
        _ => false,
    }
}

/// A longer word with a digit or two at its end (`phone2`, `line10`) labels what follows; it is no piece of a code.
fn is_keyword_like<'a>(reversed_run: impl Iterator<Item = &'a u8> + Clone) -> bool {
    let digits = reversed_run.clone().take_while(|byte| byte.is_ascii_digit()).count();
    let letters = reversed_run.skip(digits);
    (1..=2).contains(&digits) && letters.clone().count() >= 3 && letters.into_iter().all(u8::is_ascii_alphabetic)
}

fn joined_after(text: &str, end: usize) -> bool {
    let bytes = text.as_bytes();
    let Some(&connector) = bytes.get(end) else { return false };
    let right = &bytes[end + 1..];
    let mut run = right.iter().take(LONGEST_RUN).take_while(|byte| byte.is_ascii_alphanumeric());
    match connector {
        b'%' => true,
        b'-' | b'+' => run.any(u8::is_ascii_digit),
        b'.' | b'/' | b':' => right.first().is_some_and(u8::is_ascii_digit),
        b'@' => right.first().is_some_and(u8::is_ascii_alphanumeric),
        _ => false,
    }
}

fn in_uuid(text: &str, start: usize, end: usize) -> bool {
    if end - start > 36 {
        return false;
    }
    let bytes = text.as_bytes();
    let belongs = |byte: &u8| byte.is_ascii_hexdigit() || *byte == b'-';
    let first = start - bytes[..start].iter().rev().take(37).take_while(|byte| belongs(byte)).count();
    let last = end + bytes[end..].iter().take(37).take_while(|byte| belongs(byte)).count();
    is_uuid(&bytes[first..last])
}

/// Bytes of a UUID.
pub const UUID: usize = 36;

/// True for 8-4-4-4-12 hexadecimal digits.
#[inline]
pub fn is_uuid(bytes: &[u8]) -> bool {
    is_like_uuid(bytes, 0x20)
}

/// True for 8-4-4-4-12 hexadecimal digits, the letters among them small.
#[inline]
pub fn is_lower_uuid(bytes: &[u8]) -> bool {
    is_like_uuid(bytes, 0)
}

/// The bits of `case` do not matter in letters.
#[inline]
fn is_like_uuid(bytes: &[u8], case: u8) -> bool {
    let Ok(bytes) = <&[u8; UUID]>::try_from(bytes) else { return false };
    let bad = |byte: u8, dash: u8| {
        let digit = byte.wrapping_sub(b'0') < 10;
        let letter = (byte | case).wrapping_sub(b'a') < 6;
        let other = if digit | letter { 0 } else { u8::MAX };
        other & !dash | (byte ^ b'-') & dash
    };
    // Sixteen bytes side by side, without a branch: the compiler makes vector instructions of it.
    let mut any = [0; 16];
    for (at, any) in any.iter_mut().enumerate() {
        *any = bad(bytes[at], DASHES[at]) | bad(bytes[at + 16], DASHES[at + 16]) | bad(bytes[at + 20], DASHES[at + 20]);
    }
    u128::from_ne_bytes(any) == 0
}

/// All ones where a UUID has a hyphen.
const DASHES: [u8; UUID] = {
    let mut dashes = [0; UUID];
    (dashes[8], dashes[13], dashes[18], dashes[23]) = (u8::MAX, u8::MAX, u8::MAX, u8::MAX);
    dashes
};

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(text: &str, part: &str) -> bool {
        let start = text.find(part).expect("the part is in the text");
        is_piece(text, start, start + part.len())
    }

    #[test]
    fn digits_of_uuids_decimals_and_dotted_identifiers_are_pieces() {
        assert!(piece("593aaa05-d864-1df7-5b96-155fbdb19f28", "155"));
        assert!(piece("593aaa05-d864-1df7-abcd-155123412345", "155123412345"));
        assert!(piece("36.41989374333241", "41989374333241"));
        assert!(piece("36.41989374333241", "36"));
        assert!(piece("1.2.840.99999999.1", "99999999"));
        assert!(piece("2020-01-02", "2020"));
        assert!(piece("12:30:45", "30"));
        assert!(piece("$123456789", "123456789"));
        assert!(piece("55.5%", "55.5"));
    }

    #[test]
    fn punctuation_and_labels_do_not_make_a_piece() {
        assert!(!piece("SSN:123-45-6789.", "123-45-6789"));
        assert!(!piece("ssn=123-45-6789,x", "123-45-6789"));
        assert!(!piece("SSN-123-45-6789", "123-45-6789"));
        assert!(!piece("phone2-617-242-2714", "617-242-2714"));
        assert!(!piece("(123456789)", "123456789"));
        assert!(!piece("#123456789;", "123456789"));
    }

    #[test]
    fn letters_and_underscores_beside_a_match_make_it_a_piece() {
        assert!(piece("a123456789", "123456789"));
        assert!(piece("123456789_1", "123456789"));
        assert!(piece("é123456789", "123456789"));
        assert!(piece("123456789@example.org", "123456789"));
    }
}
