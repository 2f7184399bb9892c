//! What the fuzz targets share: a scan of any bytes under a name, within small limits.

use lakegate::model::{ObjectInfo, Quotas};
use lakegate::scan::{ManagedSelection, Scanner};
use std::sync::LazyLock;
use std::time::Duration;

static SCANNER: LazyLock<Scanner> = LazyLock::new(|| {
    // A library's panic that its reader catches is a broken file and no failure; others leave the target, which ends the run.
    std::panic::set_hook(Box::new(|_| ()));
    let quotas = Quotas {
        expanded_bytes: 1_000_000,
        member_bytes: 500_000,
        members: 200,
        time: Duration::from_secs(5),
        ..Quotas::default()
    };
    let managed = ManagedSelection::Only(vec!["USA_SOCIAL_SECURITY_NUMBER".to_owned()]);
    Scanner::builder().managed(managed).quotas(quotas).build().expect("the identifier is built in")
});

/// Scans the bytes as an object of that name. A panic that the scan guards against is one here.
pub fn scan(key: &str, bytes: &[u8]) {
    let info = ObjectInfo { key: key.to_owned(), size: bytes.len() as u64, ..ObjectInfo::default() };
    let report = SCANNER.scan_object(info, bytes);
    let details = report.members.iter().map(|member| &member.coverage.detail).chain([&report.coverage.detail]);
    for detail in details {
        assert!(!detail.contains("broke the reader"), "{detail}");
    }
}

/// Names by whose extension a format is promised; the first byte of an input chooses one. A new reader adds its own at the
/// end, so that the inputs that are kept go on meaning the same.
pub const NAMES: &[&str] = &[
    "a", "a.csv", "a.tsv", "a.json", "a.jsonl", "a.txt", "a.zip", "a.tar", "a.7z", "a.gz", "a.bz2", "a.xz", "a.zst",
    "a.csv.gz", "a.tar.gz", "a.parquet", "a.avro", "a.orc", "a.arrow", "a.sqlite", "a.xls", "a.xlsx", "a.xlsb", "a.ods",
    "a.pdf", "a.doc", "a.docx", "a.ppt", "a.pptx", "a.odt", "a.rtf", "a.eml", "a.mbox", "a.msg", "a.html", "a.xml",
    "a.yaml", "a.arrows", "a.sql",
];
