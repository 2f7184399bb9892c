//! The state folder: all jobs, and the objects that they know.
//!
//! ```text
//! key              32 random bytes: digests of contents tell nothing without it
//! lock             held while a record is read and written
//! jobs/ID/job.json        the record
//! jobs/ID/objects-N.jsonl the objects that the job knows, if the record says N
//! jobs/ID/run.lock        held by the process that carries out a run
//! ```
//!
//! What a run changes takes effect in one step, when the record is replaced: it names the list of objects that goes with it.

use super::fingerprint::KEY;
use super::inventory::{Inventory, InventoryError};
use super::record::JobRecord;
use super::schedule::Due;
use super::spec::JobSpec;
use super::state_file::{make_folder, open_lock, replace};
use super::status::JobStatus;
use crate::outputs::RunContext;
use jiff::Timestamp;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Why the state of jobs cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// A file or folder that cannot be read or written.
    #[error("{doing} {}: {source}", path.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A file that does not hold what it should.
    #[error("{}: {message}; if it cannot be brought back, cancel the job or remove its folder", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// No job, or more than one.
    #[error("{0}")]
    NoSuchJob(String),
    /// A change of state that Macie refuses too.
    #[error("job {job_id} is {from}; it cannot become {to}")]
    Refused {
        /// The job.
        job_id: String,
        /// Its state.
        from: JobStatus,
        /// The wanted state.
        to: JobStatus,
    },
    /// Another process carries out a run of the job.
    #[error("a run of job {0} is in progress in another process")]
    InProgress(String),
    /// No random numbers.
    #[error("drawing random numbers: {0}")]
    Random(getrandom::Error),
}

/// Who only asks whether a run is due holds the lock of runs for a moment, so that a run tries more than once: so often, and
/// with such a pause.
const PATIENCE: usize = 10;
const PAUSE: Duration = Duration::from_millis(20);

/// A state folder.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    key: [u8; KEY],
}

