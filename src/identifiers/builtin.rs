//! The managed identifiers that are part of the program.

use super::schema::TypeFile;
use std::sync::OnceLock;

static EMBEDDED: &str = include_str!(concat!(env!("OUT_DIR"), "/managed.json"));
static SOURCES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/managed_sources.rs"));

/// What scanning needs of the managed identifiers: without descriptions, references and examples.
///
/// # Panics
/// Never: the text was written by the build step from the same types.
pub fn managed() -> Vec<TypeFile> {
    serde_json::from_str(EMBEDDED).expect("the build step wrote these types")
}

/// The managed identifiers with everything their files say, for people and for checks.
///
/// # Panics
/// Never: the build step has parsed the same files.
pub fn documented() -> &'static [(&'static str, TypeFile)] {
    static PARSED: OnceLock<Vec<(&'static str, TypeFile)>> = OnceLock::new();
    PARSED.get_or_init(|| {
        SOURCES
            .iter()
            .map(|&(path, text)| (path, serde_yaml::from_str(text).expect("the build step parsed this file")))
            .collect()
    })
}

/// The files of the managed identifiers as they are written: path below the project's folder, and text.
pub fn sources() -> &'static [(&'static str, &'static str)] {
    SOURCES
}
