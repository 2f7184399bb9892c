//! `lakegate init`: the files that a project starts with. It never replaces one.

use crate::args::InitArgs;
use crate::config;
use crate::exit::Exit;
use anyhow::{Context, Result, bail};
use lakegate::config::{Config, FILE_NAMES};
use std::fs::{self, OpenOptions};
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// The example of a custom identifier.
const IDENTIFIERS: &str = "lakegate-identifiers.yaml";
/// Hooks of the program `pre-commit`.
const HOOKS: &str = ".pre-commit-config.yaml";

const IDENTIFIER: &str = "# What your own data looks like: the request of Macie's CreateCustomDataIdentifier, one or a list of them.
# `lakegate identifiers check lakegate-identifiers.yaml` checks it; `lakegate identifiers test` tries a pattern on a text.
customDataIdentifiers:
  - name: Employee number
    description: EMP and six digits, in a column or behind a word that speaks of employees
    regex: 'EMP-[0-9]{6}'
    keywords: [employee, staff]
    maximumMatchDistance: 50
";

const HOOK: &str = "  - repo: local
    hooks:
      - id: lakegate
        name: sensitive data (lakegate)
        entry: lakegate hook
        language: system
        require_serial: true
";

/// What is to be written.
struct Answers {
    paths: Vec<String>,
    managed: String,
    fail_on: String,
    identifiers: bool,
    hook: bool,
}

/// Asks, and writes the files.
pub fn run(args: &InitArgs) -> Result<Exit> {
    if let Some(existing) = FILE_NAMES.iter().find(|name| Path::new(name).exists()) {
        bail!("{existing} is here already and stays as it is; `lakegate config show` says what holds");
    }
    let folder = std::env::current_dir().context("finding the working directory")?;
    let above = Config::file_for(&folder)?;
    let repository = folder.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_path_buf);
    let proposed = Answers {
        paths: vec![".".to_owned()],
        managed: "all".to_owned(),
        fail_on: "high".to_owned(),
        identifiers: true,
        hook: repository.is_some(),
    };
    let answers = if args.yes {
        proposed
    } else if io::stdin().is_terminal() {
        ask(&proposed)?
    } else {
        bail!("standard input is no terminal, so that nothing can be asked: give --yes to take what would be proposed");
    };
    let mut out = io::stdout().lock();
    let mut identifiers = None;
    if answers.identifiers {
        identifiers = Some(IDENTIFIERS);
        if create(Path::new(IDENTIFIERS), IDENTIFIER)? {
            writeln!(out, "Wrote {IDENTIFIERS}: an example of an identifier of your own")?;
        } else {
            writeln!(out, "Kept {IDENTIFIERS}, which was here already")?;
        }
    }
    let file = Path::new(FILE_NAMES[0]);
    if !create(file, &settings(&answers, identifiers))? {
        bail!("{} has just been made by somebody else and stays as it is", file.display());
    }
    config::read(file, &config::home())?;
    writeln!(out, "Wrote {}: the options of every scan here and below", file.display())?;
    if let Some(above) = above {
        writeln!(out, "From now on it counts here instead of {}", above.display())?;
    }
    if let Some(repository) = repository.filter(|_| answers.hook) {
        write_hook(&mut out, &repository, &folder)?;
    }
    writeln!(
        out,
        "\nNext\n  lakegate scan           # what is in the files\n  lakegate config show    # what holds, and why"
    )?;
    Ok(Exit::Done)
}

fn write_hook(out: &mut impl Write, repository: &Path, folder: &Path) -> Result<()> {
    let upwards = folder.strip_prefix(repository).map(|inside| inside.components().count()).unwrap_or_default();
    let file: PathBuf = std::iter::repeat_n("..", upwards).chain([HOOKS]).collect();
    if create(&file, &format!("repos:\n{HOOK}"))? {
        writeln!(
            out,
            "Wrote {}: a hook that scans what is committed; `pre-commit install` switches it on",
            file.display()
        )?;
    } else {
        writeln!(out, "Kept {}. To scan what is committed, add below `repos:`\n\n{HOOK}", file.display())?;
    }
    Ok(())
}

