//! A file of settings: its sections, each read strictly.

use super::options::{Options, Setting};
use super::section;
use crate::actions::rule_request::RuleReader;
use crate::actions::{Action, EventRule, Home, TargetMap};
use crate::identifiers::custom_request::Style;
use crate::identifiers::definition_file::{documents, read};
use crate::identifiers::located::{Node, Value};
use crate::identifiers::problem::{LoadErrors, Problem};
use std::path::{Path, PathBuf};

/// The names that the file may have. Only one of them may be in a folder.
pub const FILE_NAMES: [&str; 2] = ["lakegate.yaml", "lakegate.yml"];
/// The sections that it may have.
const SECTIONS: [&str; 3] = ["scan", "rules", "targets"];

/// Settings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Config {
    /// The file that they come from; `None` for the defaults.
    pub file: Option<PathBuf>,
    /// Options of the section `scan`, in the order of the file.
    pub scan: Vec<Setting>,
    /// Event rules of the section `rules`.
    pub rules: Vec<EventRule>,
    /// Actions for targets, of the section `targets`.
    pub targets: TargetMap,
}

impl Config {
    /// The file of settings that counts for a folder, as seen from there: the one in it (`lakegate.yaml`), or in the nearest folder
    /// above it that has one (`../lakegate.yaml`). `folder` is absolute. Two in one folder are an error.
    pub fn file_for(folder: &Path) -> Result<Option<PathBuf>, LoadErrors> {
        let mut upwards = PathBuf::new();
        for folder in folder.ancestors() {
            match FILE_NAMES.map(|name| folder.join(name).is_file()) {
                [true, true] => {
                    let message = format!("{} is beside it; only one of them can count: remove one", FILE_NAMES[1]);
                    return Err(LoadErrors::of(Problem { file: upwards.join(FILE_NAMES[0]), place: None, message }));
                }
                [true, false] => return Ok(Some(upwards.join(FILE_NAMES[0]))),
                [false, true] => return Ok(Some(upwards.join(FILE_NAMES[1]))),
                [false, false] => upwards.push(".."),
            }
        }
        Ok(None)
    }

