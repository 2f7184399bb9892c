//! Text from outside made harmless for a terminal.

use std::borrow::Cow;

/// `text` with everything written out that would act on a terminal or hide itself on it instead of being seen: control
/// characters (an escape sequence in a file name could recolour or erase lines), Unicode's bidirectional controls
/// (UAX #9: they could show `exe.csv` for `csv.exe`), line separators, and invisible format characters.
///
/// Such a character becomes its escape in Rust's notation, such as `\n` or `\u{202e}`. Joiners inside words of scripts
/// that need them stay.
pub fn sanitize(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_harmful(character) {
            clean.extend(character.escape_default());
        } else {
            clean.push(character);
        }
    }
    Cow::Owned(clean)
}

fn is_harmful(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{061c}'                  // Arabic letter mark
            | '\u{200b}'                // zero width space
            | '\u{200e}' | '\u{200f}'   // left-to-right and right-to-left mark
            | '\u{2028}'..='\u{202e}'   // line and paragraph separator, embeddings and overrides
            | '\u{2060}'..='\u{206f}'   // word joiner, invisible operators, isolates, deprecated format characters
            | '\u{feff}'                // byte order mark
            | '\u{fff9}'..='\u{fffb}'   // interlinear annotation
            | '\u{fffe}' | '\u{ffff}'   // no characters; no XML may hold them
            | '\u{e0000}'..='\u{e007f}' // tags
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_of_any_script_stay_as_they_are() {
        for name in
            ["csv/patients.csv", "Größe.csv", "患者.csv", "نام\u{200c}ها.csv", "👩\u{200d}⚕️.txt", "back\\slash"]
        {
            assert!(matches!(sanitize(name), Cow::Borrowed(same) if same == name), "{name}");
        }
    }

    #[test]
    fn terminal_controls_are_written_out() {
        assert_eq!(sanitize("a\u{1b}[2Jb.csv"), "a\\u{1b}[2Jb.csv");
        assert_eq!(sanitize("two\nlines\r\t"), "two\\nlines\\r\\t");
        assert_eq!(sanitize("\u{9b}31m\u{7f}"), "\\u{9b}31m\\u{7f}");
    }

    #[test]
    fn bidirectional_controls_and_invisible_characters_are_written_out() {
        assert_eq!(sanitize("\u{202e}vsc.exe"), "\\u{202e}vsc.exe");
        assert_eq!(sanitize("a\u{2066}b\u{2069}\u{200b}\u{feff}"), "a\\u{2066}b\\u{2069}\\u{200b}\\u{feff}");
        assert_eq!(sanitize("\u{e0041}"), "\\u{e0041}");
    }
}
