//! Finds the places where keyword-less data can start: long runs of digits, international prefixes, heads of IBANs.

/// Calls `found` with the byte range of every maximal run of 13 or more digits, single spaces and hyphens between them
/// allowed.
pub fn long_digits(bytes: &[u8], mut found: impl FnMut(usize, usize)) {
    let mut position = 0;
    while let Some(start) = next_digit(bytes, position) {
        let mut digits = 1;
        let mut end = start + 1;
        while let Some(&byte) = bytes.get(end) {
            if byte.is_ascii_digit() {
                digits += 1;
                end += 1;
            } else if matches!(byte, b' ' | b'-') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
                end += 1;
            } else {
                break;
            }
        }
        if digits >= 13 {
            found(start, end);
        }
        position = end;
    }
}

fn next_digit(bytes: &[u8], from: usize) -> Option<usize> {
    bytes.get(from..)?.iter().position(u8::is_ascii_digit).map(|offset| from + offset)
}

/// Calls `found` with the byte offset of every `+` or `00` that is followed by a digit and does not follow one.
pub fn plus_digits(bytes: &[u8], mut found: impl FnMut(usize)) {
    for (index, pair) in bytes.windows(2).enumerate() {
        let fresh = index == 0 || !bytes[index - 1].is_ascii_alphanumeric();
        let international = pair[0] == b'+' && (pair[1].is_ascii_digit() || pair[1] == b'(')
            || (pair == b"00" && bytes.get(index + 2).is_some_and(u8::is_ascii_digit));
        if fresh && international {
            found(index);
        }
    }
}

/// Calls `found` with the byte offset of every word that starts with two letters and two digits, as an IBAN does. Between
/// capital letters and the digits a space may stand, as in forms that print the country code on its own.
pub fn iban_heads(bytes: &[u8], mut found: impl FnMut(usize)) {
    if bytes.len() < 15 {
        return;
    }
    for index in 2..bytes.len() - 1 {
        if !(bytes[index].is_ascii_digit() && bytes[index + 1].is_ascii_digit()) {
            continue;
        }
        let letters = match &bytes[..index] {
            [.., first, second, b' '] if first.is_ascii_uppercase() && second.is_ascii_uppercase() => index - 3,
            [.., first, second] if first.is_ascii_alphabetic() && second.is_ascii_alphabetic() => index - 2,
            _ => continue,
        };
        if letters == 0 || !bytes[letters - 1].is_ascii_alphanumeric() {
            found(letters);
        }
    }
}
