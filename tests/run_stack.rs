//! `lakegate run`: the walk-through, the rules and targets it takes, and what it refuses before anything is moved.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;

use program::{Files, Run, lakegate, run_command};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

const RULE: &str = r#"{"Name": "high", "State": "ENABLED", "EventPattern": "{\"detail\": {\"severity\": {\"description\": [\"High\"]}}}", "Targets": [{"Id": "1", "Arn": "arn:aws:lambda:us-east-1:111122223333:function:mover"}]}"#;

/// A folder with a file of each severity, and a rule for the High ones.
fn files() -> Files {
    Files::new()
        .with("drop/high.csv", "id,SSN\n1,219-45-3456\n2,219-45-3457\n")
        .with("drop/medium.csv", "id,PATIENT\n1,2db72976-43d3-45a2-ba54-1aef04f0eea2\n")
        .with("drop/clean.csv", "id,count\n1,5\n2,7\n")
        .with("rule.json", RULE)
}

fn lakegate_in(folder: &Path) -> Command {
    let mut command = lakegate();
    command.current_dir(folder).args(["run", "-q"]);
    command
}

/// Runs with the bucket `drop` and the custom identifiers of the project.
fn play(files: &Files, arguments: &[&str]) -> Run {
    let identifiers = Path::new(env!("CARGO_MANIFEST_DIR")).join("identifiers/custom/synthea.yaml");
    let mut command = lakegate_in(files.path());
    run_command(command.args(["--bucket", "drop=drop", "-i"]).arg(identifiers).args(arguments))
}

fn names(folder: &Path) -> BTreeSet<String> {
    let Ok(entries) = fs::read_dir(folder) else { return BTreeSet::new() };
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

fn log(files: &Files) -> Vec<Value> {
    let text = fs::read_to_string(files.path().join("lakegate-actions.jsonl")).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

/// The blocks of a page that are fenced as `kind`.
fn blocks(page: &str, kind: &str) -> Vec<String> {
    let mut rest = page;
    let mut found = Vec::new();
    while let Some((_, after)) = rest.split_once(&format!("```{kind}\n")) {
        let (block, after) = after.split_once("```").unwrap();
        found.push(block.to_owned());
        rest = after;
    }
    found
}

#[test]
fn the_walk_through_prints_and_does_what_its_page_says() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(project.join("docs/walk-through.md")).unwrap();
    let files = Files::new();
    copy(&project.join("fixtures/synthea"), &files.path().join("fixtures/synthea"));
    fs::copy(project.join("fixtures/stack.yml"), files.path().join("fixtures/stack.yml")).unwrap();
    let before = names(&files.path().join("fixtures/synthea"));

    let commands = blocks(&page, "sh");
    let outputs = blocks(&page, "text");
    assert_eq!(commands.len(), outputs.len(), "each command has its output");
    for (commands, expected) in commands.iter().zip(outputs) {
        let mut printed = String::new();
        for line in commands.replace("\\\n", " ").lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            let mut command = match words[0] {
                "lakegate" => lakegate(),
                other => Command::new(other),
            };
            let run = run_command(command.current_dir(files.path()).args(&words[1..]));
            assert_eq!(run.status, Some(0), "{line}\n{}", run.err);
            printed += &run.out;
        }
        if std::env::var_os("SHOW_OUTPUT").is_some() {
            use std::io::Write as _;
            let _ = writeln!(std::io::stderr(), "{commands}{printed}");
        }
        assert_eq!(printed, expected, "{commands}");
    }

    let high: BTreeSet<String> = severities(project, "High");
    let left = names(&files.path().join("fixtures/synthea"));
    assert_eq!(left, before.difference(&high).cloned().collect());
    assert!(!high.is_empty());
}

