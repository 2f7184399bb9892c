//! One object while it is scanned: where its parts come from, and where their results are put in order.

use super::Progress;
use super::coverage::unreadable;
use super::hands::Reading;
use super::merge::Merge;
use super::parts::{Part, PartResult, Parts};
use super::scanner::Scanner;
use crate::engine::Engine;
use crate::findings::{Counted, Located};
use crate::model::{Coverage, Fingerprint, ObjectInfo, ObjectReport, Reason, StoredKind};
use crate::readers::{Chunk, Limits, open};
use crate::sources::Entry;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// Extensions of data, in which a comment is a value like any other even if all of it is read as text.
const DATA: [&str; 7] = ["csv", "tsv", "tab", "psv", "json", "jsonl", "ndjson"];

/// Results that may wait for the one before them.
const FAR_AHEAD: usize = 64;

/// Where an object's bytes come from.
enum Origin<'r> {
    File(PathBuf),
    Reader(Box<dyn Read + Send + 'r>),
    /// Known to be unreadable before it was opened.
    Problem(Coverage),
}

/// An object of a scan.
pub(super) struct Object<'r> {
    info: ObjectInfo,
    /// The size is known and must be met, else the object has changed while it was read.
    sized: bool,
    origin: Mutex<Option<Origin<'r>>>,
    parts: Mutex<Parts<Counting<'r>>>,
    merge: Mutex<Merge>,
    limits: OnceLock<Arc<Limits>>,
    /// An engine of its own, where allow lists ask for the object.
    engine: OnceLock<Option<Engine>>,
    stored: Arc<AtomicU64>,
    /// Digest of the stored bytes that were read, if it is wanted.
    digest: Option<Arc<Mutex<Sha256>>>,
}

impl<'r> Object<'r> {
    pub(super) fn from_entry(scanner: &Scanner, entry: &Entry, key_prefix: &str) -> Self {
        let origin = match entry.problem {
            Some((reason, detail)) => Origin::Problem(Coverage::skipped(reason, detail)),
            None => Origin::File(entry.path.clone()),
        };
        let key = format!("{key_prefix}{}", entry.key);
        let info = ObjectInfo {
            key,
            path: Some(entry.shown_path()),
            size: entry.size,
            modified: entry.modified,
            bucket: entry.bucket.clone(),
        };
        Self::new(scanner, info, origin, true)
    }

    pub(super) fn from_reader(scanner: &Scanner, info: ObjectInfo, content: Box<dyn Read + Send + 'r>) -> Self {
        Self::new(scanner, info, Origin::Reader(content), false)
    }

    /// An object that is known not to be readable.
    pub(super) fn unreadable(scanner: &Scanner, info: ObjectInfo, why: Coverage) -> Self {
        Self::new(scanner, info, Origin::Problem(why), false)
    }

    fn new(scanner: &Scanner, info: ObjectInfo, origin: Origin<'r>, sized: bool) -> Self {
        Self {
            info,
            sized,
            origin: Mutex::new(Some(origin)),
            parts: Mutex::new(Parts::closed()),
            merge: Mutex::new(Merge::new(scanner.identifier_count())),
            limits: OnceLock::new(),
            engine: OnceLock::new(),
            stored: Arc::default(),
            digest: None,
        }
    }

    /// The object, with a fingerprint of what will be read of it.
    pub(super) fn with_fingerprint(mut self) -> Self {
        self.digest = Some(Arc::default());
        self
    }

    /// The fingerprint of what was read, if it was wanted.
    pub(super) fn fingerprint(&self) -> Option<Fingerprint> {
        let sha256 = lock(self.digest.as_ref()?).clone().finalize().into();
        Some(Fingerprint { bytes: self.stored.load(Ordering::Relaxed), sha256 })
    }

    /// The object's key.
    pub(super) fn key(&self) -> &str {
        &self.info.key
    }

    /// Stored size in bytes.
    pub(super) fn size(&self) -> u64 {
        self.info.size
    }

