//! Files on their way back from the isolation folder, in batches like those on their way in.

use super::entry::{Entry, State, split, way_name};
use super::error::IsolationError;
use super::facts::Facts;
use super::folder::Folder;
use super::outcome::{Fate, Outcome};
use super::place::{Place, set_mode};
use super::seal::{CopyError, Seal, Sum, copy, digest};
use super::settings::RestoreSettings;
use super::settle::settle;
use super::source::failed;
use super::witness::Step;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::os::unix::fs::{MetadataExt, fchown};
use std::path::{Path, PathBuf};

/// Files of a batch.
const BATCH_FILES: usize = 64;
/// Permissions of folders that are missing by now, before the user's mask.
const FOLDER_MODE: u32 = 0o777;

/// Puts isolated files with these keys (all files without keys) back to where they were, with the content, permissions and times
/// that they had, and finishes what an earlier run has left undone.
///
/// Each file is written under a temporary name, compared with what was isolated and written to disk, and gets its name without
/// overwriting anything; the manifest notes that it is back, and only then the copy is removed. A file that cannot be put back is
/// an outcome, not an error, and stays in the isolation folder.
pub fn restore(
    manifest: &Path,
    keys: &[String],
    settings: &RestoreSettings<'_>,
) -> Result<Vec<Outcome>, IsolationError> {
    let mut folder = Folder::of_manifest(manifest, settings.at)?;
    let known = |key: &String| folder.manifest.files.values().any(|file| file.entry.key == *key);
    if let Some(unknown) = keys.iter().find(|key| !known(key)) {
        return Err(IsolationError::UnknownKey(unknown.clone()));
    }
    // Of an unfinished move there may be a source to be removed; then it is a file like any other.
    settle(&mut folder, settings.witness)?;
    let mut outcomes = Vec::new();
    let (mut chosen, mut closed): (Vec<(u64, Entry)>, Vec<u64>) = (Vec::new(), Vec::new());
    // Newest first: where a key was isolated more than once, that is how the file was at the end.
    for (id, file) in folder.manifest.files.iter().rev() {
        let is_asked_for = keys.contains(&file.entry.key);
        match file.state {
            // Its copy was removed just before the last run ended.
            State::Restored if folder.has_copy(&file.entry).is_ok_and(|has| !has) => {
                folder.tidy(&file.entry.stored).map_err(|source| IsolationError::Io {
                    doing: "tidying",
                    path: folder.stored(&file.entry),
                    source,
                })?;
                closed.push(*id);
                let path = file.entry.root.join(&*file.entry.path);
                outcomes.push(Outcome { key: file.entry.key.clone(), fate: Fate::Restored(path) });
            }
            State::Restoring | State::Restored => chosen.push((*id, file.entry.clone())),
            State::Placed | State::Isolated if keys.is_empty() || is_asked_for => {
                chosen.push((*id, file.entry.clone()));
            }
            State::Closed if is_asked_for => {
                let path = file.entry.root.join(&*file.entry.path);
                outcomes.push(Outcome { key: file.entry.key.clone(), fate: Fate::AlreadyRestored(path) });
            }
            _ => {}
        }
    }
    folder.manifest.note(State::Closed, &closed).map_err(|error| folder.manifest_failed(error))?;
    outcomes.retain(|outcome| !chosen.iter().any(|(_, entry)| entry.key == outcome.key));
    for batch in chosen.chunks(BATCH_FILES) {
        outcomes.extend(restore_batch(&mut folder, batch, settings)?);
    }
    folder.manifest.sync().map_err(|error| folder.manifest_failed(error))?;
    outcomes.sort_by(|left, right| left.key.cmp(&right.key));
    outcomes.dedup();
    Ok(outcomes)
}

/// A file that is whole where it belongs, if not under its name yet.
struct Ready<'e> {
    id: u64,
    entry: &'e Entry,
    place: Place,
    /// Its name so far; `None` if it has its own.
    temporary: Option<OsString>,
}

