//! Binary formats, told by their first bytes.

use super::Kind;

/// What is known of a binary format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Format {
    pub(super) mime_type: &'static str,
    /// Name for a person if Macie reads the format; `None` if it does not.
    pub(super) name: Option<&'static str>,
    pub(super) kind: Kind,
}

const fn read_by_macie(mime_type: &'static str, name: &'static str) -> Format {
    Format { mime_type, name: Some(name), kind: Kind::Unsupported }
}

const fn unread(mime_type: &'static str) -> Format {
    Format { mime_type, name: None, kind: Kind::Unsupported }
}

const GZIP: Format = Format { mime_type: "application/gzip", name: Some("GNU Zip"), kind: Kind::Gzip };
const ZIP: Format = read_by_macie("application/zip", "ZIP archive");
const DOCX: Format =
    read_by_macie("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word document");
const XLSX: Format =
    read_by_macie("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel workbook");
const DOC: Format = read_by_macie("application/msword", "Word document");
const XLS: Format = read_by_macie("application/vnd.ms-excel", "Excel workbook");
const TAR: Format = read_by_macie("application/x-tar", "TAR archive");
const PDF: Format = read_by_macie("application/pdf", "PDF document");
const PARQUET: Format = read_by_macie("application/parquet", "Parquet file");
const AVRO: Format = read_by_macie("application/avro", "Avro file");

/// Offset, bytes there, format.
const SIGNATURES: &[(usize, &[u8], Format)] = &[
    (0, b"\x1f\x8b\x08", GZIP),
    (0, b"%PDF-", PDF),
    (0, b"PAR1", PARQUET),
    (0, b"PARE", PARQUET),
    (0, b"Obj\x01", AVRO),
    (257, b"ustar", TAR),
    (0, b"\x89PNG\r\n\x1a\n", unread("image/png")),
    (0, b"\xff\xd8\xff", unread("image/jpeg")),
    (0, b"GIF87a", unread("image/gif")),
    (0, b"GIF89a", unread("image/gif")),
    (0, b"II*\0", unread("image/tiff")),
    (0, b"MM\0*", unread("image/tiff")),
    (8, b"WEBP", unread("image/webp")),
    (8, b"WAVE", unread("audio/x-wav")),
    (8, b"AVI ", unread("video/x-msvideo")),
    (4, b"ftyp", unread("video/mp4")),
    (0, b"\x1a\x45\xdf\xa3", unread("video/x-matroska")),
    (0, b"OggS", unread("audio/ogg")),
    (0, b"fLaC", unread("audio/flac")),
    (0, b"ID3", unread("audio/mpeg")),
    (128, b"DICM", unread("application/dicom")),
    (0, b"\x7fELF", unread("application/x-executable")),
    (0, b"MZ\x90\0", unread("application/x-msdownload")),
    (0, b"\xcf\xfa\xed\xfe", unread("application/x-mach-binary")),
    (0, b"\xca\xfe\xba\xbe", unread("application/java-vm")),
    (0, b"\0asm", unread("application/wasm")),
    (0, b"SQLite format 3\0", unread("application/vnd.sqlite3")),
    (0, b"7z\xbc\xaf\x27\x1c", unread("application/x-7z-compressed")),
    (0, b"Rar!\x1a\x07", unread("application/x-rar-compressed")),
    (0, b"\xfd7zXZ\0", unread("application/x-xz")),
    (4, b"1AY&SY", unread("application/x-bzip2")),
    (0, b"\x28\xb5\x2f\xfd", unread("application/zstd")),
    (0, b"\x04\x22\x4d\x18", unread("application/x-lz4")),
    (0, b"ORC\x0a", unread("application/x-orc")),
    (0, b"ORC\x08", unread("application/x-orc")),
];

/// Extensions of formats that Macie does not read although they are ZIP archives or OLE containers inside.
const OTHER_CONTAINERS: &[&str] = &[
    "pptx", "ppsx", "potx", "ppt", "pps", "odt", "ods", "odp", "epub", "jar", "war", "ear", "apk", "aar", "ipa", "whl",
    "nupkg", "msi", "msg", "vsd", "vsdx", "pub", "kmz", "xpi", "crx", "npz",
];

/// The binary format of a file that starts with `head` and whose name ends in `extension` (lower case).
pub(super) fn format_of(head: &[u8], extension: &str) -> Option<Format> {
    let ole = head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    let zip = [b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"].iter().any(|magic| head.starts_with(*magic));
    if ole || zip {
        return Some(match extension {
            other if OTHER_CONTAINERS.contains(&other) => unread("application/octet-stream"),
            // With a password, the new formats of Office are stored in the container of the old ones.
            "docx" => DOCX,
            "xlsx" => XLSX,
            "doc" => DOC,
            _ if ole => XLS,
            _ => ZIP,
        });
    }
    let signed =
        |(offset, magic, _): &&(usize, &[u8], Format)| head.get(*offset..).is_some_and(|at| at.starts_with(magic));
    SIGNATURES.iter().find(signed).map(|(_, _, format)| *format)
}

/// The binary format that Macie reads under an extension.
pub(super) fn format_named(extension: &str) -> Option<Format> {
    Some(match extension {
        "gz" | "gzip" | "tgz" => GZIP,
        "zip" => ZIP,
        "tar" => TAR,
        "pdf" => PDF,
        "parquet" => PARQUET,
        "avro" => AVRO,
        "doc" => DOC,
        "docx" => DOCX,
        "xls" => XLS,
        "xlsx" => XLSX,
        _ => return None,
    })
}
