//! `lakegate report`.

use crate::args::SavedArgs;
use crate::exit::Exit;
use crate::output::Outputs;
use anyhow::{Context, Result};
use flate2::read::MultiGzDecoder;
use lakegate::outputs::saved;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};

/// Runs the subcommand.
pub fn run(args: &SavedArgs) -> Result<Exit> {
    let name = args.results.display();
    let input: Box<dyn Read> = if args.results.as_os_str() == "-" {
        Box::new(io::stdin().lock())
    } else {
        Box::new(File::open(&args.results).with_context(|| format!("opening the stored results {name}"))?)
    };
    let mut input = BufReader::new(input);
    // Macie stores its results packed.
    let packed = input.fill_buf().with_context(|| format!("reading {name}"))?.starts_with(b"\x1f\x8b");
    let read = if packed { saved::read(BufReader::new(MultiGzDecoder::new(input))) } else { saved::read(input) };
    let (context, reports) = read.with_context(|| format!("reading {name}"))?;
    Outputs::open(&args.report)?.write(&context, &reports)?;
    Ok(Exit::after(&reports, args.report.fail_on.threshold()))
}
