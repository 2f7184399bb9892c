//! What a job is asked to do.

use super::bucket::{BucketFolder, BucketSelection};
use super::schedule::Schedule;
use super::scope::Scope;
use crate::identifiers::allow_list::{AllowList, AllowedTexts};
use crate::identifiers::custom::CustomIdentifier;
use crate::identifiers::problem::{LoadErrors, Place, Problem};
use crate::scan::ManagedSelection;
use std::path::PathBuf;

/// Allow lists of each kind that one job may use.
const MOST_OF_A_KIND: usize = 5;

/// When a job runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobType {
    /// Once.
    OneTime,
    /// Again and again.
    Scheduled(Schedule),
}

impl JobType {
    /// The word that Macie's JSON uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OneTime => "ONE_TIME",
            Self::Scheduled(_) => "SCHEDULED",
        }
    }
}

/// The request of a job, within Macie's limits.
#[derive(Debug, Clone)]
pub struct JobSpec {
    /// Name, 1 to 500 characters.
    pub name: String,
    /// When it runs.
    pub job_type: JobType,
    /// Whether a recurring job analyses what exists when it is created; otherwise only what comes later.
    pub initial_run: bool,
    /// Percentage of the objects that are analysed, 1 to 100.
    pub sampling_percentage: u8,
    /// Managed identifiers to use.
    pub managed: ManagedSelection,
    /// Managed identifiers that are left out.
    pub excluded: Vec<String>,
    /// Buckets.
    pub buckets: BucketSelection,
    /// Objects in them.
    pub scope: Scope,
    /// Ids of custom identifiers, and where they are named.
    pub(super) custom: Vec<(String, Place)>,
    /// Ids of allow lists, and where they are named.
    pub(super) allow_lists: Vec<(String, Place)>,
    /// The file.
    pub(super) file: PathBuf,
    /// The request as it is stored: two requests that say the same are equal here.
    pub(super) document: serde_json::Value,
}

impl JobSpec {
    /// The file that it was read from.
    pub fn file(&self) -> &std::path::Path {
        &self.file
    }

    fn refused(&self, problems: Vec<(Option<Place>, String)>) -> Result<(), LoadErrors> {
        let problem = |(place, message)| Problem { file: self.file.clone(), place, message };
        LoadErrors::from_problems(problems.into_iter().map(problem).collect())
    }

    /// The account of the job when none is given: the one that all its buckets belong to, if there is one.
    pub fn account_id(&self) -> Option<&str> {
        let BucketSelection::Definitions(named) = &self.buckets else { return None };
        let first = named.first()?.account_id.as_str();
        named.iter().all(|bucket| bucket.account_id == first).then_some(first)
    }

    /// The folders of the job's buckets, of those that are `given` by name. An error names a bucket without a folder, and a
    /// folder whose bucket the job does not have.
    pub fn folders(&self, given: &[(String, PathBuf)], account: &str) -> Result<Vec<BucketFolder>, LoadErrors> {
        self.buckets.folders(given, account).or_else(|problems| self.refused(problems).map(|()| Vec::new()))
    }

    /// The custom identifiers that the job names, by id or by name, of those that are there.
    pub fn custom_identifiers(&self, known: &[CustomIdentifier]) -> Result<Vec<CustomIdentifier>, LoadErrors> {
        self.resolve("custom data identifier", "--identifiers", &self.custom, known, |wanted, identifier| {
            identifier.id == wanted || identifier.name == wanted
        })
    }

    /// The allow lists that the job names, by id, name, or name in a template, of those that are there.
    pub fn allow_lists(&self, known: &[AllowList]) -> Result<Vec<AllowList>, LoadErrors> {
        let lists = self.resolve("allow list", "--allow-list", &self.allow_lists, known, |wanted, list| {
            list.id == wanted || list.name == wanted || list.logical_id.as_deref() == Some(wanted)
        })?;
        let words = lists.iter().filter(|list| matches!(list.texts, AllowedTexts::Words(_))).count();
        for (kind, count) in [("of texts", words), ("with a pattern", lists.len() - words)] {
            if count > MOST_OF_A_KIND {
                let message =
                    format!("there are {count} allow lists {kind}; a job uses at most {MOST_OF_A_KIND} of a kind");
                self.refused(vec![(self.allow_lists.first().map(|(_, at)| *at), message)])?;
            }
        }
        Ok(lists)
    }

    fn resolve<T: Clone>(
        &self,
        what: &str,
        option: &str,
        wanted: &[(String, Place)],
        known: &[T],
        is: impl Fn(&str, &T) -> bool,
    ) -> Result<Vec<T>, LoadErrors> {
        let mut problems = Vec::new();
        let mut found = Vec::new();
        for (id, at) in wanted {
            // The last part of an ARN is the id.
            let name = id.rsplit('/').next().unwrap_or(id);
            match known.iter().find(|one| is(id, one) || is(name, one)) {
                Some(one) => found.push(one.clone()),
                None => problems.push((
                    Some(*at),
                    format!("no {what} has the id or name {id:?}; give the file that defines it with {option}"),
                )),
            }
        }
        self.refused(problems)?;
        Ok(found)
    }
}