/// Held while records are read and written.
struct Guard(#[expect(dead_code, reason = "the lock is held as long as the file is open")] File);

impl Store {
    /// Opens a state folder, which is made if there is none.
    pub fn open(folder: &Path) -> Result<Self, StateError> {
        let jobs = folder.join("jobs");
        make_folder(&jobs).map_err(io_error("creating the state folder", &jobs))?;
        let mut store = Self { folder: folder.to_path_buf(), key: [0; KEY] };
        let _guard = store.guard()?;
        let path = folder.join("key");
        match fs::read(&path) {
            Ok(bytes) => {
                store.key = bytes.try_into().map_err(|_| damaged(&path, format!("is no key of {KEY} bytes")))?;
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                getrandom::fill(&mut store.key).map_err(StateError::Random)?;
                replace(&path, &store.key).map_err(io_error("writing", &path))?;
            }
            Err(error) => return Err(io_error("reading", &path)(error)),
        }
        Ok(store)
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn key(&self) -> &[u8; KEY] {
        &self.key
    }

    fn guard(&self) -> Result<Guard, StateError> {
        let path = self.folder.join("lock");
        let failed = io_error("locking", &path);
        match open_lock(&path).and_then(|file| file.lock().map(|()| file)) {
            Ok(file) => Ok(Guard(file)),
            Err(error) => Err(failed(error)),
        }
    }

    fn path(&self, job_id: &str, file: &str) -> PathBuf {
        self.folder.join("jobs").join(job_id).join(file)
    }

    /// All jobs as they are at `now`, the oldest first.
    pub fn jobs(&self, now: Timestamp) -> Result<Vec<JobRecord>, StateError> {
        let folder = self.folder.join("jobs");
        let listed = folder.read_dir().and_then(Iterator::collect::<io::Result<Vec<_>>>);
        let mut jobs = Vec::new();
        for entry in listed.map_err(io_error("listing", &folder))? {
            if let Some(record) = self.read(&entry.file_name().to_string_lossy())? {
                jobs.push(record.at(now));
            }
        }
        jobs.sort_by(|left, right| (left.created_at, &left.job_id).cmp(&(right.created_at, &right.job_id)));
        Ok(jobs)
    }

    /// The record of a job; `None` for a folder whose job was never completely created.
    fn read(&self, job_id: &str) -> Result<Option<JobRecord>, StateError> {
        let path = self.path(job_id, "job.json");
        match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|error| {
                damaged(&path, format!("line {}, column {} is damaged", error.line(), error.column()))
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(io_error("reading", &path)(error)),
        }
    }

    fn write(&self, record: &JobRecord) -> Result<(), StateError> {
        let path = self.path(&record.job_id, "job.json");
        let written = serde_json::to_vec_pretty(record).map_err(io::Error::other);
        written.and_then(|bytes| replace(&path, &bytes)).map_err(io_error("writing", &path))
    }

    /// The job that is meant by an id, the beginning of one, an ARN, or a name.
    pub fn find(&self, name: &str, now: Timestamp) -> Result<JobRecord, StateError> {
        let mut jobs = self.jobs(now)?;
        let id = name.rsplit('/').next().unwrap_or(name);
        jobs.retain(|job| job.name() == name || (!id.is_empty() && job.job_id.starts_with(id)));
        match jobs.len() {
            1 => Ok(jobs.remove(0)),
            0 => Err(StateError::NoSuchJob(format!("there is no job {name:?}; `lakegate job list` shows all"))),
            count => Err(StateError::NoSuchJob(format!("{count} jobs are called {name:?}; give the id of one"))),
        }
    }

    /// The newest job that was created from the same request for the same account and Region.
    pub fn of_request(
        &self,
        spec: &JobSpec,
        account_id: &str,
        region: &str,
        now: Timestamp,
    ) -> Result<Option<JobRecord>, StateError> {
        let same =
            |job: &JobRecord| job.request == spec.document && job.account_id == account_id && job.region == region;
        Ok(self.jobs(now)?.into_iter().rfind(same))
    }

    /// The job of a request: the one that exists, or a new one if there is none, or only a complete one.
    pub fn find_or_create(
        &self,
        spec: &JobSpec,
        account_id: &str,
        region: &str,
        now: Timestamp,
    ) -> Result<JobRecord, StateError> {
        let _guard = self.guard()?;
        let existing = self.of_request(spec, account_id, region, now)?;
        let number = self.jobs(now)?.len();
        if let Some(job) = existing.filter(|job| job.job_status != JobStatus::Complete) {
            return Ok(job);
        }
        let settings = format!("{number} {account_id} {region} {}", spec.document);
        let record = JobRecord::new(spec, RunContext::job_id(&settings, now), account_id, region, now);
        let folder = self.path(&record.job_id, "");
        make_folder(&folder).map_err(io_error("creating", &folder))?;
        self.write(&record)?;
        Ok(record)
    }

    /// Brings a job into another state, as its user wishes.
    pub fn change(&self, job_id: &str, wanted: JobStatus, now: Timestamp) -> Result<JobRecord, StateError> {
        let job_id = job_id.to_owned();
        self.update(&job_id.clone(), now, |record| {
            record.change(wanted, now).map_err(|from| StateError::Refused { job_id, from, to: wanted })
        })
    }

    /// Changes the record of a job.
    pub(super) fn update(
        &self,
        job_id: &str,
        now: Timestamp,
        change: impl FnOnce(&mut JobRecord) -> Result<(), StateError>,
    ) -> Result<JobRecord, StateError> {
        let _guard = self.guard()?;
        let record = self.read(job_id)?;
        let mut record = record.ok_or_else(|| StateError::NoSuchJob(format!("job {job_id} is gone")))?.at(now);
        change(&mut record)?;
        self.write(&record)?;
        Ok(record)
    }

    /// The record of a job at this moment.
    pub(super) fn current(&self, job_id: &str, now: Timestamp) -> Result<JobRecord, StateError> {
        let record = self.read(job_id)?;
        Ok(record.ok_or_else(|| StateError::NoSuchJob(format!("job {job_id} is gone")))?.at(now))
    }

    /// Whether a run of the job is due. The job is `None` before it exists.
    pub fn due(&self, job: Option<&JobRecord>, spec: &JobSpec, now: Timestamp) -> Result<Due, StateError> {
        let Some(job) = job else { return Ok(Due::New) };
        match self.try_run(&job.job_id) {
            Ok(_) => Ok(job.due(spec, now)),
            Err(StateError::InProgress(_)) => Ok(Due::InProgress),
            Err(error) => Err(error),
        }
    }

    /// Makes this process the one that carries out a run of the job, until the file is closed. The system closes it when
    /// the process ends, however it ends.
    pub(super) fn lock_run(&self, job_id: &str) -> Result<File, StateError> {
        let mut patience = PATIENCE;
        loop {
            match self.try_run(job_id) {
                Err(StateError::InProgress(_)) if patience > 0 => patience -= 1,
                outcome => return outcome,
            }
            std::thread::sleep(PAUSE);
        }
    }

    fn try_run(&self, job_id: &str) -> Result<File, StateError> {
        let path = self.path(job_id, "run.lock");
        let file = open_lock(&path).map_err(io_error("opening", &path))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(StateError::InProgress(job_id.to_owned())),
            Err(TryLockError::Error(error)) => Err(io_error("locking", &path)(error)),
        }
    }

    /// The objects that a job knows.
    pub(super) fn known(&self, job: &JobRecord) -> Result<Inventory, StateError> {
        if job.inventory == 0 {
            return Ok(Inventory::default());
        }
        let path = self.path(&job.job_id, &list_name(job.inventory));
        let text = fs::read_to_string(&path).map_err(io_error("reading", &path))?;
        Inventory::from_text(&text).map_err(|error: InventoryError| damaged(&path, error.to_string()))
    }

    /// Stores the objects that a job knows, and whatever else `change` does to its record, in one step. Only the process that
    /// carries out a run of the job may do that.
    pub(super) fn remember(
        &self,
        job: &JobRecord,
        inventory: &Inventory,
        now: Timestamp,
        change: impl FnOnce(&mut JobRecord),
    ) -> Result<JobRecord, StateError> {
        let number = job.inventory + 1;
        let path = self.path(&job.job_id, &list_name(number));
        let text = inventory.to_text().map_err(io::Error::other);
        text.and_then(|text| replace(&path, text.as_bytes())).map_err(io_error("writing", &path))?;
        let record = self.update(&job.job_id, now, |record| {
            record.inventory = number;
            change(record);
            Ok(())
        })?;
        // If this fails, the list is there in vain, and no more.
        let _ = fs::remove_file(self.path(&job.job_id, &list_name(job.inventory)));
        Ok(record)
    }
}

fn list_name(number: u64) -> String {
    format!("objects-{number}.jsonl")
}

fn io_error(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StateError + use<> {
    let path = path.to_path_buf();
    move |source| StateError::Io { doing, path, source }
}

fn damaged(path: &Path, message: String) -> StateError {
    StateError::Damaged { path: path.to_path_buf(), message }
}