fn restore_batch(
    folder: &mut Folder,
    batch: &[(u64, Entry)],
    settings: &RestoreSettings<'_>,
) -> Result<Vec<Outcome>, IsolationError> {
    let reached = |step, entry: &Entry| settings.witness.reached(step, &entry.key);
    let all: Vec<u64> = batch.iter().map(|(id, _)| *id).collect();
    note_on_disk(folder, State::Restoring, &all)?;
    for (_, entry) in batch {
        reached(Step::RestoreRecorded, entry);
    }

    let (shared, mut outcomes, mut back, mut kept) = (&*folder, Vec::new(), Vec::new(), Vec::new());
    let copies: Vec<Result<Ready<'_>, Fate>> =
        shared.writers.install(|| batch.par_iter().map(|(id, entry)| put_back(shared, *id, entry, settings)).collect());
    for ((id, entry), copy) in batch.iter().zip(copies) {
        match copy.and_then(give_name) {
            Ok(ready) => {
                reached(Step::Replaced, entry);
                back.push(ready);
            }
            Err(fate) => {
                kept.push(*id);
                outcomes.push(Outcome { key: entry.key.clone(), fate });
            }
        }
    }
    note_on_disk(folder, State::Isolated, &kept)?;
    let places: BTreeMap<PathBuf, &Place> =
        back.iter().map(|ready| (ready.entry.root.join(split(&ready.entry.path).0), &ready.place)).collect();
    for (path, place) in places {
        place.sync().map_err(|source| IsolationError::Io { doing: "writing to disk", path, source })?;
    }
    note_on_disk(folder, State::Restored, &back.iter().map(|ready| ready.id).collect::<Vec<_>>())?;
    for ready in &back {
        reached(Step::ReplaceRecorded, ready.entry);
    }

    let mut closed = Vec::new();
    for Ready { id, entry, .. } in &back {
        let path = entry.root.join(&*entry.path);
        let fate = match discard(folder, entry) {
            Ok(()) => {
                reached(Step::Discarded, entry);
                closed.push((*id, *entry));
                Fate::Restored(path)
            }
            Err(error) => failed("it is back, but its copy is still there; removing", &folder.stored(entry), &error),
        };
        outcomes.push(Outcome { key: entry.key.clone(), fate });
    }
    let ids: Vec<u64> = closed.iter().map(|(id, _)| *id).collect();
    folder.manifest.note(State::Closed, &ids).map_err(|error| folder.manifest_failed(error))?;
    for (_, entry) in closed {
        reached(Step::Closed, entry);
    }
    Ok(outcomes)
}

fn note_on_disk(folder: &mut Folder, state: State, ids: &[u64]) -> Result<(), IsolationError> {
    if ids.is_empty() {
        return Ok(());
    }
    let noted = folder.manifest.note(state, ids).and_then(|()| folder.manifest.sync());
    noted.map_err(|error| folder.manifest_failed(error))
}

/// Writes a file to where it was, under a temporary name, unless an earlier run has brought it back already.
fn put_back<'e>(folder: &Folder, id: u64, entry: &'e Entry, settings: &RestoreSettings<'_>) -> Result<Ready<'e>, Fate> {
    let path = entry.root.join(&*entry.path);
    let (folders, name) = split(&entry.path);
    let root = Place::open(&entry.root)
        .map_err(|error| failed("opening the folder that it came from,", &entry.root, &error))?;
    let place =
        root.descend_making(folders, FOLDER_MODE).map_err(|error| failed("opening the folder of", &path, &error))?;
    let temporary = way_name(&folder.manifest.folder, id, "in");
    place.remove(&temporary).map_err(|error| failed("removing what an interrupted run left beside", &path, &error))?;
    if place.kind(name).map_err(|error| failed("looking at", &path, &error))?.is_some() {
        let there = place.read(name).and_then(|mut file| digest(&mut file));
        return match there.map_err(|error| failed("looking at", &path, &error))? {
            sum if sum == content_of(folder, entry, settings)? => Ok(Ready { id, entry, place, temporary: None }),
            _ => Err(Fate::Failed(format!("{} is another file; move it out of the way first", path.display()))),
        };
    }
    let mut file = place.create(&temporary).map_err(|error| failed("making a file beside", &path, &error))?;
    settings.witness.reached(Step::ReturnBegun, &entry.key);
    if let Err(fate) = fill(folder, entry, settings, &mut file) {
        // What stays behind in spite of this is removed by the next run.
        let _ = place.remove(&temporary);
        return Err(fate);
    }
    settings.witness.reached(Step::Returned, &entry.key);
    Ok(Ready { id, entry, place, temporary: Some(temporary) })
}

