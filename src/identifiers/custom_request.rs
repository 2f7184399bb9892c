//! Reads one custom identifier from a file's tree, reporting everything that is wrong with it.

use super::custom::{CustomIdentifier, DEFAULT_DISTANCE, Origin, derived_id};
use super::custom_limits::{self as limits, shown};
use super::custom_regex;
use super::located::{Member, Node, Value};
use super::problem::Place;
use super::spelling::nearest;
use crate::model::Severity;
use std::path::Path;

/// Whose member names a mapping has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// The request body of `CreateCustomDataIdentifier`: `ignoreWords`.
    Request,
    /// The properties of a `CloudFormation` resource: `IgnoreWords`.
    Template,
}

const REQUEST: [&str; 10] = [
    "name",
    "regex",
    "description",
    "keywords",
    "ignoreWords",
    "maximumMatchDistance",
    "severityLevels",
    "tags",
    "clientToken",
    "id",
];
const TEMPLATE: [&str; 8] =
    ["Name", "Regex", "Description", "Keywords", "IgnoreWords", "MaximumMatchDistance", "SeverityLevels", "Tags"];

/// An identifier with the places that messages about duplicates point at.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub(super) identifier: CustomIdentifier,
    pub(super) name_at: Place,
    /// `None` when the id is derived from the name.
    pub(super) id_at: Option<Place>,
}

/// Reads values, collecting problems.
pub(crate) struct Reader {
    pub(crate) style: Style,
    pub(crate) problems: Vec<(Place, String)>,
}

impl Reader {
    pub(crate) fn problem(&mut self, at: Place, message: impl Into<String>) {
        self.problems.push((at, message.into()));
    }

    /// Notes a broken rule, and passes the value on if none is.
    pub(crate) fn rule<T>(&mut self, at: Place, value: T, rule: Result<(), String>) -> Option<T> {
        match rule {
            Ok(()) => Some(value),
            Err(message) => {
                self.problem(at, message);
                None
            }
        }
    }

