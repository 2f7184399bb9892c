//! Bytes of a value as text.

use std::borrow::Cow;

/// The text of one value (a cell, a line): UTF-8 as it stands, anything else read as Windows-1252.
///
/// Windows-1252 gives every byte a character (WHATWG Encoding Standard), so nothing is ever lost or replaced; and it is
/// what a file that is not UTF-8 most often is. The choice is made for the whole value, from its bytes alone.
pub fn decode_value(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf8_is_kept_without_a_copy() {
        assert!(matches!(decode_value("Zoë".as_bytes()), Cow::Borrowed("Zoë")));
    }

    #[test]
    fn other_bytes_are_read_as_windows_1252_and_none_is_lost() {
        assert_eq!(decode_value(b"Zo\xeb \x80 5"), "Zo\u{eb} \u{20ac} 5");
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(decode_value(&all).chars().count(), 256);
    }
}
