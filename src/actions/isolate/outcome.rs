//! What became of each file.

use std::fmt;
use std::path::PathBuf;

/// What became of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The object's key.
    pub key: String,
    /// What happened.
    pub fate: Fate,
}

/// What happened to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// Moved into the isolation folder; the copy is here.
    Isolated(PathBuf),
    /// It is there since an earlier run.
    AlreadyIsolated(PathBuf),
    /// It would be moved, had this been no dry run.
    WouldIsolate,
    /// Put back, to here.
    Restored(PathBuf),
    /// It was put back by an earlier run.
    AlreadyRestored(PathBuf),
    /// Left alone: it is not what was scanned any more, for this reason.
    Changed(String),
    /// Left alone: never done, for this reason.
    Refused(String),
    /// Could not be done, for this reason. The file is whole where it was; there may be a copy of it in the folder.
    Failed(String),
}

impl Fate {
    /// True when the file is where it was asked to be.
    pub fn is_good(&self) -> bool {
        !matches!(self, Self::Changed(_) | Self::Refused(_) | Self::Failed(_))
    }
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Isolated(path) => write!(f, "isolated in {}", path.display()),
            Self::AlreadyIsolated(path) => write!(f, "already isolated in {}", path.display()),
            Self::WouldIsolate => f.write_str("would be isolated"),
            Self::Restored(path) => write!(f, "restored to {}", path.display()),
            Self::AlreadyRestored(path) => write!(f, "already restored to {}", path.display()),
            Self::Changed(reason) => write!(f, "not moved, it has changed: {reason}"),
            Self::Refused(reason) => write!(f, "not moved: {reason}"),
            Self::Failed(reason) => write!(f, "failed: {reason}"),
        }
    }
}
