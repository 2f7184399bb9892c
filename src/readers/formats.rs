//! The formats that are told by their content: one entry each. To read a new one, name its reader in its entry.

use super::Codec;
use super::format::{Detection, Format, Reader};
#[cfg(feature = "markup")]
use super::text_formats;
use crate::model::StoredKind;
use memchr::memmem;

/// All formats, in the order in which content is tried on them.
pub(super) static FORMATS: &[&Format] = &[
    &GZIP,
    &BZIP2,
    &XZ,
    &ZSTD,
    &EXCEL,
    &WORD,
    &POWERPOINT,
    &OPEN_SHEET,
    &OPEN_TEXT,
    &ZIP,
    &SEVEN_ZIP,
    &TAR,
    &PARQUET,
    &AVRO,
    &ORC,
    &ARROW,
    &SQLITE,
    &PDF,
    #[cfg(feature = "markup")]
    &text_formats::RTF,
    #[cfg(feature = "mail")]
    &text_formats::MAILBOX,
    #[cfg(feature = "mail")]
    &text_formats::MAIL,
    #[cfg(feature = "markup")]
    &text_formats::XML,
    #[cfg(feature = "markup")]
    &text_formats::HTML,
    #[cfg(feature = "markup")]
    &text_formats::YAML,
    &WITH_PASSWORD,
    &OUTLOOK,
    &OLD_WORD,
    &OLD_POWERPOINT,
    &OLD_EXCEL,
    &SQL,
];

const fn any(_: &[u8], _: &str) -> bool {
    true
}

static GZIP: Format = Format {
    name: "GNU Zip file",
    mime_type: "application/gzip",
    extensions: &["gz", "gzip", "tgz"],
    detection: Detection::Bytes(&[(0, b"\x1f\x8b\x08")], any),
    stored: StoredKind::Compressed,
    reader: Reader::Decompressor(Codec::Gzip),
};

static BZIP2: Format = Format {
    name: "bzip2 file",
    mime_type: "application/x-bzip2",
    extensions: &["bz2", "bz", "tbz", "tbz2"],
    detection: Detection::Bytes(&[(4, b"1AY&SY"), (4, b"\x17\x72\x45\x38\x50\x90")], |head, _| {
        head.starts_with(b"BZh")
    }),
    stored: StoredKind::Compressed,
    #[cfg(feature = "archives")]
    reader: Reader::Decompressor(Codec::Bzip2),
    #[cfg(not(feature = "archives"))]
    reader: Reader::Without("archives"),
};

static XZ: Format = Format {
    name: "xz file",
    mime_type: "application/x-xz",
    extensions: &["xz", "txz"],
    detection: Detection::Bytes(&[(0, b"\xfd7zXZ\0")], any),
    stored: StoredKind::Compressed,
    #[cfg(feature = "archives")]
    reader: Reader::Decompressor(Codec::Xz),
    #[cfg(not(feature = "archives"))]
    reader: Reader::Without("archives"),
};

static ZSTD: Format = Format {
    name: "Zstandard file",
    mime_type: "application/zstd",
    extensions: &["zst", "zstd", "tzst"],
    detection: Detection::Bytes(&[(0, b"\x28\xb5\x2f\xfd"), (1, b"\x2a\x4d\x18")], |head, _| {
        // A frame, or one that is to be skipped (RFC 8878, 3.1.2).
        head[0] == 0x28 || head[0] & 0xF0 == 0x50
    }),
    stored: StoredKind::Compressed,
    #[cfg(feature = "archives")]
    reader: Reader::Decompressor(Codec::Zstd),
    #[cfg(not(feature = "archives"))]
    reader: Reader::Without("archives"),
};

/// How a ZIP archive starts: with a file, with its end if it is empty, or with the mark of one of several volumes.
const ZIP_STARTS: &[(usize, &[u8])] = &[(0, b"PK\x03\x04"), (0, b"PK\x05\x06"), (0, b"PK\x07\x08")];

