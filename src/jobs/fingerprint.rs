//! What tells a file that has changed from one that has not.

use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// Bytes of the key of a state folder.
pub(super) const KEY: usize = 32;
/// Bytes read at a time.
const BUFFER: usize = 256 * 1024;
/// Nanoseconds. A file that was changed so shortly before it was looked at may be changed again without its times telling.
const SETTLED: i64 = 2_000_000_000;

/// What the file system says about a file. If none of it changes, the content has not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    size: u64,
    /// Nanoseconds since 1970.
    modified: i64,
    /// When content, name or permissions were last changed, in nanoseconds since 1970. No program can set this time, so it
    /// tells when the other was put back.
    changed: i64,
    /// Number of the file in its file system.
    number: u64,
}

impl Stamp {
    /// The stamp of a file that is there.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        path.metadata().map(|metadata| Self::from_metadata(&metadata))
    }

    #[cfg(unix)]
    fn from_metadata(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        let nanoseconds = |seconds: i64, rest: i64| seconds.saturating_mul(1_000_000_000).saturating_add(rest);
        Self {
            size: metadata.len(),
            modified: nanoseconds(metadata.mtime(), metadata.mtime_nsec()),
            changed: nanoseconds(metadata.ctime(), metadata.ctime_nsec()),
            number: metadata.ino(),
        }
    }

    #[cfg(not(unix))]
    fn from_metadata(metadata: &Metadata) -> Self {
        let modified = metadata.modified().map_or(0, nanoseconds);
        Self { size: metadata.len(), modified, changed: modified, number: 0 }
    }

    /// Whether the file had been left alone for a while at `now`, so that a later change gives it another stamp.
    pub(super) fn is_settled(&self, now: SystemTime) -> bool {
        let newest = self.modified.max(self.changed);
        nanoseconds(now).saturating_sub(newest) > SETTLED
    }
}

/// Nanoseconds since 1970, or the nearest number that can be told.
fn nanoseconds(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |before| -before),
    }
}

/// A digest of a content, which tells nothing about the content to those who do not have the key: HMAC-SHA-256, RFC 2104.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Digest([u8; 32]);

impl Digest {
    /// The digest of a file's content.
    pub(super) fn of(path: &Path, key: &[u8; KEY]) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(io::Error::other)?;
        let mut buffer = vec![0; BUFFER];
        loop {
            match file.read(&mut buffer) {
                Ok(0) => return Ok(Self(mac.finalize().into_bytes().into())),
                Ok(read) => mac.update(&buffer[..read]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// 64 hexadecimal digits.
    pub(super) fn to_hex(self) -> String {
        self.0
            .iter()
            .flat_map(|byte| [byte >> 4, byte & 15])
            .map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)]))
            .collect()
    }

    /// The digest of that many hexadecimal digits.
    pub(super) fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).ok()?;
        }
        Some(Self(bytes))
    }
}
