//! Holds the code to the layers of docs/design.md: imports only point down, and files stay short.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders and files of `src/` by layer. Those of one layer do not import each other.
const LAYERS: &[&[&str]] = &[
    &["model", "blocks"],
    &["validators"],
    &["identifiers", "sources", "readers"],
    &["engine", "describe"],
    &["findings"],
    &["outputs"],
    &["actions", "filters"],
    &["scan", "proof", "config"],
    &["jobs"],
];

const LONGEST_FILE: usize = 600;

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&root, &mut files);
    files.sort();
    files
        .iter()
        .map(|path| {
            let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
            (name, fs::read_to_string(path).unwrap())
        })
        .collect()
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|modules| modules.contains(&module))
}

/// Modules that a file names after `crate::`, also in a braced list.
fn imports(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        let name = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
        if let Some(list) = rest.strip_prefix('{') {
            found.extend(list.split('}').next().unwrap_or("").split(',').map(|item| name(item.trim())));
        } else {
            found.push(name(rest));
        }
    }
    found
}

#[test]
fn imports_only_point_down() {
    let mut wrong = Vec::new();
    for (name, text) in sources() {
        let module = name.split('/').next().unwrap().trim_end_matches(".rs");
        let Some(own) = layer(module) else {
            assert!(module == "lib" || module == "bin", "{name} is in no layer");
            continue;
        };
        for import in imports(&text) {
            let allowed = import == module || layer(&import).is_some_and(|other| other < own);
            if !allowed {
                wrong.push(format!("{name} imports crate::{import}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_program_uses_the_library_from_outside() {
    for (name, text) in sources().iter().filter(|(name, _)| name.starts_with("bin/")) {
        for import in imports(text) {
            let path = format!("bin/lakegate/{import}.rs");
            assert!(sources().iter().any(|(other, _)| *other == path), "{name} imports crate::{import}");
        }
    }
}

#[test]
fn no_file_is_longer_than_anyone_reads() {
    let long: Vec<String> = sources()
        .iter()
        .filter(|(_, text)| text.lines().count() > LONGEST_FILE)
        .map(|(name, text)| format!("{name}: {} lines", text.lines().count()))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}