static ZIP: Format = Format {
    name: "ZIP archive",
    mime_type: "application/zip",
    extensions: &["zip"],
    detection: Detection::Bytes(ZIP_STARTS, any),
    stored: StoredKind::Compressed,
    #[cfg(feature = "archives")]
    reader: Reader::Seeking(super::archive::read_zip),
    #[cfg(not(feature = "archives"))]
    reader: Reader::Without("archives"),
};

static SEVEN_ZIP: Format = Format {
    name: "7z archive",
    mime_type: "application/x-7z-compressed",
    extensions: &["7z"],
    detection: Detection::Bytes(&[(0, b"7z\xbc\xaf\x27\x1c")], any),
    stored: StoredKind::Compressed,
    #[cfg(feature = "archives")]
    reader: Reader::Seeking(super::archive::read_seven_zip),
    #[cfg(not(feature = "archives"))]
    reader: Reader::Without("archives"),
};

/// True for the header of a file in an archive: its checksum is right. Those before POSIX bear no mark.
fn is_tar(head: &[u8], _: &str) -> bool {
    let Some(header) = head.get(..512) else { return false };
    let digits = header[148..156].iter().copied().skip_while(|byte| *byte == b' ').take_while(u8::is_ascii_digit);
    let stated = digits.fold(None, |sum: Option<u32>, digit| {
        Some(sum.unwrap_or(0).wrapping_mul(8).wrapping_add(u32::from(digit.wrapping_sub(b'0'))))
    });
    // The field of the checksum counts as spaces.
    let sum = |bytes: &[u8]| bytes.iter().map(|byte| u32::from(*byte)).sum::<u32>();
    stated == Some(sum(&header[..148]) + 8 * u32::from(b' ') + sum(&header[156..]))
}

static TAR: Format = Format {
    name: "TAR archive",
    mime_type: "application/x-tar",
    extensions: &["tar"],
    detection: Detection::Bytes(&[(257, b"ustar"), (0, b"")], is_tar),
    stored: StoredKind::Tar,
    #[cfg(feature = "archives")]
    reader: Reader::Streaming(super::archive::read_tar),
    #[cfg(not(feature = "archives"))]
    reader: Reader::Without("archives"),
};

/// True for an Office Open XML file whose parts stand in that folder: by the names of its first files, or by its name where
/// those do not tell.
fn is_office(head: &[u8], folder: &[u8], named: bool) -> bool {
    let parts = [&b"xl/"[..], b"word/", b"ppt/"];
    let holds = |folder: &[u8]| names_in_zip(head).any(|name| name.starts_with(folder));
    if names_in_zip(head).any(|name| name == b"[Content_Types].xml") && parts.iter().any(|folder| holds(folder)) {
        return holds(folder);
    }
    named
}

/// Names of the files whose headers stand in `head` (APPNOTE.TXT, 4.3.7).
fn names_in_zip(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    memmem::find_iter(head, b"PK\x03\x04").filter_map(|at| {
        let header = head.get(at..)?;
        let length = u16::from_le_bytes(header.get(26..28)?.try_into().ok()?);
        header.get(30..30 + usize::from(length))
    })
}

/// True for an `OpenDocument` file of that media type, which is the first thing that stands in it.
fn is_open_document(head: &[u8], mime_type: &[u8], named: bool) -> bool {
    match head.get(30..) {
        Some(first) if first.starts_with(b"mimetype") => {
            let extra = u16::from_le_bytes([head[28], head[29]]);
            let content = first.get(8 + usize::from(extra)..);
            // Some programs compress what should stand there as it is: then the name tells.
            content.is_some_and(|content| content.starts_with(mime_type))
                || named && content.is_some_and(|content| !content.starts_with(b"application/"))
        }
        _ => named,
    }
}

static EXCEL: Format = Format {
    name: "Excel workbook",
    mime_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    extensions: &["xlsx", "xlsm", "xlsb", "xltx", "xltm"],
    detection: Detection::Bytes(ZIP_STARTS, |head, extension| {
        is_office(head, b"xl/", matches!(extension, "xlsx" | "xlsm" | "xlsb" | "xltx" | "xltm"))
    }),
    stored: StoredKind::Office,
    #[cfg(feature = "excel")]
    reader: Reader::Seeking(super::workbook::read_xlsx),
    #[cfg(not(feature = "excel"))]
    reader: Reader::Without("excel"),
};

