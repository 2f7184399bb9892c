//! One object while it is scanned: where its parts come from, and where their results are put in order.

use super::Progress;
use super::coverage::{of_content, unreadable};
use super::merge::Merge;
use super::parts::{Part, PartResult, Parts};
use super::scanner::Scanner;
use crate::engine::TablePlan;
use crate::findings::{Counted, Located};
use crate::model::{Coverage, ObjectInfo, ObjectReport};
use crate::readers::{Chunk, Kind, open};
use crate::sources::Entry;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Most bytes that the content of one compressed object may expand to, as Macie's quota says: 10 GB.
const EXPANDED_BYTES: u64 = 10_000_000_000;

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
    parts: Mutex<Parts<'r>>,
    merge: Mutex<Merge>,
    stored: Arc<AtomicU64>,
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

    fn new(scanner: &Scanner, info: ObjectInfo, origin: Origin<'r>, sized: bool) -> Self {
        Self {
            info,
            sized,
            origin: Mutex::new(Some(origin)),
            parts: Mutex::new(Parts::closed()),
            merge: Mutex::new(Merge::new(scanner.identifier_count())),
            stored: Arc::default(),
        }
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
        let input: Box<dyn Read + Send + 'r> = match origin {
            Some(Origin::File(path)) => match File::open(path) {
                Ok(file) => Box::new(file),
                Err(error) => return self.give_up(unreadable(&error)),
            },
            Some(Origin::Reader(reader)) => reader,
            Some(Origin::Problem(problem)) => return self.give_up(problem),
            None => return,
        };
        let stored = Counting { input, progress, count: Arc::clone(&self.stored) };
        let opened = match open(&self.info.key, stored, EXPANDED_BYTES) {
            Ok(opened) => opened,
            Err(error) => return self.give_up(unreadable(&error)),
        };
        {
            let mut merge = lock(&self.merge);
            merge.mime_type = opened.mime_type.to_string();
            merge.member = opened.member;
            merge.coverage.worsen(opened.gap.unwrap_or_else(Coverage::complete));
        }
        let parts = match (opened.kind, opened.table) {
            (Kind::Csv, Some(table)) => {
                let names = table.start.names.iter().flatten();
                let header = names.fold(Coverage::complete(), |mut header, name| {
                    header.worsen(of_content(name.as_bytes()));
                    header
                });
                let plan = Arc::new(TablePlan::new(&scanner.engine, &table.start));
                let mut merge = lock(&self.merge);
                merge.coverage.worsen(header);
                merge.start_table(scanner, &plan, &table);
                drop(merge);
                Parts::table(opened.content, scanner.part_size, table.delimiter, plan, table.data_line)
            }
            (Kind::JsonLines, _) => Parts::lines(opened.content, scanner.part_size),
            (Kind::Json, _) => Parts::document(opened.content),
            (Kind::Text, _) => Parts::text(opened.content),
            _ => Parts::closed(),
        };
        *lock(&self.parts) = parts;
    }

    /// The next part to scan, with its place in the order of parts.
    pub(super) fn take_part(&self) -> Option<(u64, Part<'r>)> {
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

/// Locks a mutex that only guards consistent data: whatever thread panicked, the panic has become coverage.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Counts the stored bytes that are read and tells the progress.
struct Counting<'r> {
    input: Box<dyn Read + Send + 'r>,
    progress: &'r dyn Progress,
    count: Arc<AtomicU64>,
}

impl Read for Counting<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        self.progress.bytes(read as u64);
        Ok(read)
    }
}
