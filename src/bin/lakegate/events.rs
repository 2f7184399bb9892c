//! `lakegate events`.

use crate::args::{EventsCommand, EventsTestArgs};
use crate::exit::Exit;
use anyhow::{Context, Result, bail};
use lakegate::actions::pattern::{Case, Event, EventPattern, Verdict};
use lakegate::outputs::sanitize;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;

/// Runs the subcommand.
pub fn run(command: &EventsCommand) -> Result<Exit> {
    let EventsCommand::Test(args) = command;
    match (&args.cases, &args.pattern, &args.event) {
        (Some(cases), ..) => judge_all(cases),
        (None, Some(pattern), Some(event)) => test(args, pattern, event),
        _ => bail!("give --pattern and --event, or --cases"),
    }
}

fn test(args: &EventsTestArgs, pattern: &Path, event: &Path) -> Result<Exit> {
    if args.pattern == args.event && pattern == Path::new("-") {
        bail!("standard input can be the pattern or the event, not both");
    }
    let compiled = EventPattern::parse(&read(pattern)?).with_context(|| format!("event pattern {}", name(pattern)))?;
    let taken_apart = Event::parse(&read(event)?).with_context(|| format!("event {}", name(event)))?;
    let mismatches = compiled.mismatches(&taken_apart);
    let mut out = io::stdout().lock();
    if mismatches.is_empty() {
        writeln!(out, "match")?;
        return Ok(Exit::Done);
    }
    writeln!(out, "no match")?;
    for mismatch in mismatches {
        writeln!(out, "  {}", sanitize(&mismatch.to_string()))?;
    }
    Ok(Exit::NO_MATCH)
}

fn judge_all(path: &Path) -> Result<Exit> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for (number, line) in (1..).zip(open(path)?.lines()) {
        let line = line.with_context(|| format!("reading {}", name(path)))?;
        if line.trim().is_empty() {
            continue;
        }
        let case = Case::parse(&line).with_context(|| {
            format!("{}, line {number}: a case is {{\"pattern\": ..., \"event\": ...}}", name(path))
        })?;
        let word = match case.judge() {
            Verdict::Match => "true",
            Verdict::NoMatch => "false",
            Verdict::Invalid { what, error } => {
                eprintln!("{}, line {number}: {what}: {}", name(path), sanitize(&error.to_string()));
                "invalid"
            }
        };
        writeln!(out, "{word}")?;
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn open(path: &Path) -> Result<Box<dyn BufRead>> {
    if path == Path::new("-") {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    let file = File::open(path).with_context(|| format!("opening {}", path.display()))?;
    Ok(Box::new(BufReader::new(file)))
}

/// The text of a file, without a byte order mark.
fn read(path: &Path) -> Result<String> {
    let mut text = String::new();
    open(path)?.read_to_string(&mut text).with_context(|| format!("reading {}", name(path)))?;
    Ok(text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text))
}

fn name(path: &Path) -> String {
    if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() }
}
