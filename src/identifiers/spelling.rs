//! What a misspelt word was probably meant to be.

/// The known word nearest to `word`, if one is near enough to be worth proposing: the same but for case, underscores
/// and hyphens, or at most a third of its letters away.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| text.to_lowercase().replace(['_', '-', ' '], "");
    let wanted = plain(word);
    // A word this long is not a slip of the pen, and the distance takes quadratic time.
    if wanted.chars().count() > 64 {
        return None;
    }
    known
        .into_iter()
        .map(|candidate| (distance(&wanted, &plain(candidate)), candidate))
        .filter(|(steps, candidate)| *steps <= candidate.chars().count() / 3)
        .min_by_key(|(steps, _)| *steps)
        .map(|(_, candidate)| candidate)
}

/// Levenshtein distance in characters.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, l) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, r) in right.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = (diagonal + usize::from(l != *r)).min(above + 1).min(row[j] + 1);
            diagonal = above;
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 4] = ["name", "keywords", "ignoreWords", "maximumMatchDistance"];

    #[test]
    fn slips_and_other_conventions_are_recognised() {
        for (word, meant) in [
            ("keyword", "keywords"),
            ("Keywords", "keywords"),
            ("ignore_words", "ignoreWords"),
            ("maxMatchDistance", "maximumMatchDistance"),
            ("nam", "name"),
        ] {
            assert_eq!(nearest(word, KNOWN), Some(meant), "{word}");
        }
    }

    #[test]
    fn an_unrelated_word_proposes_nothing() {
        assert_eq!(nearest("pattern", KNOWN), None);
        assert_eq!(nearest(&"name".repeat(100), KNOWN), None);
    }
}
