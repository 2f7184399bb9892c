//! What to type next, for a person at a terminal.

use crate::args::{FormatArg, ScanArgs};
use crate::output;
use lakegate::model::{IdentifierKind, ObjectReport, Severity};
use lakegate::outputs::sanitize;
use std::cmp::Reverse;
use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

/// Prints commands on standard error, if that is a terminal and anything was found.
pub fn suggest(args: &ScanArgs, reports: &[ObjectReport]) -> io::Result<()> {
    let mut error = io::stderr().lock();
    if !error.is_terminal() {
        return Ok(());
    }
    let steps = steps(args, reports, &own_line(std::env::args_os().skip(1)));
    if steps.is_empty() {
        return Ok(());
    }
    let width = output::width(true);
    // Not wider than the terminal: a command that is too long for it stands without the words.
    let fits = |(command, why): &&(String, String)| command.chars().count() + why.chars().count() + 6 <= width;
    let longest = steps.iter().filter(fits).map(|(command, _)| command.chars().count()).max().unwrap_or_default();
    writeln!(error, "\nNext")?;
    for step in &steps {
        let (command, why) = step;
        if fits(&step) && longest + why.chars().count() + 6 <= width {
            writeln!(error, "  {command:longest$}  # {why}")?;
        } else {
            writeln!(error, "  {command}")?;
        }
    }
    Ok(())
}

/// Commands, each with what it is for.
fn steps(args: &ScanArgs, reports: &[ObjectReport], line: &str) -> Vec<(String, String)> {
    let findings: Vec<_> = reports.iter().filter_map(ObjectReport::active).collect();
    let detections = findings.iter().flat_map(|finding| &finding.detections);
    let managed = detections.filter(|detection| detection.identifier.kind == IdentifierKind::Managed);
    // The first of the most severe ones, as in the table.
    let worst = managed.min_by_key(|detection| Reverse(detection.severity));
    let mut steps = Vec::new();
    if let Some(worst) = worst {
        let id = quoted(&worst.identifier.id);
        steps.push((format!("lakegate identifiers show {id}"), "what it is, and how to silence it".to_owned()));
    }
    if findings.is_empty() {
        return steps;
    }
    let page = |format: FormatArg| format == FormatArg::Html;
    if !args.report.format.is_some_and(page) && !args.report.reports.iter().any(|report| page(report.format)) {
        steps.push((format!("{line} --report html=report.html"), "a page to decide by".to_owned()));
    }
    let high = findings.iter().filter(|finding| finding.severity == Severity::High).count();
    if let (None, Some(folder)) = (&args.isolation.isolate_to, isolation_folder(&args.paths).filter(|_| high > 0)) {
        let files = if high == 1 {
            "the file with a High finding".to_owned()
        } else {
            format!("{high} files with High findings")
        };
        let folder = quoted(&folder.to_string_lossy());
        steps.push((format!("{line} --isolate-to {folder}"), format!("move {files} there")));
    }
    steps
}

/// A folder that does not lie in one that is scanned; `None` if everything does.
fn isolation_folder(paths: &[PathBuf]) -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let scanned = paths.iter().filter_map(|path| path.canonicalize().ok());
    let outermost = scanned.filter(|path| here.starts_with(path)).min_by_key(|path| path.components().count());
    let upwards = match outermost {
        Some(folder) => folder.parent().and(here.strip_prefix(&folder).ok())?.components().count() + 1,
        None => 0,
    };
    Some(std::iter::repeat_n("..", upwards).chain(["isolated"]).collect())
}

/// The command line as a person would type it again.
fn own_line(arguments: impl Iterator<Item = OsString>) -> String {
    let quoted = arguments.map(|argument| quoted(&argument.to_string_lossy()));
    std::iter::once("lakegate".to_owned()).chain(quoted).collect::<Vec<_>>().join(" ")
}

fn quoted(argument: &str) -> String {
    let plain = |character: char| character.is_ascii_alphanumeric() || "_-./=,:@%+".contains(character);
    if !argument.is_empty() && argument.chars().all(plain) {
        argument.to_owned()
    } else {
        format!("'{}'", sanitize(argument).replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_can_be_typed_again() {
        let line = own_line(["scan", "my data/", "it's", "", "--fail-on=high"].map(OsString::from).into_iter());
        assert_eq!(line, r"lakegate scan 'my data/' 'it'\''s' '' --fail-on=high");
    }
}
