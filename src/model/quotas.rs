//! How much of an object is read at most.

use std::time::Duration;

/// Limits on the reading of one object. The defaults are Macie's quotas where it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quotas {
    /// Stored bytes of an object, by what it is. A larger one is not analysed at all.
    pub stored: StoredBytes,
    /// Bytes that a compressed object or an archive may expand to in all.
    pub expanded_bytes: u64,
    /// Bytes of one file in an archive.
    pub member_bytes: u64,
    /// Files in an archive, those in archives inside it included.
    pub members: u64,
    /// Levels of archives and compression inside each other.
    pub levels: u32,
    /// Levels of JSON objects and arrays inside each other.
    pub json_levels: usize,
    /// Times its stored size that an object may expand to. Macie has such a limit for Office files, but does not publish it.
    pub ratio: u64,
    /// Time for one object.
    pub time: Duration,
}

impl Default for Quotas {
    fn default() -> Self {
        Self {
            stored: StoredBytes::default(),
            expanded_bytes: 10_000_000_000,
            member_bytes: 3_000_000_000,
            members: 1_000_000,
            levels: 10,
            json_levels: 256,
            ratio: 10_000,
            time: Duration::from_hours(10),
        }
    }
}

/// Stored bytes that an object of a kind may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredBytes {
    /// Text of any kind: CSV, JSON and JSON Lines too.
    pub text: u64,
    /// Parquet, Avro and their kin.
    pub data: u64,
    /// Compressed files, and archives other than TAR.
    pub compressed: u64,
    /// TAR archives.
    pub tar: u64,
    /// E-mail messages.
    pub mail: u64,
    /// PDF documents.
    pub pdf: u64,
    /// Word, Excel and their kin.
    pub office: u64,
}

impl Default for StoredBytes {
    fn default() -> Self {
        Self {
            text: 20_000_000_000,
            data: 8_000_000_000,
            compressed: 8_000_000_000,
            tar: 20_000_000_000,
            mail: 20_000_000_000,
            pdf: 1_024_000_000,
            office: 512_000_000,
        }
    }
}

/// Which of the limits of [`StoredBytes`] a format is under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoredKind {
    /// [`StoredBytes::text`].
    Text,
    /// [`StoredBytes::data`].
    Data,
    /// [`StoredBytes::compressed`].
    Compressed,
    /// [`StoredBytes::tar`].
    Tar,
    /// [`StoredBytes::mail`].
    Mail,
    /// [`StoredBytes::pdf`].
    Pdf,
    /// [`StoredBytes::office`].
    Office,
}

impl StoredKind {
    /// All kinds.
    pub const ALL: [Self; 7] =
        [Self::Text, Self::Data, Self::Compressed, Self::Tar, Self::Mail, Self::Pdf, Self::Office];

    /// The word for it on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Data => "data",
            Self::Compressed => "compressed",
            Self::Tar => "tar",
            Self::Mail => "mail",
            Self::Pdf => "pdf",
            Self::Office => "office",
        }
    }
}

impl StoredBytes {
    /// The limit for that kind, to be set.
    pub fn of_mut(&mut self, kind: StoredKind) -> &mut u64 {
        match kind {
            StoredKind::Text => &mut self.text,
            StoredKind::Data => &mut self.data,
            StoredKind::Compressed => &mut self.compressed,
            StoredKind::Tar => &mut self.tar,
            StoredKind::Mail => &mut self.mail,
            StoredKind::Pdf => &mut self.pdf,
            StoredKind::Office => &mut self.office,
        }
    }

    /// The limit for that kind, in bytes.
    pub fn of(&self, kind: StoredKind) -> u64 {
        match kind {
            StoredKind::Text => self.text,
            StoredKind::Data => self.data,
            StoredKind::Compressed => self.compressed,
            StoredKind::Tar => self.tar,
            StoredKind::Mail => self.mail,
            StoredKind::Pdf => self.pdf,
            StoredKind::Office => self.office,
        }
    }
}
