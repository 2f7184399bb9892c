//! The limits that Macie's `CreateCustomDataIdentifier` puts on texts and numbers. Characters are Unicode code points.
//!
//! Every function gives the broken rule together with what would be right.

use std::ops::RangeInclusive;

/// Characters of a name, of an identifier or an allow list.
pub const NAME: RangeInclusive<usize> = 1..=128;
/// Characters of a description.
pub const DESCRIPTION: RangeInclusive<usize> = 0..=512;
/// Characters of a keyword.
pub const KEYWORD: RangeInclusive<usize> = 3..=90;
/// Keywords of an identifier.
pub const KEYWORDS: usize = 50;
/// Characters of an ignore word.
pub const IGNORE_WORD: RangeInclusive<usize> = 4..=90;
/// Ignore words of an identifier.
pub const IGNORE_WORDS: usize = 10;
/// Characters of the maximum match distance.
pub const DISTANCE: RangeInclusive<i64> = 1..=300;
/// Severity levels of an identifier, one for each severity.
pub const SEVERITY_LEVELS: usize = 3;
/// Tags of an identifier.
pub const TAGS: usize = 50;
/// Characters of a tag's key.
pub const TAG_KEY: RangeInclusive<usize> = 1..=128;
/// Characters of a tag's value.
pub const TAG_VALUE: RangeInclusive<usize> = 0..=256;
/// Characters of an explicit id; our own limit.
pub const ID: RangeInclusive<usize> = 1..=128;

/// A name.
pub fn name(text: &str) -> Result<(), String> {
    length("the name", "a name", text, NAME)
}

/// A description.
pub fn description(text: &str) -> Result<(), String> {
    length("the description", "a description", text, DESCRIPTION)
}

/// One keyword.
pub fn keyword(text: &str) -> Result<(), String> {
    length(&format!("keyword {}", shown(text)), "a keyword", text, KEYWORD)
}

/// The number of keywords.
pub fn keyword_count(count: usize) -> Result<(), String> {
    number("keywords", count, KEYWORDS)
}

/// One ignore word.
pub fn ignore_word(text: &str) -> Result<(), String> {
    length(&format!("ignore word {}", shown(text)), "an ignore word", text, IGNORE_WORD)
}

/// The number of ignore words.
pub fn ignore_word_count(count: usize) -> Result<(), String> {
    number("ignore words", count, IGNORE_WORDS)
}

/// The maximum match distance.
pub fn distance(distance: i64) -> Result<(), String> {
    if DISTANCE.contains(&distance) {
        return Ok(());
    }
    Err(format!(
        "the maximum match distance is {distance}; it is {} to {} characters",
        DISTANCE.start(),
        DISTANCE.end()
    ))
}

/// The number of severity levels.
pub fn severity_level_count(count: usize) -> Result<(), String> {
    number("severity levels", count, SEVERITY_LEVELS)
}

/// The number of tags.
pub fn tag_count(count: usize) -> Result<(), String> {
    number("tags", count, TAGS)
}

/// A tag's key.
pub fn tag_key(text: &str) -> Result<(), String> {
    length(&format!("tag key {}", shown(text)), "a tag key", text, TAG_KEY)
}

/// A tag's value.
pub fn tag_value(text: &str) -> Result<(), String> {
    length("the tag's value", "a tag's value", text, TAG_VALUE)
}

/// An explicit id: letters, digits and `-`, `_`, `.`, as it becomes part of an ARN and of command lines.
pub fn id(text: &str) -> Result<(), String> {
    length("the id", "an id", text, ID)?;
    match text.chars().find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.')) {
        Some(c) => {
            Err(format!("the id holds {c:?}; an id has letters a-z and A-Z, digits, hyphens, underscores and dots"))
        }
        None => Ok(()),
    }
}

/// A text in quotes for a message, on one line and not too long.
pub(crate) fn shown(text: &str) -> String {
    if text.chars().count() <= 40 {
        return format!("{text:?}");
    }
    format!("{:?}...", text.chars().take(40).collect::<String>())
}

/// `what` breaks the rule about every `each`, if it does.
pub(crate) fn length(what: &str, each: &str, text: &str, limits: RangeInclusive<usize>) -> Result<(), String> {
    let count = text.chars().count();
    if limits.contains(&count) {
        return Ok(());
    }
    let plural = if count == 1 { "" } else { "s" };
    Err(match (*limits.start(), *limits.end()) {
        (0, most) => format!("{what} has {count} character{plural}; {each} has at most {most}"),
        (least, most) => format!("{what} has {count} character{plural}; {each} has {least} to {most}"),
    })
}

fn number(what: &str, count: usize, most: usize) -> Result<(), String> {
    if count <= most { Ok(()) } else { Err(format!("there are {count} {what}; an identifier has at most {most}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_inclusive_and_count_characters_not_bytes() {
        for (rule, least, most) in [
            (name as fn(&str) -> Result<(), String>, 1, 128),
            (description, 0, 512),
            (keyword, 3, 90),
            (ignore_word, 4, 90),
            (tag_key, 1, 128),
            (tag_value, 0, 256),
        ] {
            assert!(rule(&"é".repeat(least)).is_ok() && rule(&"é".repeat(most)).is_ok());
            assert!(rule(&"é".repeat(most + 1)).is_err());
            assert!(least == 0 || rule(&"é".repeat(least - 1)).is_err());
        }
        assert!(distance(1).is_ok() && distance(300).is_ok() && distance(0).is_err() && distance(301).is_err());
    }

    #[test]
    fn a_message_says_what_is_wrong_and_what_is_right() {
        assert_eq!(keyword("ab"), Err("keyword \"ab\" has 2 characters; a keyword has 3 to 90".into()));
        assert_eq!(name(""), Err("the name has 0 characters; a name has 1 to 128".into()));
        assert_eq!(keyword_count(51), Err("there are 51 keywords; an identifier has at most 50".into()));
        assert!(id("a b").unwrap_err().contains("' '"));
    }
}
