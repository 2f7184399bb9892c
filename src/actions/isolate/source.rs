//! A file where it was scanned: looked at before it is copied, and removed once its copy is safe.

use super::entry::split;
use super::facts::Facts;
use super::outcome::Fate;
use super::place::{Place, is_refusal};
use super::request::{Request, Scanned};
use super::seal::{Sum, digest};
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// A file that is about to be isolated.
pub(super) struct Source {
    /// Folder that was scanned, absolute.
    pub root: PathBuf,
    /// Folder that the file is in.
    pub place: Place,
    /// The file's name there.
    pub name: OsString,
    pub file: File,
    pub facts: Facts,
}

impl Source {
    /// Opens what is to be isolated, unless it is not what was scanned any more.
    pub(super) fn open(request: &Request) -> Result<Self, Fate> {
        let shown = request.root.join(&request.path);
        let failed = |error| failed("opening", &shown, &error);
        let root = fs::canonicalize(&request.root).map_err(failed)?;
        let (folders, name) = split(&request.path);
        let place = Place::open(&root).and_then(|root| root.descend(folders)).map_err(failed)?;
        let file = place.read(name).map_err(failed)?;
        let facts = Facts::of(&file.metadata().map_err(failed)?);
        if let Some(reason) = difference(&facts, &request.scanned) {
            return Err(reason);
        }
        Ok(Self { root, place, name: name.to_owned(), file, facts })
    }
}

/// Why a file with these facts is not moved, as far as they say.
fn difference(facts: &Facts, scanned: &Scanned) -> Option<Fate> {
    if facts.size != scanned.size {
        return Some(Fate::Changed(format!("it has {} bytes, {} were scanned", facts.size, scanned.size)));
    }
    match scanned.modified {
        Some(second) if second != facts.modified_second() => {
            Some(Fate::Changed("it was last modified at another time than the file that was scanned".to_owned()))
        }
        None if scanned.fingerprint.is_none() => Some(Fate::Refused(
            "the finding does not say when the file was last modified, so nothing tells whether it has changed"
                .to_owned(),
        )),
        _ => None,
    }
}

/// What became of a file, after an error.
pub(super) fn failed(doing: &str, path: &Path, error: &io::Error) -> Fate {
    if is_refusal(error) {
        return Fate::Refused(error.to_string());
    }
    Fate::Failed(format!("{doing} {}: {error}", path.display()))
}

/// How the removal of a source went.
pub(super) enum Removal {
    /// It is not there any more.
    Removed,
    /// It is another file than the one that was copied, and still there.
    Changed(String),
}

/// The source of a copy that is safe, to be removed.
pub(super) struct Removable<'a> {
    /// Folder that the file is in.
    pub place: &'a Place,
    /// Its name there.
    pub name: &'a OsStr,
    /// The name under which it is put aside first.
    pub aside: &'a OsStr,
    /// What it was like when it was copied.
    pub facts: &'a Facts,
    /// Whether this is the digest of what was copied.
    pub is_copied: &'a dyn Fn(Sum) -> bool,
}

impl Removable<'_> {
    /// Removes the file if it is the one that was copied. `put_aside` is called once it has its other name.
    ///
    /// The file is first put aside and only then looked at: what takes its name in the meantime is never removed.
    pub(super) fn remove(&self, put_aside: impl FnOnce()) -> io::Result<Removal> {
        match self.place.rename(self.name, self.place, self.aside) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Removal::Removed),
            Err(error) => return Err(error),
        }
        put_aside();
        self.remove_aside()
    }

    /// Goes on with a file that has been put aside already.
    pub(super) fn remove_aside(&self) -> io::Result<Removal> {
        match self.is_same() {
            Ok(true) => {
                self.place.remove(self.aside)?;
                Ok(Removal::Removed)
            }
            Ok(false) => self.put_back().map(Removal::Changed),
            Err(error) => {
                self.put_back()?;
                Err(error)
            }
        }
    }

    fn is_same(&self) -> io::Result<bool> {
        let mut file = self.place.read(self.aside)?;
        let is_unchanged = |file: &File| Ok::<_, io::Error>(self.facts.is_unchanged(&Facts::of(&file.metadata()?)));
        Ok(is_unchanged(&file)? && (self.is_copied)(digest(&mut file)?) && is_unchanged(&file)?)
    }

    /// Gives the file its name back, if that is free; says what is to be known.
    fn put_back(&self) -> io::Result<String> {
        match self.place.rename(self.aside, self.place, self.name) {
            Ok(()) => Ok("it was written to while it was copied".to_owned()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(format!(
                "it was written to while it was copied; as another file has its name by now, it is called {}",
                self.aside.display()
            )),
            Err(error) => Err(error),
        }
    }
}
