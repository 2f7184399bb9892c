//! `lakegate init`.

use crate::program::{Files, lakegate};
use crate::run_in;
use std::fs;
use std::process::Command;

fn repository() -> Files {
    Files::new()
        .with(".git/HEAD", "ref: refs/heads/main\n")
        .with("data/staff.csv", "employee,SSN\nEMP-123456,219-45-3456\n")
}

#[test]
fn what_it_writes_works() {
    let files = repository();
    let run = run_in(&files, ".", &["init", "--yes"]);
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    for name in ["lakegate.yaml", "lakegate-identifiers.yaml", ".pre-commit-config.yaml"] {
        assert!(run.out.contains(&format!("Wrote {name}")) && files.path().join(name).is_file(), "{name}\n{}", run.out);
    }
    let check = run_in(&files, ".", &["identifiers", "check", "lakegate-identifiers.yaml"]);
    assert_eq!(check.status, Some(0), "{}", check.err);
    assert!(check.out.contains("1 custom identifier"), "{}", check.out);
    let scan = run_in(&files, "data", &["scan", "--format", "json"]);
    assert_eq!(scan.status, Some(1), "a High finding fails: {}", scan.err);
    assert!(scan.out.contains("Employee number") && scan.out.contains("USA_SOCIAL_SECURITY_NUMBER"), "{}", scan.out);
    let hooks: serde_json::Value =
        serde_yaml::from_str(&fs::read_to_string(files.path().join(".pre-commit-config.yaml")).unwrap()).unwrap();
    let hook = &hooks["repos"][0]["hooks"][0];
    assert_eq!((&hooks["repos"][0]["repo"], &hook["entry"]), (&"local".into(), &"lakegate hook".into()));
    assert_eq!(hook["language"], "system");
}

#[test]
fn every_option_that_it_proposes_in_a_comment_is_one() {
    let files = repository().with("published.txt", "x\n").with("identifiers/own.yaml", "name: Own\nregex: 'own'\n");
    assert_eq!(run_in(&files, ".", &["init", "--yes"]).status, Some(0));
    let text = fs::read_to_string(files.path().join("lakegate.yaml")).unwrap();
    let open: String = text
        .lines()
        .map(|line| {
            // A commented line with a name and a colon is an option, not a sentence.
            let option = line.strip_prefix("  # ").filter(|rest| {
                rest.trim_start().split(':').next().is_some_and(|name| rest.contains(':') && !name.contains(' '))
            });
            option.map_or_else(|| format!("{line}\n"), |option| format!("  {option}\n"))
        })
        .collect();
    assert!(open.contains("\n  exclude-managed: [NAME]\n") && open.contains("\n    html: "), "{open}");
    fs::write(files.path().join("lakegate.yaml"), &open).unwrap();
    let run = run_in(&files, ".", &["scan", "data"]);
    assert_eq!(run.status, Some(1), "{}\n{open}", run.err);
    assert!(files.path().join("lakegate.html").is_file());
}

#[test]
fn nothing_is_ever_replaced() {
    let files = repository()
        .with("lakegate-identifiers.yaml", "name: Mine\nregex: 'mine'\n")
        .with(".pre-commit-config.yaml", "repos: []\n")
        .with("deeper/.keep", "")
        .with("sub/.keep", "");
    let run = run_in(&files, "sub", &["init", "--yes"]);
    assert_eq!(run.status, Some(0), "{}", run.err);
    assert!(
        run.out.contains("Kept ../.pre-commit-config.yaml") && run.out.contains("entry: lakegate hook"),
        "{}",
        run.out
    );
    let run = run_in(&files, ".", &["init", "--yes"]);
    assert!(run.status == Some(0) && run.out.contains("Kept lakegate-identifiers.yaml"), "{run:?}");
    let read = |name: &str| fs::read_to_string(files.path().join(name)).unwrap();
    assert_eq!(read("lakegate-identifiers.yaml"), "name: Mine\nregex: 'mine'\n");
    assert_eq!(read(".pre-commit-config.yaml"), "repos: []\n");
    fs::write(files.path().join("lakegate.yaml"), "scan: {quiet: true}\n").unwrap();
    let run = run_in(&files, ".", &["init", "--yes"]);
    assert!(run.status == Some(2) && run.err.contains("lakegate.yaml is here already"), "{run:?}");
    let below = run_in(&files, "deeper", &["init", "--yes"]);
    assert!(below.out.contains("it counts here instead of ../lakegate.yaml"), "{}", below.out);
    assert_eq!(read("lakegate.yaml"), "scan: {quiet: true}\n");
}

#[test]
fn without_a_terminal_and_without_yes_nothing_is_written() {
    let files = repository();
    let run = run_in(&files, ".", &["init"]);
    assert!(run.status == Some(2) && run.err.contains("--yes"), "{run:?}");
    assert_eq!(fs::read_dir(files.path()).unwrap().count(), 2);
}

#[test]
fn outside_of_a_repository_there_is_no_hook() {
    let files = Files::new();
    let run = run_in(&files, ".", &["init", "--yes"]);
    assert_eq!(run.status, Some(0), "{}", run.err);
    // A folder of temporary files may itself be in somebody's repository.
    if !files.path().ancestors().any(|folder| folder.join(".git").exists()) {
        assert!(!files.path().join(".pre-commit-config.yaml").exists(), "{}", run.out);
    }
}

/// Types into the program on a terminal; `None` where the program `script` is missing.
fn typed(files: &Files, input: &str) -> Option<(Option<i32>, String)> {
    use std::io::Write;
    let mut command = Command::new("script");
    command.current_dir(files.path()).args(["-qefc", &format!("{} init", env!("CARGO_BIN_EXE_lakegate")), "/dev/null"]);
    command.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
    let mut child = command.spawn().ok()?;
    child.stdin.take()?.write_all(input.as_bytes()).ok()?;
    let output = child.wait_with_output().ok()?;
    Some((output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned()))
}

#[test]
fn on_a_terminal_it_asks_and_does_as_it_is_told() {
    let files = repository();
    let Some((status, shown)) = typed(&files, "data\nsome\nrecommended\nmedium\nn\nno\n") else {
        eprintln!("skipped: there is no program `script`");
        return;
    };
    assert_eq!(status, Some(0), "{shown}");
    assert!(shown.contains("The answer is all or recommended."), "{shown}");
    let text = fs::read_to_string(files.path().join("lakegate.yaml")).unwrap();
    for part in ["paths: [data]", "managed: recommended", "fail-on: medium", "# identifiers: "] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(!files.path().join("lakegate-identifiers.yaml").exists());
    assert!(!files.path().join(".pre-commit-config.yaml").exists());
    let mut command = lakegate();
    assert_eq!(crate::run_command(command.current_dir(files.path()).arg("scan")).status, Some(1));
}
