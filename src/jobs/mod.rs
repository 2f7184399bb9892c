//! Classification jobs: what Macie's `CreateClassificationJob` takes, carried out on folders that stand for buckets.
//!
//! A [`JobSpec`] says what is analysed and when. A [`Store`] keeps the jobs and, for jobs that run on a schedule, which
//! objects they have analysed; a [`Run`] takes what is new or changed since, and hands it out in batches.

mod bucket;
mod bucket_request;
mod document;
mod fingerprint;
mod inventory;
mod record;
mod request;
mod run;
mod sample;
mod schedule;
mod scope;
mod scope_request;
mod spec;
mod state_file;
mod status;
mod store;

pub use bucket::{BucketFolder, BucketSelection};
pub use record::JobRecord;
pub use request::load;
pub use run::{Run, RunError, RunSettings};
pub use sample::Sampling;
pub use schedule::{Due, Schedule};
pub use scope::Scope;
pub use spec::{JobSpec, JobType};
pub use status::JobStatus;
pub use store::{StateError, Store};
