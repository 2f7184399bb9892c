//! Files on their way into the isolation folder.
//!
//! Many small writes to disk would take most of the time, so files go in batches: each step is taken for all files of a batch
//! before the next one. For each file the order is the same as if it went alone.

use super::entry::{Entry, State, split, way_name};
use super::error::IsolationError;
use super::facts::Facts;
use super::folder::{FOLDER_MODE, Folder};
use super::held::Held;
use super::outcome::{Fate, Outcome};
use super::path_text::PathText;
use super::place::Place;
use super::request::Request;
use super::seal::{CopyError, Seal, Sum, copy, digest};
use super::settings::Settings;
use super::settle::settle;
use super::source::{Removable, Removal, Source, failed};
use super::stored_name::vacant;
use super::witness::{Step, Witness};
use jiff::Timestamp;
use rayon::prelude::*;
use std::collections::{BTreeMap, HashSet};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Seek};
use std::path::{Path, PathBuf};

/// Files of a batch, and bytes after which no more files are added to one.
const BATCH_FILES: usize = 64;
const BATCH_BYTES: u64 = 256 * 1024 * 1024;

/// Moves files into the isolation folder `to`, which is made if it is missing, and finishes what an earlier run has left undone.
///
/// Each file is copied, the copy written to disk and compared with what was scanned, given its name without overwriting
/// anything, and entered in the manifest; only then the source is removed. A file that cannot be moved is an outcome, not an
/// error, and stays where it is.
pub fn isolate(to: &Path, requests: &[Request], settings: &Settings<'_>) -> Result<Vec<Outcome>, IsolationError> {
    let mut known = HashSet::new();
    let requests: Vec<&Request> =
        requests.iter().filter(|request| known.insert((&request.root, &request.path))).collect();
    if settings.dry_run {
        let look = |request: &&Request| Source::open(request).map_or_else(|fate| fate, |_| Fate::WouldIsolate);
        return Ok(requests.iter().map(|request| Outcome { key: request.key.clone(), fate: look(request) }).collect());
    }
    if requests.is_empty() {
        return finish(to, settings.at, settings.witness);
    }
    let mut folder = Folder::open_or_create(to, settings.at)?;
    let mut outcomes = settle(&mut folder, settings.witness)?;
    let held = Held::in_folder(&folder);
    let mut rest = requests.as_slice();
    while !rest.is_empty() {
        let mut bytes = 0_u64;
        let full = rest.iter().take(BATCH_FILES).position(|request| {
            bytes = bytes.saturating_add(request.scanned.size);
            bytes > BATCH_BYTES
        });
        let (batch, others) = rest.split_at(full.unwrap_or(BATCH_FILES).clamp(1, rest.len()));
        rest = others;
        let all = Batch { folder: &mut folder, settings, held: &held, outcomes: Vec::new() };
        outcomes.extend(all.isolate(batch)?);
    }
    folder.manifest.sync().map_err(|error| folder.manifest_failed(error))?;
    Ok(outcomes)
}

/// Finishes what an interrupted run has left undone in the isolation folder `to`; there is nothing to do if it does not exist.
pub fn finish(to: &Path, at: Timestamp, witness: &dyn Witness) -> Result<Vec<Outcome>, IsolationError> {
    let manifest = to.join("manifest.jsonl");
    if !manifest.exists() {
        return Ok(Vec::new());
    }
    let mut folder = Folder::of_manifest(&manifest, at)?;
    settle(&mut folder, witness)
}

/// Errs if the isolation folder `to` and the folder `scanned` lie in each other: copies would be found and moved again.
pub fn check_apart(to: &Path, scanned: &Path) -> Result<(), IsolationError> {
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    // What does not exist yet lies where the nearest folder above it really is.
    let real = |path: &Path| {
        let path = absolute(path);
        let there = path.ancestors().find_map(|above| Some((above, fs::canonicalize(above).ok()?)));
        there.map_or_else(|| path.clone(), |(above, real)| real.join(path.strip_prefix(above).unwrap_or(Path::new(""))))
    };
    let (to, scanned) = (real(to), real(scanned));
    if to.starts_with(&scanned) || scanned.starts_with(&to) {
        return Err(IsolationError::Nested(to, scanned));
    }
    Ok(())
}

/// A copy that is whole, verified and on disk, under a temporary name.
struct Staged<'r> {
    id: u64,
    request: &'r Request,
    source: Source,
    sum: Sum,
    entry: Entry,
}

/// Files that take each step together.
struct Batch<'a, 'f> {
    folder: &'f mut Folder,
    settings: &'a Settings<'a>,
    held: &'a Held,
    outcomes: Vec<Outcome>,
}

