//! `lakegate identifiers`.

use crate::args::{IdentifiersCommand, TestArgs};
use crate::exit::Exit;
use anyhow::{Context, Result, bail};
use lakegate::describe::{explain, list};
use lakegate::identifiers::builtin;
use lakegate::identifiers::custom_load;
use lakegate::identifiers::custom_match::matches_in_sample;
use lakegate::proof::{load_types, prove};
use std::io::{self, Read, Write};
use std::path::PathBuf;

/// Runs the subcommand.
pub fn run(command: IdentifiersCommand) -> Result<Exit> {
    match command {
        IdentifiersCommand::List => print(&list(builtin::documented())),
        IdentifiersCommand::Show { id } => match explain(builtin::documented(), &id) {
            Ok(text) => print(&text),
            Err(unknown) => bail!(unknown),
        },
        IdentifiersCommand::Check { path } if path.is_empty() => check_builtin(),
        IdentifiersCommand::Check { path } => check(&path),
        IdentifiersCommand::Test(args) => test(&args),
    }
}

fn print(text: &str) -> Result<Exit> {
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(Exit::Done)
}

fn check_builtin() -> Result<Exit> {
    let files = builtin::documented();
    let failures = prove(files.iter().map(|(path, file)| (*path, file)));
    let placed = failures.iter().map(|failure| {
        let source = builtin::sources().iter().find(|(path, _)| *path == failure.file);
        failure.placed(source.map_or("", |(_, text)| text))
    });
    report(&placed.collect::<Vec<_>>(), || {
        let identifiers = files.iter().flat_map(|(_, file)| &file.identifiers);
        let (count, examples) = identifiers.fold((0, 0), |(count, examples), identifier| {
            (count + 1, examples + identifier.examples.len() + identifier.counter_examples.len())
        });
        format!("{count} managed identifiers in {} files: all {examples} examples hold", files.len())
    })
}

/// Checks what is given: files of managed identifiers by their examples, everything else as custom identifiers.
fn check(paths: &[PathBuf]) -> Result<Exit> {
    let (sources, custom) = load_types(paths)?;
    let failures = prove(sources.iter().map(|source| (source.file.as_str(), &source.types)));
    let placed = failures.iter().map(|failure| {
        let source = sources.iter().find(|source| source.file == failure.file);
        failure.placed(source.map_or("", |source| source.text.as_str()))
    });
    let mut problems: Vec<String> = placed.collect();
    let mut count = 0;
    if !custom.is_empty() {
        match custom_load::load(&custom) {
            Ok(identifiers) => count = identifiers.len(),
            Err(errors) => problems.push(errors.to_string()),
        }
    }
    report(&problems, || {
        let managed: usize = sources.iter().map(|source| source.types.identifiers.len()).sum();
        format!("{managed} managed and {count} custom identifiers: no problem found")
    })
}

fn report(problems: &[String], good: impl FnOnce() -> String) -> Result<Exit> {
    if problems.is_empty() {
        return print(&format!("{}\n", good()));
    }
    bail!("{}", problems.join("\n"))
}

/// Most characters of a sample, as in Macie's operation.
const SAMPLE: usize = 1000;

fn test(args: &TestArgs) -> Result<Exit> {
    let mut sample = String::new();
    if let Some(given) = &args.sample {
        sample.clone_from(given);
    } else {
        io::stdin().read_to_string(&mut sample).context("reading the sample text from standard input")?;
    }
    let length = sample.chars().count();
    if length > SAMPLE {
        bail!("the sample text has {length} characters; at most {SAMPLE} are tested");
    }
    let count = matches_in_sample(&args.regex, &args.keywords, &args.ignore_words, Some(args.distance), &sample)?;
    print(&format!("{{\"matchCount\": {count}}}\n"))
}
