//! Which buckets a job analyses, and which folders stand for them.

use crate::identifiers::problem::Place;
use crate::identifiers::spelling::nearest;
use crate::model::Bucket;
use std::path::PathBuf;
use std::sync::Arc;

/// A folder that stands for a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketFolder {
    /// The bucket.
    pub bucket: Arc<Bucket>,
    /// Its objects are the files in here.
    pub folder: PathBuf,
}

/// The buckets of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BucketSelection {
    /// Those that are named.
    Definitions(Vec<NamedBucket>),
    /// Those that are given a folder and match.
    Criteria {
        /// Conditions all of which must hold.
        includes: Vec<BucketTerm>,
        /// Conditions not all of which may hold, if there are any.
        excludes: Vec<BucketTerm>,
    },
}

/// A bucket that a job names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedBucket {
    /// Its name.
    pub name: String,
    /// The account that owns it.
    pub account_id: String,
    /// Where it is named.
    pub at: Place,
}

/// A condition on a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketTerm {
    pub(super) property: BucketProperty,
    pub(super) negated: bool,
    pub(super) values: Vec<String>,
}

/// What a condition on a bucket is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BucketProperty {
    Account,
    Name,
    /// Who may read it, or whom it is shared with: nobody knows that of a folder.
    Access,
    /// A folder has no tags.
    Tag,
}

impl BucketTerm {
    fn holds(&self, name: &str, account: &str) -> bool {
        let is = |actual: &str| self.values.iter().any(|value| value == actual);
        let equal = match self.property {
            BucketProperty::Account => is(account),
            BucketProperty::Name => is(name),
            BucketProperty::Access => is("UNKNOWN"),
            BucketProperty::Tag => false,
        };
        equal != self.negated
    }
}

impl BucketSelection {
    /// The folders of the job's buckets, of those that are `given`, by name; buckets that match criteria belong to
    /// `account`. An error is a sentence, with the place of a bucket that has no folder.
    pub(super) fn folders(
        &self,
        given: &[(String, PathBuf)],
        account: &str,
    ) -> Result<Vec<BucketFolder>, Vec<(Option<Place>, String)>> {
        match self {
            Self::Definitions(named) => definitions(named, given),
            Self::Criteria { includes, excludes } => {
                let all = |terms: &[BucketTerm], name: &str| terms.iter().all(|term| term.holds(name, account));
                let wanted = given
                    .iter()
                    .filter(|(name, _)| all(includes, name) && (excludes.is_empty() || !all(excludes, name)));
                Ok(wanted
                    .map(|(name, folder)| BucketFolder {
                        bucket: Arc::new(Bucket { name: name.clone(), account_id: account.to_owned() }),
                        folder: folder.clone(),
                    })
                    .collect())
            }
        }
    }
}

fn definitions(
    named: &[NamedBucket],
    given: &[(String, PathBuf)],
) -> Result<Vec<BucketFolder>, Vec<(Option<Place>, String)>> {
    let mut problems = Vec::new();
    for (name, _) in given.iter().filter(|(name, _)| !named.iter().any(|bucket| bucket.name == *name)) {
        let hint = nearest(name, named.iter().map(|bucket| bucket.name.as_str()))
            .map_or_else(String::new, |meant| format!("; did you mean {meant:?}?"));
        problems.push((None, format!("the job has no bucket {name:?}{hint}")));
    }
    let mut folders = Vec::new();
    for bucket in named {
        match given.iter().find(|(name, _)| *name == bucket.name) {
            Some((name, folder)) => folders.push(BucketFolder {
                bucket: Arc::new(Bucket { name: name.clone(), account_id: bucket.account_id.clone() }),
                folder: folder.clone(),
            }),
            None => problems.push((
                Some(bucket.at),
                format!("no folder stands for bucket {:?}; give --bucket {}=DIR", bucket.name, bucket.name),
            )),
        }
    }
    if problems.is_empty() { Ok(folders) } else { Err(problems) }
}
