//! Writes identifiers/schema.json and docs/identifiers.md from the code and the identifier files.

mod document;
#[path = "../../tests/exceptions/mod.rs"]
mod exceptions;
mod json_schema;

use std::fs;
use std::path::Path;

fn main() -> std::io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::write(root.join("identifiers/schema.json"), json_schema::write(root)?)?;
    fs::write(root.join("docs/identifiers.md"), document::write())
}