static WORD: Format = Format {
    name: "Word document",
    mime_type: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    extensions: &["docx", "docm", "dotx"],
    detection: Detection::Bytes(ZIP_STARTS, |head, extension| {
        is_office(head, b"word/", matches!(extension, "docx" | "docm" | "dotx"))
    }),
    stored: StoredKind::Office,
    #[cfg(feature = "office")]
    reader: Reader::Seeking(super::documents::read_package),
    #[cfg(not(feature = "office"))]
    reader: Reader::Without("office"),
};

static POWERPOINT: Format = Format {
    name: "PowerPoint presentation",
    mime_type: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    extensions: &["pptx", "pptm", "ppsx", "potx"],
    detection: Detection::Bytes(ZIP_STARTS, |head, extension| {
        is_office(head, b"ppt/", matches!(extension, "pptx" | "pptm" | "ppsx" | "potx"))
    }),
    stored: StoredKind::Office,
    #[cfg(feature = "office")]
    reader: Reader::Seeking(super::documents::read_package),
    #[cfg(not(feature = "office"))]
    reader: Reader::Without("office"),
};

static OPEN_SHEET: Format = Format {
    name: "OpenDocument spreadsheet",
    mime_type: "application/vnd.oasis.opendocument.spreadsheet",
    extensions: &["ods"],
    detection: Detection::Bytes(ZIP_STARTS, |head, extension| {
        is_open_document(head, b"application/vnd.oasis.opendocument.spreadsheet", extension == "ods")
    }),
    stored: StoredKind::Office,
    #[cfg(feature = "excel")]
    reader: Reader::Seeking(super::workbook::read_ods),
    #[cfg(not(feature = "excel"))]
    reader: Reader::Without("excel"),
};

static OPEN_TEXT: Format = Format {
    name: "OpenDocument text",
    mime_type: "application/vnd.oasis.opendocument.text",
    extensions: &["odt", "odp"],
    detection: Detection::Bytes(ZIP_STARTS, |head, extension| {
        let named = matches!(extension, "odt" | "odp");
        is_open_document(head, b"application/vnd.oasis.opendocument.text", named)
            || is_open_document(head, b"application/vnd.oasis.opendocument.presentation", named)
    }),
    stored: StoredKind::Office,
    #[cfg(feature = "office")]
    reader: Reader::Seeking(super::documents::read_package),
    #[cfg(not(feature = "office"))]
    reader: Reader::Without("office"),
};

static PARQUET: Format = Format {
    name: "Parquet file",
    mime_type: "application/parquet",
    extensions: &["parquet"],
    detection: Detection::Bytes(&[(0, b"PAR1"), (0, b"PARE")], any),
    stored: StoredKind::Data,
    #[cfg(feature = "parquet")]
    reader: Reader::Seeking(super::parquet::read),
    #[cfg(not(feature = "parquet"))]
    reader: Reader::Without("parquet"),
};

static AVRO: Format = Format {
    name: "Avro file",
    mime_type: "application/avro",
    extensions: &["avro"],
    detection: Detection::Bytes(&[(0, b"Obj\x01")], any),
    stored: StoredKind::Data,
    #[cfg(feature = "avro")]
    reader: Reader::Seeking(super::avro::read),
    #[cfg(not(feature = "avro"))]
    reader: Reader::Without("avro"),
};

static ORC: Format = Format {
    name: "ORC file",
    mime_type: "application/x-orc",
    extensions: &["orc"],
    detection: Detection::Bytes(&[(0, b"ORC")], |head, extension| {
        // A text may start so too.
        extension == "orc" || head.iter().take(64).any(|byte| *byte < b'\t')
    }),
    stored: StoredKind::Data,
    #[cfg(feature = "orc")]
    reader: Reader::Seeking(super::orc::read),
    #[cfg(not(feature = "orc"))]
    reader: Reader::Without("orc"),
};

