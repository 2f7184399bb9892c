//! 7z archives.

use super::Claims;
use crate::model::{ContentSink, MemberInfo, Reason};
use crate::readers::{Limits, ReadFailure, Source};
use sevenz_rust2::{Archive, ArchiveEntry, BlockDecoder, Error, Password};
use std::collections::BTreeMap;
use std::io;

/// Memory for headers and for the window of a decoder, in KiB: more than the strongest preset of 7-Zip asks for.
const MEMORY_KIB: usize = 160 * 1024;

/// Reads the files of a 7z archive, block by block.
pub(in crate::readers) fn read(
    mut source: Source,
    limits: &Limits,
    sink: &mut dyn ContentSink,
) -> Result<(), ReadFailure> {
    let password = Password::empty();
    let archive = Archive::read_with_memory_limit(&mut source, &password, MEMORY_KIB).map_err(failure)?;
    let mut claims = Claims::default();
    let mut blocks: BTreeMap<usize, Vec<&ArchiveEntry>> = BTreeMap::new();
    for (index, file) in archive.files.iter().enumerate() {
        claims.add(file.size());
        if file.is_directory() || file.is_anti_item() {
            continue;
        }
        let block = archive.stream_map.file_block_index.get(index).copied().flatten();
        // A file without a block is empty.
        blocks.entry(block.unwrap_or(usize::MAX)).or_default().push(file);
    }
    claims.check(limits.quotas())?;
    for (block, files) in blocks {
        limits.check()?;
        read_block(&archive, block, &files, &password, &mut source, sink)?;
    }
    Ok(())
}

/// Reads the files of one block, and says of those that could not be got at why.
fn read_block(
    archive: &Archive,
    block: usize,
    files: &[&ArchiveEntry],
    password: &Password,
    source: &mut Source,
    sink: &mut dyn ContentSink,
) -> Result<(), ReadFailure> {
    let encrypted = |file: &ArchiveEntry| {
        let position = archive.files.iter().position(|other| std::ptr::eq(other, file));
        position.is_some_and(|index| archive.is_file_encrypted(index))
    };
    if block == usize::MAX {
        for file in files {
            sink.member(member(file), &mut io::empty())?;
        }
        return Ok(());
    }
    let mut why = ReadFailure::malformed("the archive is damaged before this file");
    let mut done = 0;
    if files.first().is_some_and(|file| encrypted(file)) {
        why = ReadFailure::encrypted();
    } else {
        let decoder = BlockDecoder::new_with_memory_limit(1, MEMORY_KIB, block, archive, password, source);
        let mut stopped = None;
        let outcome = decoder.for_each_entries(&mut |entry: &ArchiveEntry, content: &mut dyn io::Read| {
            if entry.is_directory() {
                return Ok(true);
            }
            done += 1;
            match sink.member(member(entry), content) {
                Ok(()) => Ok(true),
                Err(error) => {
                    stopped = Some(error);
                    Ok(false)
                }
            }
        });
        if let Some(error) = stopped {
            return Err(error.into());
        }
        if let Err(error) = outcome {
            why = failure(error);
            if done == files.len() {
                // The last file was read and is not what it should be.
                sink.gap(why.clone().coverage(true));
            }
        }
    }
    for file in files.iter().skip(done) {
        sink.unread_member(member(file), why.clone().coverage(false))?;
    }
    Ok(())
}

fn member(file: &ArchiveEntry) -> MemberInfo<'_> {
    let modified = file.has_last_modified_date.then(|| {
        // Tenths of microseconds since 1601.
        let ticks = u64::from(file.last_modified_date());
        i64::try_from(ticks / 10_000_000).unwrap_or(i64::MAX) - 11_644_473_600
    });
    MemberInfo { path: file.name(), modified }
}

fn failure(error: Error) -> ReadFailure {
    match error {
        Error::PasswordRequired | Error::MaybeBadPassword(_) => ReadFailure::encrypted(),
        Error::Io(error, _) => error.into(),
        Error::UnsupportedCompressionMethod(_) | Error::Unsupported(_) | Error::ExternalUnsupported => {
            ReadFailure::new(Reason::UnableToParseFile, "compressed by a method of 7z that is not supported")
        }
        Error::MaxMemLimited { .. } => {
            ReadFailure::new(Reason::UnableToParseFile, "unpacking it takes more memory than a scan may have")
        }
        _ => ReadFailure::malformed("the 7z archive is damaged"),
    }
}
