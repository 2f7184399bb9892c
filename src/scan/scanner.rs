//! The scanner: built once from identifiers and settings, then used from any number of threads.

use super::Progress;
use super::object::Object;
use super::stats::Stats;
use super::worker::{Work, run};
use crate::engine::{Engine, KnownIds};
use crate::findings::{Counted, SeverityRule, Tally};
use crate::identifiers::allow_list::AllowList;
use crate::identifiers::allow_match::{CompiledAllowLists, ScopedList};
use crate::identifiers::builtin;
use crate::identifiers::custom::CustomIdentifier;
use crate::identifiers::custom_match::CompiledCustom;
use crate::identifiers::schema::Detector;
use crate::identifiers::set::ManagedSet;
use crate::model::{Category, Fingerprint, IdentifierKind, IdentifierRef, ObjectInfo, ObjectReport, Quotas};
use crate::readers::Splitter;
use crate::sources::Entry;
use std::collections::{HashMap, HashSet};
use std::io::{self, Read};
use std::num::NonZeroUsize;
use std::sync::Arc;

/// Which managed identifiers a scan uses.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ManagedSelection {
    /// All of them: a gate should see more.
    #[default]
    All,
    /// Macie's recommended set for jobs.
    Recommended,
    /// None.
    None,
    /// Those with these ids, or of these categories (`CREDENTIALS`).
    Only(Vec<String>),
}

/// Why a scanner cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// An id that no managed identifier has.
    #[error("there is no managed identifier {id:?}{}", hint(.suggestion.as_deref()))]
    UnknownManaged {
        /// The id as given.
        id: String,
        /// A known id that is much like it.
        suggestion: Option<String>,
    },
    /// A custom identifier whose pattern is refused.
    #[error("custom identifier {name:?}: {problem}")]
    Custom {
        /// Its name.
        name: String,
        /// What is wrong.
        problem: String,
    },
    /// An allow list whose pattern is refused.
    #[error("allow list {name:?}: {problem}")]
    AllowList {
        /// Its name.
        name: String,
        /// What is wrong.
        problem: String,
    },
    /// The threads could not be started.
    #[error("starting worker threads: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}

fn hint(id: Option<&str>) -> String {
    id.map_or_else(|| "; `lakegate identifiers list` shows all".into(), |id| format!("; did you mean {id}?"))
}

/// Settings of a [`Scanner`].
#[derive(Debug, Clone)]
pub struct ScannerBuilder {
    managed: ManagedSelection,
    excluded: Vec<String>,
    custom: Vec<CustomIdentifier>,
    allow_lists: Vec<AllowList>,
    quotas: Quotas,
    part_size: usize,
    inline_ignore: bool,
}

impl Default for ScannerBuilder {
    fn default() -> Self {
        let managed = ManagedSelection::default();
        Self {
            managed,
            excluded: Vec::new(),
            custom: Vec::new(),
            allow_lists: Vec::new(),
            quotas: Quotas::default(),
            part_size: Splitter::<io::Empty>::CHUNK_SIZE,
            inline_ignore: false,
        }
    }
}

impl ScannerBuilder {
    /// Chooses managed identifiers. The default is all of them.
    #[must_use]
    pub fn managed(mut self, selection: ManagedSelection) -> Self {
        self.managed = selection;
        self
    }

    /// Leaves managed identifiers out, by id or category.
    #[must_use]
    pub fn exclude_managed(mut self, ids: impl IntoIterator<Item = String>) -> Self {
        self.excluded.extend(ids);
        self
    }

    /// Adds custom identifiers.
    #[must_use]
    pub fn custom(mut self, identifiers: impl IntoIterator<Item = CustomIdentifier>) -> Self {
        self.custom.extend(identifiers);
        self
    }

    /// Limits on the reading of each object. The defaults are Macie's quotas.
    #[must_use]
    pub fn quotas(self, quotas: Quotas) -> Self {
        Self { quotas, ..self }
    }

    /// Adds allow lists: a match that one of them allows is no occurrence. They do not apply to mailing addresses.
    #[must_use]
    pub fn allow_lists(mut self, lists: impl IntoIterator<Item = AllowList>) -> Self {
        self.allow_lists.extend(lists);
        self
    }

    /// Bytes of a table or of JSON Lines that a thread takes at a time, 512 KiB by default. What is found does not depend on it;
    /// memory and speed do.
    #[must_use]
    pub fn part_size(mut self, bytes: usize) -> Self {
        self.part_size = bytes.max(1);
        self
    }

    /// Whether comments in running text such as `lakegate:ignore` are heeded; they are not unless this says so, as whoever
    /// writes the text decides then what is found in it. Those in data and in files inside archives never are.
    #[must_use]
    pub fn inline_ignore(self, heeds: bool) -> Self {
        Self { inline_ignore: heeds, ..self }
    }

