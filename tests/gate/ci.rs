//! The action, the template and the script for CI, run as far as a machine without those services can: their own commands,
//! with the variables that the services set.

use crate::program::{Files, Run, run_command};
use crate::repository::table;
use serde_yaml::Value;
use std::fs;
use std::path::Path;
use std::process::Command;

fn project_file(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

fn data() -> Files {
    Files::new()
        .with("drop/people.csv", table(3))
        .with("drop/plain.csv", "id,n\n1,2\n")
        .with("clean dir/plain.csv", "id,n\n1,2\n")
        .with("cut/cut.csv.gz", &crate::program::compress(&b"id,note\n1,nothing\n".repeat(50))[..40])
}

/// A command that finds the program under test in the path.
fn with_program(program: &str, files: &Files) -> Command {
    let own = Path::new(env!("CARGO_BIN_EXE_lakegate")).parent().unwrap();
    let path = std::env::var_os("PATH").unwrap();
    let path = std::env::join_paths(std::iter::once(own.to_owned()).chain(std::env::split_paths(&path))).unwrap();
    let mut command = Command::new(program);
    command.current_dir(files.path()).env("PATH", path).env("SOURCE_DATE_EPOCH", "1735787045").env_remove("COLUMNS");
    command
}

/// Runs the steps of the action with these inputs, as GitHub's runner does; gives the last one's output too.
fn action(files: &Files, inputs: &[(&str, &str)]) -> (Run, String, String) {
    let action: Value = serde_yaml::from_str(&project_file("action.yml")).unwrap();
    let (output, summary) = (files.file("github_output"), files.file("github_summary"));
    for file in [&output, &summary] {
        fs::write(file, "").unwrap();
    }
    let temporary = tempfile::tempdir().unwrap();
    let mut last = None;
    for step in action["runs"]["steps"].as_sequence().unwrap() {
        assert_eq!(step["shell"], "bash");
        let script = step["run"].as_str().unwrap();
        assert!(!script.contains("${{"), "an input is pasted into a script");
        let file = temporary.path().join("step.sh");
        fs::write(&file, script).unwrap();
        let mut command = with_program("bash", files);
        command.args(["--noprofile", "--norc", "-eo", "pipefail"]).arg(&file);
        command.env("GITHUB_OUTPUT", &output).env("GITHUB_STEP_SUMMARY", &summary).env("RUNNER_TEMP", temporary.path());
        for (name, value) in step["env"].as_mapping().unwrap() {
            let value = value.as_str().unwrap();
            let input = value.strip_prefix("${{ inputs.").and_then(|rest| rest.strip_suffix(" }}")).unwrap();
            let default = action["inputs"][input]["default"].as_str().unwrap_or_else(|| panic!("no input {input}"));
            let given = inputs.iter().find(|(name, _)| *name == input).map_or(default, |(_, value)| value);
            command.env(name.as_str().unwrap(), given);
        }
        let run = run_command(&mut command);
        let failed = run.status != Some(0);
        last = Some(run);
        if failed {
            break;
        }
    }
    (last.unwrap(), fs::read_to_string(output).unwrap(), fs::read_to_string(summary).unwrap())
}

#[cfg(unix)]
#[test]
fn the_github_action_annotates_summarises_and_ends_with_the_status() {
    let files = data();
    let (run, output, summary) = action(&files, &[("paths", "drop\n")]);
    assert_eq!(run.status, Some(1), "{run:?}");
    assert!(run.out.contains("::error ") && run.out.contains("people.csv"), "{}", run.out);
    assert!(output.starts_with("status=1\nsarif=/") && output.ends_with("lakegate.sarif\n"), "{output}");
    assert!(summary.contains("people.csv") && summary.contains("SSN"), "{summary}");
    for text in [&run.out, &run.err, &summary] {
        assert!(!text.contains("219-45"), "{text}");
    }
    let (run, output, _) = action(&files, &[("paths", "clean dir"), ("fail-on", "low")]);
    assert_eq!(run.status, Some(0), "{run:?}");
    assert!(output.contains("status=0\n"));
    let (run, output, _) = action(&files, &[("paths", "cut\nclean dir")]);
    assert_eq!((run.status, output.contains("status=3\n")), (Some(3), true));
    let (run, _, _) = action(&files, &[("paths", "drop"), ("args", "--managed\nCREDIT_CARD_NUMBER")]);
    assert_eq!(run.status, Some(0), "{run:?}");
    let (run, output, _) = action(&files, &[("paths", "$(touch pwned); drop")]);
    assert_eq!((run.status, output.contains("status=2\n")), (Some(2), true));
    assert!(!files.path().join("pwned").exists());
}

#[cfg(unix)]
#[test]
fn the_github_action_takes_a_baseline() {
    let files = data();
    let mut write = with_program("lakegate", &files);
    assert_eq!(run_command(write.args(["baseline", "write", "drop"])).status, Some(0));
    let (run, _, summary) = action(&files, &[("paths", "drop"), ("baseline", "lakegate.baseline")]);
    assert_eq!(run.status, Some(0), "{run:?}");
    assert!(summary.contains("Accepted by the baseline: 3 occurrences"), "{summary}");
}

#[cfg(unix)]
#[test]
fn the_gitlab_job_writes_its_reports_and_ends_with_the_status() {
    let template: Value = serde_yaml::from_str(&project_file("ci/gitlab.yml")).unwrap();
    let job = &template["lakegate"];
    let files = data();
    let run = |paths: &str| {
        let lines = ["before_script", "script"].map(|part| job[part].as_sequence().unwrap().clone());
        let script = lines.iter().flatten().fold(String::new(), |script, line| script + line.as_str().unwrap() + "\n");
        let mut command = with_program("sh", &files);
        command.args(["-e", "-c", &script]);
        for (name, value) in job["variables"].as_mapping().unwrap() {
            command.env(name.as_str().unwrap(), value.as_str().unwrap());
        }
        run_command(command.env("LAKEGATE_PATHS", paths))
    };
    let found = run("drop");
    assert_eq!(found.status, Some(1), "{found:?}");
    for (_, file) in job["artifacts"]["reports"].as_mapping().unwrap() {
        let report = fs::read_to_string(files.file(file.as_str().unwrap())).unwrap();
        assert!(report.contains("people.csv") && !report.contains("219-45"), "{report}");
    }
    assert_eq!(run("cut").status, Some(3));
    assert_eq!(run("drop/plain.csv cut/../drop/plain.csv").status, Some(0));
}

#[cfg(unix)]
#[test]
fn the_script_runs_its_command_only_when_nothing_speaks_against_it() {
    let files = data();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("ci/gate.sh");
    let gate = |folder: &str, options: &str| {
        let mut command = with_program("sh", &files);
        command.arg(&script).args([folder, "echo", "uploaded  it"]).env("LAKEGATE_OPTIONS", options);
        run_command(&mut command)
    };
    let clean = gate("clean dir", "");
    assert_eq!((clean.status, clean.out.ends_with("uploaded  it\n")), (Some(0), true), "{clean:?}");
    for (folder, options, status) in
        [("drop", "", 1), ("cut", "", 3), ("nowhere", "", 2), ("clean dir", "--no-such-option", 2)]
    {
        let run = gate(folder, options);
        assert_eq!(run.status, Some(status), "{folder}: {run:?}");
        assert!(!run.out.contains("uploaded") && run.err.contains("nothing was run"), "{run:?}");
    }
    assert_eq!(gate("drop", "--managed CREDIT_CARD_NUMBER").status, Some(0));
}

#[cfg(unix)]
#[test]
fn the_scripts_are_sound_to_shellcheck() {
    if Command::new("shellcheck").arg("--version").output().is_err() {
        eprintln!("skipped: shellcheck is not installed");
        return;
    }
    let action: Value = serde_yaml::from_str(&project_file("action.yml")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let steps = action["runs"]["steps"].as_sequence().unwrap();
    let mut files = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("ci/gate.sh")];
    for (number, step) in steps.iter().enumerate() {
        let file = folder.path().join(format!("{number}.sh"));
        fs::write(&file, format!("#!/bin/bash\n{}", step["run"].as_str().unwrap())).unwrap();
        files.push(file);
    }
    let run = run_command(Command::new("shellcheck").args(files));
    assert_eq!(run.status, Some(0), "{}", run.out);
}
