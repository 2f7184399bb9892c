//! The thing that is scanned, as the rest of the program names it.

use std::sync::Arc;

/// A bucket that holds objects, or would.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// The AWS account that owns it, twelve digits.
    pub account_id: String,
}

/// What is known about an object apart from its content.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ObjectInfo {
    /// Name below the scanned root, parts joined by `/`, key prefix included.
    pub key: String,
    /// Path of the file as the scan was told of it, parts joined by `/`; `None` for an object that is no file of this machine.
    pub path: Option<String>,
    /// Size in bytes as stored (before decompression).
    pub size: u64,
    /// Last modification, in seconds since the Unix epoch; `None` where the source has none.
    pub modified: Option<i64>,
    /// The bucket it is in; `None` for the one of the run.
    pub bucket: Option<Arc<Bucket>>,
}

impl ObjectInfo {
    /// Lower-case file extension without the dot; empty if there is none.
    pub fn extension(&self) -> String {
        extension_of(&self.key)
    }
}

/// Lower-case extension, without the dot, of the file that a key or path names; empty if there is none.
pub fn extension_of(key: &str) -> String {
    let name = key.rsplit('/').next().unwrap_or_default();
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => extension.to_lowercase(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extension_is_lower_case_and_a_dot_file_has_none() {
        let of = |key: &str| ObjectInfo { key: key.into(), ..ObjectInfo::default() }.extension();
        assert_eq!(of("a/b.CSV"), "csv");
        assert_eq!(of("a.b/c"), "");
        assert_eq!(of(".bashrc"), "");
        assert_eq!(of("x.csv.gz"), "gz");
    }
}