    /// Builds the scanner.
    ///
    /// # Panics
    /// Never: the embedded identifiers are proved by the tests.
    pub fn build(self) -> Result<Scanner, BuildError> {
        let definitions = builtin::managed();
        let known: Vec<(&str, bool)> =
            definitions.iter().map(|definition| (&*definition.id, definition.recommended)).collect();
        let categories: HashMap<&str, &str> =
            definitions.iter().map(|definition| (&*definition.id, definition.category.as_str())).collect();
        let names =
            |named: &str, id: &str| named == id || categories.get(id).is_some_and(|category| *category == named);
        let named = match &self.managed {
            ManagedSelection::Only(ids) => ids.as_slice(),
            _ => &[],
        };
        let is_known = |named: &str| known.iter().any(|(id, _)| names(named, id));
        if let Some(id) = named.iter().chain(&self.excluded).find(|named| !is_known(named)) {
            return Err(BuildError::UnknownManaged { id: id.clone(), suggestion: nearest(id, &known) });
        }
        let recommended: HashSet<&str> =
            known.iter().filter(|(_, recommended)| *recommended).map(|(id, _)| *id).collect();
        let wanted = |id: &str| {
            let selected = match &self.managed {
                ManagedSelection::All => true,
                ManagedSelection::Recommended => recommended.contains(id),
                ManagedSelection::None => false,
                ManagedSelection::Only(ids) => ids.iter().any(|wanted| names(wanted, id)),
            };
            selected && !self.excluded.iter().any(|excluded| names(excluded, id))
        };
        let managed = ManagedSet::new(definitions, wanted).expect("the embedded identifiers are proved by the tests");
        let mut scanner = Scanner::new(managed, &self.custom, &self.allow_lists, self.quotas, self.part_size)?;
        if self.inline_ignore {
            let known = scanner.counted.iter().map(|counted| Arc::clone(&counted.identifier));
            scanner.heeded = Some(KnownIds::new(known.collect()));
        }
        Ok(scanner)
    }
}

/// The known id that shares the longest beginning with `id`, if that is most of it.
fn nearest(id: &str, known: &[(&str, bool)]) -> Option<String> {
    let upper = id.to_uppercase();
    let shared = |other: &str| upper.chars().zip(other.chars()).take_while(|(left, right)| left == right).count();
    let (best, _) = known.iter().max_by_key(|(other, _)| shared(other))?;
    (shared(best) * 2 >= upper.len()).then(|| (*best).to_string())
}

/// Bytes that are not worth starting threads for.
const LITTLE: u64 = 256 * 1024;

/// Scans objects. Holds no global state, never prints, never exits.
pub struct Scanner {
    pub(super) engine: Engine,
    pub(super) counted: Vec<Counted>,
    pub(super) quotas: Quotas,
    stops: Arc<[bool]>,
    pub(super) part_size: usize,
    /// What comments may name that say that something is known; `None` if they are not heeded.
    pub(super) heeded: Option<KnownIds>,
}

impl Scanner {
    /// Settings to build a scanner from.
    pub fn builder() -> ScannerBuilder {
        ScannerBuilder::default()
    }

    fn new(
        managed: ManagedSet,
        custom: &[CustomIdentifier],
        allow_lists: &[AllowList],
        quotas: Quotas,
        part_size: usize,
    ) -> Result<Self, BuildError> {
        let mut counted: Vec<Counted> = managed
            .identifiers
            .iter()
            .map(|identifier| Counted {
                identifier: Arc::clone(&identifier.reference),
                severity: SeverityRule::Managed(identifier.severity),
            })
            .collect();
        let mut stops: Vec<bool> = managed
            .identifiers
            .iter()
            .map(|identifier| matches!(identifier.detector, Some(Detector::FullName | Detector::MailingAddress)))
            .collect();
        let mut compiled = Vec::with_capacity(custom.len());
        for identifier in custom {
            compiled.push(CompiledCustom::new(identifier).map_err(|problem| BuildError::Custom {
                name: identifier.name.clone(),
                problem: problem.to_string(),
            })?);
            counted.push(Counted {
                identifier: Arc::new(IdentifierRef {
                    kind: IdentifierKind::Custom,
                    id: identifier.id.clone(),
                    name: identifier.name.clone(),
                    category: Category::CustomIdentifier,
                }),
                severity: SeverityRule::Custom(identifier.severity_levels.clone()),
            });
            stops.push(false);
        }
        let mut engine = Engine::new(managed, compiled);
        if !allow_lists.is_empty() {
            let lists = CompiledAllowLists::new(allow_lists).map_err(|(number, error)| BuildError::AllowList {
                name: allow_lists[number].name.clone(),
                problem: error.to_string(),
            })?;
            let identifiers = scoped_identifiers(&lists, allow_lists, &counted)?;
            engine = engine.allowing(lists, identifiers);
        }
        Ok(Self { engine, counted, stops: stops.into(), quotas, part_size, heeded: None })
    }

    /// The engine, for looking at single texts.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Whether the scanner looks for the identifier of that id.
    pub fn looks_for(&self, id: &str) -> bool {
        self.counted.iter().any(|counted| counted.identifier.id == id)
    }

