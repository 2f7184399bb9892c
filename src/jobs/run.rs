//! One run of a job: which objects it takes, and what is remembered of them when it is done.

use super::bucket::BucketFolder;
use super::fingerprint::{Digest, KEY, Stamp};
use super::inventory::{Inventory, Known};
use super::record::JobRecord;
use super::sample::Sampling;
use super::spec::{JobSpec, JobType};
use super::status::JobStatus;
use super::store::{StateError, Store};
use crate::model::{ObjectReport, Reason};
use crate::sources::{Entry, walk};
use jiff::Timestamp;
use rayon::prelude::*;
use std::fs::File;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

/// Objects and bytes of a batch: how often a run looks whether it has been paused.
const BATCH: (usize, u64) = (1000, 256 << 20);

/// Why a run cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The state cannot be read or written.
    #[error(transparent)]
    State(#[from] StateError),
    /// The threads could not be started.
    #[error("starting worker threads: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}

/// An object of a run.
struct Candidate {
    entry: Entry,
    /// What it is like now; `None` for what cannot be read.
    known: Option<Known>,
    done: bool,
}

/// A run of a job that this process carries out.
pub struct Run<'s> {
    store: &'s Store,
    job: JobRecord,
    _lock: File,
    /// Objects that need not be analysed.
    inventory: Inventory,
    /// Objects that must be analysed.
    candidates: Vec<Candidate>,
    next: usize,
    /// Objects in scope.
    pub in_scope: usize,
    /// Objects out of scope.
    pub out_of_scope: usize,
    /// Objects that were new or changed, but not drawn.
    pub not_drawn: usize,
    /// Why the run stops before its end: the job was paused or cancelled.
    pub stopped: Option<JobStatus>,
    access_error: bool,
    now: Timestamp,
}

impl<'s> Run<'s> {
    /// Begins a run of a job at `now`.
    ///
    /// A run that was begun and did not come to its end is taken up. An error if another process carries out a run of the
    /// job, and if the job is not to run.
    pub fn begin(
        store: &'s Store,
        job: &JobRecord,
        spec: &JobSpec,
        folders: &[BucketFolder],
        settings: &RunSettings<'_>,
    ) -> Result<Self, RunError> {
        let lock = store.lock_run(&job.job_id)?;
        let now = settings.now;
        // What it was before the lock may be no longer true.
        let job = store.current(&job.job_id, now)?;
        let known = store.known(&job)?;
        let drawn = match (settings.seed, job.unfinished.then_some(job.sample_seed).flatten()) {
            (Some(seed), _) | (None, Some(seed)) => seed,
            (None, None) => getrandom::u64().map_err(StateError::Random)?,
        };
        let goes_on = job.unfinished && job.last_run_time.is_some();
        let job = store.update(&job.job_id, now, |record| {
            if record.job_status == JobStatus::Idle {
                record.job_status = JobStatus::Running;
            }
            if record.job_status != JobStatus::Running {
                let (job_id, from) = (record.job_id.clone(), record.job_status);
                return Err(StateError::Refused { job_id, from, to: JobStatus::Running });
            }
            record.unfinished = true;
            record.runs += u64::from(!goes_on);
            record.last_run_time = Some(now);
            record.sample_seed = Some(drawn);
            Ok(())
        })?;
        let sampling = Sampling { percentage: spec.sampling_percentage, seed: drawn, run: job.runs };
        let mut run = Self::new(store, job, lock, now);
        run.take_stock(spec, folders, settings, known)?;
        run.draw(sampling);
        let count = run.candidates.len() as u64;
        store.update(&run.job.job_id, now, |record| {
            record.objects_to_process = count;
            Ok(())
        })?;
        Ok(run)
    }

    fn new(store: &'s Store, job: JobRecord, lock: File, now: Timestamp) -> Self {
        Self {
            store,
            job,
            _lock: lock,
            inventory: Inventory::default(),
            candidates: Vec::new(),
            next: 0,
            in_scope: 0,
            out_of_scope: 0,
            not_drawn: 0,
            stopped: None,
            access_error: false,
            now,
        }
    }