/// Writes a file, unless there is one already.
fn create(file: &Path, text: &str) -> Result<bool> {
    let opened = OpenOptions::new().write(true).create_new(true).open(file);
    let mut opened = match opened {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
        opened => opened.with_context(|| format!("making {}", file.display()))?,
    };
    opened.write_all(text.as_bytes()).with_context(|| format!("writing {}", file.display()))?;
    Ok(true)
}

fn ask(proposed: &Answers) -> Result<Answers> {
    let set = |text: &str| match text {
        "all" | "recommended" => Ok(()),
        _ => Err("all or recommended"),
    };
    let severity = |text: &str| match text {
        "low" | "medium" | "high" | "never" => Ok(()),
        _ => Err("low, medium, high or never"),
    };
    let folder =
        |text: &str| if fs::exists(text).unwrap_or(false) { Ok(()) } else { Err("a file or folder that exists") };
    Ok(Answers {
        paths: vec![answer("What is to be scanned", &proposed.paths[0], folder)?],
        managed: answer("Managed identifiers: all or recommended", &proposed.managed, set)?,
        fail_on: answer(
            "Fail (exit status 1) from which severity on: low, medium, high or never",
            &proposed.fail_on,
            severity,
        )?,
        identifiers: yes("Write an example of an identifier of your own")?,
        hook: proposed.hook && yes("Write a hook for the program pre-commit")?,
    })
}

fn yes(question: &str) -> Result<bool> {
    let word = |text: &str| match text {
        "y" | "yes" | "n" | "no" => Ok(()),
        _ => Err("y or n"),
    };
    Ok(answer(question, "y", word)?.starts_with('y'))
}

/// Asks until the answer is one; nothing is the proposed one.
fn answer(question: &str, proposed: &str, check: impl Fn(&str) -> Result<(), &'static str>) -> Result<String> {
    loop {
        let mut error = io::stderr().lock();
        write!(error, "{question} [{proposed}]: ")?;
        error.flush()?;
        let mut line = String::new();
        if io::stdin().lock().read_line(&mut line).context("reading the answer")? == 0 {
            bail!("the answers ended; nothing was written");
        }
        let text = if line.trim().is_empty() { proposed } else { line.trim() };
        match check(text) {
            Ok(()) => return Ok(text.to_owned()),
            Err(expected) => writeln!(error, "  The answer is {expected}.")?,
        }
    }
}

/// The file of settings.
fn settings(answers: &Answers, identifiers: Option<&str>) -> String {
    let list = |values: &[String]| {
        let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
        format!("[{}]", values.join(", "))
    };
    let identifiers = match identifiers {
        Some(file) => format!("  identifiers: [{file}]\n"),
        None => "  # identifiers: [identifiers/]\n".to_owned(),
    };
    format!(
        "\
# Settings of lakegate, for this folder and those below. The command line wins over them.
# `lakegate scan --help` explains the options, `lakegate config show` says what holds and why.
scan:
  # What is scanned when the command line names nothing. Paths start at the folder of this file.
  paths: {paths}

  # What is looked for. Managed identifiers: all, recommended, none, or a list of ids.
  managed: {managed}
  # exclude-managed: [NAME]
{identifiers}
  # Texts that are no sensitive data, one a line.
  # allow-list: [published.txt]

  # Exit with status 1 when a finding is at least this severe: low, medium, high or never.
  fail-on: {fail_on}

  # Reports beside the table.
  # report:
  #   sarif: lakegate.sarif
  #   html: lakegate.html

  # An object over a limit is reported as not, or not fully, analysed.
  # max-time: 10m
  # max-size: {{ pdf: 200MB, office: 200MB }}
",
        paths = list(&answers.paths),
        managed = answers.managed,
        fail_on = answers.fail_on,
    )
}

/// A text in single quotes where YAML would take it for something else.
fn quoted(text: &str) -> String {
    let plain = |character: char| character.is_alphanumeric() || "./_-".contains(character);
    let first = text.chars().next();
    if text.chars().all(plain) && first.is_some_and(|first| !first.is_ascii_digit() && first != '-') {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}
