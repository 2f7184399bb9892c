//! All detections of one object, and the report that a scan of it gives.

use super::{Coverage, Detection, FindingType, ObjectInfo, Severity};

/// What was found in one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Type that follows from the categories of the detections.
    pub finding_type: FindingType,
    /// Highest severity of the detections.
    pub severity: Severity,
    /// Sorted by category, then identifier id.
    pub detections: Vec<Detection>,
    /// Suppressed by a findings filter: it counts for nothing, and no event announces it.
    pub archived: bool,
}

/// The file inside a compressed object.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Member {
    /// Its name.
    pub path: String,
    /// Its media type, such as `text/csv`.
    pub mime_type: String,
}

/// Everything a scan says about one object, clean and unreadable ones included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectReport {
    /// The object.
    pub object: ObjectInfo,
    /// Detected media type, such as `text/csv`.
    pub mime_type: String,
    /// What a compressed object holds: its locations are places in this file. `None` for an object that is not compressed, or
    /// that could not be opened.
    pub member: Option<Member>,
    /// Bytes analysed, after decompression.
    pub size_classified: u64,
    /// How much of it was analysed.
    pub coverage: Coverage,
    /// `None` for an object in which nothing was found.
    pub finding: Option<Finding>,
}

impl ObjectReport {
    /// The finding, unless it is archived.
    pub fn active(&self) -> Option<&Finding> {
        self.finding.as_ref().filter(|finding| !finding.archived)
    }
}
