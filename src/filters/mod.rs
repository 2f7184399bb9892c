//! Findings filters: which findings are archived as soon as they are made.
//!
//! A filter is what Macie's `CreateFindingsFilter` takes. One with the action `ARCHIVE` suppresses the findings that match
//! its criteria: they are marked as archived, no event announces them, and they do not count.

mod condition;
mod criteria;
mod field;
mod load;

pub use criteria::Criteria;
pub use load::load;

use crate::identifiers::custom::Origin;
use crate::model::ObjectReport;
use crate::outputs::{RunContext, macie};

/// One findings filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingsFilter {
    /// Name, 3 to 64 characters.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// What happens to the findings that match.
    pub action: FilterAction,
    /// Which findings match.
    pub criteria: Criteria,
    /// Where it was written.
    pub origin: Origin,
}

/// What a filter does with the findings that match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilterAction {
    /// Archives them.
    Archive,
    /// Nothing: the filter is kept for looking at findings.
    Noop,
}

/// Marks the findings that a filter archives.
pub fn archive(filters: &[FindingsFilter], context: &RunContext, reports: &mut [ObjectReport]) {
    let filters: Vec<&Criteria> =
        filters.iter().filter(|filter| filter.action == FilterAction::Archive).map(|filter| &filter.criteria).collect();
    if filters.is_empty() {
        return;
    }
    for report in reports {
        let matches = macie::finding(context, report)
            .is_some_and(|finding| filters.iter().any(|criteria| criteria.matches(&finding)));
        if let Some(finding) = &mut report.finding {
            finding.archived |= matches;
        }
    }
}