static ARROW: Format = Format {
    name: "Arrow file",
    mime_type: "application/vnd.apache.arrow.file",
    extensions: &["arrow", "arrows", "feather"],
    detection: Detection::Bytes(&[(0, b"ARROW1\0\0"), (0, b"\xff\xff\xff\xff")], is_arrow),
    stored: StoredKind::Data,
    #[cfg(feature = "arrow")]
    reader: Reader::Seeking(super::arrow_ipc::read),
    #[cfg(not(feature = "arrow"))]
    reader: Reader::Without("arrow"),
};

/// True for a file of Arrow, or for a stream: its first message is the schema, whose length says where its table starts.
fn is_arrow(head: &[u8], _: &str) -> bool {
    let number = |at: usize| head.get(at..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes));
    let (length, root) = (number(4).unwrap_or(0), number(8).unwrap_or(0));
    head.starts_with(b"ARROW1")
        || (length >= 16 && length.is_multiple_of(8) && (4..length).contains(&root) && length < 1 << 26)
}

static SQLITE: Format = Format {
    name: "SQLite database",
    mime_type: "application/vnd.sqlite3",
    extensions: &["sqlite", "sqlite3", "db"],
    detection: Detection::Bytes(&[(0, b"SQLite format 3\0")], any),
    stored: StoredKind::Data,
    #[cfg(feature = "sqlite")]
    reader: Reader::Seeking(super::sqlite::read),
    #[cfg(not(feature = "sqlite"))]
    reader: Reader::Without("sqlite"),
};

static SQL: Format = Format {
    name: "SQL dump",
    mime_type: "text/plain",
    extensions: &["sql"],
    detection: Detection::Text(super::sql::is_dump),
    stored: StoredKind::Text,
    reader: Reader::Streaming(super::sql::read),
};

static PDF: Format = Format {
    name: "PDF document",
    mime_type: "application/pdf",
    extensions: &["pdf"],
    detection: Detection::Bytes(&[(0, b"%PDF-")], any),
    stored: StoredKind::Pdf,
    #[cfg(feature = "pdf")]
    reader: Reader::Seeking(super::documents::read_pdf),
    #[cfg(not(feature = "pdf"))]
    reader: Reader::Without("pdf"),
};