    /// Identifiers that the scanner looks for.
    pub fn identifier_count(&self) -> usize {
        self.counted.len()
    }

    pub(super) fn tally(&self) -> Tally {
        Tally::new(Arc::clone(&self.stops))
    }

    /// Scans one object on the calling thread.
    pub fn scan_object(&self, object: ObjectInfo, content: impl Read + Send) -> ObjectReport {
        let object = Object::from_reader(self, object, Box::new(content));
        let work = Work::new(self, vec![object], &(), None);
        run(&work);
        work.into_reports().remove(0)
    }

    /// Scans the listed objects with that many threads; `key_prefix` goes in front of their keys. The reports come in the
    /// order of `entries`, whatever the number of threads.
    pub fn scan_entries(
        &self,
        entries: &[Entry],
        key_prefix: &str,
        threads: NonZeroUsize,
        progress: &dyn Progress,
    ) -> Result<Vec<ObjectReport>, BuildError> {
        let objects = entries.iter().map(|entry| Object::from_entry(self, entry, key_prefix)).collect();
        self.scan_objects(objects, enough(stored(entries), threads), progress, None)
    }

    /// As [`Scanner::scan_entries`]; takes down in `stats` where the time goes.
    pub fn measure_entries(
        &self,
        entries: &[Entry],
        key_prefix: &str,
        threads: NonZeroUsize,
        progress: &dyn Progress,
        stats: &Stats,
    ) -> Result<Vec<ObjectReport>, BuildError> {
        let objects = entries.iter().map(|entry| Object::from_entry(self, entry, key_prefix)).collect();
        self.scan_objects(objects, threads, progress, Some(stats))
    }

    pub(super) fn scan_objects<'r>(
        &'r self,
        objects: Vec<Object<'r>>,
        threads: NonZeroUsize,
        progress: &'r dyn Progress,
        stats: Option<&'r Stats>,
    ) -> Result<Vec<ObjectReport>, BuildError> {
        let work = Work::new(self, objects, progress, stats);
        run_all(&work, threads)?;
        Ok(work.into_reports())
    }

    /// Scans like [`Self::scan_entries`], and keeps of every object that is a file what tells the bytes that were read from any
    /// others: whoever acts on a report can make sure that the file is still what was scanned. Both come in the order of
    /// `entries`. Takes down in `stats`, if they are wanted, where the time goes.
    pub fn scan_and_fingerprint(
        &self,
        entries: &[Entry],
        key_prefix: &str,
        threads: NonZeroUsize,
        progress: &dyn Progress,
        stats: Option<&Stats>,
    ) -> Result<(Vec<ObjectReport>, Vec<Option<Fingerprint>>), BuildError> {
        let object = |entry| Object::from_entry(self, entry, key_prefix).with_fingerprint();
        let work = Work::new(self, entries.iter().map(object).collect(), progress, stats);
        run_all(&work, enough(stored(entries), threads))?;
        let fingerprints = work.fingerprints();
        Ok((work.into_reports(), fingerprints))
    }
}

/// The indices of the identifiers that each allow list with a scope is for; `None` for all.
fn scoped_identifiers(
    compiled: &CompiledAllowLists,
    lists: &[AllowList],
    counted: &[Counted],
) -> Result<Vec<Option<Vec<u16>>>, BuildError> {
    let index = |list: &ScopedList, id: &String| {
        let is = |counted: &Counted| counted.identifier.id == *id || counted.identifier.name == *id;
        match counted.iter().position(is) {
            Some(index) => Ok(Some(index as u16)),
            // One that this scan does not look for.
            None if builtin::managed().iter().any(|definition| *definition.id == **id) => Ok(None),
            None => Err(BuildError::AllowList {
                name: lists[list.number].name.clone(),
                problem: format!("there is no identifier {id:?}; `lakegate identifiers list` shows all"),
            }),
        }
    };
    let of = |list: &ScopedList| {
        let ids = (!list.identifiers.is_empty()).then_some(&list.identifiers);
        let indices = ids.map(|ids| ids.iter().map(|id| index(list, id)).collect::<Result<Vec<_>, _>>()).transpose()?;
        Ok(indices.map(|indices| indices.into_iter().flatten().collect()))
    };
    compiled.scoped().iter().map(of).collect()
}

/// Bytes of the entries as they are stored.
fn stored(entries: &[Entry]) -> u64 {
    entries.iter().map(|entry| entry.size).sum()
}

/// The threads that are worth starting for so many stored bytes: one is done with little before the others have started.
pub(super) fn enough(bytes: u64, threads: NonZeroUsize) -> NonZeroUsize {
    if bytes < LITTLE { NonZeroUsize::MIN } else { threads }
}

/// Scans all objects with that many threads.
fn run_all(work: &Work<'_>, threads: NonZeroUsize) -> Result<(), BuildError> {
    if threads.get() == 1 {
        run(work);
    } else {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.get()).build()?;
        pool.broadcast(|_| run(work));
    }
    Ok(())
}
