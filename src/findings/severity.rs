//! The severity of a detection, which follows from how often it occurs in one object.

use crate::model::Severity;

/// How an identifier turns a number of occurrences in one object into a severity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SeverityRule {
    /// A managed identifier: the severity of 1, of 2 to 99, and of 100 or more occurrences.
    Managed([Severity; 3]),
    /// A custom identifier's `severityLevels`, each an occurrences threshold with its severity, in any order. The
    /// highest threshold that the count reaches decides; without levels every count is Medium.
    Custom(Vec<(u64, Severity)>),
}

impl SeverityRule {
    /// Severity of `count` occurrences. `None` means that there is no detection: nothing occurred, or less often than
    /// the lowest threshold of a custom identifier.
    pub fn severity(&self, count: u64) -> Option<Severity> {
        match self {
            _ if count == 0 => None,
            Self::Managed([once, some, many]) => Some(match count {
                1 => *once,
                2..=99 => *some,
                _ => *many,
            }),
            Self::Custom(levels) if levels.is_empty() => Some(Severity::Medium),
            Self::Custom(levels) => levels
                .iter()
                .filter(|(threshold, _)| *threshold <= count)
                .max_by_key(|(threshold, _)| *threshold)
                .map(|(_, severity)| *severity),
        }
    }
}

impl Default for SeverityRule {
    /// A custom identifier without severity levels.
    fn default() -> Self {
        Self::Custom(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Severity::{High, Low, Medium};

    fn at(rule: &SeverityRule, counts: &[u64]) -> Vec<Option<Severity>> {
        counts.iter().map(|&count| rule.severity(count)).collect()
    }

    #[test]
    fn a_managed_identifier_changes_level_at_two_and_at_one_hundred() {
        let rule = SeverityRule::Managed([Low, Medium, High]);
        let expected = [None, Some(Low), Some(Medium), Some(Medium), Some(High), Some(High)];
        assert_eq!(at(&rule, &[0, 1, 2, 99, 100, u64::MAX]), expected);
    }

    #[test]
    fn the_highest_threshold_reached_decides_whatever_the_order_of_the_levels() {
        let ascending = SeverityRule::Custom(vec![(1, Low), (50, Medium), (100, High)]);
        let shuffled = SeverityRule::Custom(vec![(100, High), (1, Low), (50, Medium)]);
        for rule in [ascending, shuffled] {
            let expected = [Some(Low), Some(Low), Some(Medium), Some(Medium), Some(High)];
            assert_eq!(at(&rule, &[1, 49, 50, 99, 100]), expected);
        }
    }

    #[test]
    fn fewer_occurrences_than_the_lowest_threshold_are_no_detection() {
        let rule = SeverityRule::Custom(vec![(10, Low), (20, High)]);
        assert_eq!(at(&rule, &[1, 9, 10, 20]), [None, None, Some(Low), Some(High)]);
    }

    #[test]
    fn a_custom_identifier_without_levels_is_medium_from_the_first_occurrence() {
        assert_eq!(at(&SeverityRule::default(), &[0, 1, 100_000]), [None, Some(Medium), Some(Medium)]);
    }
}