fn give_name(ready: Ready<'_>) -> Result<Ready<'_>, Fate> {
    if let Some(temporary) = &ready.temporary
        && let Err(error) = ready.place.rename(temporary, &ready.place, split(&ready.entry.path).1)
    {
        // What stays behind in spite of this is removed by the next run.
        let _ = ready.place.remove(temporary);
        return Err(failed("giving its name to", &ready.entry.root.join(&*ready.entry.path), &error));
    }
    Ok(ready)
}

/// The copy of a file, known to be what was put there.
fn copy_of(folder: &Folder, entry: &Entry) -> Result<File, Fate> {
    let reading = |error: io::Error| failed("reading", &folder.stored(entry), &error);
    if !folder.holds(entry).map_err(reading)? {
        return Err(Fate::Failed(format!(
            "{} is missing, or is not what was put there",
            folder.stored(entry).display()
        )));
    }
    folder.stored_place(entry).and_then(|(place, name)| place.read(name)).map_err(reading)
}

/// What reads the content of a copy.
fn reader<'a>(copy: &'a mut File, entry: &Entry, settings: &RestoreSettings<'_>) -> Result<Box<dyn Read + 'a>, Fate> {
    if !entry.is_encrypted() {
        return Ok(Box::new(copy));
    }
    if settings.identities.is_empty() {
        return Err(Fate::Failed("its copy is encrypted, and no identity was given".to_owned()));
    }
    let content = settings.identities.decrypt(copy);
    Ok(Box::new(content.map_err(|error| Fate::Failed(format!("its copy cannot be decrypted: {error}")))?))
}

fn content_of(folder: &Folder, entry: &Entry, settings: &RestoreSettings<'_>) -> Result<Sum, Fate> {
    let mut copy = copy_of(folder, entry)?;
    digest(&mut reader(&mut copy, entry, settings)?).map_err(|error| failed("reading", &folder.stored(entry), &error))
}

/// Writes content, permissions, owner and times of a file, on disk when this returns.
fn fill(folder: &Folder, entry: &Entry, settings: &RestoreSettings<'_>, file: &mut File) -> Result<(), Fate> {
    let path = entry.root.join(&*entry.path);
    let writing = |error: io::Error| failed("writing", &path, &error);
    let mut source = copy_of(folder, entry)?;
    let copied = copy(&mut reader(&mut source, entry, settings)?, file, 0).map_err(|error| match error {
        CopyError::Reading(error) => failed("reading", &folder.stored(entry), &error),
        CopyError::Writing(error) => writing(error),
    })?;
    let is_content = match entry.seal {
        Seal::Content(_) => folder.key.seal(copied.sum) == entry.seal,
        // What is read has been authenticated on the way.
        Seal::Ciphertext(_) => true,
    };
    if !is_content || copied.bytes != entry.file.size {
        return Err(Fate::Failed(format!("{} changed while it was read", folder.stored(entry).display())));
    }
    file.rewind().map_err(writing)?;
    if digest(file).map_err(writing)? != copied.sum {
        return Err(writing(io::Error::new(io::ErrorKind::InvalidData, "what was written is not what is read back")));
    }
    give_back_facts(file, &entry.file).and_then(|()| file.sync_all()).map_err(writing)
}

/// Gives a file its owner back where that is allowed, then its permissions and times.
fn give_back_facts(file: &File, facts: &Facts) -> io::Result<()> {
    let now = file.metadata()?;
    if (now.uid(), now.gid()) != (facts.owner, facts.group) {
        match fchown(file, Some(facts.owner), Some(facts.group)) {
            // Only an administrator can give files away; the file then belongs to whoever puts it back.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
            other => other?,
        }
    }
    set_mode(file, facts.mode)?;
    Ok(rustix::fs::futimens(file, &facts.times())?)
}

/// Removes the copy of a file that is back, and folders that are empty without it.
fn discard(folder: &Folder, entry: &Entry) -> io::Result<()> {
    let (place, name) = folder.stored_place(entry)?;
    place.remove(name)?;
    place.sync()?;
    folder.tidy(&entry.stored)
}
