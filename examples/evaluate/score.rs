//! Precision, recall and F1.

/// What was reported, held against the truth.
#[derive(Debug, Clone, Copy, Default)]
pub struct Score {
    /// Reported and true.
    pub right: u64,
    /// Reported and not true.
    pub wrong: u64,
    /// True and not reported.
    pub missed: u64,
}

impl Score {
    /// Share of reports that are right; `None` without a report.
    pub fn precision(self) -> Option<f64> {
        ratio(self.right, self.right + self.wrong)
    }

    /// Share of what is there that is reported; `None` when nothing is there.
    pub fn recall(self) -> Option<f64> {
        ratio(self.right, self.right + self.missed)
    }

    /// Harmonic mean of both; `None` when either is.
    pub fn f1(self) -> Option<f64> {
        let (precision, recall) = (self.precision()?, self.recall()?);
        let sum = precision + recall;
        Some(if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 })
    }
}

/// `part` of `whole`; `None` when there is no whole.
pub fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// A share as a percentage with one decimal; a dash for none.
pub fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "–".into(), |share| format!("{:.1} %", share * 100.0))
}
