//! Where objects come from.

use crate::model::{Coverage, ObjectInfo};
use std::path::PathBuf;

/// A file that was found.
pub struct Entry {
    /// Where it is.
    pub path: PathBuf,
    /// What findings call it.
    pub object: ObjectInfo,
    /// Why it will not be read.
    pub problem: Option<Coverage>,
}

/// Temporary.
pub fn walk(paths: &[PathBuf], prefix: &str) -> Vec<Entry> {
    let mut all = Vec::new();
    for path in paths {
        for e in ignore::WalkBuilder::new(path).standard_filters(false).build().flatten() {
            if e.file_type().is_some_and(|t| t.is_file()) {
                let key = e.path().strip_prefix(path).unwrap().to_string_lossy().into_owned();
                let key = if key.is_empty() { e.file_name().to_string_lossy().into_owned() } else { key };
                all.push(Entry { object: ObjectInfo { key: format!("{prefix}{key}"), size: e.metadata().unwrap().len(), modified: None }, path: e.into_path(), problem: None });
            }
        }
    }
    all.sort_by(|a, b| a.object.key.cmp(&b.object.key));
    all
}
