//! What belongs to a terminal: colour, width, the next command, completions, manual pages, help.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;

use program::{Files, Run, lakegate, run, run_command};
use std::fs;
use std::process::{Command, Stdio};

const ESCAPE: char = '\u{1b}';

fn files() -> Files {
    Files::new()
        .with("drop/people.csv", "id,SSN\n1,219-45-3456\n2,219-45-3457\n")
        .with("drop/a/folder/with/a/rather/long/name/and/another/one/births.csv", "id,BIRTHDATE\n1,1970-02-03\n")
}

/// Scans with these variables, which are otherwise not set, and standard output to a pipe.
fn scan(files: &Files, variables: &[(&str, &str)], arguments: &[&str]) -> Run {
    let mut command = lakegate();
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM"] {
        command.env_remove(name);
    }
    command.envs(variables.iter().copied());
    run_command(command.current_dir(files.path()).args(["scan", "drop"]).args(arguments))
}

/// What a terminal shows of a command line for the shell, with these variables; `None` where there is no program `script`.
fn on_terminal(files: &Files, variables: &[(&str, &str)], line: &str) -> Option<String> {
    let line = line.replace("lakegate", env!("CARGO_BIN_EXE_lakegate"));
    let mut command = Command::new("script");
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"] {
        command.env_remove(name);
    }
    command.env("TERM", "xterm").envs(variables.iter().copied()).current_dir(files.path()).stdin(Stdio::null());
    let output = command.args(["-qec", &line, "/dev/null"]).output().ok()?;
    Some(String::from_utf8(output.stdout).unwrap().replace('\r', ""))
}

fn skipped(what: &str) {
    eprintln!("skipped: there is no program `{what}`");
}

#[test]
fn a_pipe_gets_colour_only_when_it_is_asked_for() {
    let files = files();
    for (variables, arguments, coloured) in [
        (&[][..], &[][..], false),
        (&[("TERM", "xterm-256color")], &[], false),
        (&[("CLICOLOR_FORCE", "1")], &[], true),
        (&[("CLICOLOR_FORCE", "0")], &[], false),
        (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &[], false),
        (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")], &[], true),
        (&[], &["--color", "always"], true),
        (&[("NO_COLOR", "1")], &["--color", "always"], true),
        (&[("CLICOLOR_FORCE", "1")], &["--color", "never"], false),
        (&[("CLICOLOR_FORCE", "1")], &["--format", "json"], false),
    ] {
        let run = scan(&files, variables, arguments);
        assert_eq!(run.out.contains(ESCAPE), coloured, "{variables:?} {arguments:?}\n{}", run.out);
        assert!(!run.err.contains(ESCAPE), "{}", run.err);
    }
    let table = files.file("table.txt");
    scan(&files, &[], &["--color", "always", "--format", "table", "-o", &table]);
    assert!(!fs::read_to_string(table).unwrap().contains(ESCAPE), "a file gets no colour");
}

#[test]
fn a_terminal_gets_colour_unless_it_must_not() {
    let files = files();
    let Some(shown) = on_terminal(&files, &[], "lakegate scan drop") else { return skipped("script") };
    assert!(shown.contains(ESCAPE), "{shown}");
    for (variables, line) in [
        (&[("NO_COLOR", "1")][..], "lakegate scan drop"),
        (&[("CLICOLOR", "0")], "lakegate scan drop"),
        (&[("TERM", "dumb")], "lakegate scan drop --no-progress"),
        (&[], "lakegate scan drop --color never --no-progress"),
    ] {
        let shown = on_terminal(&files, variables, line).unwrap();
        assert!(!shown.contains("\u{1b}[1;31m") && shown.contains("people.csv"), "{variables:?} {line}\n{shown}");
    }
}

#[test]
fn no_line_of_the_table_is_wider_than_the_terminal() {
    let files = files();
    for columns in ["40", "60", "80", "160"] {
        let run = scan(&files, &[("COLUMNS", columns)], &[]);
        let widest = run.out.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= columns.parse().unwrap(), "{columns}: {}", run.out);
        assert!(run.out.contains("births.csv"), "the end of a long key stays: {}", run.out);
    }
}

#[test]
fn a_terminal_is_told_once_what_was_found_and_then_what_to_type_next() {
    let files = files();
    let Some(shown) = on_terminal(&files, &[("NO_COLOR", "1")], "lakegate scan drop --no-progress") else {
        return skipped("script");
    };
    assert_eq!(shown.matches("2 findings in 2 objects").count(), 1, "{shown}");
    assert_eq!(shown.matches("Examined 2 objects").count(), 1, "{shown}");
    let (_, next) = shown.split_once("\nNext\n").unwrap();
    for step in
        ["lakegate identifiers show USA_SOCIAL_SECURITY_NUMBER", "--report html=report.html", "--isolate-to isolated"]
    {
        assert!(next.contains(step), "{step}\n{next}");
    }
    for line in ["lakegate scan drop -q", "lakegate scan drop 2>/dev/null"] {
        assert!(!on_terminal(&files, &[], line).unwrap().contains("Next"), "{line}");
    }
    let piped = scan(&files, &[], &[]);
    assert!(!piped.out.contains("Next") && !piped.err.contains("Next"), "pipes stay clean: {piped:?}");
}

