//! Writes content that is made to be slow to scan: `cargo run --release --example adversarial -- --help`.
//!
//! The same arguments give the same bytes everywhere.

mod content;
mod random;

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::PathBuf;

use anyhow::Context;
use clap::Parser;

use content::Set;

/// One file of content that is made to be slow to scan
#[derive(Parser)]
#[command(name = "adversarial")]
struct Arguments {
    /// What to write
    set: Set,

    /// How large the file becomes, give or take a line; for example 80MB (decimal units)
    #[arg(long, value_name = "BYTES", value_parser = size, default_value = "80MB")]
    size: u64,

    /// The folder to write to; it is made where it is missing
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Reads a size in bytes: a whole number, with KB, MB or GB behind it or nothing.
fn size(text: &str) -> Result<u64, String> {
    let units = [("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000)];
    let (number, unit) = units
        .into_iter()
        .find_map(|(suffix, unit)| text.strip_suffix(suffix).map(|number| (number, unit)))
        .unwrap_or((text, 1));
    let number: u64 = number.trim().parse().map_err(|_| "not a whole number of bytes, KB, MB or GB".to_owned())?;
    number.checked_mul(unit).ok_or_else(|| "more bytes than can be counted".to_owned())
}

fn main() -> anyhow::Result<()> {
    let Arguments { set, size, out } = Arguments::parse();
    fs::create_dir_all(&out).with_context(|| format!("cannot make the folder {}", out.display()))?;
    let path = out.join(set.file_name());
    let written = (|| {
        let mut file = BufWriter::with_capacity(1 << 20, File::create(&path)?);
        content::write(set, size, &mut file)?;
        file.flush()
    })();
    written.with_context(|| format!("cannot write {}", path.display()))
}
