//! What a file system says about a file, as far as it is needed to recognise the file and to make it again.

use rustix::fs::Timestamps;
use serde::{Deserialize, Serialize};
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;

/// A point in time: seconds since the Unix epoch and nanoseconds after that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Moment(i64, i64);

/// Size, permissions, owner and times of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Facts {
    /// Size in bytes.
    pub size: u64,
    /// Permission bits, set-user-id and the like included.
    #[serde(with = "octal")]
    pub mode: u32,
    /// User that owns the file.
    pub owner: u32,
    /// Group that owns the file.
    pub group: u32,
    /// Last modification of the content.
    pub modified: Moment,
    /// Last access.
    pub accessed: Moment,
    /// Number of the file in its file system.
    pub inode: u64,
}

impl Facts {
    pub(super) fn of(metadata: &Metadata) -> Self {
        Self {
            size: metadata.len(),
            mode: metadata.mode() & 0o7777,
            owner: metadata.uid(),
            group: metadata.gid(),
            modified: Moment(metadata.mtime(), metadata.mtime_nsec()),
            accessed: Moment(metadata.atime(), metadata.atime_nsec()),
            inode: metadata.ino(),
        }
    }

    /// True when both describe one file that nobody has written to in between.
    pub(super) fn is_unchanged(&self, later: &Self) -> bool {
        (self.inode, self.size, self.modified) == (later.inode, later.size, later.modified)
    }

    /// The second of the last modification since the Unix epoch, without its fraction, as scans give it.
    pub(super) fn modified_second(&self) -> i64 {
        let Moment(seconds, nanoseconds) = self.modified;
        if seconds < 0 && nanoseconds > 0 { seconds + 1 } else { seconds }
    }

    pub(super) fn times(&self) -> Timestamps {
        let time =
            |Moment(seconds, nanoseconds): Moment| rustix::fs::Timespec { tv_sec: seconds, tv_nsec: nanoseconds };
        Timestamps { last_access: time(self.accessed), last_modification: time(self.modified) }
    }
}

/// Permission bits as people write them.
mod octal {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "this is how serde calls it")]
    pub(super) fn serialize<S: Serializer>(mode: &u32, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{mode:04o}"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
        let text = String::deserialize(deserializer)?;
        u32::from_str_radix(&text, 8).map_err(|_| D::Error::custom("a mode has octal digits"))
    }
}
