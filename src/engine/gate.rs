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

/// Reads the IBAN of `length` characters that starts at `start`: groups may be split by single spaces or hyphens.
///
/// Returns the end and the compact form in upper case; `None` if the text ends or something else comes first.
pub fn read_iban(bytes: &[u8], start: usize, length: usize) -> Option<(usize, String)> {
    let mut compact = String::with_capacity(length);
    let mut position = start;
    while compact.len() < length {
        let byte = *bytes.get(position)?;
        if byte.is_ascii_alphanumeric() {
            compact.push(byte.to_ascii_uppercase() as char);
        } else if !(matches!(byte, b' ' | b'-') && bytes.get(position + 1).is_some_and(u8::is_ascii_alphanumeric)) {
            return None;
        }
        position += 1;
    }
    Some((position, compact))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        long_digits(text.as_bytes(), |start, end| found.push(&text[start..end]));
        found
    }

    #[test]
    fn long_digits_allow_single_separators_only() {
        assert_eq!(runs("a 4111 1111-1111 1111 b"), ["4111 1111-1111 1111"]);
        assert!(runs("4111  1111  1111  1111").is_empty());
        assert!(runs("123456789012").is_empty());
        assert_eq!(runs("x1234567890123y"), ["1234567890123"]);
    }

    #[test]
    fn an_iban_is_read_with_and_without_groups() {
        let spaced = "GB29 NWBK 6016 1331 9268 19";
        assert_eq!(read_iban(spaced.as_bytes(), 0, 22), Some((27, "GB29NWBK60161331926819".into())));
        assert_eq!(read_iban(b"gb29nwbk60161331926819.", 0, 22), Some((22, "GB29NWBK60161331926819".into())));
        assert_eq!(read_iban(b"GB29NWBK", 0, 22), None);
        assert_eq!(read_iban(b"GB29  NWBK60161331926819", 0, 22), None);
    }

    #[test]
    fn heads_of_ibans_and_international_prefixes_start_words() {
        let mut heads = Vec::new();
        iban_heads(b"xGB29NWBK60161331926819 GB29NWBK60161331926819", |start| heads.push(start));
        assert_eq!(heads, [24]);
        heads.clear();
        iban_heads(b"about me 25 and ME 2550 5000 0123 4567 8951", |start| heads.push(start));
        assert_eq!(heads, [16]);
        let mut plus = Vec::new();
        plus_digits(b"a+49 +4930 0044 1000", |start| plus.push(start));
        assert_eq!(plus, [5, 11]);
    }
}
