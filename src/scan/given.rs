//! Scans objects whose contents somebody else has at hand.

use super::Progress;
use super::object::Object;
use super::scanner::{BuildError, Scanner, enough};
use crate::model::{Coverage, ObjectInfo, ObjectReport, Reason};
use std::io::Read;
use std::num::NonZeroUsize;

/// The content of an object that is no file of a walk.
pub enum Given<'r> {
    /// It can be read.
    Content(Box<dyn Read + Send + 'r>),
    /// It cannot be scanned: a reason, and a sentence for a person.
    Problem(Reason, &'static str),
}

impl Scanner {
    /// Scans the given objects with that many threads. The reports come in their order, whatever the number of threads.
    pub fn scan_given<'r>(
        &'r self,
        objects: Vec<(ObjectInfo, Given<'r>)>,
        threads: NonZeroUsize,
        progress: &'r dyn Progress,
    ) -> Result<Vec<ObjectReport>, BuildError> {
        let threads = enough(objects.iter().map(|(info, _)| info.size).sum(), threads);
        let objects = objects.into_iter().map(|(info, given)| match given {
            Given::Content(content) => Object::from_reader(self, info, content),
            Given::Problem(reason, detail) => Object::unreadable(self, info, Coverage::skipped(reason, detail)),
        });
        self.scan_objects(objects.collect(), threads, progress, None)
    }
}
