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

/// The largest maximum match distance.
const FARTHEST: u16 = 300;

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
    if count == 0 {
        writeln!(io::stderr().lock(), "{}", why_nothing(args, &sample)?)?;
    }
    print(&format!("{{\"matchCount\": {count}}}\n"))
}

/// Why a definition finds nothing in a sample, in a sentence.
fn why_nothing(args: &TestArgs, sample: &str) -> Result<String> {
    let count =
        |keywords: &[String], distance: u16| matches_in_sample(&args.regex, keywords, &[], Some(distance), sample);
    let matches = count(&[], args.distance)?;
    let times = if matches == 1 { "once".to_owned() } else { format!("{matches} times") };
    let (near, far) = (count(&args.keywords, args.distance)?, count(&args.keywords, FARTHEST)?);
    Ok(match (matches, near, far) {
        (0, ..) => {
            "The pattern matches nothing in the sample; it minds upper and lower case unless it begins with (?i)."
                .into()
        }
        (_, 0, 0) => format!(
            "The pattern matches {times}, but no keyword stands within {FARTHEST} characters before a match: keywords stand before."
        ),
        (_, 0, _) => format!(
            "The pattern matches {times}, but a keyword stands farther than {} characters before it: a larger --distance \
             finds {far}.",
            args.distance
        ),
        _ => format!("The pattern matches {times}, with a keyword near {near}, but each match holds an ignore word."),
    })
}
