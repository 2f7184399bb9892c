//! Reads one allow list from a file's tree, reporting everything that is wrong with it.

use super::allow_list::{AllowListCriteria, AllowScope, DeclaredAllowList, derived_id};
use super::allow_match::object_glob;
use super::custom::Origin;
use super::custom_limits::{self as limits, length};
use super::custom_request::{Reader, Style};
use super::located::{Node, Value};
use std::path::Path;

const REQUEST: [&str; 9] =
    ["name", "criteria", "description", "tags", "clientToken", "id", "identifiers", "objects", "columns"];
const TEMPLATE: [&str; 4] = ["Name", "Criteria", "Description", "Tags"];

/// Whether a mapping looks like the request body of `CreateAllowList` rather than anything else.
pub(super) fn is_request(node: &Node) -> bool {
    node.get("criteria").is_some() || node.get("name").is_some()
}

impl Reader {
    /// One allow list; `None` if something is wrong with it, which is then among the problems. `line` is where its
    /// definition starts, `logical_id` its name in a template.
    pub(super) fn allow_list(
        &mut self,
        node: &Node,
        file: &Path,
        line: usize,
        logical_id: Option<&str>,
    ) -> Option<DeclaredAllowList> {
        let problems = self.problems.len();
        let known: &[&'static str] = if self.style == Style::Request { &REQUEST } else { &TEMPLATE };
        self.members(node, "an allow list", known)?;
        let name = self.required(node, "an allow list", known[0]).and_then(|node| {
            let name = self.label(node, "the name")?;
            self.rule(node.at, name.clone(), limits::name(&name))
        });
        let criteria = self.required(node, "an allow list", known[1]).and_then(|node| {
            let criteria = self.allow_list_criteria(node)?;
            Some((criteria, node.at))
        });
        let description = node.get(known[2]).and_then(|node| {
            let description = self.label(node, "the description")?;
            self.rule(node.at, description.clone(), limits::description(&description))
        });
        if let Some(tags) = node.get(known[3]) {
            self.tags(tags);
        }
        let id = node.get("id").and_then(|node| {
            let id = self.text(node, "the id")?;
            self.rule(node.at, id.clone(), limits::id(&id))
        });
        let scope = AllowScope {
            identifiers: self.scope_texts(node, "identifiers"),
            objects: self.scope_texts(node, "objects"),
            columns: self.scope_texts(node, "columns"),
        };
        if self.problems.len() > problems {
            return None;
        }
        let (name, (criteria, criteria_at)) = (name?, criteria?);
        Some(DeclaredAllowList {
            id: id.unwrap_or_else(|| derived_id(&name)),
            name,
            description: description.unwrap_or_default(),
            logical_id: logical_id.map(str::to_owned),
            criteria,
            criteria_at,
            scope,
            origin: Origin { file: file.to_path_buf(), line },
        })
    }

    /// The texts of a member that narrows a list; none if the list does not have the member.
    fn scope_texts(&mut self, node: &Node, member: &str) -> Vec<String> {
        let Some(node) = node.get(member) else { return Vec::new() };
        let items = self.list(node, member);
        if matches!(node.value, Value::List(_)) && items.is_empty() {
            self.problem(
                node.at,
                format!("{member} is empty, and the list would be for nothing; leave the member out"),
            );
        }
        let mut texts = Vec::new();
        for item in items {
            let Some(text) = self.text(item, &format!("an entry of {member}")) else { continue };
            if text.is_empty() {
                self.problem(item.at, format!("an entry of {member} is empty"));
            } else if let Some(error) = (member == "objects").then(|| object_glob(&text).err()).flatten() {
                self.problem(item.at, format!("this is no glob: {}", error.kind()));
            }
            texts.push(text);
        }
        texts
    }

    fn allow_list_criteria(&mut self, node: &Node) -> Option<AllowListCriteria> {
        let [regex, list, bucket, key] = match self.style {
            Style::Request => ["regex", "s3WordsList", "bucketName", "objectKey"],
            Style::Template => ["Regex", "S3WordsList", "BucketName", "ObjectKey"],
        };
        self.members(node, "the criteria of an allow list", &[regex, list])?;
        match (node.get(regex), node.get(list)) {
            (Some(regex), None) => self.regex(regex).map(AllowListCriteria::Regex),
            (None, Some(words)) => {
                self.members(words, "a list of words", &[bucket, key])?;
                let [bucket_name, object_key] = [(bucket, 3..=255), (key, 1..=1024)].map(|(member, limits)| {
                    let node = self.required(words, "a list of words", member)?;
                    let text = self.label(node, member)?;
                    let rule = match node.value {
                        Value::Computed(_) => Ok(()),
                        _ => length(&format!("the {member}"), &format!("a {member}"), &text, limits),
                    };
                    self.rule(node.at, text, rule)
                });
                Some(AllowListCriteria::S3WordsList { bucket_name: bucket_name?, object_key: object_key? })
            }
            _ => {
                self.problem(node.at, format!("the criteria of an allow list are either {regex} or {list}"));
                None
            }
        }
    }
}