/// Keys of the sample's files whose findings have that severity.
fn severities(project: &Path, severity: &str) -> BTreeSet<String> {
    let mut command = lakegate();
    let scan = ["scan", "fixtures/synthea", "-q", "-i", "identifiers/custom/synthea.yaml", "--format", "events"];
    run_command(command.current_dir(project).args(scan))
        .lines()
        .iter()
        .filter(|event| event["detail"]["severity"]["description"] == severity)
        .map(|event| event["detail"]["resourcesAffected"]["s3Object"]["key"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_rule_as_aws_prints_it_isolates_what_it_wants() {
    let files = files();
    let run = play(&files, &["--rules", "rule.json", "--target", "mover=isolate", "--to", "away"]);
    assert_eq!(run.status, Some(0), "{}\n{}", run.out, run.err);
    assert_eq!(names(&files.path().join("drop")), ["clean.csv", "medium.csv"].map(str::to_owned).into());
    assert!(
        run.out.contains("s3://drop/high.csv: High") && run.out.contains("high -> mover: isolate: isolated in"),
        "{}",
        run.out
    );
    assert!(
        run.out.contains("s3://drop/medium.csv: Medium") && run.out.contains("no rule wants this event"),
        "{}",
        run.out
    );
    let log = log(&files);
    assert_eq!(log.len(), 1);
    assert_eq!((log[0]["rule"].as_str(), log[0]["key"].as_str()), (Some("high"), Some("high.csv")));
    assert_eq!((log[0]["action"].as_str(), log[0]["done"].as_bool()), (Some("isolate"), Some(true)));
}

#[test]
fn a_dry_run_says_what_would_happen_and_does_nothing() {
    let files = files();
    let before = names(files.path());
    let run = play(&files, &["--rules", "rule.json", "--target", "mover=isolate", "--to", "away", "--dry-run"]);
    assert_eq!(run.status, Some(0), "{}", run.err);
    assert!(run.out.contains("would be isolated"), "{}", run.out);
    assert_eq!(names(files.path()), before);
    assert_eq!(names(&files.path().join("drop")).len(), 3);
    let run = play(&files, &["--rules", "rule.json", "--target", "mover=exec:touch ran", "--dry-run"]);
    assert!(run.out.contains("would run sh -c touch ran"), "{}", run.out);
    assert_eq!(names(files.path()), before);
}

#[test]
#[cfg(unix)]
fn programs_read_the_event_that_scan_writes_and_their_status_is_recorded() {
    let files = files();
    let run =
        play(&files, &["--rules", "rule.json", "--target", "mover=exec:cat > event.json; echo 219-45-3456; exit 7"]);
    assert_eq!(run.status, Some(3), "{}", run.err);
    assert!(run.out.contains("high -> mover: exec: exit status 7"), "{}", run.out);
    let event: Value = serde_json::from_str(&fs::read_to_string(files.path().join("event.json")).unwrap()).unwrap();
    let mut scan = lakegate();
    let scanned = run_command(scan.current_dir(files.path()).args(["scan", "drop", "-q", "--format", "events"]));
    let scanned = &scanned.lines()[0];
    for pointer in [
        "/source",
        "/detail-type",
        "/account",
        "/time",
        "/region",
        "/detail/severity",
        "/detail/resourcesAffected",
        "/detail/title",
    ] {
        assert_eq!(event.pointer(pointer), scanned.pointer(pointer), "{pointer}");
    }
    let log = log(&files);
    assert_eq!((log[0]["done"].as_bool(), log[0]["outcome"].as_str()), (Some(false), Some("exit status 7")));
    let everything = run.out + &run.err + &fs::read_to_string(files.path().join("lakegate-actions.jsonl")).unwrap();
    assert!(!everything.contains("219-45"), "no output of a program is shown: {everything}");
}

#[test]
fn rules_and_targets_can_stand_in_a_file_of_settings_above_the_working_directory() {
    let files = files().with(
        "lakegate.yaml",
        "rules:\n  - name: medium\n    eventPattern: {detail: {severity: {description: [Medium]}}}\n    targets:\n      - arn: alerts\n        inputTransformer: {inputPathsMap: {key: $.detail.resourcesAffected.s3Object.key}, inputTemplate: 'see <key>'}\n  - name: off\n    state: DISABLED\n    eventPattern: {source: [aws.macie]}\n    targets: [nobody]\ntargets:\n  alerts: {notify: {file: alerts.txt}}\n",
    );
    fs::create_dir(files.path().join("deep")).unwrap();
    let identifiers = Path::new(env!("CARGO_MANIFEST_DIR")).join("identifiers/custom/synthea.yaml");
    let mut command = lakegate_in(&files.path().join("deep"));
    let run = run_command(command.args(["--bucket", "drop=../drop", "-i"]).arg(identifiers));
    assert_eq!(run.status, Some(0), "{}", run.err);
    assert_eq!(fs::read_to_string(files.path().join("alerts.txt")).unwrap(), "see medium.csv\n");
}

#[test]
fn what_is_wrong_is_told_before_anything_is_moved() {
    let stack = |rules: &str| format!("Resources:\n  Mover:\n    Type: AWS::Lambda::Function\n{rules}");
    let rule = "  Rule:\n    Type: AWS::Events::Rule\n    Properties:\n      EventPattern: {detail: {resourcesAffected: {s3Bucket: {name: [drop, other]}}}}\n      Targets: [{Id: a, Arn: !GetAtt Mover.Arn}]\n";
    let files = files()
        .with("no-rules.yml", stack(""))
        .with("stack.yml", stack(rule))
        .with("bad.json", r#"{"Name": "x", "EventPattern": {"a": [{"prefx": "y"}]}, "Targets": []}"#)
        .with("unknown.json", r#"{"Name": "x", "EventPatern": {"a": [1]}}"#)
        .with("alone.json", r#"{"Name": "alone", "EventPattern": {"source": ["aws.macie"]}}"#);
    let before = names(files.path());
    for (arguments, words) in [
        (&["--template", "no-rules.yml"][..], "no resource of type AWS::Events::Rule"),
        (&["--template", "stack.yml", "--to", "away"], "no action is named for the function Mover"),
        (&["--template", "stack.yml", "--to", "away", "--target", "Moverr=isolate"], "did you mean Mover?"),
        (&["--template", "stack.yml", "--to", "away", "--target", "Mover=isolate"], "give --bucket other=DIR"),
        (
            &["--template", "stack.yml", "--bucket", "other=drop", "--target", "Mover=isolate"],
            "give the isolation folder with --to",
        ),
        (&["--rules", "rule.json", "--to", "away"], "no action is named for the function mover"),
        (&["--rules", "alone.json", "--to", "away"], "the rule itself, which lists no targets"),
        (&["--rules", "rule.json", "--to", "drop/away", "--target", "mover=isolate"], "drop"),
        (&["--rules", "rule.json", "--target", "mover=mail"], "no action"),
        (&["--rules", "bad.json"], "bad.json:1:38: event pattern ($.a[0]): there is no operator \"prefx\""),
        (&["--rules", "unknown.json"], "did you mean \"EventPattern\"?"),
        (&["--rules", "nowhere.json"], "nowhere.json: cannot be read"),
        (&["--bucket", "x=nowhere", "--rules", "rule.json", "--target", "mover=ignore"], "no such folder"),
        (&["--bucket", "nameless", "--rules", "rule.json"], "NAME=DIR"),
        (&[], "there are no event rules"),
    ] {
        let run = play(&files, arguments);
        assert_eq!(run.status, Some(2), "{arguments:?}\n{}", run.out);
        assert!(run.err.contains(words), "{arguments:?}\n{}", run.err);
        assert_eq!(names(files.path()), before, "{arguments:?}");
        assert_eq!(names(&files.path().join("drop")).len(), 3, "{arguments:?}");
    }
}

#[test]
fn a_template_cannot_have_programs_run_or_files_written() {
    for metadata in ["exec:touch ran", "notify:out.txt", "isolate:away", "{exec: {command: touch ran}}"] {
        let template = format!(
            "Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Metadata:\n      lakegate: \"{metadata}\"\n  R:\n    Type: AWS::Events::Rule\n    Properties:\n      EventPattern: {{source: [aws.macie]}}\n      Targets: [{{Id: a, Arn: !GetAtt F.Arn}}]\n"
        );
        let files = files().with("stack.yml", template);
        let before = names(files.path());
        let run = play(&files, &["--template", "stack.yml", "--to", "away"]);
        assert_eq!(run.status, Some(2), "{metadata}");
        assert!(run.err.contains("stack.yml:5:17:") && run.err.contains("isolate, notify or ignore"), "{}", run.err);
        assert_eq!(names(files.path()), before);
    }
}

#[test]
fn an_object_that_several_rules_isolate_moves_once_and_messages_come_first() {
    let rules = r#"[
        {"Name": "a", "EventPattern": {"detail": {"severity": {"score": [3]}}}, "Targets": [{"Id": "1", "Arn": "one"}, {"Id": "2", "Arn": "look"}]},
        {"Name": "b", "EventPattern": {"source": [{"prefix": "aws."}], "detail": {"severity": {"score": [3]}}}, "Targets": [{"Id": "1", "Arn": "one"}]}
    ]"#;
    let files = files().with("rules.json", rules);
    let run = play(
        &files,
        &[
            "--rules",
            "rules.json",
            "--target",
            "one=isolate",
            "--to",
            "away",
            "--target",
            "look=exec:test -f drop/high.csv",
        ],
    );
    assert_eq!(run.status, Some(0), "{}\n{}", run.out, run.err);
    assert_eq!(run.out.matches("isolated in").count(), 2, "{}", run.out);
    assert!(!files.path().join("drop/high.csv").exists());
    assert_eq!(log(&files).len(), 3);
}
