//! The quotas of one object, counted down while it is read.

use crate::model::{Quotas, Reason};
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// What may still be read of one object: shared by its reader, the readers of the files inside it, and all threads.
#[derive(Debug)]
pub struct Limits {
    quotas: Quotas,
    started: Instant,
    /// Bytes of the object as it is stored; 0 if that is not known.
    stored: u64,
    expanded: AtomicU64,
    members: AtomicU64,
}

/// A limit on the object as a whole has been reached: nothing more of it is read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct LimitReached {
    /// Macie's reason.
    pub reason: Reason,
    /// One plain sentence for a person.
    pub detail: String,
}

impl From<LimitReached> for io::Error {
    fn from(reached: LimitReached) -> Self {
        Self::other(reached)
    }
}

impl Limits {
    /// Expanded bytes from which the ratio to the stored size says something.
    const RATIO_FROM: u64 = 64 * 1024 * 1024;

    /// The quotas of an object of `stored` bytes (0 if unknown) that begins to be read now.
    pub fn new(quotas: &Quotas, stored: u64) -> Self {
        let (expanded, members) = (AtomicU64::new(0), AtomicU64::new(0));
        Self { quotas: quotas.clone(), started: Instant::now(), stored, expanded, members }
    }

    /// The quotas themselves.
    pub fn quotas(&self) -> &Quotas {
        &self.quotas
    }

    /// Fails when the object's time is up. Cheap enough for every row group, page or chunk.
    pub fn check(&self) -> Result<(), LimitReached> {
        if self.started.elapsed() <= self.quotas.time {
            return Ok(());
        }
        let detail = format!("not read to its end within {} seconds", self.quotas.time.as_secs());
        Err(LimitReached { reason: Reason::TimeCutOffReached, detail })
    }

    /// Notes that the files inside the object gave so many bytes more. Fails when that is too much, or time is up.
    pub fn expand(&self, bytes: u64) -> Result<(), LimitReached> {
        let expanded = self.expanded.fetch_add(bytes, Ordering::Relaxed) + bytes;
        self.expanded_to(expanded)
    }

    /// Fails when so many bytes, which one layer of the object expanded to, are too many, or time is up.
    pub(super) fn expanded_to(&self, expanded: u64) -> Result<(), LimitReached> {
        let Quotas { expanded_bytes, ratio, .. } = self.quotas;
        let reason = Reason::ArchiveTotalBytesExtractedOverLimit;
        if expanded > expanded_bytes {
            let detail = format!("the object holds more data than may be extracted ({expanded_bytes} bytes)");
            return Err(LimitReached { reason, detail });
        }
        if self.stored > 0 && expanded > Self::RATIO_FROM && expanded / ratio.max(1) > self.stored {
            let detail = format!("the object expands to more than {ratio} times its size");
            return Err(LimitReached { reason, detail });
        }
        self.check()
    }

    /// Notes one more file inside the object. Fails when there are too many, or time is up.
    pub fn count_member(&self) -> Result<(), LimitReached> {
        if self.members.fetch_add(1, Ordering::Relaxed) >= self.quotas.members {
            let detail = format!("the object holds more than {} files", self.quotas.members);
            return Err(LimitReached { reason: Reason::ArchiveTotalDocumentsProcessedOverLimit, detail });
        }
        self.check()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn reason(result: Result<(), LimitReached>) -> Option<Reason> {
        result.err().map(|reached| reached.reason)
    }

    #[test]
    fn every_limit_allows_exactly_as_much_as_it_says() {
        let quotas = Quotas { expanded_bytes: 100, members: 2, ..Quotas::default() };
        let limits = Limits::new(&quotas, 0);
        assert_eq!(reason(limits.expand(60)), None);
        assert_eq!(reason(limits.expand(40)), None);
        assert_eq!(reason(limits.expand(1)), Some(Reason::ArchiveTotalBytesExtractedOverLimit));
        assert_eq!(reason(limits.count_member()), None);
        assert_eq!(reason(limits.count_member()), None);
        assert_eq!(reason(limits.count_member()), Some(Reason::ArchiveTotalDocumentsProcessedOverLimit));
        let none = Limits::new(&Quotas { time: Duration::ZERO, ..Quotas::default() }, 0);
        std::thread::sleep(Duration::from_millis(1));
        assert_eq!(reason(none.check()), Some(Reason::TimeCutOffReached));
    }

    #[test]
    fn a_bomb_is_told_by_how_many_times_its_size_it_expands_to() {
        let limits = Limits::new(&Quotas::default(), 1000);
        assert_eq!(reason(limits.expand(60 * 1024 * 1024)), None);
        assert_eq!(reason(limits.expand(60 * 1024 * 1024)), Some(Reason::ArchiveTotalBytesExtractedOverLimit));
        assert_eq!(reason(Limits::new(&Quotas::default(), 0).expand(120 * 1024 * 1024)), None);
    }
}
