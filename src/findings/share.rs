//! Which of the located occurrences a finding names.

use crate::model::Detection;

/// Located occurrences of a finding in all, over all its detections (Macie's limit).
pub const FINDING_LOCATIONS: usize = 15;

/// How many of its first occurrences each detection shows in a finding, in the order of `detections`.
///
/// Macie's published findings share the 15 out evenly over the detection types, so each detection is served one at a
/// time in turn: what does not divide evenly goes to the first ones, and what one cannot use is left to the others.
pub fn share(detections: &[Detection]) -> Vec<usize> {
    let mut shares = vec![0; detections.len()];
    let mut left = FINDING_LOCATIONS;
    loop {
        let before = left;
        for (share, detection) in shares.iter_mut().zip(detections) {
            if left > 0 && *share < detection.occurrences.len() {
                *share += 1;
                left -= 1;
            }
        }
        if left == before {
            return shares;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Category, IdentifierKind, IdentifierRef, Location, Severity};
    use std::sync::Arc;

    fn shares(occurrences: &[u64]) -> Vec<usize> {
        let detection = |count: u64| Detection {
            identifier: Arc::new(IdentifierRef {
                kind: IdentifierKind::Managed,
                id: "NAME".into(),
                name: "Name".into(),
                category: Category::PersonalInformation,
            }),
            count,
            occurrences: (1..=count).map(|start| Location::Lines { start, end: start, start_column: 1 }).collect(),
            severity: Severity::Low,
            columns: Vec::new(),
        };
        share(&occurrences.iter().map(|&count| detection(count)).collect::<Vec<_>>())
    }

    #[test]
    fn fifteen_are_shared_out_as_published_findings_show() {
        assert_eq!(shares(&[30, 30, 30]), [5, 5, 5]);
        assert_eq!(shares(&[30; 5]), [3; 5]);
        assert_eq!(shares(&[30; 6]), [3, 3, 3, 2, 2, 2]);
    }

    #[test]
    fn one_type_alone_has_all_fifteen() {
        assert_eq!(shares(&[1000]), [15]);
        assert_eq!(shares(&[14]), [14]);
        assert_eq!(shares(&[]), [0; 0]);
    }

    #[test]
    fn what_a_type_cannot_use_is_left_to_the_others() {
        assert_eq!(shares(&[1, 30, 2]), [1, 12, 2]);
        assert_eq!(shares(&[2, 30, 30]), [2, 7, 6]);
    }

    #[test]
    fn the_first_fifteen_of_more_types_show_one_each() {
        let shares = shares(&[3; 17]);
        assert_eq!(shares[..15], [1; 15]);
        assert_eq!(shares[15..], [0; 2]);
    }
}
