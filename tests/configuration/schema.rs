//! docs/lakegate.schema.json.

use crate::program::{self, Files, lakegate, run_command};
use jsonschema::Validator;
use serde_json::Value;
use std::fs;
use std::path::Path;

const REFRESH: &str = "cargo run -- config schema > docs/lakegate.schema.json";

fn document(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)).unwrap_or_default()
}

fn validator() -> Validator {
    jsonschema::validator_for(&program::run(&["config", "schema"]).json()).unwrap()
}

/// Whether the program takes this file of settings, and what it says.
fn loads(text: &str) -> Result<(), String> {
    let files = Files::new().with("lakegate.yaml", text);
    let run = run_command(lakegate().current_dir(files.path()).args(["config", "show"]));
    if run.status == Some(0) { Ok(()) } else { Err(run.err) }
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[test]
fn the_published_schema_is_the_one_of_the_options() {
    let run = program::run(&["config", "schema"]);
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    assert!(document("lakegate.schema.json") == run.out, "docs/lakegate.schema.json is stale; run {REFRESH}");
}

#[test]
fn the_examples_in_the_documentation_are_valid() {
    let validator = validator();
    let mut count = 0;
    for name in ["configuration.md", "event-rules.md"] {
        for block in document(name).split("```yaml\n").skip(1) {
            let block = block.split("```").next().unwrap();
            if !["scan:", "rules:", "targets:"]
                .iter()
                .any(|section| block.lines().any(|line| line.starts_with(section)))
            {
                continue;
            }
            let errors: Vec<String> = validator.iter_errors(&yaml(block)).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{name}\n{block}\n{errors:?}");
            assert_eq!(loads(block), Ok(()), "{name}\n{block}");
            count += 1;
        }
    }
    assert!(count >= 3, "{count} examples");
}

#[test]
fn what_the_schema_takes_in_each_form_the_program_takes() {
    let validator = validator();
    for text in [
        "{}",
        "scan: {}",
        "scan:",
        "scan: {fail-on: high, quiet: true, threads: 4, account: 111122223333, account: '111122223333'}",
        "scan: {managed: all}",
        "scan: {managed: [NAME, ADDRESS]}",
        "scan: {report: sarif=a}",
        "scan: {report: [sarif=a, csv=-]}",
        "scan: {report: {sarif: a, csv: b}, max-size: {pdf: 2GB, text: 1000}, max-expanded: 10GB, max-members: 5}",
        "rules: [{name: a, eventPattern: {source: [x]}, state: DISABLED, targets: [b, {arn: c, input: d}]}]",
        "rules: [{name: a, eventPattern: '{\"source\": [\"x\"]}', targets: [{arn: c, inputTransformer: {inputPathsMap: {k: $.id}, inputTemplate: <k>}}]}]",
        "targets: {a: isolate, b: notify, c: 'exec:cat', d: ignore, e: {isolate: {to: q}}, f: {notify: {file: m}}, g: {exec: {command: [a, b], timeoutSeconds: 5, output: o}}, h: {exec: ls}}",
    ] {
        // A member twice is an error of YAML that a schema does not see.
        let text = text.replace(", account: 111122223333", "");
        assert!(validator.is_valid(&yaml(&text)), "{text}");
        assert_eq!(loads(&text), Ok(()), "{text}");
    }
}

#[test]
fn what_the_schema_refuses_the_program_refuses() {
    let validator = validator();
    for text in [
        "[]",
        "high",
        "scan: []",
        "scan: high",
        "skan: {}",
        "scan: {fial-on: high}",
        "scan: {isolate-to: q}",
        "scan: {config: other.yaml}",
        "scan: {fail-on: hihg}",
        "scan: {fail-on: [high]}",
        "scan: {fail-on: null}",
        "scan: {format: text}",
        "scan: {color: true}",
        "scan: {quiet: 1}",
        "scan: {quiet: 'true'}",
        "scan: {threads: '4'}",
        "scan: {threads: -1}",
        "scan: {threads: 1.5}",
        "scan: {threads: [4]}",
        "scan: {identifiers: []}",
        "scan: {identifiers: {a: b}}",
        "scan: {identifiers: [true]}",
        "scan: {bucket: true}",
        "scan: {bucket: {a: b}}",
        "scan: {report: {}}",
        "scan: {report: {sarif: [a]}}",
        "scan: {max-size: [{pdf: 3}]}",
        "rules: {}",
        "rules: [x]",
        "rules: [{name: a}]",
        "rules: [{eventPattern: {source: [x]}}]",
        "rules: [{name: 1, eventPattern: {source: [x]}}]",
        "rules: [{name: a, eventPattern: [x]}]",
        "rules: [{name: a, eventPattern: {source: [x]}, state: ON}]",
        "rules: [{name: a, eventPattern: {source: [x]}, target: []}]",
        "rules: [{name: a, eventPattern: {source: [x]}, targets: b}]",
        "rules: [{name: a, eventPattern: {source: [x]}, targets: [{id: b}]}]",
        "rules: [{name: a, eventPattern: {source: [x]}, targets: [{arn: b, inputTransformer: {inputPathsMap: {}}}]}]",
        "targets: []",
        "targets: {a: mail}",
        "targets: {a: 'exec:'}",
        "targets: {a: {}}",
        "targets: {a: {isolate: {to: b}, ignore: {}}}",
        "targets: {a: {isolate: {}}}",
        "targets: {a: {notify: {}}}",
        "targets: {a: {notify: {file: b, command: c}}}",
        "targets: {a: {exec: {command: c, timeoutSeconds: 0}}}",
        "targets: {a: {exec: {command: c, timeoutSeconds: 86401}}}",
        "targets: {a: {exec: {output: c}}}",
    ] {
        assert!(!validator.is_valid(&yaml(text)), "the schema takes {text}");
        assert!(loads(text).is_err(), "the program takes {text}");
    }
}
