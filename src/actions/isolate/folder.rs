//! An isolation folder that is open and locked.
//!
//! ```text
//! DIR/                  0700
//!   manifest.jsonl      0600  what is here and where it came from
//!   key                 0600  secret of the digests in the manifest
//!   lock                0600  held while a run works here
//!   files/              0700  the copies, by the paths that they had
//!   incoming/           0700  copies that are not whole yet
//! ```

use super::entry::{Entry, split};
use super::error::IsolationError;
use super::hex;
use super::manifest::Manifest;
use super::place::Place;
use super::seal::{FolderKey, Seal, Sum, digest};
use jiff::Timestamp;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

const MANIFEST: &str = "manifest.jsonl";
const KEY: &str = "key";
const LOCK: &str = "lock";
const FILES: &str = "files";
const INCOMING: &str = "incoming";
/// A manifest that is not whole yet.
const NEW_MANIFEST: &str = "manifest.new";

/// Permissions of the folder and of those in it.
pub(super) const FOLDER_MODE: u32 = 0o700;

/// Files that are written at the same time.
const WRITERS: usize = 16;

/// An open isolation folder, locked against other runs.
pub(super) struct Folder {
    /// Where it is, absolute.
    pub path: PathBuf,
    pub files: Place,
    pub incoming: Place,
    pub key: FolderKey,
    pub manifest: Manifest,
    /// Threads that mostly wait for the disk, which writes many files back in the time of one.
    pub writers: ThreadPool,
    _lock: File,
}

impl Folder {
    /// Opens the isolation folder at `path`, which is made if it is missing. Waits for another run that works in it.
    pub(super) fn open_or_create(path: &Path, at: Timestamp) -> Result<Self, IsolationError> {
        let failed =
            |source| IsolationError::Io { doing: "making the isolation folder", path: path.to_owned(), source };
        create_on_disk(path).map_err(failed)?;
        let place = Place::open(path).map_err(failed)?;
        let known = [MANIFEST, KEY, LOCK, FILES, INCOMING, NEW_MANIFEST];
        let names = place.names().map_err(failed)?;
        let is_ours = |name: &str| names.iter().any(|other| *other == name);
        if !is_ours(MANIFEST)
            && (names.iter().any(|name| !known.iter().any(|known| name == known))
                || (!names.is_empty() && !is_ours(LOCK)))
        {
            return Err(IsolationError::NotEmpty(path.to_owned()));
        }
        let lock = lock(&place).map_err(failed)?;
        place.set_mode(FOLDER_MODE).map_err(failed)?;
        if place.kind(OsStr::new(MANIFEST)).map_err(failed)?.is_none() {
            let holds_files =
                place.inner(OsStr::new(FILES)).and_then(|files| files.names()).is_ok_and(|names| !names.is_empty());
            if holds_files {
                return Err(IsolationError::ManifestLost(path.to_owned()));
            }
            fill(&place).map_err(failed)?;
        }
        Self::open_locked(path, &place, lock, at)
    }

    /// Opens the isolation folder that holds the manifest at `manifest`. Waits for another run that works in it.
    pub(super) fn of_manifest(manifest: &Path, at: Timestamp) -> Result<Self, IsolationError> {
        let failed = |source| IsolationError::Io { doing: "opening the manifest", path: manifest.to_owned(), source };
        if manifest.file_name() != Some(OsStr::new(MANIFEST)) {
            let problem = io::Error::new(
                io::ErrorKind::InvalidInput,
                "a manifest is called manifest.jsonl and lies in its isolation folder",
            );
            return Err(failed(problem));
        }
        let path = match manifest.parent() {
            Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
            Some(parent) => parent,
            None => Path::new("."),
        };
        let place = Place::open(path).map_err(failed)?;
        // Before the lock is made: a folder that is none of ours stays as it is.
        place.read(OsStr::new(MANIFEST)).map_err(failed)?;
        let lock = lock(&place).map_err(failed)?;
        Self::open_locked(path, &place, lock, at)
    }

