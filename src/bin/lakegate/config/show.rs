//! `lakegate config show`: what holds, and where it comes from.

use super::line::{self, Completed, with_opposites};
use super::options::{name, shape};
use crate::args::{Cli, ConfigShowArgs, ShowFormat};
use crate::exit::Exit;
use anyhow::{Result, anyhow};
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, CommandFactory};
use lakegate::config::Takes;
use lakegate::outputs::sanitize;
use serde_json::{Map, Value, json};
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;

/// Cells that the values may take before their origins stand further to the right.
const VALUE: usize = 40;

/// An option as it holds.
struct Shown {
    name: String,
    heading: String,
    takes: Takes,
    /// Empty for an option without a value, whose default is then in words.
    values: Vec<String>,
    in_words: String,
    origin: Origin,
}

enum Origin {
    Default,
    /// File and line.
    File(String, usize),
    CommandLine,
}

/// Prints all options of `scan`.
pub fn run(args: &ConfigShowArgs) -> Result<Exit> {
    let mut line: Vec<OsString> = vec!["lakegate".into(), "scan".into()];
    match (&args.settings.config, args.settings.no_config) {
        (Some(file), _) => line.extend([OsString::from("--config"), file.into()]),
        (None, true) => line.push("--no-config".into()),
        (None, false) => {}
    }
    line.extend(args.line.iter().cloned());
    let root = with_opposites(Cli::command());
    let completed = match line::complete(&root, &line) {
        Ok(completed) => completed,
        Err(line::Failure::Settings(error)) => return Err(error),
        Err(line::Failure::Line(error)) => return Err(anyhow!("{}", error.render().to_string().trim_end())),
    };
    let file = completed.config.file.clone();
    let shown = shown(&root, &completed);
    let mut out = io::stdout().lock();
    match args.format {
        ShowFormat::Text => write_text(&mut out, file.as_deref(), &shown)?,
        ShowFormat::Json => {
            serde_json::to_writer_pretty(&mut out, &as_json(file.as_deref(), &shown))?;
            writeln!(out)?;
        }
    }
    Ok(Exit::Done)
}

fn shown(root: &clap::Command, completed: &Completed) -> Vec<Shown> {
    let Some((_, matches)) = completed.matches.subcommand() else { return Vec::new() };
    let Some(scan) = root.find_subcommand("scan") else { return Vec::new() };
    let options = scan.get_arguments().filter(|arg| !arg.is_hide_set() && !matches!(name(arg), "config" | "no-config"));
    options.map(|arg| of(arg, matches, completed)).collect()
}

fn of(arg: &Arg, matches: &ArgMatches, completed: &Completed) -> Shown {
    let id = arg.get_id().as_str();
    let name = name(arg).to_owned();
    let setting = completed.config.scan.iter().find(|setting| setting.name == name);
    let origin = match (matches.value_source(id), setting) {
        (_, Some(setting)) if completed.from_file.contains(&name) => {
            let file = completed.config.file.as_deref().unwrap_or(Path::new(""));
            Origin::File(file.display().to_string(), setting.at.line)
        }
        // A switch of the file that the line takes back has its default value.
        (Some(ValueSource::CommandLine), _) | (_, Some(_)) => Origin::CommandLine,
        _ => Origin::Default,
    };
    let raw = matches.get_raw(id).into_iter().flatten();
    Shown {
        takes: shape(arg).takes,
        heading: arg.get_help_heading().unwrap_or("General").split(" (").next().unwrap_or_default().to_owned(),
        values: raw.map(|value| value.to_string_lossy().into_owned()).filter(|value| !value.is_empty()).collect(),
        in_words: default_in_words(arg),
        name,
        origin,
    }
}

/// The default that the help states in brackets, where it is no value that the option could be given.
fn default_in_words(arg: &Arg) -> String {
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let stated = help.split_once("[default: ").and_then(|(_, rest)| rest.rsplit_once(']')).map(|(stated, _)| stated);
    stated.map(|stated| stated.split_whitespace().collect::<Vec<_>>().join(" ")).unwrap_or_default()
}

fn write_text(out: &mut impl Write, file: Option<&Path>, shown: &[Shown]) -> io::Result<()> {
    match file {
        Some(file) => writeln!(out, "Settings: {}", sanitize(&file.display().to_string()))?,
        None => writeln!(out, "Settings: none (no lakegate.yaml here or in a folder above)")?,
    }
    let names = shown.iter().map(|option| option.name.len()).max().unwrap_or_default();
    let value = |option: &Shown| match (option.values.as_slice(), option.in_words.as_str()) {
        ([], "") => "-".to_owned(),
        ([], words) => format!("({words})"),
        (values, _) => sanitize(&values.join(", ")).into_owned(),
    };
    let short = shown.iter().map(|option| value(option).chars().count()).filter(|width| *width <= VALUE);
    let values = short.max().unwrap_or_default();
    let mut headings: Vec<&str> = Vec::new();
    for option in shown {
        if !headings.contains(&option.heading.as_str()) {
            headings.push(&option.heading);
        }
    }
    for heading in headings {
        writeln!(out, "\n{heading}")?;
        for option in shown.iter().filter(|option| option.heading == heading) {
            let origin = match &option.origin {
                Origin::Default => "default".to_owned(),
                Origin::File(file, line) => format!("{}:{line}", sanitize(file)),
                Origin::CommandLine => "command line".to_owned(),
            };
            writeln!(out, "  {:names$}  {:values$}  {origin}", option.name, value(option))?;
        }
    }
    Ok(())
}

fn as_json(file: Option<&Path>, shown: &[Shown]) -> Value {
    let options: Map<String, Value> = shown
        .iter()
        .map(|option| {
            let number = |text: &String| text.parse::<u64>().map_or_else(|_| json!(text), |number| json!(number));
            let value = match (&option.takes, option.values.as_slice()) {
                (Takes::List | Takes::Pairs, values) => json!(values),
                (_, []) => Value::Null,
                (Takes::Switch, [value, ..]) => json!(value == "true"),
                (Takes::Number, [value, ..]) => number(value),
                (_, [value, ..]) => json!(value),
            };
            let mut about = Map::new();
            about.insert("value".into(), value);
            if option.values.is_empty() && !option.in_words.is_empty() {
                about.insert("default".into(), json!(option.in_words));
            }
            match &option.origin {
                Origin::Default => about.insert("origin".into(), json!("default")),
                Origin::CommandLine => about.insert("origin".into(), json!("command line")),
                Origin::File(file, line) => {
                    about.insert("origin".into(), json!("file"));
                    about.insert("file".into(), json!(file));
                    about.insert("line".into(), json!(line))
                }
            };
            (option.name.clone(), Value::Object(about))
        })
        .collect();
    json!({ "file": file.map(|file| file.display().to_string()), "scan": options })
}
