//! The manifest of an isolation folder: JSON Lines, one for every state that a file reaches. The last one counts.

use super::entry::{Entry, State};
use super::error::IsolationError;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

/// First line of a manifest.
#[derive(Serialize, Deserialize)]
struct Header {
    manifest: String,
    version: u32,
    folder: String,
}

const KIND: &str = "lakegate isolation";
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Line {
    id: u64,
    state: State,
    at: Timestamp,
    /// Present where the state begins or completes the record of a file.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    entry: Option<Entry>,
}

/// A file of the manifest and the state that it is in.
pub(super) struct Tracked {
    pub entry: Entry,
    pub state: State,
}

/// An open manifest. Whoever has it holds the lock of its folder.
pub(super) struct Manifest {
    file: File,
    /// Bytes that hold whole lines.
    length: u64,
    /// What tells this folder from others.
    pub folder: String,
    /// Files by the number that they were given, in that order.
    pub files: BTreeMap<u64, Tracked>,
    /// Largest number that was given so far.
    last: u64,
    at: Timestamp,
}

impl Manifest {
    /// The first line of a new manifest.
    pub(super) fn header(folder: &str) -> io::Result<Vec<u8>> {
        let header = Header { manifest: KIND.to_owned(), version: VERSION, folder: folder.to_owned() };
        let mut line = serde_json::to_vec(&header)?;
        line.push(b'\n');
        Ok(line)
    }

    /// Reads the manifest in `file`, which is at `path`; lines that are added later carry the time `at`.
    ///
    /// A last line without an end was being written when the machine or the program stopped. Nothing was done in reliance on it,
    /// so it is cut off.
    pub(super) fn read(mut file: File, path: &Path, at: Timestamp) -> Result<Self, IsolationError> {
        let failed = |source| IsolationError::Io { doing: "reading", path: path.to_owned(), source };
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(failed)?;
        let length = memchr::memrchr(b'\n', &bytes).map_or(0, |end| end + 1);
        let damaged = |line: usize, problem: String| IsolationError::Manifest { path: path.to_owned(), line, problem };
        let mut lines = bytes[..length].split_inclusive(|byte| *byte == b'\n');
        let header: Header = match lines.next().map(serde_json::from_slice) {
            Some(Ok(header)) => header,
            _ => return Err(damaged(1, "this is no manifest of an isolation folder".to_owned())),
        };
        if header.manifest != KIND || header.version != VERSION {
            return Err(damaged(1, format!("a manifest of version {VERSION} was expected")));
        }
        if header.folder.is_empty() || !header.folder.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(damaged(1, "the folder's name has hexadecimal digits only".to_owned()));
        }
        let mut files: BTreeMap<u64, Tracked> = BTreeMap::new();
        for (number, line) in (2..).zip(lines) {
            let line: Line = serde_json::from_slice(line)
                .map_err(|error| damaged(number, format!("{error}; it was changed or damaged after it was written")))?;
            // An incomplete record reads as none.
            if line.entry.is_none() && matches!(line.state, State::Copied | State::Placed) {
                return Err(damaged(number, "the record of the file is incomplete".to_owned()));
            }
            match (line.entry, files.get_mut(&line.id)) {
                (Some(entry), _) => _ = files.insert(line.id, Tracked { entry, state: line.state }),
                (None, Some(known)) => known.state = line.state,
                (None, None) => return Err(damaged(number, format!("file {} has no record before this", line.id))),
            }
        }
        let last = files.last_key_value().map_or(0, |(id, _)| *id);
        let length = length as u64;
        if length < bytes.len() as u64 {
            file.set_len(length).and_then(|()| file.sync_all()).map_err(failed)?;
        }
        Ok(Self { file, length, folder: header.folder, files, last, at })
    }

    /// A number that no file has yet.
    pub(super) fn next_id(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    /// Adds the records of files that begin or complete a state, on disk when this returns.
    pub(super) fn record(&mut self, state: State, entries: Vec<(u64, Entry)>) -> io::Result<()> {
        let lines = entries.iter().map(|(id, entry)| Line { id: *id, state, at: self.at, entry: Some(entry.clone()) });
        let lines: Vec<Line> = lines.collect();
        self.append(&lines)?;
        self.sync()?;
        for (id, entry) in entries {
            self.files.insert(id, Tracked { entry, state });
        }
        Ok(())
    }

    /// Notes that files have come to a state. It is on disk only after [`Self::sync`].
    pub(super) fn note(&mut self, state: State, ids: &[u64]) -> io::Result<()> {
        let lines: Vec<Line> = ids.iter().map(|id| Line { id: *id, state, at: self.at, entry: None }).collect();
        self.append(&lines)?;
        for id in ids {
            if let Some(file) = self.files.get_mut(id) {
                file.state = state;
            }
        }
        Ok(())
    }

    /// Writes to disk what was added.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.file.sync_all()
    }

    fn append(&mut self, lines: &[Line]) -> io::Result<()> {
        let mut bytes = Vec::new();
        for line in lines {
            serde_json::to_writer(&mut bytes, line)?;
            bytes.push(b'\n');
        }
        // What an earlier failure left behind the last whole line goes first.
        self.file.set_len(self.length)?;
        self.file.seek(SeekFrom::Start(self.length))?;
        self.file.write_all(&bytes)?;
        self.length += bytes.len() as u64;
        Ok(())
    }
}