impl Batch<'_, '_> {
    fn isolate<'r>(mut self, requests: &[&'r Request]) -> Result<Vec<Outcome>, IsolationError> {
        let numbered: Vec<(u64, &'r Request)> =
            requests.iter().map(|request| (self.folder.manifest.next_id(), *request)).collect();
        let (folder, settings) = (&*self.folder, self.settings);
        let held = self.held;
        let stage = |(id, request): &(u64, &'r Request)| {
            stage(folder, *id, request, settings).map_err(|fate| held.fate(request).unwrap_or(fate))
        };
        let copies: Vec<Result<Staged<'_>, Fate>> = folder.writers.install(|| numbered.par_iter().map(stage).collect());
        let mut staged = Vec::new();
        for ((_, request), copy) in numbered.iter().zip(copies) {
            match copy {
                Ok(copy) => staged.push(copy),
                Err(fate) => self.outcome(request, fate),
            }
        }
        let placed = self.place(staged)?;
        self.remove_sources(&placed)?;
        Ok(self.outcomes)
    }

    fn outcome(&mut self, request: &Request, fate: Fate) {
        self.outcomes.push(Outcome { key: request.key.clone(), fate });
    }

    fn reached(&self, step: Step, staged: &Staged<'_>) {
        self.settings.witness.reached(step, &staged.request.key);
    }

    /// Gives copies their names and enters them in the manifest. What cannot be is taken back.
    fn place<'r>(&mut self, mut staged: Vec<Staged<'r>>) -> Result<Vec<Staged<'r>>, IsolationError> {
        let mut folders: BTreeMap<PathBuf, Place> = BTreeMap::new();
        let mut placed = Vec::new();
        // A name that was free can be taken a moment later, by a folder for another file of the batch for one.
        while !staged.is_empty() {
            let mut named = Vec::new();
            let mut taken = HashSet::new();
            for mut copy in staged {
                match vacant(&self.folder.files, &copy.request.path, copy.entry.is_encrypted(), &taken) {
                    Ok(path) => {
                        taken.insert(path.clone());
                        copy.entry.stored = PathText(path);
                        named.push(copy);
                    }
                    Err(error) => self.take_back(&copy, &error),
                }
            }
            let records = named.iter().map(|copy| (copy.id, copy.entry.clone())).collect();
            if let Err(error) = self.folder.manifest.record(State::Copied, records) {
                for copy in &named {
                    self.take_back(copy, &error);
                }
                break;
            }
            staged = Vec::new();
            for copy in named {
                self.reached(Step::CopyRecorded, &copy);
                match self.give_name(&copy) {
                    Ok(place) => {
                        self.reached(Step::Placed, &copy);
                        folders.entry(split(&copy.entry.stored).0.to_owned()).or_insert(place);
                        placed.push(copy);
                    }
                    Err(error) if is_taken(&error) => staged.push(copy),
                    Err(error) => {
                        self.take_back(&copy, &error);
                        self.note(State::Abandoned, &[copy.id])?;
                    }
                }
            }
        }
        let synced = folders.values().try_for_each(Place::sync).and_then(|()| self.folder.incoming.sync());
        let records = placed.iter().map(|copy| (copy.id, copy.entry.clone())).collect();
        match synced.and_then(|()| self.folder.manifest.record(State::Placed, records)) {
            Ok(()) => {
                for copy in &placed {
                    self.reached(Step::PlaceRecorded, copy);
                }
                Ok(placed)
            }
            Err(error) => {
                // The copies stay, and the sources: the next run goes on from there.
                for copy in placed {
                    let fate = failed("writing to disk what came to", &self.folder.path, &error);
                    self.outcome(copy.request, fate);
                }
                Ok(Vec::new())
            }
        }
    }

    /// Gives a copy its name and returns the folder that it is in by then.
    fn give_name(&self, copy: &Staged<'_>) -> io::Result<Place> {
        let (folders, name) = split(&copy.entry.stored);
        let place = self.folder.files.descend_making(folders, FOLDER_MODE)?;
        self.folder.incoming.rename(&temporary(copy.id), &place, name)?;
        Ok(place)
    }

    fn take_back(&mut self, copy: &Staged<'_>, error: &io::Error) {
        // What stays behind in spite of this is removed by the next run.
        let _ = self.folder.incoming.remove(&temporary(copy.id));
        self.outcome(copy.request, failed("writing to", &self.folder.path, error));
    }

    fn remove_sources(&mut self, placed: &[Staged<'_>]) -> Result<(), IsolationError> {
        let mut removed = Vec::new();
        let mut folders: BTreeMap<PathBuf, &Place> = BTreeMap::new();
        for copy in placed {
            let Source { root, place, name, facts, .. } = &copy.source;
            let aside = way_name(&self.folder.manifest.folder, copy.id, "out");
            let is_copied = |sum| sum == copy.sum;
            let removable = Removable { place, name, aside: &aside, facts, is_copied: &is_copied };
            let fate = match removable.remove(|| self.reached(Step::Claimed, copy)) {
                Ok(Removal::Removed) => {
                    self.reached(Step::Removed, copy);
                    folders.insert(root.join(split(&copy.request.path).0), place);
                    removed.push(copy.id);
                    Fate::Isolated(self.folder.stored(&copy.entry))
                }
                Ok(Removal::Changed(reason)) => {
                    let stored = self.folder.stored(&copy.entry);
                    Fate::Changed(format!("{reason}; what was scanned is in {}", stored.display()))
                }
                Err(error) => {
                    failed("it is isolated, but still there too; removing", &root.join(&copy.request.path), &error)
                }
            };
            self.outcome(copy.request, fate);
        }
        for (path, place) in folders {
            place.sync().map_err(|source| IsolationError::Io { doing: "writing to disk", path, source })?;
        }
        self.note(State::Isolated, &removed)?;
        for copy in placed.iter().filter(|copy| removed.contains(&copy.id)) {
            self.reached(Step::Isolated, copy);
        }
        Ok(())
    }

    fn note(&mut self, state: State, ids: &[u64]) -> Result<(), IsolationError> {
        self.folder.manifest.note(state, ids).map_err(|error| self.folder.manifest_failed(error))
    }
}

