//! Contents of git's object store, read through one process for all of them.

use super::git::{GitError, git};
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of a content that are kept in memory; a larger one goes to a temporary file without a name.
const IN_MEMORY: u64 = 1024 * 1024;

/// The process that gives contents, one after the other.
#[derive(Debug)]
pub(super) struct Store {
    child: Child,
    ask: ChildStdin,
    answer: BufReader<ChildStdout>,
    /// The last answer was not read to its end: there is no telling where the next one starts.
    broken: bool,
}

impl Store {
    /// The store of the repository that the folder is in.
    pub(super) fn open(folder: &Path) -> Result<Self, GitError> {
        let what = "read staged contents";
        let command = git(folder).args(["cat-file", "--batch"]).stdin(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child = command.map_err(|error| GitError::NotRun { what, error })?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(ask), Some(out)) => Ok(Self { child, ask, answer: BufReader::new(out), broken: false }),
            _ => Err(GitError::Unexpected { what }),
        }
    }

    /// The content of that id.
    fn content(&mut self, id: &str) -> io::Result<Kept> {
        let unexpected = || io::Error::other("git gave no such content");
        if std::mem::replace(&mut self.broken, true) {
            return Err(unexpected());
        }
        self.ask.write_all(format!("{id}\n").as_bytes())?;
        self.ask.flush()?;
        let mut head = String::new();
        self.answer.by_ref().take(1024).read_line(&mut head)?;
        // `<id> blob <size>`, or `<id> missing`.
        let words: Vec<&str> = head.split_whitespace().collect();
        let size = match words.as_slice() {
            [_, "blob", size] => size.parse::<u64>().map_err(|_| unexpected())?,
            [_, "missing"] => {
                self.broken = false;
                return Err(io::Error::new(io::ErrorKind::NotFound, "git has no such content"));
            }
            _ => return Err(unexpected()),
        };
        let mut content = self.answer.by_ref().take(size);
        let kept = if size <= IN_MEMORY {
            let mut bytes = Vec::new();
            content.read_to_end(&mut bytes)?;
            Kept::Memory(Cursor::new(bytes))
        } else {
            let mut file = tempfile::tempfile()?;
            io::copy(&mut content, &mut file)?;
            file.rewind()?;
            Kept::File(file)
        };
        let mut end = [0];
        self.answer.read_exact(&mut end)?;
        self.broken = false;
        Ok(kept)
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[derive(Debug)]
enum Kept {
    Memory(Cursor<Vec<u8>>),
    File(std::fs::File),
}

/// One content, which is asked for when it is first read.
#[derive(Debug)]
pub(super) struct Blob {
    store: Arc<Mutex<Store>>,
    id: String,
    kept: Option<Kept>,
}

impl Blob {
    pub(super) fn new(store: &Arc<Mutex<Store>>, id: String) -> Self {
        Self { store: Arc::clone(store), id, kept: None }
    }
}

impl Read for Blob {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let kept = match &mut self.kept {
            Some(kept) => kept,
            none => {
                let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
                none.insert(store.content(&self.id)?)
            }
        };
        match kept {
            Kept::Memory(bytes) => bytes.read(buffer),
            Kept::File(file) => file.read(buffer),
        }
    }
}
