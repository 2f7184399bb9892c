//! TAR archives (POSIX.1-2017 pax, ustar, GNU), read in one go.

use super::{NameEncoding, name_in};
use crate::model::{ContentSink, MemberInfo, decode_value};
use crate::readers::{Limits, ReadFailure};
use std::cell::Cell;
use std::io::{self, Read};

/// Most bytes between the content of one file and that of the next: headers, long names, padding. All of it is kept in
/// memory by the decoder, so it must not be what an archive likes.
const BETWEEN: u64 = 16 * 1024 * 1024;

/// Reads the files of a TAR archive, or of several one after the other.
pub(in crate::readers) fn read(
    input: &mut dyn Read,
    limits: &Limits,
    sink: &mut dyn ContentSink,
) -> Result<(), ReadFailure> {
    let allowance = Cell::new(BETWEEN);
    let mut archive = tar::Archive::new(Guarded { input, allowance: &allowance });
    archive.set_ignore_zeros(true);
    let mut entries = archive.entries().map_err(damaged)?;
    loop {
        allowance.set(BETWEEN);
        let Some(entry) = entries.next() else { return Ok(()) };
        let mut entry = entry.map_err(damaged)?;
        allowance.set(u64::MAX);
        limits.check()?;
        let header = entry.header();
        let kind = header.entry_type();
        if kind.is_file() || kind.is_gnu_sparse() || kind.is_contiguous() {
            let modified = header.mtime().ok().and_then(|time| i64::try_from(time).ok());
            let bytes = entry.path_bytes().into_owned();
            let mut names = NameEncoding::new();
            names.add(&bytes);
            let path = name_in(&bytes, names.guess(), || decode_value(&bytes).into_owned());
            sink.member(MemberInfo { path: &path, modified }, &mut entry)?;
        }
        // What the sink left of it, so that only headers stand before the next one.
        io::copy(&mut entry, &mut io::sink()).map_err(damaged)?;
    }
}

fn damaged(error: io::Error) -> ReadFailure {
    let failure = ReadFailure::from(error);
    if failure.reason == crate::model::Reason::MalformedFile {
        return ReadFailure::malformed("the TAR archive is cut off or damaged");
    }
    failure
}

/// Input that fails once it has given more than is allowed.
struct Guarded<'a> {
    input: &'a mut dyn Read,
    allowance: &'a Cell<u64>,
}

impl Read for Guarded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        match self.allowance.get().checked_sub(read as u64) {
            Some(left) => self.allowance.set(left),
            None => return Err(ReadFailure::malformed("headers that are longer than any").into()),
        }
        Ok(read)
    }
}
