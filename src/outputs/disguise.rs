//! Objects whose content is not what their name promises.

use crate::model::ObjectReport;

/// What an extension promises: its name for a person, and how the media types begin that keep the promise.
const PROMISES: &[(&[&str], &str, &[&str])] = &[
    (&["csv", "tsv", "tab", "psv"], "table in text", &["text/"]),
    (&["json", "geojson", "jsonl", "ndjson"], "JSON", &["application/json"]),
    (
        &["txt", "text", "log", "md", "yaml", "yml", "xml", "htm", "html", "sql"],
        "text",
        &["text/", "application/json", "application/xml", "application/yaml"],
    ),
    (&["gz", "gzip", "tgz"], "GNU Zip", &["application/gzip"]),
    (&["bz2", "tbz2"], "bzip2", &["application/x-bzip2"]),
    (&["xz", "txz"], "xz", &["application/x-xz"]),
    (&["zst", "tzst"], "Zstandard", &["application/zstd"]),
    (&["zip"], "ZIP archive", &["application/zip"]),
    (&["7z"], "7z archive", &["application/x-7z"]),
    (&["tar"], "TAR archive", &["application/x-tar"]),
    (&["parquet"], "Parquet", &["application/parquet"]),
    (&["avro"], "Avro", &["application/avro"]),
    (&["orc"], "ORC", &["application/x-orc"]),
    (&["pdf"], "PDF", &["application/pdf"]),
    (&["doc", "docx"], "Word document", &["application/msword", "application/vnd.openxmlformats-officedocument.word"]),
    (
        &["xls", "xlsx", "xlsb"],
        "Excel workbook",
        &["application/vnd.ms-excel", "application/vnd.openxmlformats-officedocument.spreadsheet"],
    ),
];

/// What the name of an object promises if its content is something else; `None` for one that is what it is called, that
/// promises nothing, or of which nothing is known.
pub(super) fn broken_promise(report: &ObjectReport) -> Option<&'static str> {
    let extension = report.object.extension();
    let (_, promise, kept) = PROMISES.iter().find(|(extensions, ..)| extensions.contains(&extension.as_str()))?;
    let mime_type = report.mime_type.as_str();
    let unknown = matches!(mime_type, "" | "application/octet-stream") || report.object.size == 0;
    (!unknown && !kept.iter().any(|kept| mime_type.starts_with(kept))).then_some(promise)
}
