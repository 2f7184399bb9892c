//! Points in time as Macie's JSON writes them.

use jiff::Timestamp;
use serde::{Serialize, Serializer};

/// How finely a form of Macie's JSON writes time; all are UTC with a `Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Precision {
    /// `2025-01-02T03:04:05Z`: events and stored discovery results.
    Seconds,
    /// `2025-01-02T03:04:05.678Z`: the API.
    Milliseconds,
}

/// A point in time that serialises as a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    at: Timestamp,
    precision: Precision,
}

impl Stamp {
    pub(super) fn new(at: Timestamp, precision: Precision) -> Self {
        Self { at, precision }
    }

    /// From seconds since the Unix epoch; `None` also for times that no calendar holds.
    pub(super) fn from_second(second: Option<i64>, precision: Precision) -> Option<Self> {
        Timestamp::from_second(second?).ok().map(|at| Self { at, precision })
    }
}

impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let format = match self.precision {
            Precision::Seconds => "%Y-%m-%dT%H:%M:%SZ",
            Precision::Milliseconds => "%Y-%m-%dT%H:%M:%S.%3fZ",
        };
        serializer.collect_str(&self.at.strftime(format))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_cut_to_the_precision_and_ends_in_z() {
        let at = Timestamp::from_millisecond(1_735_787_045_678).unwrap();
        let text = |precision| serde_json::to_value(Stamp::new(at, precision)).unwrap();
        assert_eq!(text(Precision::Seconds), "2025-01-02T03:04:05Z");
        assert_eq!(text(Precision::Milliseconds), "2025-01-02T03:04:05.678Z");
    }

    #[test]
    fn a_file_time_has_zero_milliseconds_and_an_impossible_one_is_left_out() {
        let stamp = Stamp::from_second(Some(1_735_732_800), Precision::Milliseconds);
        assert_eq!(serde_json::to_value(stamp).unwrap(), "2025-01-01T12:00:00.000Z");
        assert_eq!(Stamp::from_second(Some(i64::MAX), Precision::Seconds), None);
        assert_eq!(Stamp::from_second(None, Precision::Seconds), None);
    }
}
