//! ZIP archives (APPNOTE.TXT of PKWARE).

use super::{Claims, NameEncoding, name_in};
use crate::model::{ContentSink, Coverage, MemberInfo, Reason};
use crate::readers::{Limits, ReadFailure, Source};
use jiff::civil;
use std::io::{Seek, SeekFrom};
use zip::read::{Config, ZipReadOptions, read_zipfile_from_stream};
use zip::result::ZipError;
use zip::unstable::read::ZipIterable;

/// Reads the files of a ZIP archive as its directory lists them, files of the same name all; or from its start on if the
/// directory is missing or damaged.
pub(in crate::readers) fn read(
    mut source: Source,
    limits: &Limits,
    sink: &mut dyn ContentSink,
) -> Result<(), ReadFailure> {
    match ZipIterable::try_new(&mut source, Config::default()) {
        Ok(archive) => by_directory(archive, limits, sink),
        Err(ZipError::UnsupportedArchive(_)) => {
            Err(ReadFailure::new(Reason::UnableToParseFile, "a part of an archive in several volumes"))
        }
        Err(_) => {
            source.seek(SeekFrom::Start(0))?;
            from_start(&mut source, sink)
        }
    }
}

fn by_directory(
    mut archive: ZipIterable<&mut Source>,
    limits: &Limits,
    sink: &mut dyn ContentSink,
) -> Result<(), ReadFailure> {
    let (mut claims, mut names) = (Claims::default(), NameEncoding::new());
    // Where the directory breaks is told on the second way through it.
    for entry in archive.files().map_err(failure)?.map_while(Result::ok) {
        limits.check()?;
        claims.add(entry.size());
        names.add(entry.name_raw());
    }
    claims.check(limits.quotas())?;
    let encoding = names.guess();
    let files = archive.files().map_err(failure)?;
    while let Some(entry) = files.next() {
        let entry = entry.map_err(failure)?;
        if !entry.is_file() {
            continue;
        }
        let as_old = || entry.name().map(std::borrow::Cow::into_owned).unwrap_or_default();
        let path = name_in(entry.name_raw(), encoding, as_old);
        let modified = entry.last_modified().and_then(seconds);
        let member = MemberInfo { path: &path, modified };
        if entry.encrypted() {
            sink.unread_member(member, ReadFailure::encrypted().coverage(false))?;
            continue;
        }
        match entry.with_reader(files.reader_mut(), ZipReadOptions::new()) {
            Ok(mut content) => sink.member(member, &mut content)?,
            Err(error) => sink.unread_member(member, failure(error).coverage(false))?,
        }
    }
    Ok(())
}

/// Reads file after file from the start of the archive.
fn from_start(source: &mut Source, sink: &mut dyn ContentSink) -> Result<(), ReadFailure> {
    let mut any = false;
    let end = loop {
        match read_zipfile_from_stream(source) {
            Ok(None) => break None,
            Ok(Some(mut file)) => {
                any = true;
                let path = file.name().map(std::borrow::Cow::into_owned).unwrap_or_default();
                let modified = file.last_modified().and_then(seconds);
                if file.is_file() {
                    sink.member(MemberInfo { path: &path, modified }, &mut file)?;
                }
            }
            Err(error) => break Some(failure(error)),
        }
    };
    let damaged = "the archive's directory is missing or damaged; it was read from its start as far as it goes";
    if any {
        sink.gap(Coverage::partial(Reason::MalformedFile, damaged));
        return Ok(());
    }
    Err(end.unwrap_or_else(|| ReadFailure::malformed("a ZIP archive without a directory")))
}

/// The time of a file, which archives keep without a time zone, taken for UTC; in seconds since the Unix epoch.
fn seconds(time: zip::DateTime) -> Option<i64> {
    let number = |part: u8| i8::try_from(part).ok();
    let date = civil::DateTime::new(
        i16::try_from(time.year()).ok()?,
        number(time.month())?,
        number(time.day())?,
        number(time.hour())?,
        number(time.minute())?,
        number(time.second())?,
        0,
    );
    let zoned = date.ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(zoned.timestamp().as_second())
}

fn failure(error: ZipError) -> ReadFailure {
    match error {
        ZipError::Io(error) => error.into(),
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => ReadFailure::encrypted(),
        ZipError::UnsupportedArchive(_) => {
            ReadFailure::new(Reason::UnableToParseFile, "uses a part of the ZIP format that is not supported")
        }
        ZipError::CompressionMethodNotSupported(method) => {
            let detail = format!("compressed by method {method}, which is not supported");
            ReadFailure::new(Reason::UnableToParseFile, detail)
        }
        _ => ReadFailure::malformed("the ZIP archive is damaged"),
    }
}
