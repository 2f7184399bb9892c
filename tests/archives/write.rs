//! Writes archives of every kind that is read.

use std::io::{Cursor, Write};
use zip::unstable::write::FileOptionsExt;
use zip::write::SimpleFileOptions;

/// A kind of archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Zip(zip::CompressionMethod),
    Tar,
    SevenZip,
}

impl Kind {
    pub(crate) const ALL: [Self; 6] = [
        Self::Zip(zip::CompressionMethod::Stored),
        Self::Zip(zip::CompressionMethod::Deflated),
        Self::Zip(zip::CompressionMethod::Bzip2),
        Self::Zip(zip::CompressionMethod::Zstd),
        Self::Tar,
        Self::SevenZip,
    ];

    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Zip(_) => "zip",
            Self::Tar => "tar",
            Self::SevenZip => "7z",
        }
    }

    pub(crate) fn write(self, members: &[(String, Vec<u8>)]) -> Vec<u8> {
        match self {
            Self::Zip(method) => zip(members, SimpleFileOptions::default().compression_method(method)),
            Self::Tar => tar(members),
            Self::SevenZip => seven_zip(members),
        }
    }
}

pub(crate) fn zip(members: &[(String, Vec<u8>)], options: SimpleFileOptions) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        archive.start_file(name.as_str(), options).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// Encrypted in the way of the first ZIP programs.
pub(crate) fn encrypted_zip(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let options = SimpleFileOptions::default().with_deprecated_encryption(b"secret").unwrap();
    zip(members, options)
}

pub(crate) fn tar(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, content) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(1_700_000_000);
        archive.append_data(&mut header, name, content.as_slice()).unwrap();
    }
    archive.into_inner().unwrap()
}

pub(crate) fn seven_zip(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut archive = sevenz_rust2::ArchiveWriter::new(Cursor::new(Vec::new())).unwrap();
    for (name, content) in members {
        let entry = sevenz_rust2::ArchiveEntry::new_file(name);
        archive.push_archive_entry(entry, Some(content.as_slice())).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A way to compress one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Codec {
    Gzip,
    Bzip2,
    Xz,
    Zstd,
}

impl Codec {
    pub(crate) const ALL: [Self; 4] = [Self::Gzip, Self::Bzip2, Self::Xz, Self::Zstd];

    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Gzip => "gz",
            Self::Bzip2 => "bz2",
            Self::Xz => "xz",
            Self::Zstd => "zst",
        }
    }

    pub(crate) fn write(self, content: &[u8]) -> Vec<u8> {
        match self {
            Self::Gzip => {
                let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
                encoder.write_all(content).unwrap();
                encoder.finish().unwrap()
            }
            Self::Bzip2 => {
                let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
                encoder.write_all(content).unwrap();
                encoder.finish().unwrap()
            }
            Self::Xz => {
                let options = lzma_rust2::XzOptions::with_preset(1);
                let mut encoder = lzma_rust2::XzWriter::new(Vec::new(), options).unwrap();
                encoder.write_all(content).unwrap();
                encoder.finish().unwrap()
            }
            Self::Zstd => zstd::encode_all(content, 1).unwrap(),
        }
    }
}
