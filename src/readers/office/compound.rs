//! Compound files: storages and streams inside one file ([MS-CFB]).

use super::{message, presentation, word};
use crate::model::{ContentSink, Coverage, MemberInfo, Reason};
use crate::readers::ReadFailure;
use cfb::CompoundFile;
use std::io::{self, Cursor, Read, Seek, Write};

/// Bytes of a stream that are kept in memory; what is longer is no text.
pub(super) const LONGEST: u64 = 256 * 1024 * 1024;

/// Entries of a file that are looked at.
const MOST_ENTRIES: usize = 100_000;

/// Storages inside each other that are followed.
const MOST_LEVELS: usize = 32;

/// A stream of a file that could not be read, or the file.
pub(super) fn broken() -> Coverage {
    let detail = "the file is broken; what could be read of it counts";
    Coverage::partial(Reason::MalformedOrFileSizeExceedsLimit, detail)
}

/// Reads a compound file: a Word document, an Outlook message, a file wrapped in an object, or an encrypted document. An
/// error says that the sink wants no more.
pub fn read(input: impl Read + Seek, sink: &mut dyn ContentSink) -> Result<(), ReadFailure> {
    let detail = "the compound file's directory cannot be read";
    let broken = |_| ReadFailure::new(Reason::MalformedOrFileSizeExceedsLimit, detail);
    let mut file = CompoundFile::open(input).map_err(broken)?;
    if file.is_stream("/EncryptedPackage") || file.is_stream("/EncryptedSummary") {
        return Err(ReadFailure::encrypted());
    }
    if file.is_stream("/WordDocument") {
        word::read(&mut file, sink)?;
    } else if file.is_stream("/PowerPoint Document") {
        presentation::read(&mut file, sink)?;
    } else if file.is_stream("/__properties_version1.0") {
        return Ok(message::read(&mut file, sink)?);
    } else if !has_file(&file, "/") {
        return Err(ReadFailure::new(Reason::UnsupportedFileType, "a compound file of a kind that is not analysed"));
    }
    Ok(files(&mut file, sink)?)
}

/// Streams in which programs wrap a file.
const WRAPPERS: &[&str] = &["\u{1}Ole10Native", "Package", "CONTENTS"];

fn has_file<R>(file: &CompoundFile<R>, storage: &str) -> bool {
    WRAPPERS.iter().any(|name| file.is_stream(format!("{storage}{name}")))
}

/// Gives the files that are embedded in a document to the sink.
fn files<R: Read + Seek>(file: &mut CompoundFile<R>, sink: &mut dyn ContentSink) -> io::Result<()> {
    let storages: Vec<String> = std::iter::once("/".to_owned())
        .chain(
            file.walk()
                .take(MOST_ENTRIES)
                .filter(|entry| entry.is_storage() && !entry.is_root())
                .map(|entry| format!("{}/", entry.path().to_string_lossy())),
        )
        .collect();
    let mut number = 0;
    for storage in storages {
        let depth = storage.matches('/').count();
        if has_file(file, &storage) {
            for wrapper in WRAPPERS {
                let Some(content) = stream(file, &format!("{storage}{wrapper}")) else { continue };
                number += 1;
                let (name, content) = unwrapped(&content);
                let path = name.unwrap_or_else(|| format!("object {number}"));
                sink.member(MemberInfo { path: &path, modified: None }, &mut &*content)?;
            }
        } else if depth == 3 && storage.starts_with("/ObjectPool/") {
            number += 1;
            let path = format!("object {number}");
            match copy(file, &storage) {
                Some(content) => sink.member(MemberInfo { path: &path, modified: None }, &mut content.as_slice())?,
                None => sink.gap(broken()),
            }
        }
    }
    Ok(())
}

/// The name and the bytes of a file in an `Ole10Native` stream: its length, 2, two names, four bytes, a name with its length,
/// and the file with its length. Anything else is the file itself.
fn unwrapped(content: &[u8]) -> (Option<String>, &[u8]) {
    fn parts(content: &[u8]) -> Option<(String, &[u8])> {
        let number = |at: usize| Some(u32::from_le_bytes(*content.get(at..)?.first_chunk()?) as usize);
        let end_of_name = |at: usize| Some(at + memchr::memchr(0, content.get(at..)?)? + 1);
        if content.get(4..6)? != [2, 0] {
            return None;
        }
        let name = end_of_name(6)?;
        let source = end_of_name(name)?;
        let data = (source + 8).checked_add(number(source + 4)?)?;
        let length = number(data)?;
        let data = content.get(data + 4..)?;
        let name = String::from_utf8_lossy(&content[6..name - 1]).replace('\\', "/");
        let name = name.rsplit('/').next().unwrap_or_default().to_owned();
        Some((name, &data[..data.len().min(length)]))
    }
    match parts(content) {
        Some((name, data)) => (Some(name).filter(|name| !name.is_empty()), data),
        None => (None, content),
    }
}

/// The bytes of a stream, if there is one and it can be read.
pub(super) fn stream<R: Read + Seek>(file: &mut CompoundFile<R>, path: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    file.open_stream(path).ok()?.take(LONGEST).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// A compound file of its own of what a storage holds.
pub(super) fn copy<R: Read + Seek>(file: &mut CompoundFile<R>, storage: &str) -> Option<Vec<u8>> {
    let storage = storage.trim_end_matches('/');
    let entries: Vec<(String, bool)> = file
        .walk_storage(storage)
        .ok()?
        .take(MOST_ENTRIES)
        .map(|entry| (entry.path().to_string_lossy().into_owned(), entry.is_stream()))
        .collect();
    let mut copy = CompoundFile::create(Cursor::new(Vec::new())).ok()?;
    let mut left = LONGEST;
    for (path, is_stream) in entries {
        let inner = path.strip_prefix(storage)?;
        if inner.is_empty() || inner.matches('/').count() > MOST_LEVELS {
            continue;
        }
        if is_stream {
            let bytes = stream(file, &path)?;
            left = left.checked_sub(bytes.len() as u64)?;
            copy.create_stream(inner).ok()?.write_all(&bytes).ok()?;
        } else {
            copy.create_storage_all(inner).ok()?;
        }
    }
    copy.flush().ok()?;
    Some(copy.into_inner().into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrapped_file_comes_with_its_name() {
        let mut native = vec![0, 0, 0, 0, 2, 0];
        native.extend_from_slice(b"C:\\x\\list.csv\0C:\\x\\list.csv\0\0\0\x03\0\x04\0\0\0tmp\0\x03\0\0\0a,btrailing");
        assert_eq!(unwrapped(&native), (Some("list.csv".to_owned()), b"a,b".as_slice()));
        assert_eq!(unwrapped(b"PK\x03\x04"), (None, b"PK\x03\x04".as_slice()));
        for length in 0..native.len() {
            unwrapped(&native[..length]);
        }
    }

    #[test]
    fn a_storage_becomes_a_file_of_its_own() {
        let mut file = CompoundFile::create(Cursor::new(Vec::new())).expect("memory can be written");
        file.create_storage_all("/a/b").expect("memory can be written");
        file.create_stream("/a/b/c").and_then(|mut c| c.write_all(b"text")).expect("memory can be written");
        let inner = copy(&mut file, "/a/").expect("the storage is whole");
        let mut inner = CompoundFile::open(Cursor::new(inner)).expect("the copy is a file");
        assert_eq!(stream(&mut inner, "/b/c"), Some(b"text".to_vec()));
    }
}