/// How a compound file starts: Office documents before 2007, and newer ones with a password.
const COMPOUND: &[(usize, &[u8])] = &[(0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")];

/// True if a compound file that starts so has an entry of that name. Its directory may stand further back.
fn holds_entry(head: &[u8], name: &str) -> bool {
    let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    memmem::find(head, &wide).is_some()
}

static WITH_PASSWORD: Format = Format {
    name: "Office document with a password",
    mime_type: "application/vnd.ms-office",
    extensions: &[],
    detection: Detection::Bytes(COMPOUND, |head, extension| {
        let newer = matches!(extension, "docx" | "docm" | "pptx" | "pptm" | "xlsx" | "xlsm" | "xlsb");
        newer || holds_entry(head, "EncryptedPackage")
    }),
    stored: StoredKind::Office,
    #[cfg(feature = "office")]
    reader: Reader::Seeking(super::documents::read_compound),
    #[cfg(not(feature = "office"))]
    reader: Reader::Without("office"),
};

static OUTLOOK: Format = Format {
    name: "Outlook message",
    mime_type: "application/vnd.ms-outlook",
    extensions: &["msg"],
    detection: Detection::Bytes(COMPOUND, |head, extension| {
        extension == "msg" || holds_entry(head, "__properties_version1.0")
    }),
    stored: StoredKind::Mail,
    #[cfg(feature = "office")]
    reader: Reader::Seeking(super::documents::read_compound),
    #[cfg(not(feature = "office"))]
    reader: Reader::Without("office"),
};

static OLD_WORD: Format = Format {
    name: "Word document",
    mime_type: "application/msword",
    extensions: &["doc", "dot"],
    detection: Detection::Bytes(COMPOUND, |head, extension| {
        matches!(extension, "doc" | "dot") || holds_entry(head, "WordDocument") || holds_entry(head, "\u{1}Ole10Native")
    }),
    stored: StoredKind::Office,
    #[cfg(feature = "office")]
    reader: Reader::Seeking(super::documents::read_compound),
    #[cfg(not(feature = "office"))]
    reader: Reader::Without("office"),
};

static OLD_POWERPOINT: Format = Format {
    name: "PowerPoint presentation",
    mime_type: "application/vnd.ms-powerpoint",
    extensions: &["ppt", "pps"],
    detection: Detection::Bytes(COMPOUND, |head, extension| {
        matches!(extension, "ppt" | "pps") || holds_entry(head, "PowerPoint Document")
    }),
    stored: StoredKind::Office,
    #[cfg(feature = "office")]
    reader: Reader::Seeking(super::documents::read_compound),
    #[cfg(not(feature = "office"))]
    reader: Reader::Without("office"),
};

static OLD_EXCEL: Format = Format {
    name: "Excel workbook",
    mime_type: "application/vnd.ms-excel",
    extensions: &["xls", "xlt"],
    detection: Detection::Bytes(COMPOUND, |_, extension| !matches!(extension, "msi" | "vsd" | "pub" | "mpp")),
    stored: StoredKind::Office,
    #[cfg(feature = "excel")]
    reader: Reader::Seeking(super::workbook::read_xls),
    #[cfg(not(feature = "excel"))]
    reader: Reader::Without("excel"),
};

const fn unread(mime_type: &'static str, signatures: &'static [(usize, &'static [u8])]) -> Format {
    Format {
        name: "file of a format that is not analysed",
        mime_type,
        extensions: &[],
        detection: Detection::Bytes(signatures, any),
        stored: StoredKind::Text,
        reader: Reader::OutOfScope,
    }
}

/// Pictures, sound, films and programs, and what else Macie and this program do not read.
static UNREAD: &[Format] = &[
    unread("image/png", &[(0, b"\x89PNG\r\n\x1a\n")]),
    unread("image/jpeg", &[(0, b"\xff\xd8\xff")]),
    unread("image/gif", &[(0, b"GIF87a"), (0, b"GIF89a")]),
    unread("image/tiff", &[(0, b"II*\0"), (0, b"MM\0*")]),
    unread("image/webp", &[(8, b"WEBP")]),
    unread("audio/x-wav", &[(8, b"WAVE")]),
    unread("video/x-msvideo", &[(8, b"AVI ")]),
    unread("video/mp4", &[(4, b"ftyp")]),
    unread("video/x-matroska", &[(0, b"\x1a\x45\xdf\xa3")]),
    unread("audio/ogg", &[(0, b"OggS")]),
    unread("audio/flac", &[(0, b"fLaC")]),
    unread("audio/mpeg", &[(0, b"ID3")]),
    unread("application/dicom", &[(128, b"DICM")]),
    unread("application/x-executable", &[(0, b"\x7fELF")]),
    unread("application/x-msdownload", &[(0, b"MZ\x90\0")]),
    unread("application/x-mach-binary", &[(0, b"\xcf\xfa\xed\xfe")]),
    unread("application/java-vm", &[(0, b"\xca\xfe\xba\xbe")]),
    unread("application/wasm", &[(0, b"\0asm")]),
    unread("application/x-rar-compressed", &[(0, b"Rar!\x1a\x07")]),
    unread("application/x-lz4", &[(0, b"\x04\x22\x4d\x18")]),
    unread("application/x-ole-storage", COMPOUND),
];

/// The format of content that starts with these bytes and whose name has that lower-case extension.
pub(super) fn format_of_bytes(head: &[u8], extension: &str) -> Option<&'static Format> {
    FORMATS.iter().copied().chain(UNREAD).find(|format| format.fits_bytes(head, extension))
}

/// The format of text that starts so and whose name has that lower-case extension.
pub(super) fn format_of_text(head: &[u8], extension: &str) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|format| format.fits_text(head, extension))
}

/// The format that a lower-case extension promises.
pub(super) fn format_named(extension: &str) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|format| format.extensions.contains(&extension))
}
