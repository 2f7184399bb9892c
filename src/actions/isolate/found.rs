//! Files that findings name, read from any form of output that holds findings.

use super::request::{FindingRef, Request, Scanned};
use crate::model::Severity;
use crate::sources::{Entry, walk};
use jiff::Timestamp;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

/// A file that a finding names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The object's key.
    pub key: String,
    /// Size in bytes.
    pub size: u64,
    /// Last modification, in seconds since the Unix epoch.
    pub modified: Option<i64>,
    /// Severity of the finding.
    pub severity: Severity,
    /// The finding.
    pub finding: FindingRef,
}

/// Why findings cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum FoundError {
    /// Text that is no JSON.
    #[error("{0}")]
    NoJson(#[from] serde_json::Error),
    /// A value that is no finding.
    #[error("value {number} is no finding, event or discovery result: {problem}")]
    NoFinding {
        /// 1-based number of the value in the file.
        number: usize,
        /// What is missing or wrong.
        problem: String,
    },
    /// A value of which nobody can tell whether it is wanted.
    #[error("value {number}: {problem}")]
    Unjudged {
        /// 1-based number of the value in the file.
        number: usize,
        /// Why.
        problem: String,
    },
    /// Nothing at all, which is more likely a mistake than a result.
    #[error("there is nothing in it")]
    Empty,
}

impl Found {
    /// The files that the findings in `text` name. It holds the response of `GetFindings`, findings, events or stored discovery
    /// results, one or many, one after the other or in arrays. Archived findings and records without a finding name none.
    pub fn all(text: &str) -> Result<Vec<Self>, FoundError> {
        Self::wanted(text, |_| Ok(true))
    }

    /// Those among [`Self::all`] whose finding, event or record is wanted; an error of `wants` says why it cannot tell.
    pub fn wanted(text: &str, wants: impl Fn(&Value) -> Result<bool, String>) -> Result<Vec<Self>, FoundError> {
        let mut values = Vec::new();
        for value in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
            match value? {
                Value::Array(array) => values.extend(array),
                Value::Object(mut object) => match object.get_mut("findings").map(Value::take) {
                    Some(Value::Array(findings)) if object.len() <= 2 => values.extend(findings),
                    Some(other) => return Err(no_finding(1, format!("its member findings is {other}"))),
                    None => values.push(Value::Object(object)),
                },
                other => values.push(other),
            }
        }
        if values.is_empty() && text.trim().is_empty() {
            return Err(FoundError::Empty);
        }
        let mut found = Vec::new();
        for (index, value) in values.iter().enumerate() {
            if wants(value).map_err(|problem| FoundError::Unjudged { number: index + 1, problem })? {
                found.extend(Self::of(value).map_err(|problem| no_finding(index + 1, problem))?);
            }
        }
        Ok(found)
    }

    /// The file that a finding, an event or a discovery result names; `None` for a record without a finding and for an archived
    /// finding, which is announced to nobody. An error says what is missing.
    pub fn of(value: &Value) -> Result<Option<Self>, String> {
        let finding = match value.get("detail") {
            Some(detail) => detail,
            None => value,
        };
        let object = &finding["resourcesAffected"]["s3Object"];
        let key = object["key"].as_str().ok_or("resourcesAffected.s3Object.key is missing")?;
        let Some(severity) = finding.get("severity").filter(|severity| !severity.is_null()) else {
            return Ok(None);
        };
        let severity = match severity["description"].as_str().unwrap_or_default() {
            "Low" => Severity::Low,
            "Medium" => Severity::Medium,
            "High" => Severity::High,
            _ => return Err("severity.description is not Low, Medium or High".to_owned()),
        };
        if finding["archived"] == Value::Bool(true) {
            return Ok(None);
        }
        // Stored discovery results write numbers as strings.
        let size = &object["size"];
        let size = size
            .as_u64()
            .or_else(|| size.as_str()?.parse().ok())
            .ok_or("resourcesAffected.s3Object.size is missing")?;
        let modified = match object.get("lastModified").and_then(Value::as_str) {
            Some(text) => {
                Some(text.parse::<Timestamp>().map_err(|_| "resourcesAffected.s3Object.lastModified is no time")?)
            }
            None => None,
        };
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let bucket = text(&finding["resourcesAffected"]["s3Bucket"]["name"]);
        let finding = FindingRef { id: text(&finding["id"]), severity: severity.as_str().to_owned(), bucket };
        let modified = modified.map(Timestamp::as_second);
        Ok(Some(Self { key: key.to_owned(), size, modified, severity, finding }))
    }

    /// Names of the buckets that these files are in.
    pub fn buckets(found: &[Self]) -> BTreeSet<&str> {
        found.iter().map(|found| found.finding.bucket.as_str()).collect()
    }

    /// Requests to isolate these files, which a scan found below `source`, its keys with `prefix` in front. There is one a file,
    /// in order of keys, however many findings name it; the last one counts.
    ///
    /// What a key names is looked up among the keys that a scan of `source` gives; for a key that none of them is, the request
    /// says where the file would be.
    pub fn requests(found: &[Self], source: &Path, prefix: &str) -> Vec<Request> {
        let entries = walk(&[source]);
        let by_key: HashMap<&str, &Entry> = entries.iter().map(|entry| (entry.key.as_str(), entry)).collect();
        let by_file: BTreeMap<&str, &Self> = found.iter().map(|found| (found.key.as_str(), found)).collect();
        let requests = by_file.into_values().map(|found| {
            let below = found.key.strip_prefix(prefix).unwrap_or(&found.key);
            let path = by_key.get(below).and_then(|entry| entry.path.strip_prefix(source).ok());
            Request {
                key: found.key.clone(),
                root: source.to_owned(),
                path: path.map_or_else(|| PathBuf::from(below), Path::to_owned),
                scanned: Scanned { size: found.size, modified: found.modified, fingerprint: None },
                finding: Some(found.finding.clone()),
            }
        });
        requests.collect()
    }
}

