//! What tells identifiers apart that claim the same characters: whose keyword stands nearest, and whose country is named.

use super::evidence::{Keyword, Match};
use super::matcher::{Context, ceil, floor};
use crate::identifiers::country::mentions;
use crate::identifiers::keyword_index::KeywordHit;
use crate::identifiers::set::ManagedSet;

/// Bytes that a keyword behind a value counts as further away: what a value is, is mostly said before it.
const BEHIND: usize = 8;

/// Bytes around a value in which its nearest keyword is looked for. No identifier's distance reaches further.
const REACH: usize = 1360;

/// Fills in what is only told where identifiers compete. `hits` are the keywords of the whole text, in order.
pub(super) fn weigh(set: &ManagedSet, text: &str, context: Context<'_>, hits: &[KeywordHit], rivals: &mut [Match]) {
    let keywords: Vec<_> = rivals.iter().map(|found| nearest_keyword(set, hits, found)).collect();
    let nearest = keywords.iter().flatten().min_by_key(|(gap, _)| *gap).map(|(_, hit)| *hit);
    for (found, keyword) in rivals.iter_mut().zip(keywords) {
        found.country = names_country(set, text, context, found);
        // Keywords that overlap are one phrase, as `driver license` and `license number` in one.
        found.nearest =
            keyword.zip(nearest).is_some_and(|((_, hit), nearest)| hit.start < nearest.end && nearest.start < hit.end);
    }
}

/// The keyword nearest to a match that has one near, the longest of several; with the bytes between.
fn nearest_keyword(set: &ManagedSet, hits: &[KeywordHit], found: &Match) -> Option<(usize, KeywordHit)> {
    if found.keyword != Keyword::Near {
        return None;
    }
    let first = hits.partition_point(|hit| hit.start + REACH < found.start);
    hits[first..]
        .iter()
        .take_while(|hit| hit.start <= found.end + REACH)
        .filter(|hit| set.keywords.identifiers(hit.keyword).contains(&found.identifier))
        .filter_map(|hit| Some((gap(found, hit)?, *hit)))
        .min_by_key(|(gap, hit)| (*gap, std::cmp::Reverse(hit.end - hit.start)))
}

/// Bytes between a match and a keyword; `None` if the match is but a piece of the keyword.
fn gap(found: &Match, hit: &KeywordHit) -> Option<usize> {
    if hit.end <= found.start {
        Some(found.start - hit.end)
    } else if found.end <= hit.start {
        Some(hit.start - found.end + BEHIND)
    } else {
        (hit.start > found.start || hit.end < found.end).then_some(0)
    }
}

/// Whether the country of a match is named in its column's name or close to it.
fn names_country(set: &ManagedSet, text: &str, context: Context<'_>, found: &Match) -> bool {
    const NEARBY: usize = 48;
    let words = &set.identifiers[usize::from(found.identifier)].country_words;
    if words.is_empty() {
        return false;
    }
    let before = &text[floor(text, found.start.saturating_sub(NEARBY))..found.start];
    let after = &text[found.end..ceil(text, (found.end + NEARBY).min(text.len()))];
    let in_name = matches!(context, Context::Value { names, .. } if mentions(names, words));
    in_name || mentions(before, words) || mentions(after, words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::matcher::Matcher;
    use crate::identifiers::builtin;
    use std::sync::LazyLock;

    static SET: LazyLock<ManagedSet> =
        LazyLock::new(|| ManagedSet::new(builtin::managed(), |_| true).expect("the built-in identifiers are sound"));

    /// What the number in the middle of a text is taken for.
    fn taken_for(text: &str, number: &str) -> Vec<String> {
        let mut matches = Vec::new();
        Matcher::default().find(&SET, text, Context::Text, &mut matches);
        let found = matches.iter().filter(|found| text[found.start..found.end].contains(number));
        found.map(|found| SET.identifiers[usize::from(found.identifier)].reference.id.clone()).collect()
    }

    #[test]
    fn a_number_is_what_the_keyword_next_to_it_says() {
        for text in [
            "SSN 044-34-6954 | Phone",
            "Phone 860-755-0293 | SSN 044-34-6954",
            "044-34-6954 (SSN), phone to follow",
            "telephone: none, SSN: 044-34-6954, telephone again",
            "user=x ssn=044-34-6954 phone=\"860 755-0293\"",
        ] {
            assert_eq!(taken_for(text, "044-34-6954"), ["USA_SOCIAL_SECURITY_NUMBER"], "{text}");
        }
    }

    #[test]
    fn of_keywords_in_one_phrase_the_longest_says_it() {
        let number = "123456789";
        assert_eq!(taken_for("US passport number 123456789", number), ["USA_PASSPORT_NUMBER"]);
        assert_eq!(
            taken_for("social security number 219094821, passport no", "219094821"),
            ["USA_SOCIAL_SECURITY_NUMBER"]
        );
    }
}
