//! What people have found out where report and label differ (`explanations.yaml` beside this file).

use anyhow::Context;
use serde::Deserialize;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// Which way a difference was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judgement {
    /// The column does hold such data; the label is silent or too narrow.
    Holds,
    /// The report is wrong.
    Mistaken,
    /// The column is labelled and rightly not reported.
    Passed,
    /// The column is labelled and ought to be reported.
    Missed,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    columns: Vec<Entry>,
    numbers: BTreeMap<String, String>,
    credentials: BTreeMap<usize, String>,
    texts: BTreeMap<String, String>,
}

/// One explanation, for some columns of one file and some identifiers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    file: String,
    identifiers: Vec<String>,
    columns: Vec<String>,
    judgement: Judgement,
    because: String,
}

/// What stands where nobody has explained a difference.
pub const UNEXPLAINED: &str = "UNEXPLAINED";

/// Explanations of columns by file, column and identifier; of numbers by identifier; of credentials by row.
pub struct Explanations {
    entries: BTreeMap<[String; 3], (Judgement, String)>,
    numbers: BTreeMap<String, String>,
    credentials: BTreeMap<usize, String>,
    texts: BTreeMap<String, String>,
    used: RefCell<BTreeSet<[String; 3]>>,
}

impl Explanations {
    /// Reads the explanations that are kept with this program.
    pub fn load() -> anyhow::Result<Self> {
        let known: Known =
            serde_yaml::from_str(include_str!("explanations.yaml")).context("reading explanations.yaml")?;
        let mut entries = BTreeMap::new();
        for entry in known.columns {
            for column in &entry.columns {
                for identifier in &entry.identifiers {
                    let key = [entry.file.clone(), column.clone(), identifier.clone()];
                    entries.insert(key, (entry.judgement, entry.because.clone()));
                }
            }
        }
        Ok(Self {
            entries,
            numbers: known.numbers,
            credentials: known.credentials,
            texts: known.texts,
            used: RefCell::default(),
        })
    }

    /// Why valid numbers of an identifier are passed over, or near-misses reported.
    pub fn of_numbers(&self, identifier: &str) -> &str {
        self.numbers.get(identifier).map_or(UNEXPLAINED, String::as_str)
    }

    /// Why we differ from the label of a credential, by its 1-based row.
    pub fn of_credential(&self, row: usize) -> &str {
        self.credentials.get(&row).map_or(UNEXPLAINED, String::as_str)
    }

    /// The judgement on a column's difference, and its reason in one line.
    pub fn get(&self, file: &str, column: &str, identifier: &str) -> Option<(Judgement, &str)> {
        let key = [file.to_string(), column.to_string(), identifier.to_string()];
        let (judgement, because) = self.entries.get(&key)?;
        self.used.borrow_mut().insert(key);
        Some((*judgement, because))
    }

    /// What is behind the figures of a set of labelled text.
    pub fn of_texts(&self, set: &str) -> &str {
        self.texts.get(set).map_or(UNEXPLAINED, String::as_str)
    }

    /// Explanations that nothing asked for: the difference is gone.
    pub fn unused(&self) -> Vec<String> {
        let used = self.used.borrow();
        self.entries.keys().filter(|key| !used.contains(*key)).map(|key| key.join(" / ")).collect()
    }
}
