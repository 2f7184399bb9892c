//! Text made to fit a number of terminal cells.

/// Stands for text that was left out.
const ELLIPSIS: char = '…';

/// Terminal cells that `text` takes, which must hold no control characters.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(cells).sum()
}

/// `text` shortened in its middle to at most `limit` cells: the end of a path says most, its beginning comes next.
pub(super) fn shorten_middle(text: &str, limit: usize) -> String {
    if width(text) <= limit {
        return text.to_owned();
    }
    if limit == 0 {
        return String::new();
    }
    let head_cells = (limit - 1) / 3;
    let head = take(text.chars(), head_cells);
    let tail: String = take(text.chars().rev(), limit - 1 - head_cells).chars().rev().collect();
    format!("{head}{ELLIPSIS}{tail}")
}

/// `text` cut at its end to at most `limit` cells.
pub(super) fn shorten_end(text: &str, limit: usize) -> String {
    if width(text) <= limit {
        return text.to_owned();
    }
    if limit == 0 {
        return String::new();
    }
    format!("{}{ELLIPSIS}", take(text.chars(), limit - 1))
}

/// The first characters that fit into `limit` cells.
fn take(characters: impl Iterator<Item = char>, limit: usize) -> String {
    let mut used = 0;
    characters
        .take_while(|&character| {
            used += cells(character);
            used <= limit
        })
        .collect()
}

/// Cells of one character, in the manner of UAX #11: two for wide East Asian characters and emoji, none for marks that
/// combine with the character before, otherwise one. Ranges are coarse; a character judged too wide only leaves a gap.
fn cells(character: char) -> usize {
    match character {
        '\u{300}'..='\u{36f}' | '\u{200c}' | '\u{200d}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_long_path_keeps_its_beginning_and_more_of_its_end() {
        assert_eq!(shorten_middle("exports/2025/january/patients.csv", 20), "export…/patients.csv");
        assert_eq!(shorten_middle("short.csv", 20), "short.csv");
        assert_eq!(shorten_end("a sentence that is long", 10), "a sentenc…");
    }

    #[test]
    fn wide_characters_count_as_two_and_combining_marks_as_none() {
        assert_eq!(width("患者.csv"), 8);
        assert_eq!(width("Gro\u{308}ße"), 5);
        assert_eq!(shorten_end("患者患者", 4), "患…");
    }

    proptest! {
        #[test]
        fn shortened_text_fits(text in "\\PC{0,60}", limit in 0usize..40) {
            prop_assert!(width(&shorten_middle(&text, limit)) <= limit);
            prop_assert!(width(&shorten_end(&text, limit)) <= limit);
        }
    }
}
