//! Test data that lies beside the project and is not part of it.

#![allow(dead_code, reason = "each test file uses a part")]

use std::io::Read;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// A file or folder of the shared test data, or `None` with a word to whoever reads the output.
pub fn data(path: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("LAKEGATE_SHARED_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
    there(folder.join(path))
}

/// A file of the facts about Macie that lie beside the shared test data.
pub fn reference(path: &str) -> Option<PathBuf> {
    let data = std::env::var_os("LAKEGATE_SHARED_DATA").map(PathBuf::from);
    let folder = data.map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reference"),
        |data| data.join("../reference"),
    );
    there(folder.join(path))
}

fn there(path: PathBuf) -> Option<PathBuf> {
    if path.exists() {
        return Some(path);
    }
    let _ = writeln!(std::io::stderr(), "SKIPPED: no test data at {} (set LAKEGATE_SHARED_DATA)", path.display());
    None
}

/// The JSON values of a gzipped file, one a line.
pub fn json_lines(path: &Path) -> Vec<serde_json::Value> {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut text = String::new();
    flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_string(&mut text).expect("gzipped text");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}