    /// Takes note of the objects that exist when a recurring job without an initial run is created: it analyses only what
    /// comes later. Does nothing for other jobs, and once it has been done.
    pub fn note_existing(
        store: &'s Store,
        job: &JobRecord,
        spec: &JobSpec,
        folders: &[BucketFolder],
        settings: &RunSettings<'_>,
    ) -> Result<(), RunError> {
        if spec.job_type == JobType::OneTime || spec.initial_run || job.runs > 0 {
            return Ok(());
        }
        let lock = store.lock_run(&job.job_id)?;
        let job = store.current(&job.job_id, settings.now)?;
        if job.inventory > 0 {
            return Ok(());
        }
        let mut run = Self::new(store, job, lock, settings.now);
        run.take_stock(spec, folders, settings, Inventory::default())?;
        for candidate in std::mem::take(&mut run.candidates) {
            run.remember(candidate);
        }
        store.remember(&run.job, &run.inventory, settings.now, |_| ())?;
        Ok(())
    }

    /// Sorts the objects of the buckets into those that are known and unchanged, and those to be analysed.
    fn take_stock(
        &mut self,
        spec: &JobSpec,
        folders: &[BucketFolder],
        settings: &RunSettings<'_>,
        mut known: Inventory,
    ) -> Result<(), RunError> {
        let compares = spec.job_type != JobType::OneTime;
        let pool = rayon::ThreadPoolBuilder::new().num_threads(settings.threads.get()).build()?;
        for BucketFolder { bucket, folder } in folders {
            let skipped = settings.skipped_in(folder);
            let mut entries = walk(&[folder]);
            entries.retain(|entry| !skipped.iter().any(|skipped| entry.path.starts_with(skipped)));
            for entry in &mut entries {
                entry.bucket = Some(Arc::clone(bucket));
            }
            let listed = entries.len();
            entries.retain(|entry| spec.scope.holds(entry));
            self.in_scope += entries.len();
            self.out_of_scope += listed - entries.len();
            // What is below a folder that cannot be listed now is not forgotten.
            for hidden in entries.iter().filter(|entry| entry.problem.is_some()) {
                let below = format!("{}/", hidden.key);
                let kept =
                    known.objects.extract_if(.., |(name, key), _| *name == bucket.name && key.starts_with(&below));
                self.inventory.objects.extend(kept.collect::<Vec<_>>());
            }
            let before: Vec<Option<Known>> =
                entries.iter().map(|entry| known.objects.remove(&(bucket.name.clone(), entry.key.clone()))).collect();
            let key = self.store.key();
            let looked: Vec<(Entry, Look)> = pool.install(|| {
                entries
                    .into_par_iter()
                    .zip(before)
                    .map(|(entry, before)| {
                        let look = look(&entry, before, compares.then_some(key));
                        (entry, look)
                    })
                    .collect()
            });
            for (entry, look) in looked {
                match look {
                    Look::Unchanged(known) => {
                        self.inventory.objects.insert((bucket.name.clone(), entry.key), known);
                    }
                    Look::Changed(known) => self.candidates.push(Candidate { entry, known, done: false }),
                }
            }
        }
        Ok(())
    }

    /// Takes those that are not drawn out of the objects to be analysed; they are known from now on.
    fn draw(&mut self, sampling: Sampling) {
        let mut drawn = Vec::with_capacity(self.candidates.len());
        for candidate in std::mem::take(&mut self.candidates) {
            let bucket = candidate.entry.bucket.as_ref().map_or("", |bucket| bucket.name.as_str());
            if sampling.draws(bucket, &candidate.entry.key) {
                drawn.push(candidate);
            } else {
                self.not_drawn += 1;
                self.remember(candidate);
            }
        }
        self.candidates = drawn;
    }

    fn remember(&mut self, candidate: Candidate) {
        if let (Some(known), Some(bucket)) = (candidate.known, candidate.entry.bucket) {
            self.inventory.objects.insert((bucket.name.clone(), candidate.entry.key), known);
        }
    }

    /// The job.
    pub fn job(&self) -> &JobRecord {
        &self.job
    }

    /// When it began.
    pub fn began_at(&self) -> Timestamp {
        self.now
    }

    /// Objects to be analysed in this run, and their bytes.
    pub fn work(&self) -> (usize, u64) {
        (self.candidates.len(), self.candidates.iter().map(|candidate| candidate.entry.size).sum())
    }