    /// The members of a mapping, unknown ones reported.
    pub(crate) fn members<'a>(&mut self, node: &'a Node, what: &str, known: &[&'static str]) -> Option<&'a [Member]> {
        if let Some(tag) = &node.tag {
            self.problem(node.at, format!("the tag !{tag} has a meaning in CloudFormation templates only"));
            return None;
        }
        let members = match &node.value {
            Value::Map(members) => members,
            Value::Computed(shown) => {
                self.problem(node.at, computed(what, shown));
                return None;
            }
            _ => {
                self.problem(
                    node.at,
                    format!(
                        "{what} is a mapping with {}; this is {}",
                        known.iter().copied().take(2).collect::<Vec<_>>().join(" and "),
                        node.kind()
                    ),
                );
                return None;
            }
        };
        for member in members.iter().filter(|member| !known.contains(&member.name.as_str())) {
            let hint = match nearest(&member.name, known.iter().copied()) {
                Some(meant) => format!("did you mean {meant:?}?"),
                None => format!("{what} has {}", known.join(", ")),
            };
            self.problem(member.at, format!("unknown member {}; {hint}", shown(&member.name)));
        }
        Some(members)
    }

    /// The member that a mapping has to have; its absence is a problem, unless another member is its name misspelt, which
    /// [`Reader::members`] has told.
    pub(crate) fn required<'a>(&mut self, node: &'a Node, what: &str, name: &str) -> Option<&'a Node> {
        if let Some(value) = node.get(name) {
            return Some(value);
        }
        let Value::Map(members) = &node.value else { return None };
        if !members.iter().any(|member| nearest(&member.name, [name]).is_some()) {
            self.problem(node.at, format!("{what} needs the member {name}"));
        }
        None
    }

    /// The definitions of a document: what it lists under `wrapper` or in itself, or the one that it is. `each` is what a
    /// definition is called, `file` what a file with the wrapper is. A list without any is a problem.
    pub(crate) fn definitions<'a>(
        &mut self,
        document: &'a Node,
        wrapper: &'static str,
        file: &str,
        each: &str,
    ) -> &'a [Node] {
        let listed = match document.get(wrapper) {
            Some(wrapped) => {
                self.members(document, file, &[wrapper]);
                wrapped
            }
            None => document,
        };
        let Value::List(items) = &listed.value else { return std::slice::from_ref(listed) };
        if items.is_empty() {
            self.problem(listed.at, format!("this list is empty; it should hold {each}"));
        }
        items
    }

    /// A text, whatever its length.
    pub(crate) fn text(&mut self, node: &Node, what: &str) -> Option<String> {
        match &node.value {
            _ if node.tag.is_some() => {
                let tag = node.tag.as_deref().unwrap_or_default();
                self.problem(node.at, format!("the tag !{tag} has a meaning in CloudFormation templates only"));
                None
            }
            Value::Text(text) => Some(text.clone()),
            // CloudFormation turns scalars into the type that a property has.
            Value::Number(text) if self.style == Style::Template => Some(text.clone()),
            Value::Bool(value) if self.style == Style::Template => Some(value.to_string()),
            Value::Number(written) => {
                self.problem(node.at, format!("{what} is a text; put the number {written} in quotes"));
                None
            }
            Value::Bool(value) => {
                self.problem(node.at, format!("{what} is a text; put the word {value} in quotes"));
                None
            }
            Value::Computed(shown) => {
                self.problem(node.at, computed(what, shown));
                None
            }
            Value::Null | Value::List(_) | Value::Map(_) => {
                self.problem(node.at, format!("{what} is a text; this is {}", node.kind()));
                None
            }
        }
    }

    /// A text that need not be known before deployment, because nothing depends on what it says.
    pub(crate) fn label(&mut self, node: &Node, what: &str) -> Option<String> {
        match &node.value {
            Value::Computed(shown) => Some(shown.clone()),
            _ => self.text(node, what),
        }
    }

    pub(crate) fn list<'a>(&mut self, node: &'a Node, what: &str) -> &'a [Node] {
        match &node.value {
            Value::List(items) if node.tag.is_none() => return items,
            Value::Computed(shown) => self.problem(node.at, computed(what, shown)),
            _ => self.problem(node.at, format!("{what} is a list; this is {}", node.kind())),
        }
        &[]
    }

    pub(crate) fn whole_number(&mut self, node: &Node, what: &str) -> Option<i64> {
        let written = match &node.value {
            Value::Number(written) => Some(written),
            Value::Text(written) if self.style == Style::Template => Some(written),
            _ => None,
        };
        let number = written.and_then(|written| written.parse().ok());
        if number.is_none() {
            match &node.value {
                Value::Computed(shown) => self.problem(node.at, computed(what, shown)),
                _ => self.problem(node.at, format!("{what} is a whole number without quotes")),
            }
        }
        number
    }

    /// One identifier; `None` if something is wrong with it, which is then among the problems.
    pub(super) fn identifier(&mut self, node: &Node, file: &Path, line: usize) -> Option<Placed> {
        let what = "a custom data identifier";
        let known: &[&str] = if self.style == Style::Request { &REQUEST } else { &TEMPLATE };
        if let Value::Map(members) = &node.value
            && !members.is_empty()
            && members.iter().all(|member| nearest(&member.name, known.iter().copied()).is_none())
        {
            self.problem(node.at, format!("this is not {what}: it has none of the members {}", known.join(", ")));
            return None;
        }
        let problems = self.problems.len();
        let members = self.members(node, what, known)?;
        let given = |request: &str| {
            members
                .iter()
                .filter(|member| member.value.value != Value::Null)
                .find(|member| decapitalised(&member.name, self.style) == request)
                .map(|member| &member.value)
        };
        let fields = REQUEST.map(|name| (name, given(name)));
        let field = |name: &str| fields.iter().find(|(field, _)| *field == name).and_then(|(_, node)| *node);

        for required in ["name", "regex"] {
            let index = usize::from(required == "regex");
            // A misspelt member has been reported as such.
            let misspelt = members.iter().any(|member| {
                !known.contains(&member.name.as_str())
                    && nearest(&member.name, known.iter().copied()) == Some(known[index])
            });
            if field(required).is_none() && !misspelt {
                self.problem(node.at, format!("{what} needs the member {}", known[index]));
            }
        }
        let name = field("name").and_then(|node| {
            let name = self.label(node, "the name")?;
            self.rule(node.at, (name.clone(), node.at), limits::name(&name))
        });
        let regex = field("regex").and_then(|node| self.regex(node));
        let description = field("description").and_then(|node| {
            let description = self.label(node, "the description")?;
            self.rule(node.at, description.clone(), limits::description(&description))
        });
        let keywords = field("keywords")
            .map(|node| self.words(node, "keywords", "a keyword", limits::keyword_count, limits::keyword))
            .unwrap_or_default();
        let ignore_words = field("ignoreWords")
            .map(|node| {
                self.words(node, "ignoreWords", "an ignore word", limits::ignore_word_count, limits::ignore_word)
            })
            .unwrap_or_default();
        let distance = field("maximumMatchDistance").and_then(|node| {
            let distance = self.whole_number(node, "maximumMatchDistance")?;
            self.rule(node.at, u16::try_from(distance).unwrap_or_default(), limits::distance(distance))
        });
        let severity_levels = field("severityLevels").map(|node| self.severity_levels(node)).unwrap_or_default();
        if let Some(node) = field("tags") {
            self.tags(node);
        }
        if let Some(node) = field("clientToken") {
            self.text(node, "the client token");
        }
        let id = field("id").and_then(|node| {
            let id = self.text(node, "the id")?;
            self.rule(node.at, (id.clone(), node.at), limits::id(&id))
        });
        if self.problems.len() > problems {
            return None;
        }
        let ((name, name_at), regex) = (name?, regex?);
        let (id, id_at) = match id {
            Some((id, at)) => (id, Some(at)),
            None => (derived_id(&name), None),
        };
        let identifier = CustomIdentifier {
            id,
            name,
            description: description.unwrap_or_default(),
            regex,
            keywords,
            ignore_words,
            maximum_match_distance: distance.unwrap_or(DEFAULT_DISTANCE),
            severity_levels,
            origin: Origin { file: file.to_path_buf(), line },
        };
        Some(Placed { identifier, name_at, id_at })
    }

    /// A pattern within the limits.
    pub(super) fn regex(&mut self, node: &Node) -> Option<String> {
        let regex = self.text(node, "the regex")?;
        let checked = custom_regex::check(&regex).map(|_| ()).map_err(|error| format!("regex: {error}"));
        self.rule(node.at, regex, checked)
    }

    fn words(
        &mut self,
        node: &Node,
        member: &str,
        each: &str,
        count: fn(usize) -> Result<(), String>,
        word: fn(&str) -> Result<(), String>,
    ) -> Vec<String> {
        let items = self.list(node, member);
        self.rule(node.at, (), count(items.len()));
        items
            .iter()
            .filter_map(|item| {
                let text = self.text(item, each)?;
                self.rule(item.at, text.clone(), word(&text))
            })
            .collect()
    }

    fn severity_levels(&mut self, node: &Node) -> Vec<(u64, Severity)> {
        let known: [&str; 2] = match self.style {
            Style::Request => ["occurrencesThreshold", "severity"],
            Style::Template => ["OccurrencesThreshold", "Severity"],
        };
        let items = self.list(node, "severityLevels");
        self.rule(node.at, (), limits::severity_level_count(items.len()));
        let mut levels: Vec<(Place, u64, Severity)> = Vec::new();
        for item in items {
            if self.members(item, "a severity level", &known).is_none() {
                continue;
            }
            let [threshold, severity] = known.map(|name| {
                let node = item.get(name).filter(|node| node.value != Value::Null);
                if node.is_none() {
                    self.problem(item.at, format!("a severity level needs the member {name}"));
                }
                node
            });
            let threshold = threshold.and_then(|node| {
                let threshold = self.whole_number(node, "occurrencesThreshold")?;
                let rule = match threshold {
                    1.. => Ok(()),
                    _ => Err(format!("occurrencesThreshold is {threshold}; the least is 1")),
                };
                self.rule(node.at, threshold.unsigned_abs(), rule)
            });
            let severity = severity.and_then(|node| self.severity(node));
            if let (Some(threshold), Some(severity)) = (threshold, severity) {
                if let Some((first, ..)) = levels.iter().find(|(_, _, other)| *other == severity) {
                    let word = severity.as_str().to_uppercase();
                    let message = format!("severity {word} already has a level at line {}; each has one", first.line);
                    self.problem(item.at, message);
                } else {
                    levels.push((item.at, threshold, severity));
                }
            }
        }
        levels.sort_by_key(|(_, _, severity)| *severity);
        for pair in levels.windows(2) {
            let ((_, low, lower), (at, high, higher)) = (pair[0], pair[1]);
            if low >= high {
                self.problem(
                    at,
                    format!(
                        "{} starts at {high} occurrences, {} at {low}; thresholds ascend from LOW to HIGH",
                        higher.as_str().to_uppercase(),
                        lower.as_str().to_uppercase()
                    ),
                );
            }
        }
        levels.into_iter().map(|(_, threshold, severity)| (threshold, severity)).collect()
    }

    fn severity(&mut self, node: &Node) -> Option<Severity> {
        let word = self.text(node, "a severity")?;
        match word.as_str() {
            "LOW" => Some(Severity::Low),
            "MEDIUM" => Some(Severity::Medium),
            "HIGH" => Some(Severity::High),
            _ => {
                self.problem(node.at, format!("severity {} is none of LOW, MEDIUM and HIGH", shown(&word)));
                None
            }
        }
    }

    /// Tags have no meaning here, but a request with bad ones would fail in AWS.
    pub(crate) fn tags(&mut self, node: &Node) {
        match (self.style, &node.value) {
            (Style::Request, Value::Map(tags)) => {
                self.rule(node.at, (), limits::tag_count(tags.len()));
                for tag in tags {
                    self.rule(tag.at, (), limits::tag_key(&tag.name));
                    if let Some(value) = self.text(&tag.value, "a tag's value") {
                        self.rule(tag.value.at, (), limits::tag_value(&value));
                    }
                }
            }
            (Style::Request, _) => self.problem(node.at, format!("tags is a mapping; this is {}", node.kind())),
            (Style::Template, Value::Computed(_)) => {}
            (Style::Template, _) => {
                let tags = self.list(node, "Tags");
                self.rule(node.at, (), limits::tag_count(tags.len()));
                for tag in tags.iter().filter(|tag| !matches!(tag.value, Value::Computed(_))) {
                    self.members(tag, "a tag", &["Key", "Value"]);
                }
            }
        }
    }
}

fn computed(what: &str, shown: &str) -> String {
    format!(
        "{what} depends on {shown}, which only a deployment knows; write the value, or give the parameter a Default"
    )
}

/// The name that a member has in a request.
fn decapitalised(name: &str, style: Style) -> String {
    let mut characters = name.chars();
    match (style, characters.next()) {
        (Style::Template, Some(first)) => first.to_lowercase().chain(characters).collect(),
        _ => name.to_owned(),
    }
}