    /// Opens the object and finds out what it is; its parts can be taken afterwards.
    pub(super) fn open(&self, scanner: &Scanner, progress: &'r dyn Progress) {
        let origin = lock(&self.origin).take();
        let mut path = None;
        let input: Box<dyn Read + Send + 'r> = match origin {
            Some(Origin::File(at)) => match File::open(&at) {
                Ok(file) => {
                    path = Some(at);
                    Box::new(file)
                }
                Err(error) => return self.give_up(unreadable(error)),
            },
            Some(Origin::Reader(reader)) => reader,
            Some(Origin::Problem(problem)) => return self.give_up(problem),
            None => return,
        };
        let limits = self.limits(scanner);
        let stored = Counting { input, progress, count: Arc::clone(&self.stored), digest: self.digest.clone() };
        let opened = match open(&self.info.key, stored, limits, limits.quotas().levels) {
            Ok(opened) => opened,
            Err(error) => return self.give_up(unreadable(error)),
        };
        let most = limits.quotas().stored.of(opened.stored);
        if self.info.size > most {
            lock(&self.merge).mime_type = opened.mime_type;
            return self.give_up(too_large(opened.stored, most));
        }
        let mut merge = lock(&self.merge);
        let parts = Parts::of((scanner, self.engine(scanner)), opened, path.as_deref(), &mut merge);
        drop(merge);
        if let Some(length) = parts.file_length() {
            // Its reader goes back and forth in the file, so what was read from the start on says too little.
            if let Err(error) = self.digest_all(path.as_deref()) {
                return self.give_up(unreadable(error));
            }
            let read = self.stored.swap(length, Ordering::Relaxed);
            progress.bytes(length.saturating_sub(read));
        }
        *lock(&self.parts) = parts.within(limits);
    }

    /// Digests the whole file, if a fingerprint is wanted.
    fn digest_all(&self, path: Option<&Path>) -> io::Result<()> {
        let (Some(digest), Some(path)) = (&self.digest, path) else { return Ok(()) };
        let mut all = Sha256::new();
        io::copy(&mut File::open(path)?, &mut all)?;
        *lock(digest) = all;
        Ok(())
    }

    /// What may still be read of the object, from its first opening on.
    fn limits(&self, scanner: &Scanner) -> &Arc<Limits> {
        self.limits.get_or_init(|| Arc::new(Limits::new(&scanner.quotas, self.info.size)))
    }

    /// What its parts are scanned with.
    pub(super) fn reading<'s>(&'s self, scanner: &'s Scanner, measures: bool) -> Reading<'s> {
        let levels = lock(&self.merge).compressed.as_ref().map_or(0, |inside| inside.levels);
        let heeded = scanner.heeded.as_ref().filter(|_| !is_data(&self.info.key));
        Reading { scanner, engine: self.engine(scanner), heeded, limits: self.limits(scanner), levels, measures }
    }

    /// What looks for identifiers in the object.
    fn engine<'s>(&'s self, scanner: &'s Scanner) -> &'s Engine {
        let own = self.engine.get_or_init(|| scanner.engine.for_object(|| self.whole_path()));
        own.as_ref().unwrap_or(&scanner.engine)
    }

    /// The object's path from the root of the file system, or its key where it has none.
    fn whole_path(&self) -> String {
        let Some(path) = &self.info.path else { return self.info.key.clone() };
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.into());
        absolute.to_string_lossy().replace('\\', "/")
    }

    /// The next part to scan, with its place in the order of parts.
    pub(super) fn take_part(&self) -> Option<(u64, Part<Counting<'r>>)> {
        lock(&self.parts).take()
    }

    /// What parts that are taken now need not locate any more.
    pub(super) fn located(&self) -> Arc<Located> {
        lock(&self.merge).located()
    }

    /// True when so many results wait for an earlier part that more of them would only fill the memory.
    pub(super) fn is_far_ahead(&self) -> bool {
        lock(&self.merge).waiting() > FAR_AHEAD
    }

    /// True when all parts have been taken.
    pub(super) fn is_drained(&self) -> bool {
        lock(&self.origin).is_none() && lock(&self.parts).is_drained()
    }

    /// Takes back a buffer for reuse.
    pub(super) fn give_back(&self, buffer: Chunk) {
        lock(&self.parts).give_back(buffer);
    }

    /// Hands in the result of a part.
    pub(super) fn put_result(&self, sequence: u64, result: PartResult) {
        lock(&self.merge).put(sequence, result);
    }

    /// Ends the object: nothing more of it will be read.
    pub(super) fn give_up(&self, coverage: Coverage) {
        *lock(&self.parts) = Parts::closed();
        lock(&self.merge).coverage.worsen(coverage);
    }

    /// The report, once no thread works on the object any more.
    pub(super) fn into_report(self, counted: &[Counted]) -> ObjectReport {
        let parts = self.parts.into_inner().unwrap_or_else(PoisonError::into_inner);
        let merge = self.merge.into_inner().unwrap_or_else(PoisonError::into_inner);
        let read = self.stored.load(Ordering::Relaxed);
        let changed = self.sized && read != self.info.size;
        merge.into_report(self.info, parts.into_coverage(), changed, counted)
    }
}

/// Whether a key names data: `a.csv`, `a.csv.gz`.
fn is_data(key: &str) -> bool {
    let name = key.rsplit('/').next().unwrap_or_default();
    name.split('.').skip(1).any(|part| DATA.contains(&part.to_lowercase().as_str()))
}

/// Coverage of an object that is too large for its format, of which Macie analyses nothing.
fn too_large(kind: StoredKind, most: u64) -> Coverage {
    let reason = match kind {
        StoredKind::Compressed | StoredKind::Tar => Reason::ArchiveExceedsSizeLimit,
        StoredKind::Office => Reason::MalformedOrFileSizeExceedsLimit,
        _ => Reason::FileExceedsSizeLimit,
    };
    Coverage::skipped(reason, format!("larger than a file of its format may be ({most} bytes)"))
}

/// Locks a mutex that only guards consistent data: whatever thread panicked, the panic has become coverage.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Counts the stored bytes that are read, digests them if that is wanted, and tells the progress.
pub(super) struct Counting<'r> {
    input: Box<dyn Read + Send + 'r>,
    progress: &'r dyn Progress,
    count: Arc<AtomicU64>,
    digest: Option<Arc<Mutex<Sha256>>>,
}

impl Read for Counting<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        if let Some(digest) = &self.digest {
            lock(digest).update(&buffer[..read]);
        }
        self.progress.bytes(read as u64);
        Ok(read)
    }
}