    /// The next objects to analyse; none at the end, and when the job has been paused or cancelled meanwhile.
    pub fn next_batch(&mut self) -> Result<Vec<Entry>, RunError> {
        let status = self.store.current(&self.job.job_id, self.now)?.job_status;
        if status != JobStatus::Running && self.next < self.candidates.len() {
            self.stopped = Some(status);
            return Ok(Vec::new());
        }
        let mut bytes = 0;
        let batch: Vec<Entry> = self.candidates[self.next..]
            .iter()
            .take(BATCH.0)
            .take_while(|candidate| {
                let fits = bytes < BATCH.1;
                bytes += candidate.entry.size;
                fits
            })
            .map(|candidate| candidate.entry.clone())
            .collect();
        self.next += batch.len();
        Ok(batch)
    }

    /// Takes the reports on the last batch, in its order.
    pub fn note(&mut self, reports: &[ObjectReport]) {
        let first = self.next - reports.len();
        for (candidate, report) in self.candidates[first..self.next].iter_mut().zip(reports) {
            let reason = report.coverage.reason;
            self.access_error |= reason == Some(Reason::PermissionDenied);
            let unread = matches!(
                reason,
                Some(Reason::PermissionDenied | Reason::SourceObjectNoLongerAvailable | Reason::ObjectVersionMismatch)
            );
            let same = candidate
                .known
                .as_ref()
                .is_some_and(|known| Stamp::of(&candidate.entry.path).is_ok_and(|now| now == known.stamp));
            if unread || !same {
                candidate.known = None;
            }
            candidate.done = true;
        }
    }

    /// Ends the run, once its results are where they should be: until then a crash makes the next run repeat it.
    pub fn finish(mut self) -> Result<JobRecord, RunError> {
        let all = self.candidates.iter().all(|candidate| candidate.done);
        for candidate in std::mem::take(&mut self.candidates) {
            if candidate.done {
                self.remember(candidate);
            }
        }
        let error = self.access_error;
        let record = self.store.remember(&self.job, &self.inventory, self.now, |record| {
            record.last_run_error = error;
            if all && record.job_status == JobStatus::Running {
                record.unfinished = false;
                record.sample_seed = None;
                record.job_status = match record.job_type() {
                    "ONE_TIME" => JobStatus::Complete,
                    _ => JobStatus::Idle,
                };
            }
        })?;
        Ok(record)
    }
}

/// How a run is carried out.
pub struct RunSettings<'a> {
    /// The time of the run.
    pub now: Timestamp,
    /// Makes the draw of objects repeatable.
    pub seed: Option<u64>,
    /// Threads that compare contents.
    pub threads: NonZeroUsize,
    /// Files and folders that are not analysed, as they really are: the output, the state.
    pub skip: &'a [PathBuf],
}

impl RunSettings<'_> {
    /// What is skipped below a folder, as a walk through it writes it: no link is followed on the way.
    fn skipped_in(&self, folder: &Path) -> Vec<PathBuf> {
        let Ok(real) = folder.canonicalize() else { return Vec::new() };
        let below = |skipped: &PathBuf| Some(folder.join(skipped.strip_prefix(&real).ok()?));
        self.skip.iter().filter_map(below).collect()
    }
}

/// What a look at a file gave.
enum Look {
    Unchanged(Known),
    /// New or changed; `None` for what cannot be read.
    Changed(Option<Known>),
}

/// Compares a file with what was known of it. With a `key` contents decide, without one the file system's word is enough.
fn look(entry: &Entry, before: Option<Known>, key: Option<&[u8; KEY]>) -> Look {
    if entry.problem.is_some() {
        return Look::Changed(None);
    }
    let looked_at = SystemTime::now();
    let Ok(stamp) = Stamp::of(&entry.path) else { return Look::Changed(None) };
    if let Some(known) = &before
        && known.stamp == stamp
        && (known.settled || key.is_none())
    {
        return Look::Unchanged(known.clone());
    }
    let settled = stamp.is_settled(looked_at);
    let Some(key) = key else { return Look::Changed(Some(Known { stamp, settled, digest: None })) };
    let Ok(digest) = Digest::of(&entry.path, key) else { return Look::Changed(None) };
    let now = Known { stamp, settled, digest: Some(digest) };
    match before {
        Some(known) if known.digest == Some(digest) => Look::Unchanged(now),
        _ => Look::Changed(Some(now)),
    }
}
