//! Exit statuses, and which one wins.

use lakegate::model::{ObjectReport, Severity};

/// How the program ends. The numbers are a contract with scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done, nothing at or above `--fail-on`.
    Done = 0,
    /// Findings at or above `--fail-on`; of `events test`, no match; of `job due`, not due.
    Findings = 1,
    /// Wrong usage or configuration; nothing was scanned.
    Usage = 2,
    /// Scanned, but some object in scope could not be fully analysed.
    Incomplete = 3,
}

impl Exit {
    /// The event is not what the pattern wants.
    pub const NO_MATCH: Self = Self::Findings;

    /// No run of the job is due.
    pub const NOT_DUE: Self = Self::Findings;

    /// The status after a scan: findings win over gaps. It does not depend on the form of the output.
    pub fn after(reports: &[ObjectReport], fail_on: Option<Severity>) -> Self {
        let severe = |report: &ObjectReport| report.active().map(|finding| finding.severity);
        if fail_on.is_some_and(|least| reports.iter().filter_map(severe).any(|severity| severity >= least)) {
            Self::Findings
        } else if reports.iter().any(|report| report.coverage.incomplete()) {
            Self::Incomplete
        } else {
            Self::Done
        }
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
