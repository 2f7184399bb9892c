//! All detections of one object, and the report that a scan of it gives.

use super::{Coverage, Detection, FindingType, Ignored, ObjectInfo, Severity};
use std::borrow::Cow;

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
    /// What a baseline accepts, sorted in the same way. It is not part of `detections` and counts for nothing.
    pub accepted: Vec<Detection>,
}

impl Finding {
    /// The finding as if no baseline had accepted any of it.
    pub fn whole(&self) -> Cow<'_, Self> {
        if self.accepted.is_empty() {
            return Cow::Borrowed(self);
        }
        let mut detections = [self.detections.as_slice(), &self.accepted].concat();
        sort(&mut detections);
        Cow::Owned(Self { detections, accepted: Vec::new(), ..*self }.rated())
    }

    /// What a baseline accepts, as a finding of its own that is archived; `None` if that is nothing.
    pub fn accepted(&self) -> Option<Self> {
        let (detections, accepted) = (self.accepted.clone(), Vec::new());
        let archived = Self { detections, accepted, archived: true, ..*self };
        (!self.accepted.is_empty()).then(|| archived.rated())
    }

    /// Moves the detections of those identifiers to what is accepted.
    pub fn accept(&mut self, is_accepted: impl Fn(&Detection) -> bool) {
        let (accepted, rest) = std::mem::take(&mut self.detections).into_iter().partition(is_accepted);
        self.detections = rest;
        self.accepted.extend::<Vec<_>>(accepted);
        sort(&mut self.accepted);
        let (severity, finding_type) = self.rating();
        (self.severity, self.finding_type) = (severity, finding_type);
    }

    fn rated(mut self) -> Self {
        (self.severity, self.finding_type) = self.rating();
        self
    }

    /// Severity and type that follow from the detections; those that the finding has when there are none.
    fn rating(&self) -> (Severity, FindingType) {
        let severity = self.detections.iter().map(|detection| detection.severity).max();
        let categories = self.detections.iter().map(|detection| detection.identifier.category);
        (severity.unwrap_or(self.severity), FindingType::of(categories).unwrap_or(self.finding_type))
    }
}

fn sort(detections: &mut [Detection]) {
    detections.sort_by(|left, right| {
        let (left, right) = (&left.identifier, &right.identifier);
        (left.category, &left.id).cmp(&(right.category, &right.id))
    });
}

/// A file inside an object: what a compressed file holds, a member of an archive, an attachment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its path inside the object. That of a file in an archive inside the object names both: `inner.zip!/folder/file.csv`.
    pub path: String,
    /// Its media type, such as `text/csv`.
    pub mime_type: Cow<'static, str>,
    /// Bytes analysed.
    pub size: u64,
    /// Last modification, in seconds since the Unix epoch, where the object that holds it knows.
    pub modified: Option<i64>,
    /// How much of it was analysed.
    pub coverage: Coverage,
    /// What was found in it, with locations in it. `None` if that is nothing.
    pub finding: Option<Box<Finding>>,
}

/// Everything a scan says about one object, clean and unreadable ones included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectReport {
    /// The object.
    pub object: ObjectInfo,
    /// Detected media type, such as `text/csv`.
    pub mime_type: String,
    /// The files inside the object, in the order in which they are stored; empty for an object that holds none, or none that
    /// could be got at. Those without anything to say of them (nothing found, nothing missed) are included.
    pub members: Vec<Member>,
    /// Bytes analysed, after decompression.
    pub size_classified: u64,
    /// How much of it was analysed.
    pub coverage: Coverage,
    /// What comments in the object say is known, and is therefore not part of `finding`.
    pub ignored: Ignored,
    /// What was found in the object and the files inside it; `None` if that is nothing. Counts are of both, locations and
    /// columns of what the object holds outside of its [`ObjectReport::members`] only.
    pub finding: Option<Finding>,
}

impl ObjectReport {
    /// What was found with its places: in each file inside, and in the object itself if there is any place outside of those.
    /// Some finding is given whenever there is one that is not archived.
    pub fn located<'r>(&'r self) -> Vec<(Option<&'r Member>, &'r Finding)> {
        let Some(whole) = self.active() else { return Vec::new() };
        let found = |member: &'r Member| member.finding.as_deref().filter(|finding| !finding.detections.is_empty());
        let inside = self.members.iter().filter_map(|member| Some((Some(member), found(member)?)));
        let mut located: Vec<_> = inside.collect();
        if located.is_empty() || whole.detections.iter().any(|detection| !detection.occurrences.is_empty()) {
            located.insert(0, (None, whole));
        }
        located
    }

    /// What a person knows a file inside by: `archive.zip!/folder/file.csv`, or only the key of an object that is a compressed
    /// file and so called, such as `people.csv.gz`; of the object itself, its key.
    pub fn name_of(&self, member: Option<&Member>) -> Cow<'_, str> {
        let key = self.object.key.as_str();
        let Some(member) = member else { return Cow::Borrowed(key) };
        let name = key.rsplit('/').next().unwrap_or_default();
        match name.strip_prefix(member.path.as_str()) {
            Some(rest) if rest.is_empty() || rest.starts_with('.') => Cow::Borrowed(key),
            _ => Cow::Owned(format!("{key}!/{}", member.path)),
        }
    }

    /// The finding, unless it is archived or a baseline accepts all of it.
    pub fn active(&self) -> Option<&Finding> {
        self.finding.as_ref().filter(|finding| !finding.archived && !finding.detections.is_empty())
    }
}
