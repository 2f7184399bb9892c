//! Reads the managed identifiers' YAML files and writes what a scan needs of them as constants of the program: definitions and
//! the automata of their patterns. Nothing of them is parsed or compiled at start.
//!
//! A file that breaks the schema fails the build with its place and a plain sentence.
#![allow(dead_code, unused_imports, missing_docs, reason = "the library's own modules are read a second time here")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, process};

#[path = "build/automata.rs"]
mod automata;
#[path = "src/model/category.rs"]
mod category;
#[path = "src/identifiers/definition.rs"]
mod definition;
#[path = "build/definitions.rs"]
mod definitions;
#[path = "src/identifiers/pattern_facts.rs"]
mod pattern_facts;
#[path = "src/identifiers/schema.rs"]
mod schema;
#[path = "src/identifiers/schema_error.rs"]
mod schema_error;
#[path = "src/model/severity.rs"]
mod severity;

#[path = "src/engine/word_table.rs"]
mod word_table;

mod model {
    pub use super::category::Category;
    pub use super::severity::Severity;
}

use definition::Definition;
use schema::TypeFile;
use schema_error::in_plain_words;

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    println!("cargo::rerun-if-changed=identifiers/managed");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=src/identifiers/definition.rs");
    println!("cargo::rerun-if-changed=src/identifiers/pattern_facts.rs");
    println!("cargo::rerun-if-changed=src/identifiers/schema.rs");
    println!("cargo::rerun-if-changed=src/identifiers/schema_error.rs");
    let folder = root.join("identifiers/managed");
    let mut paths = Vec::new();
    collect(&folder, &mut paths);
    paths.sort();
    let mut types = Vec::new();
    let mut sources = String::from("&[\n");
    let mut broken = false;
    for path in &paths {
        let shown = path.strip_prefix(&root).unwrap_or(path).display().to_string().replace('\\', "/");
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("reading {shown}: {error}"));
        match serde_yaml::from_str::<TypeFile>(&text) {
            Ok(file) => types.push(file),
            Err(error) => {
                broken = true;
                let (line, column) = error.location().map_or((1, 1), |place| (place.line(), place.column()));
                println!("cargo::error={shown}:{line}:{column}: {}", in_plain_words(&error.to_string()));
            }
        }
        writeln!(sources, "({shown:?}, include_str!({:?})),", path.display().to_string()).expect("writing to a string");
    }
    if broken {
        process::exit(1);
    }
    sources.push(']');
    write_definitions(&types, &out);
    fs::write(out.join("managed_sources.rs"), sources).expect("writing the list of identifier files");

    println!("cargo::rerun-if-changed=identifiers/names");
    println!("cargo::rerun-if-changed=src/engine/word_table.rs");
    let lists: Vec<(u16, String)> = word_table::LISTS
        .iter()
        .map(|(kinds, file)| {
            let text = fs::read_to_string(root.join("identifiers/names").join(file));
            (*kinds, text.unwrap_or_else(|error| panic!("reading identifiers/names/{file}: {error}")))
        })
        .collect();
    let table = word_table::build(lists.iter().map(|(kinds, list)| (*kinds, list.as_str())));
    fs::write(out.join("word_table.bin"), table).expect("writing the table of words");
}

/// Writes the definitions and the automata of their patterns.
fn write_definitions(types: &[TypeFile], out: &Path) {
    let defined: Vec<Definition> =
        types.iter().flat_map(|file| Definition::of_file(file).unwrap_or_else(|problem| panic!("{problem}"))).collect();
    fs::write(out.join("managed_definitions.rs"), definitions::expression(&defined)).expect("writing the definitions");
    // Patterns with anchors search whole texts, where a search for literals is faster than any automaton.
    let patterns = defined.iter().flat_map(|definition| &*definition.patterns);
    let searched = patterns.filter_map(|pattern| Some((pattern.regex.as_deref()?, pattern.anchors.is_empty())));
    let automata = automata::build(searched);
    fs::write(out.join("automata.bin"), automata.bytes).expect("writing the automata");
    fs::write(out.join("automata.rs"), automata.index).expect("writing the list of automata");
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            paths.push(path);
        }
    }
}