    /// Reads a file of settings. Paths in it start at its folder. An error holds everything that is wrong with it.
    pub fn read(file: &Path, home: &Home, options: &Options<'_>) -> Result<Self, LoadErrors> {
        let mut problems = Vec::new();
        let result = read(file).and_then(|text| documents(file, &text));
        let mut config = Self { file: Some(file.to_path_buf()), ..Self::default() };
        match result.as_deref() {
            Ok([]) => {}
            Ok([document]) => config.add(document, file, home, options, &mut problems),
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

    fn add(&mut self, document: &Node, file: &Path, home: &Home, options: &Options<'_>, problems: &mut Vec<Problem>) {
        let mut reader = RuleReader::new(Style::Request, file, home);
        let folder = file.parent().unwrap_or(Path::new(""));
        if let Some(members) = reader.reader.members(document, "a file of settings", &SECTIONS) {
            // An option beside the sections is the mistake that everybody makes once.
            for member in members.iter().filter(|member| options.shapes.iter().any(|shape| shape.name == member.name)) {
                if let Some((_, message)) = reader.reader.problems.iter_mut().find(|(at, _)| *at == member.at) {
                    *message = format!("{} is an option of scan; write it below `scan:`, indented", member.name);
                }
            }
            if let Some(scan) = document.get("scan") {
                self.scan = section::read(&mut reader.reader, scan, options, folder);
            }
            if let Some(rules) = document.get("rules") {
                let rules = reader.reader.list(rules, "rules");
                self.rules = rules.iter().filter_map(|rule| reader.rule(rule, None)).collect();
            }
            if let Some(targets) = document.get("targets") {
                self.add_targets(&mut reader, targets, folder);
            }
        }
        let problem = |(place, message)| Problem { file: file.to_path_buf(), place: Some(place), message };
        problems.extend(reader.reader.problems.into_iter().map(problem));
        problems.sort();
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
    use crate::config::{OptionShape, PathPart, Takes};

    fn home() -> Home {
        Home { account: "111122223333".into(), region: "us-east-1".into(), partition: "aws".into() }
    }

    fn config(text: &str) -> Result<Config, String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE_NAMES[0]);
        std::fs::write(&file, text).unwrap();
        let shape = |name: &str, takes, path| OptionShape { name: name.to_owned(), takes, path };
        let shapes = vec![
            shape("fail-on", Takes::Text, PathPart::None),
            shape("quiet", Takes::Switch, PathPart::None),
            shape("threads", Takes::Number, PathPart::None),
            shape("identifiers", Takes::List, PathPart::Whole),
            shape("report", Takes::Pairs, PathPart::AfterSign),
            shape("isolate-to", Takes::Never("it moves files"), PathPart::Whole),
        ];
        let check = |name: &str, value: &str| match (name, value) {
            ("fail-on", "hihg") => Err("did you mean \"high\"?".to_owned()),
            _ => Ok(()),
        };
        Config::read(&file, &home(), &Options { shapes, check: &check })
            .map_err(|errors| errors.to_string())
            .map(|config| Config { file: None, ..config.below(folder.path()) })
    }

    impl Config {
        /// With paths below a folder that the test does not know the name of.
        fn below(mut self, folder: &Path) -> Self {
            for value in self.scan.iter_mut().flat_map(|setting| &mut setting.values) {
                value.text = value.text.replace(&format!("{}/", folder.display()), "<folder>/");
            }
            self
        }
    }

    #[test]
    fn options_are_read_in_the_form_that_each_has() {
        let config = config(
            "scan:\n  fail-on: high\n  quiet: true\n  threads: 4\n  identifiers: [a.yaml, /b, ./c/../d]\n  report: {sarif: out.sarif, csv: '-'}\n",
        )
        .unwrap();
        let set: Vec<(usize, String)> = config
            .scan
            .iter()
            .map(|setting| {
                let values: Vec<&str> = setting.values.iter().map(|value| value.text.as_str()).collect();
                (setting.at.line, format!("{} {}", setting.name, values.join(" ")))
            })
            .collect();
        let expected = [
            "fail-on high",
            "quiet true",
            "threads 4",
            "identifiers <folder>/a.yaml /b <folder>/c/../d",
            "report sarif=<folder>/out.sarif csv=-",
        ];
        assert_eq!(set, (2..).zip(expected.map(str::to_owned)).collect::<Vec<_>>());
    }

    #[test]
    fn a_single_text_will_do_for_a_list_and_a_section_of_comments_sets_nothing() {
        assert_eq!(config("scan:\n  report: sarif=x\n").unwrap().scan[0].values[0].text, "sarif=<folder>/x");
        assert_eq!(config("scan:\n  # quiet: true\n").unwrap().scan, []);
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
            ("scan:\n  fial-on: high\n", ":2:3:", "did you mean \"fail-on\"?"),
            ("scan:\n  colour: red\n", ":2:3:", "`lakegate scan --help`"),
            ("scan:\n  fail-on: hihg\n", ":2:12:", "fail-on: did you mean \"high\"?"),
            ("scan:\n  fail-on: [high]\n", ":2:12:", "fail-on is a text; this is a list"),
            ("scan:\n  fail-on:\n", ":2:3:", "leave the line out"),
            ("scan:\n  quiet: 1\n", ":2:10:", "true or false; this is a number"),
            ("scan:\n  quiet: \"true\"\n", ":2:10:", "true or false; this is a text"),
            ("scan:\n  threads: \"4\"\n", ":2:12:", "a whole number"),
            ("scan:\n  threads: -4\n", ":2:12:", "a whole number"),
            ("scan:\n  identifiers: []\n", ":2:16:", "empty list"),
            ("scan:\n  identifiers: [{a: b}]\n", ":2:17:", "a text; this is a mapping"),
            ("scan:\n  report: {csv: [a]}\n", ":2:17:", "a text; this is a list"),
            ("scan:\n  isolate-to: x\n", ":2:3:", "cannot be set in a file: it moves files"),
            ("scan: [x]\n", ":1:7:", "a mapping of options"),
            ("fail-on: high\n", ":1:1:", "below `scan:`"),
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
    fn the_nearest_file_above_a_folder_counts_and_is_named_as_seen_from_there() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b");
        std::fs::create_dir_all(&inner).unwrap();
        std::fs::write(folder.path().join("lakegate.yml"), "").unwrap();
        assert_eq!(Config::file_for(&inner), Ok(Some("../../lakegate.yml".into())));
        std::fs::write(folder.path().join("a/lakegate.yaml"), "").unwrap();
        assert_eq!(Config::file_for(&inner), Ok(Some("../lakegate.yaml".into())));
        std::fs::write(inner.join("lakegate.yaml"), "").unwrap();
        assert_eq!(Config::file_for(&inner), Ok(Some("lakegate.yaml".into())));
        std::fs::write(inner.join("lakegate.yml"), "").unwrap();
        assert!(Config::file_for(&inner).unwrap_err().to_string().contains("remove one"));
    }
}
