//! What speaks for a match, and how two claims on the same characters are settled.

use std::cmp::Reverse;

/// Where the keyword of a match was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Keyword {
    /// Nowhere.
    Absent,
    /// In the same value, or near in running text.
    Near,
    /// In the name of the column or of an element of the path.
    InName,
}

/// A match of a managed identifier in one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// Index of the identifier in the managed set.
    pub identifier: u16,
    /// Byte offset of the first character.
    pub start: usize,
    /// Byte offset after the last character.
    pub end: usize,
    /// Where its keyword was.
    pub keyword: Keyword,
    /// Characters of its longest keyword there.
    pub keyword_length: u16,
    /// Whether a check digit was verified.
    pub check_digit: bool,
    /// Whether of the keywords of its rivals none is nearer than its own; only told where identifiers compete.
    pub nearest: bool,
    /// Whether its country is named nearby; only told where identifiers compete.
    pub country: bool,
    /// The identifier's own priority.
    pub priority: u8,
}

impl Match {
    fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Orders by strength: where the keyword is, check digit, the nearest keyword, country, length of the keyword, length of
    /// the match, priority; then the earlier identifier.
    fn rank(&self) -> (Keyword, bool, bool, bool, u16, usize, u8, Reverse<u16>) {
        let Self { keyword, check_digit, nearest, country, keyword_length, priority, .. } = *self;
        let length = self.end - self.start;
        (keyword, check_digit, nearest, country, keyword_length, length, priority, Reverse(self.identifier))
    }
}

/// Keeps, of matches that claim the same characters, the strongest and those that may share them with it. `weigh` is given
/// the matches that compete, to fill in what is only told of those.
///
/// The result is sorted by start. Two matches of one identifier never overlap in it.
pub fn settle(matches: &mut Vec<Match>, may_share: impl Fn(u16, u16) -> bool, weigh: impl Fn(&mut [Match])) {
    if matches.len() < 2 {
        return;
    }
    matches.sort_by_key(|found| (found.start, found.end, found.identifier));
    let mut kept: Vec<Match> = Vec::with_capacity(matches.len());
    let mut cluster: Vec<Match> = Vec::new();
    let mut reach = 0;
    for &found in matches.iter() {
        if !cluster.is_empty() && found.start >= reach {
            settle_cluster(&mut cluster, &may_share, &weigh, &mut kept);
        }
        reach = if cluster.is_empty() { found.end } else { reach.max(found.end) };
        cluster.push(found);
    }
    settle_cluster(&mut cluster, &may_share, &weigh, &mut kept);
    kept.sort_by_key(|found| (found.start, found.end, found.identifier));
    *matches = kept;
}

fn settle_cluster(
    cluster: &mut Vec<Match>,
    may_share: &impl Fn(u16, u16) -> bool,
    weigh: &impl Fn(&mut [Match]),
    kept: &mut Vec<Match>,
) {
    if !all_differ_by_evidence(cluster) {
        weigh(cluster);
    }
    cluster.sort_by_key(|found| Reverse(found.rank()));
    let first = kept.len();
    for found in cluster.drain(..) {
        let free = kept[first..].iter().all(|stronger| {
            !stronger.overlaps(&found)
                || (stronger.identifier != found.identifier && may_share(stronger.identifier, found.identifier))
        });
        if free {
            kept.push(found);
        }
    }
}

/// True when what ranks first tells all of the matches apart, so that nothing else is asked.
fn all_differ_by_evidence(cluster: &[Match]) -> bool {
    let evidence = |found: &Match| (found.keyword, found.check_digit);
    cluster
        .iter()
        .enumerate()
        .all(|(index, found)| cluster[..index].iter().all(|other| evidence(other) != evidence(found)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(identifier: u16, start: usize, end: usize, keyword: Keyword, check_digit: bool) -> Match {
        Match {
            identifier,
            start,
            end,
            keyword,
            keyword_length: 4,
            check_digit,
            nearest: false,
            country: false,
            priority: 50,
        }
    }

    #[test]
    fn the_column_name_outweighs_a_check_digit_without_keyword() {
        let mut matches = vec![claim(0, 0, 16, Keyword::Absent, true), claim(1, 0, 16, Keyword::InName, false)];
        settle(&mut matches, |_, _| false, |_| ());
        assert_eq!(matches.iter().map(|found| found.identifier).collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn companions_share_characters_and_others_do_not() {
        let both = || vec![claim(0, 3, 12, Keyword::Near, true), claim(1, 3, 12, Keyword::Near, true)];
        let mut matches = both();
        settle(&mut matches, |_, _| true, |_| ());
        assert_eq!(matches.len(), 2);
        let mut matches = both();
        settle(&mut matches, |_, _| false, |_| ());
        assert_eq!(matches.len(), 1);
    }

    #[test]
    fn only_matches_that_compete_are_weighed_and_the_nearest_keyword_wins_over_the_longest() {
        let (mut social, mut phone) = (claim(0, 4, 15, Keyword::Near, false), claim(1, 4, 15, Keyword::Near, false));
        (social.keyword_length, phone.keyword_length) = (3, 5);
        let alone = claim(2, 20, 30, Keyword::Near, false);
        let mut matches = vec![phone, social, alone];
        settle(
            &mut matches,
            |_, _| false,
            |rivals| {
                assert_eq!(rivals.len(), 2);
                for rival in rivals {
                    rival.nearest = rival.identifier == 0;
                }
            },
        );
        assert_eq!(matches.iter().map(|found| found.identifier).collect::<Vec<_>>(), [0, 2]);
    }

    #[test]
    fn a_weak_match_does_not_shield_a_third_from_the_strong_one() {
        let mut matches = vec![
            claim(0, 0, 4, Keyword::Near, false),
            claim(1, 2, 8, Keyword::InName, false),
            claim(2, 7, 12, Keyword::Near, false),
            claim(3, 20, 22, Keyword::Absent, false),
        ];
        settle(&mut matches, |_, _| false, |_| ());
        assert_eq!(matches.iter().map(|found| found.identifier).collect::<Vec<_>>(), [1, 3]);
    }
}
