//! A file of settings: its sections, each read strictly.

use crate::actions::rule_request::RuleReader;
use crate::actions::{Action, EventRule, Home, TargetMap};
use crate::identifiers::custom_request::Style;
use crate::identifiers::definition_file::{documents, read};
use crate::identifiers::located::{Node, Value};
use crate::identifiers::problem::{LoadErrors, Problem};
use std::path::{Path, PathBuf};

/// The name of the file.
pub const FILE_NAME: &str = "lakegate.yaml";
/// The sections that it may have.
const SECTIONS: [&str; 2] = ["rules", "targets"];

/// Settings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Config {
    /// The file that they come from; `None` for the defaults.
    pub file: Option<PathBuf>,
    /// Event rules of the section `rules`.
    pub rules: Vec<EventRule>,
    /// Actions for targets, of the section `targets`.
    pub targets: TargetMap,
}

impl Config {
    /// The file of settings that counts for a folder: the one in it, or in the nearest folder above it that has one.
    pub fn file_for(folder: &Path) -> Option<PathBuf> {
        folder.ancestors().map(|folder| folder.join(FILE_NAME)).find(|file| file.is_file())
    }

    /// Reads a file of settings. Paths in it start at its folder. An error holds everything that is wrong with it.
    pub fn read(file: &Path, home: &Home) -> Result<Self, LoadErrors> {
        let mut problems = Vec::new();
        let result = read(file).and_then(|text| documents(file, &text));
        let mut config = Self { file: Some(file.to_path_buf()), ..Self::default() };
        match result.as_deref() {
            Ok([]) => {}
            Ok([document]) => config.add(document, file, home, &mut problems),
            Ok([_, second, ..]) => problems.push(Problem {
                file: file.to_path_buf(),
                place: Some(second.at),
                message: "a second document begins here; settings are one".to_owned(),
            }),
            Err(problem) => problems.push(problem.clone()),
        }
        LoadErrors::from_problems(problems)?;
        Ok(config)
    }

    fn add(&mut self, document: &Node, file: &Path, home: &Home, problems: &mut Vec<Problem>) {
        let mut reader = RuleReader::new(Style::Request, file, home);
        if reader.reader.members(document, "a file of settings", &SECTIONS).is_some() {
            if let Some(rules) = document.get("rules") {
                let rules = reader.reader.list(rules, "rules");
                self.rules = rules.iter().filter_map(|rule| reader.rule(rule, None)).collect();
            }
            if let Some(targets) = document.get("targets") {
                self.add_targets(&mut reader, targets, file.parent().unwrap_or(Path::new("")));
            }
        }
        let problem = |(place, message)| Problem { file: file.to_path_buf(), place: Some(place), message };
        problems.extend(reader.reader.problems.into_iter().map(problem));
    }

    fn add_targets(&mut self, reader: &mut RuleReader<'_>, node: &Node, folder: &Path) {
        let Value::Map(members) = &node.value else {
            let message = format!("targets is a mapping of names to actions; this is {}", node.kind());
            return reader.reader.problem(node.at, message);
        };
        for member in members {
            if let Some(action) = Action::read(&mut reader.reader, &member.value, folder) {
                self.targets.set(member.name.clone(), action);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home() -> Home {
        Home { account: "111122223333".into(), region: "us-east-1".into(), partition: "aws".into() }
    }

    fn config(text: &str) -> Result<Config, String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE_NAME);
        std::fs::write(&file, text).unwrap();
        Config::read(&file, &home()).map_err(|errors| errors.to_string())
    }

    #[test]
    fn rules_and_targets_are_read() {
        let config = config(
            "rules:\n  - name: high\n    eventPattern: {detail: {severity: {description: [High]}}}\n    targets:\n      - mover\n      - arn: alerts\n        inputTransformer:\n          inputPathsMap: {key: $.detail.id}\n          inputTemplate: '<key>'\ntargets:\n  mover: isolate\n  alerts: {notify: {file: out.txt}}\n",
        )
        .unwrap();
        assert_eq!(config.rules.len(), 1);
        assert_eq!(config.rules[0].arn, "arn:aws:events:us-east-1:111122223333:rule/high");
        assert_eq!(config.targets.check(&config.rules), Ok(()));
        assert_eq!(config.targets.action(&config.rules[0].targets[0].address), Some(&Action::Isolate(None)));
    }

    #[test]
    fn mistakes_have_line_column_and_a_proposal() {
        for (text, place, message) in [
            ("rule: []\n", ":1:1:", "did you mean \"rules\"?"),
            ("rules:\n  - name: x\n    eventPatern: {}\n", ":3:5:", "did you mean \"eventPattern\"?"),
            ("rules:\n  - name: x\n    eventPattern: {a: [{prefx: y}]}\n", ":3:24:", "did you mean \"prefix\"?"),
            ("rules:\n  - name: x\n    eventPattern: '{\"a\": 1}'\n", ":3:19:", "line 1, column 7 ($.a)"),
            ("targets:\n  x: mail\n", ":2:6:", "no action"),
            ("targets: [x]\n", ":1:10:", "a mapping"),
            ("rules: []\n---\nrules: []\n", ":3:1:", "second document"),
            ("rules: [{name: x, eventPattern: {a: [1]}, state: on}]\n", ":1:50:", "ENABLED"),
        ] {
            let error = config(text).unwrap_err();
            assert!(error.contains(place) && error.contains(message), "{text}\n{error}");
        }
        assert_eq!(config("").unwrap().rules, []);
    }

    #[test]
    fn the_nearest_file_above_a_folder_counts() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b");
        std::fs::create_dir_all(&inner).unwrap();
        let (outer, nearer) = (folder.path().join(FILE_NAME), folder.path().join("a").join(FILE_NAME));
        std::fs::write(&outer, "").unwrap();
        assert_eq!(Config::file_for(&inner), Some(outer));
        std::fs::write(&nearer, "").unwrap();
        assert_eq!(Config::file_for(&inner), Some(nearer));
    }
}
