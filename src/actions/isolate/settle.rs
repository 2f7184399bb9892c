//! What an interrupted run has left undone, done.

use super::entry::{Entry, State, split, way_name};
use super::error::IsolationError;
use super::folder::Folder;
use super::outcome::{Fate, Outcome};
use super::place::Place;
use super::source::{Removable, Removal, failed};
use super::witness::{Step, Witness};
use std::io;

/// Brings every move that was interrupted to its end, and removes copies that never became whole.
pub(super) fn settle(folder: &mut Folder, witness: &dyn Witness) -> Result<Vec<Outcome>, IsolationError> {
    place_copies(folder, witness)?;
    let incoming = |source| IsolationError::Io { doing: "tidying", path: folder.path.join("incoming"), source };
    for name in folder.incoming.names().map_err(incoming)? {
        folder.incoming.remove(&name).map_err(incoming)?;
    }
    let outcomes = remove_sources(folder, witness)?;
    folder.manifest.sync().map_err(|error| folder.manifest_failed(error))?;
    Ok(outcomes)
}

fn in_state(folder: &Folder, state: State) -> Vec<(u64, Entry)> {
    let files = folder.manifest.files.iter().filter(|(_, file)| file.state == state);
    files.map(|(id, file)| (*id, file.entry.clone())).collect()
}

/// Enters copies that have their names in the manifest. Those that have none were never missed: their sources are untouched.
fn place_copies(folder: &mut Folder, witness: &dyn Witness) -> Result<(), IsolationError> {
    let (mut placed, mut abandoned) = (Vec::new(), Vec::new());
    for (id, entry) in in_state(folder, State::Copied) {
        let copy = |source| IsolationError::Io { doing: "reading", path: folder.stored(&entry), source };
        if folder.holds(&entry).map_err(copy)? {
            folder.stored_place(&entry).and_then(|(place, _)| place.sync()).map_err(copy)?;
            placed.push((id, entry));
        } else {
            folder.tidy(&entry.stored).map_err(copy)?;
            abandoned.push(id);
        }
    }
    let keys: Vec<String> = placed.iter().map(|(_, entry)| entry.key.clone()).collect();
    let recorded =
        folder.manifest.note(State::Abandoned, &abandoned).and_then(|()| folder.manifest.record(State::Placed, placed));
    recorded.map_err(|error| folder.manifest_failed(error))?;
    for key in &keys {
        witness.reached(Step::PlaceRecorded, key);
    }
    Ok(())
}

/// Removes the sources of copies that are in their places.
fn remove_sources(folder: &mut Folder, witness: &dyn Witness) -> Result<Vec<Outcome>, IsolationError> {
    let mut outcomes = Vec::new();
    let mut isolated = Vec::new();
    for (id, entry) in in_state(folder, State::Placed) {
        let fate = match remove_source(folder, id, &entry, witness) {
            Ok(Removal::Removed) => {
                isolated.push(id);
                Fate::Isolated(folder.stored(&entry))
            }
            Ok(Removal::Changed(reason)) => {
                Fate::Changed(format!("{reason}; what was isolated is in {}", folder.stored(&entry).display()))
            }
            Err(error) => {
                failed("it is isolated, but still there too; removing", &entry.root.join(&*entry.path), &error)
            }
        };
        outcomes.push(Outcome { key: entry.key, fate });
    }
    folder.manifest.note(State::Isolated, &isolated).map_err(|error| folder.manifest_failed(error))?;
    Ok(outcomes)
}

fn remove_source(folder: &Folder, id: u64, entry: &Entry, witness: &dyn Witness) -> io::Result<Removal> {
    if !folder.holds(entry)? {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "its copy is not what was put there"));
    }
    let root = Place::open(&entry.root)?;
    let (folders, name) = split(&entry.path);
    let place = match root.descend(folders) {
        // The folder that the file was in is gone, and the file with it.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Removal::Removed),
        other => other?,
    };
    let aside = way_name(&folder.manifest.folder, id, "out");
    // Of an encrypted copy there is no digest of the content; the file's number, size and time must do.
    let is_copied = |sum| entry.is_encrypted() || folder.key.seal(sum) == entry.seal;
    let source = Removable { place: &place, name, aside: &aside, facts: &entry.file, is_copied: &is_copied };
    let removal = if place.kind(&aside)?.is_some() {
        source.remove_aside()?
    } else {
        source.remove(|| witness.reached(Step::Claimed, &entry.key))?
    };
    if matches!(removal, Removal::Removed) {
        witness.reached(Step::Removed, &entry.key);
        place.sync()?;
    }
    Ok(removal)
}
