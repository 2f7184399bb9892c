//! Simple case folding: letters that differ only by case become the same letter, character by character.

/// The character that stands for all case variants of `c`, after Unicode's simple case folding (CaseFolding.txt,
/// statuses C and S): `S`, `s` and `ſ` give `s`. One character gives one character, so that positions counted in
/// characters stay what they were.
pub(super) fn fold(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    match c {
        // The dotless i upper-cases to I, but only Turkish folding makes it one.
        'ı' => return c,
        // Pairs that differ in nothing, and whose upper case is several characters.
        '\u{1FD3}' => return '\u{390}',
        '\u{1FE3}' => return '\u{3B0}',
        '\u{FB05}' => return '\u{FB06}',
        _ => {}
    }
    let upper = single(c.to_uppercase()).unwrap_or(c);
    single(upper.to_lowercase()).unwrap_or(upper)
}

/// [`fold`] for every character of a text.
pub(crate) fn folded(text: &str) -> String {
    text.chars().map(fold).collect()
}

fn single(mut characters: impl Iterator<Item = char>) -> Option<char> {
    let first = characters.next();
    if characters.next().is_some() { None } else { first }
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

    /// Oracle: the case folding that the regex engine's `(?i)` uses. Left out are the blocks that still gain letters, for
    /// the standard library and the engine may follow different versions of Unicode.
    #[test]
    fn characters_fold_together_exactly_when_a_case_insensitive_regex_takes_one_for_the_other() {
        for c in ('\0'..='\u{A71F}').chain('\u{A800}'..='\u{FFFF}') {
            let mut class = ClassUnicode::new([ClassUnicodeRange::new(c, c)]);
            class.case_fold_simple();
            for range in class.ranges() {
                for other in range.start()..=range.end() {
                    assert_eq!(fold(c), fold(other), "{c:?} {other:?}");
                }
            }
            let representative = fold(c);
            assert!(
                class.ranges().iter().any(|range| (range.start()..=range.end()).contains(&representative)),
                "{c:?} folds to {representative:?}"
            );
        }
    }
}