    fn open_locked(path: &Path, place: &Place, lock: File, at: Timestamp) -> Result<Self, IsolationError> {
        let failed =
            |source| IsolationError::Io { doing: "opening the isolation folder", path: path.to_owned(), source };
        let path = fs::canonicalize(path).map_err(failed)?;
        let mut secret = [0; 32];
        let key_failed = |source| IsolationError::Io { doing: "reading", path: path.join(KEY), source };
        place.read(OsStr::new(KEY)).and_then(|mut file| file.read_exact(&mut secret)).map_err(key_failed)?;
        let manifest = place.extend(OsStr::new(MANIFEST)).map_err(failed)?;
        Ok(Self {
            files: place.inner(OsStr::new(FILES)).map_err(failed)?,
            incoming: place.inner(OsStr::new(INCOMING)).map_err(failed)?,
            key: FolderKey(secret),
            manifest: Manifest::read(manifest, &path.join(MANIFEST), at)?,
            writers: ThreadPoolBuilder::new().num_threads(WRITERS).build()?,
            _lock: lock,
            path,
        })
    }

    /// Where the copy of a file is.
    pub(super) fn stored(&self, entry: &Entry) -> PathBuf {
        self.path.join(FILES).join(&*entry.stored)
    }

    /// The folder that the copy of a file is in, and its name there.
    pub(super) fn stored_place<'e>(&self, entry: &'e Entry) -> io::Result<(Place, &'e OsStr)> {
        let (folders, name) = split(&entry.stored);
        Ok((self.files.descend(folders)?, name))
    }

    /// True when there is anything in the place of a file's copy.
    pub(super) fn has_copy(&self, entry: &Entry) -> io::Result<bool> {
        match self.stored_place(entry).and_then(|(place, name)| place.kind(name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            kind => Ok(kind?.is_some()),
        }
    }

    /// Removes the folders that a copy was in, as far as they are empty.
    pub(super) fn tidy(&self, stored: &Path) -> io::Result<()> {
        for above in stored.ancestors().skip(1).filter(|above| !above.as_os_str().is_empty()) {
            let (folders, name) = split(above);
            match self.files.descend(folders) {
                Ok(place) if place.remove_empty(name) => {}
                Ok(_) => break,
                // Gone with the folder above it.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// True when the copy of a file is there, and is what was put there.
    pub(super) fn holds(&self, entry: &Entry) -> io::Result<bool> {
        let copy = self.stored_place(entry).and_then(|(place, name)| place.read(name));
        let sum = match copy {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            other => digest(&mut other?)?,
        };
        Ok(match entry.seal {
            Seal::Content(_) => self.key.seal(sum) == entry.seal,
            Seal::Ciphertext(expected) => sum == Sum(expected),
        })
    }

    /// Wraps an error of the manifest.
    pub(super) fn manifest_failed(&self, source: io::Error) -> IsolationError {
        IsolationError::Io { doing: "writing", path: self.path.join(MANIFEST), source }
    }
}

/// Makes a folder and those above it as needed, each on disk before the next.
fn create_on_disk(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    if path.is_dir() {
        return Ok(());
    }
    let above = match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => return Err(io::ErrorKind::NotFound.into()),
    };
    create_on_disk(above)?;
    match fs::DirBuilder::new().mode(FOLDER_MODE).create(path) {
        // Another run may make it at the same time.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => {}
        other => other?,
    }
    Place::open(above)?.sync()
}

/// The lock of a folder, once no other run holds it. It is let go when the file is closed, however the program ends.
fn lock(place: &Place) -> io::Result<File> {
    let name = OsStr::new(LOCK);
    let file = match place.create(name) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => place.extend(name)?,
        other => other?,
    };
    file.lock()?;
    Ok(file)
}

/// Makes what an isolation folder consists of. The manifest comes last: where it is, all the rest is.
fn fill(place: &Place) -> io::Result<()> {
    for name in [KEY, NEW_MANIFEST] {
        place.remove(OsStr::new(name))?;
    }
    for name in [FILES, INCOMING] {
        place.make(OsStr::new(name), FOLDER_MODE)?;
    }
    write(place, KEY, &FolderKey::random()?.0)?;
    let mut id = [0; 8];
    getrandom::fill(&mut id).map_err(io::Error::other)?;
    write(place, NEW_MANIFEST, &Manifest::header(&hex::encode(&id))?)?;
    place.rename(OsStr::new(NEW_MANIFEST), place, OsStr::new(MANIFEST))?;
    place.sync()
}

fn write(place: &Place, name: &str, content: &[u8]) -> io::Result<()> {
    let mut file = place.create(OsStr::new(name))?;
    file.write_all(content)?;
    file.sync_all()
}
