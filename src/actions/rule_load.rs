//! Loads event rules from files.
//!
//! A file is a `CloudFormation` template, or YAML or JSON that holds a rule as `aws events describe-rule` or `put-rule` write it
//! (also with `Targets`, as `put-targets` has them): once a document, as a list, or under `Rules`.

use super::rule::EventRule;
use super::rule_request::{Home, RuleReader};
use super::stack::Stack;
use crate::identifiers::cloudformation::{IDENTIFIER, declared, is_template};
use crate::identifiers::custom::CustomIdentifier;
use crate::identifiers::custom_load;
use crate::identifiers::custom_request::Style;
use crate::identifiers::definition_file::{documents, read};
use crate::identifiers::located::Node;
use crate::identifiers::problem::{LoadErrors, Problem};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

const WRAPPER: &str = "Rules";

/// What files of rules hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LoadedRules {
    /// Event rules, in the order of the files and of the places in each.
    pub rules: Vec<EventRule>,
    /// Custom data identifiers of templates.
    pub identifiers: Vec<CustomIdentifier>,
    /// Buckets of templates: logical id and name.
    pub buckets: Vec<(String, String)>,
    pub(crate) stack_targets: Vec<super::stack::StackTarget>,
}

/// Loads the rules of files, and of templates what else a run needs. An error holds all problems of all files; a file without
/// any rule is one too.
pub fn load(paths: &[PathBuf], home: &Home) -> Result<LoadedRules, LoadErrors> {
    let mut loaded = LoadedRules::default();
    let mut problems = Vec::new();
    for path in paths {
        if let Err(problem) = read(path).and_then(|text| loaded.add(path, &text, home, &mut problems)) {
            problems.push(problem);
        }
    }
    let mut names: HashMap<&str, &Path> = HashMap::new();
    for rule in &loaded.rules {
        if let Some(first) = names.insert(&rule.name, &rule.file) {
            let message =
                format!("the rule {:?} is already in {}; every rule has its own name", rule.name, first.display());
            problems.push(Problem { file: rule.file.clone(), place: None, message });
        }
    }
    LoadErrors::from_problems(problems)?;
    Ok(loaded)
}

impl LoadedRules {
    fn add(&mut self, file: &Path, text: &str, home: &Home, problems: &mut Vec<Problem>) -> Result<(), Problem> {
        let before = (self.rules.len(), problems.len());
        let mut placed = Vec::new();
        for document in &documents(file, text)? {
            if is_template(document) {
                let stack = Stack::read(document, file, home, &mut placed);
                self.rules.extend(stack.rules);
                self.stack_targets.extend(stack.resources);
                self.buckets.extend(stack.buckets);
                if !declared(document, &[IDENTIFIER], &HashMap::new()).is_empty() {
                    match custom_load::parse(file, text) {
                        Ok(loaded) => self.identifiers.extend(loaded.identifiers),
                        Err(errors) => problems.extend_from_slice(errors.problems()),
                    }
                }
            } else {
                let mut reader = RuleReader::new(Style::Template, file, home);
                self.rules.extend(rules(&mut reader, document));
                placed.append(&mut reader.reader.problems);
            }
        }
        let problem = |place, message| Problem { file: file.to_path_buf(), place, message };
        problems.extend(placed.into_iter().map(|(place, message)| problem(Some(place), message)));
        if before == (self.rules.len(), problems.len()) {
            problems.push(problem(None, "holds no event rule".to_owned()));
        }
        Ok(())
    }
}

/// The rules that a document lists.
fn rules(reader: &mut RuleReader<'_>, document: &Node) -> Vec<EventRule> {
    let items = reader.reader.definitions(document, WRAPPER, "a file of rules", "an event rule");
    items.iter().filter_map(|item| reader.rule(item, None)).collect()
}
