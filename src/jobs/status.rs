//! The states of a job.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Macie's states of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum JobStatus {
    /// A one-time job, or one run of a recurring job, is in progress or has still to be carried out.
    Running,
    /// A recurring job between its runs.
    Idle,
    /// A one-time job that is done.
    Complete,
    /// Paused by Macie because of a quota; no local job comes into this state.
    Paused,
    /// Paused by its user.
    UserPaused,
    /// Stopped for good.
    Cancelled,
}

impl JobStatus {
    /// All states.
    pub const ALL: [Self; 6] =
        [Self::Running, Self::Idle, Self::Complete, Self::Paused, Self::UserPaused, Self::Cancelled];

    /// The word that Macie's JSON uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "RUNNING",
            Self::Idle => "IDLE",
            Self::Complete => "COMPLETE",
            Self::Paused => "PAUSED",
            Self::UserPaused => "USER_PAUSED",
            Self::Cancelled => "CANCELLED",
        }
    }

    /// Whether a user may bring a job from this state into that one, as `UpdateClassificationJob` allows it.
    pub fn may_become(self, wanted: Self) -> bool {
        match wanted {
            Self::Cancelled => matches!(self, Self::Idle | Self::Paused | Self::Running | Self::UserPaused),
            Self::UserPaused => matches!(self, Self::Idle | Self::Paused | Self::Running),
            Self::Running => self == Self::UserPaused,
            Self::Idle | Self::Complete | Self::Paused => false,
        }
    }
}

impl fmt::Display for JobStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_the_changes_that_macie_allows_are_allowed() {
        use JobStatus::{Cancelled, Idle, Paused, Running, UserPaused};
        let allowed = [
            (Idle, Cancelled),
            (Paused, Cancelled),
            (Running, Cancelled),
            (UserPaused, Cancelled),
            (Idle, UserPaused),
            (Paused, UserPaused),
            (Running, UserPaused),
            (UserPaused, Running),
        ];
        for from in JobStatus::ALL {
            for to in JobStatus::ALL {
                assert_eq!(from.may_become(to), allowed.contains(&(from, to)), "{from} {to}");
            }
        }
    }

    #[test]
    fn states_are_stored_by_the_words_of_macie() {
        for status in JobStatus::ALL {
            assert_eq!(serde_json::to_value(status).expect("a word"), status.as_str());
        }
    }
}
