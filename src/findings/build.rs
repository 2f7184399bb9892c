//! A finding, made from what was counted in an object.

use super::{SeverityRule, Tally};
use crate::model::{Detection, Finding, FindingType, IdentifierRef};
use std::sync::Arc;

/// An identifier of the scanner's list, as far as findings need it.
#[derive(Debug, Clone)]
pub struct Counted {
    /// What findings call it.
    pub identifier: Arc<IdentifierRef>,
    /// Severity that follows from its count.
    pub severity: SeverityRule,
}

/// The finding of one object, or `None` when nothing was found in it. `identifiers` is the list that the tally counts
/// by. Detections below the lowest threshold of their custom identifier are left out.
pub fn build(tally: Tally, identifiers: &[Counted]) -> Option<Finding> {
    let mut detections: Vec<Detection> = tally
        .into_totals()
        .zip(identifiers)
        .filter_map(|(total, counted)| {
            Some(Detection {
                severity: counted.severity.severity(total.count)?,
                identifier: counted.identifier.clone(),
                count: total.count,
                occurrences: total.locations,
                columns: total.columns,
            })
        })
        .collect();
    detections.sort_by(|left, right| {
        let (left, right) = (&left.identifier, &right.identifier);
        (left.category, &left.id).cmp(&(right.category, &right.id))
    });
    Some(Finding {
        finding_type: FindingType::of(detections.iter().map(|detection| detection.identifier.category))?,
        severity: detections.iter().map(|detection| detection.severity).max()?,
        detections,
        archived: false,
        accepted: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Category, IdentifierKind, Location, Severity};
    use Severity::{High, Low, Medium};

    fn counted(id: &str, category: Category, severity: SeverityRule) -> Counted {
        let kind =
            if category == Category::CustomIdentifier { IdentifierKind::Custom } else { IdentifierKind::Managed };
        Counted { identifier: Arc::new(IdentifierRef { kind, id: id.into(), name: id.into(), category }), severity }
    }

    fn list() -> Vec<Counted> {
        vec![
            counted("employee", Category::CustomIdentifier, SeverityRule::Custom(vec![(5, High)])),
            counted("USA_PASSPORT_NUMBER", Category::PersonalInformation, SeverityRule::Managed([Medium, High, High])),
            counted("NAME", Category::PersonalInformation, SeverityRule::Managed([Low, Medium, High])),
            counted("AWS_CREDENTIALS", Category::Credentials, SeverityRule::Managed([High; 3])),
        ]
    }

    fn finding(counts: [u64; 4]) -> Option<Finding> {
        let mut tally = Tally::new([false; 4].into());
        for (identifier, count) in counts.into_iter().enumerate() {
            for start in 1..=count {
                tally.add(identifier, Location::Lines { start, end: start, start_column: 1 });
            }
        }
        build(tally, &list())
    }

    #[test]
    fn detections_are_in_order_of_category_and_id_and_the_highest_severity_counts() {
        let finding = finding([5, 1, 2, 1]).unwrap();
        let ids: Vec<_> = finding.detections.iter().map(|detection| detection.identifier.id.as_str()).collect();
        assert_eq!(ids, ["AWS_CREDENTIALS", "NAME", "USA_PASSPORT_NUMBER", "employee"]);
        let severities: Vec<_> = finding.detections.iter().map(|detection| detection.severity).collect();
        assert_eq!(severities, [High, Medium, Medium, High]);
        assert_eq!((finding.finding_type, finding.severity), (FindingType::Multiple, High));
    }

    #[test]
    fn an_object_with_too_few_occurrences_of_a_custom_identifier_has_no_finding() {
        assert_eq!(finding([4, 0, 0, 0]), None);
        assert_eq!(finding([0; 4]), None);
    }

    #[test]
    fn a_detection_below_its_threshold_does_not_make_a_finding_multiple() {
        let finding = finding([4, 1, 0, 0]).unwrap();
        assert_eq!((finding.finding_type, finding.severity), (FindingType::Personal, Medium));
        assert_eq!(finding.detections.len(), 1);
    }
}
