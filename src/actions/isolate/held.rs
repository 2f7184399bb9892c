//! Files that are in the isolation folder already, looked up by what a request says.

use super::folder::Folder;
use super::outcome::Fate;
use super::request::Request;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Where the copies of held files are.
pub(super) struct Held {
    /// By where the file was.
    by_path: HashMap<PathBuf, PathBuf>,
    /// By folder that was scanned and key: the path of a file that is gone cannot be told from a key of changed characters.
    by_key: HashMap<PathBuf, HashMap<String, PathBuf>>,
}

impl Held {
    pub(super) fn in_folder(folder: &Folder) -> Self {
        let mut held = Self { by_path: HashMap::new(), by_key: HashMap::new() };
        for file in folder.manifest.files.values().filter(|file| file.state.is_held()) {
            let (entry, stored) = (&file.entry, folder.stored(&file.entry));
            held.by_path.insert(entry.root.join(&*entry.path), stored.clone());
            held.by_key.entry(entry.root.to_path_buf()).or_default().insert(entry.key.clone(), stored);
        }
        held
    }

    /// What became of a requested file in an earlier run, if it is not there any more.
    pub(super) fn fate(&self, request: &Request) -> Option<Fate> {
        let root = fs::canonicalize(&request.root).ok()?;
        let path: &Path = &root.join(&request.path);
        if path.symlink_metadata().is_ok() {
            return None;
        }
        let by_key = || self.by_key.get(&root)?.get(&request.key);
        self.by_path.get(path).or_else(by_key).cloned().map(Fate::AlreadyIsolated)
    }
}
