//! `lakegate config show`.

use crate::program::{self, lakegate, run};
use crate::{files, run_in};
use serde_json::Value;

const SETTINGS: &str = "scan:
  fail-on: high
  exclude-managed: [NAME, ADDRESS]

  quiet: true
  threads: 2
";

/// The words of the line about an option.
fn line(text: &str, option: &str) -> String {
    let line = text.lines().find(|line| line.trim_start().split(' ').next() == Some(option));
    line.unwrap_or_else(|| panic!("{option}\n{text}")).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_option_is_shown_with_its_value_and_where_it_comes_from() {
    let files = files().with("lakegate.yaml", SETTINGS);
    let run = run_in(&files, "drop", &["config", "show", "--", "data", "--region", "eu-west-1", "--no-quiet"]);
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    assert!(run.out.starts_with("Settings: ../lakegate.yaml\n"), "{}", run.out);
    for (option, shown) in [
        ("fail-on", "fail-on high ../lakegate.yaml:2"),
        ("exclude-managed", "exclude-managed NAME, ADDRESS ../lakegate.yaml:3"),
        ("threads", "threads 2 ../lakegate.yaml:6"),
        ("paths", "paths data command line"),
        ("region", "region eu-west-1 command line"),
        ("quiet", "quiet false command line"),
        ("managed", "managed all default"),
        ("max-members", "max-members (1000000) default"),
        (
            "max-size",
            "max-size (Macie's: 20GB of text, TAR and mail, 8GB of data and compressed files, 1024MB of PDF, 512MB of Office) default",
        ),
        ("isolate-to", "isolate-to - default"),
    ] {
        assert_eq!(line(&run.out, option), shown);
    }
}

#[test]
fn every_option_of_scan_is_among_them() {
    let help = program::run(&["scan", "--help"]).out;
    let options = help.lines().filter_map(|line| {
        let line = line.trim_start();
        let line = line
            .strip_prefix('-')
            .filter(|rest| !rest.starts_with('-'))
            .map_or(line, |rest| rest.get(3..).unwrap_or(""));
        let name = line.strip_prefix("--")?.split([' ', '=', '[']).next()?;
        (!matches!(name, "help" | "config" | "no-config")).then_some(name)
    });
    let shown = program::run(&["config", "show", "--no-config"]).out;
    let options: Vec<&str> = options.collect();
    assert!(options.len() > 25, "{options:?}");
    for option in options {
        line(&shown, option);
    }
}

#[test]
fn as_json_values_have_their_types() {
    let files = files().with("lakegate.yaml", SETTINGS);
    let run = run_in(&files, ".", &["config", "show", "--format", "json"]);
    let (shown, text) = (run.json(), run.out);
    assert_eq!(shown["file"], "lakegate.yaml", "{text}");
    let scan = &shown["scan"];
    let place = |value: serde_json::Value, line: usize| serde_json::json!({"value": value, "origin": "file", "file": "lakegate.yaml", "line": line});
    assert_eq!(scan["threads"], place(2.into(), 6));
    assert_eq!(scan["quiet"], place(true.into(), 5));
    assert_eq!(scan["exclude-managed"], place(serde_json::json!(["NAME", "ADDRESS"]), 3));
    assert_eq!(scan["max-members"], serde_json::json!({"value": null, "default": "1000000", "origin": "default"}));
    assert_eq!(scan["stats"], serde_json::json!({"value": false, "origin": "default"}));
}

#[test]
fn without_a_file_that_is_said() {
    let mut command = lakegate();
    let run = program::run_command(command.args(["config", "show", "--no-config"]));
    assert!(run.out.starts_with("Settings: none"), "{}", run.out);
    let run = program::run(&["config", "show", "--", "--no-such-option"]);
    assert!(run.status == Some(2) && run.err.contains("--no-such-option"), "{}", run.err);
}

/// Values of which every option takes one.
const SAMPLES: [&str; 5] = ["5", "5s", "123456789012", "csv=x", "text=5"];

/// An option of the schema with a value that the command line takes: as it is written there, and in a file.
fn sample(name: &str, rules: &Value) -> (String, String) {
    let takes = |line: &str| run(&["config", "show", "--no-config", "--", line, "--isolate-to", "q"]).status == Some(0);
    let written = |value: &str| match name {
        "paths" => value.to_owned(),
        _ => format!("--{name}={value}"),
    };
    if rules["type"] == "boolean" {
        return (format!("--{name}"), "true".to_owned());
    }
    if let Some(words) = rules["enum"].as_array() {
        let word = words.iter().find(|word| **word != rules["default"]).and_then(Value::as_str).unwrap();
        return (written(word), word.to_owned());
    }
    let value = SAMPLES.iter().find(|value| takes(&written(value))).unwrap_or_else(|| panic!("no sample for {name}"));
    (written(value), (*value).to_owned())
}

#[test]
fn every_option_means_in_the_file_what_it_means_on_the_command_line() {
    let schema = run(&["config", "schema"]).json();
    let options = schema["properties"]["scan"]["properties"].as_object().unwrap();
    for (name, rules) in options {
        let (line, value) = sample(name, rules);
        let files = files().with("lakegate.yaml", format!("scan:\n  {name}: {value}\n"));
        let show = ["config", "show", "--format", "json"];
        let shown = |rest: &[&str]| {
            let run = run_in(&files, ".", &[&show[..], rest, &["--isolate-to", "q"]].concat());
            assert_eq!(run.status, Some(0), "{name}: {}", run.err);
            run.json()["scan"][name].clone()
        };
        let (by_line, by_file, by_default) =
            (shown(&["--no-config", "--", &line]), shown(&["--"]), shown(&["--no-config", "--"]));
        assert_eq!(by_file["value"], by_line["value"], "{name}");
        assert_ne!(by_file["value"], by_default["value"], "{name}");
        let origins = [&by_line, &by_file, &by_default].map(|shown| shown["origin"].as_str().unwrap());
        assert_eq!(origins, ["command line", "file", "default"], "{name}");
        assert_eq!((&by_file["file"], &by_file["line"]), (&"lakegate.yaml".into(), &2.into()), "{name}");
    }
}
