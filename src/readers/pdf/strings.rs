//! Text strings of PDF (ISO 32000-1, 7.9.2.2): UTF-16, UTF-8 or one byte a character.

use crate::model::decode_value;
use encoding_rs::{UTF_16BE, UTF_16LE};

/// The characters of a text string.
pub(super) fn text_of(bytes: &[u8]) -> String {
    let text = match bytes {
        [0xFE, 0xFF, rest @ ..] => UTF_16BE.decode_without_bom_handling(rest).0.into_owned(),
        [0xFF, 0xFE, rest @ ..] => UTF_16LE.decode_without_bom_handling(rest).0.into_owned(),
        [0xEF, 0xBB, 0xBF, rest @ ..] => decode_value(rest).into_owned(),
        // PDFDocEncoding has the letters and digits where Windows-1252 has them.
        _ => decode_value(bytes).into_owned(),
    };
    text.replace(['\r', '\0'], "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_is_read_by_its_mark() {
        assert_eq!(text_of(b"\xfe\xff\0Z\0o\0\xeb"), "Zo\u{eb}");
        assert_eq!(text_of(b"\xff\xfeZ\0o\0\xeb\0"), "Zo\u{eb}");
        assert_eq!(text_of(b"\xef\xbb\xbfZo\xc3\xab"), "Zo\u{eb}");
        assert_eq!(text_of(b"Zo\xeb\r"), "Zo\u{eb}\n");
    }
}