#[test]
fn every_next_command_can_be_typed() {
    for (folder, path) in [(".", "drop"), ("drop", "."), ("drop/a", "..")] {
        let files = files();
        let line = format!("cd {folder} && lakegate scan {path} --no-progress");
        let Some(shown) = on_terminal(&files, &[("NO_COLOR", "1")], &line) else { return skipped("script") };
        let (_, next) = shown.split_once("\nNext\n").unwrap();
        let commands: Vec<&str> = next.lines().filter_map(|line| line.trim().strip_prefix("lakegate ")).collect();
        assert_eq!(commands.len(), 3, "{next}");
        for command in commands {
            let mut shell = Command::new("sh");
            let line = format!("{} {command}", env!("CARGO_BIN_EXE_lakegate"));
            shell.args(["-c", &line]).current_dir(files.path().join(folder)).stdin(Stdio::null());
            let run = run_command(&mut shell);
            assert_eq!(run.status, Some(0), "{command}\n{}", run.err);
        }
        assert!(files.path().join(folder).join("report.html").is_file());
        assert!(files.path().join("isolated/manifest.jsonl").is_file(), "{next}");
    }
}

/// What bash proposes for a line that ends with the word being typed.
fn proposed(script: &str, words: &[&str]) -> Option<Vec<String>> {
    let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    let current = words.last().unwrap();
    let before = words[words.len() - 2];
    let program = format!(
        "{script}\nCOMP_WORDS=({})\nCOMP_CWORD={}\n_lakegate lakegate '{current}' '{before}'\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n",
        quoted.join(" "),
        words.len() - 1
    );
    let output = Command::new("bash").args(["--norc", "-c", &program]).output().ok()?;
    Some(String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect())
}

#[test]
fn bash_completes_subcommands_options_and_values() {
    let script = run(&["completions", "bash"]);
    assert_eq!((script.status, script.err.as_str()), (Some(0), ""));
    let files = Files::new().with("lakegate.bash", &script.out);
    let Ok(check) = Command::new("bash").args(["-n", &files.file("lakegate.bash")]).output() else {
        return skipped("bash");
    };
    assert!(check.status.success() && check.stderr.is_empty(), "{}", String::from_utf8_lossy(&check.stderr));
    assert_eq!(proposed(&script.out, &["lakegate", "sc"]).unwrap(), ["scan"]);
    assert_eq!(proposed(&script.out, &["lakegate", "config", "sh"]).unwrap(), ["show"]);
    assert_eq!(proposed(&script.out, &["lakegate", "scan", "--fail"]).unwrap(), ["--fail-on"]);
    assert_eq!(proposed(&script.out, &["lakegate", "scan", "--fail-on", "h"]).unwrap(), ["high"]);
}

#[test]
fn there_are_completions_for_every_shell() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let run = run(&["completions", shell]);
        assert_eq!(run.status, Some(0), "{shell}");
        assert!(run.out.contains("exclude-managed"), "{shell}");
    }
    assert_eq!(run(&["completions", "csh"]).status, Some(2));
}

#[test]
fn manual_pages_of_all_subcommands_render_without_warnings() {
    let files = Files::new();
    let folder = files.file("man1");
    let made = run(&["man", "--dir", &folder]);
    assert_eq!((made.status, made.err.as_str()), (Some(0), ""));
    let pages: Vec<_> = fs::read_dir(&folder).unwrap().map(|page| page.unwrap().path()).collect();
    let names: Vec<String> = pages.iter().map(|page| page.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    for name in ["lakegate.1", "lakegate-scan.1", "lakegate-job-run.1", "lakegate-identifiers-show.1"] {
        assert!(names.contains(&name.to_owned()), "{name}: {names:?}");
    }
    assert_eq!(run(&["man"]).out, fs::read_to_string(files.file("man1/lakegate.1")).unwrap());
    for page in pages {
        let Ok(output) = Command::new("groff").args(["-man", "-Tascii", "-P-cbou", "-ww"]).arg(&page).output() else {
            return skipped("groff");
        };
        let complaints = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && complaints.is_empty(), "{}: {complaints}", page.display());
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        // An example stands in one line, as in the help.
        let (_, examples) = text.split_once("\nEXAMPLES\n").unwrap_or_else(|| panic!("{}: {text}", page.display()));
        let title = page.file_stem().unwrap().to_str().unwrap().replace('-', " ");
        let example = examples.lines().any(|line| line.trim_start().starts_with(&title));
        assert!(example, "{}: {examples}", page.display());
    }
}

/// All subcommands, as words behind the program's name.
fn subcommands(path: &[&str]) -> Vec<Vec<String>> {
    let help = run(&[path, &["--help"]].concat()).out;
    let listed = help.split("\nCommands:\n").nth(1).map(|rest| rest.split("\n\n").next().unwrap().to_owned());
    let names = listed.unwrap_or_default();
    let names = names.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help");
    let mut all = vec![path.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>()];
    for name in names {
        all.extend(subcommands(&[path, &[name]].concat()));
    }
    all
}

#[test]
fn every_help_teaches_with_an_example() {
    let all = subcommands(&[]);
    assert!(all.len() > 20, "{all:?}");
    for path in all {
        let words: Vec<&str> = path.iter().map(String::as_str).collect();
        let help = run(&[&words[..], &["--help"]].concat()).out;
        let (_, examples) = help.split_once("\nExamples:\n").unwrap_or_else(|| panic!("{words:?} has no examples"));
        let start = ["lakegate"].iter().chain(&words).copied().collect::<Vec<_>>().join(" ");
        assert!(examples.contains(&start), "{words:?}\n{examples}");
        for line in help.lines() {
            assert!(line.chars().count() <= 140, "{words:?}: {line}");
        }
    }
}