/// True for errors that say that another file has the name, or has the name of a folder that is needed.
fn is_taken(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory)
}

/// Name of a copy that is not whole yet.
fn temporary(id: u64) -> OsString {
    format!("{id:06}").into()
}

/// Copies a file to a temporary name, writes the copy to disk and verifies it.
fn stage<'r>(folder: &Folder, id: u64, request: &'r Request, settings: &Settings<'_>) -> Result<Staged<'r>, Fate> {
    let source = Source::open(request)?;
    if source.root.join(&request.path).starts_with(&folder.path) {
        return Err(Fate::Refused("it is in the isolation folder".to_owned()));
    }
    let name = temporary(id);
    let target = match folder.incoming.create(&name) {
        Ok(target) => target,
        Err(error) => return Err(failed("making a file in", &folder.path, &error)),
    };
    settings.witness.reached(Step::CopyBegun, &request.key);
    let staged = copy_verified(folder, id, request, settings, source, target);
    if staged.is_err() {
        // What stays behind in spite of this is removed by the next run.
        let _ = folder.incoming.remove(&name);
    }
    staged
}

fn copy_verified<'r>(
    folder: &Folder,
    id: u64,
    request: &'r Request,
    settings: &Settings<'_>,
    mut source: Source,
    mut target: File,
) -> Result<Staged<'r>, Fate> {
    let path = source.root.join(&request.path);
    let writing = |error: io::Error| failed("writing to", &folder.path, &error);
    let side = |error| match error {
        CopyError::Reading(error) => failed("reading", &path, &error),
        CopyError::Writing(error) => writing(error),
    };
    let scanned = request.scanned.fingerprint;
    let beginning = scanned.map_or(0, |fingerprint| fingerprint.bytes);
    let (copied, stored, seal) = if settings.recipients.is_empty() {
        let copied = copy(&mut source.file, &mut target, beginning).map_err(side)?;
        let (sum, seal) = (copied.sum, folder.key.seal(copied.sum));
        (copied, sum, seal)
    } else {
        let mut encrypted = settings.recipients.encrypt(&target).map_err(writing)?;
        let copied = copy(&mut source.file, &mut encrypted, beginning).map_err(side)?;
        let stored = encrypted.finish().map_err(writing)?;
        (copied, stored, Seal::Ciphertext(stored.0))
    };
    target.sync_all().map_err(writing)?;
    settings.witness.reached(Step::Copied, &request.key);
    let after = source.file.metadata().map_err(|error| failed("looking at", &path, &error))?;
    if copied.bytes != source.facts.size || !source.facts.is_unchanged(&Facts::of(&after)) {
        return Err(Fate::Changed("it was written to while it was copied".to_owned()));
    }
    if scanned.is_some_and(|fingerprint| copied.beginning != Some(Sum(fingerprint.sha256))) {
        return Err(Fate::Changed("its content is not what was scanned".to_owned()));
    }
    target.rewind().map_err(writing)?;
    let read_back = digest(&mut target).map_err(writing)?;
    if read_back != stored {
        let broken = io::Error::new(io::ErrorKind::InvalidData, "what was written is not what is read back");
        return Err(writing(broken));
    }
    settings.witness.reached(Step::Verified, &request.key);
    let entry = Entry {
        key: request.key.clone(),
        root: PathText(source.root.clone()),
        path: PathText(request.path.clone()),
        stored: PathText(PathBuf::new()),
        file: source.facts.clone(),
        seal,
        finding: request.finding.clone(),
    };
    Ok(Staged { id, request, source, sum: copied.sum, entry })
}