fn no_finding(number: usize, problem: impl Into<String>) -> FoundError {
    FoundError::NoFinding { number, problem: problem.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn finding(key: &str) -> Value {
        json!({
            "id": "f", "archived": false, "severity": {"description": "High", "score": 3},
            "resourcesAffected": {
                "s3Bucket": {"name": "drop"},
                "s3Object": {"key": key, "size": 5, "lastModified": "2025-01-01T12:00:00.000Z"},
            },
        })
    }

    fn keys(text: &str) -> Vec<String> {
        Found::all(text).expect("these are findings").into_iter().map(|found| found.key).collect()
    }

    #[test]
    fn findings_are_read_from_every_form() {
        let (a, b) = (finding("a"), finding("b"));
        assert_eq!(keys(&json!({"findings": [a, b], "nextToken": ""}).to_string()), ["a", "b"]);
        assert_eq!(keys(&format!("{a}\n{b}\n")), ["a", "b"]);
        assert_eq!(keys(&json!([a, b]).to_string()), ["a", "b"]);
        assert_eq!(keys(&json!({"detail-type": "Macie Finding", "detail": a}).to_string()), ["a"]);
        assert_eq!(keys(&json!({"findings": []}).to_string()), Vec::<String>::new());
        let found = &Found::all(&a.to_string()).expect("a finding")[0];
        assert_eq!((found.size, found.modified, found.severity), (5, Some(1_735_732_800), Severity::High));
    }

    #[test]
    fn clean_results_and_archived_findings_name_no_file_and_numbers_may_be_strings() {
        let mut archived = finding("a");
        archived["archived"] = json!(true);
        let mut clean = finding("b");
        clean.as_object_mut().expect("an object").remove("severity");
        let mut stored = finding("c");
        stored["resourcesAffected"]["s3Object"]["size"] = json!("5");
        assert_eq!(keys(&format!("{archived}\n{clean}\n{stored}")), ["c"]);
    }

    #[test]
    fn what_is_no_finding_is_told_with_its_number() {
        let text = format!("{}\n{}", finding("a"), json!({"id": 1}));
        let error = Found::all(&text).expect_err("the second is no finding").to_string();
        assert_eq!(
            error,
            "value 2 is no finding, event or discovery result: resourcesAffected.s3Object.key is missing"
        );
        assert!(Found::all("{\n  \"a\": oops").expect_err("no JSON").to_string().contains("line 2"));
        assert!(matches!(Found::all(" \n"), Err(FoundError::Empty)));
    }
}
