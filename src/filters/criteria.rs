//! The criteria of a filter, and how they are read.

use super::condition::{Condition, Range};
use super::field::{self, Field, Kind};
use crate::identifiers::custom_request::Reader;
use crate::identifiers::located::{Member, Node, Value};
use crate::identifiers::spelling::nearest;

/// Values of one operator.
const MOST_VALUES: usize = 50;
const OPERATORS: [&str; 7] = ["eq", "neq", "eqExactMatch", "gt", "gte", "lt", "lte"];

/// Conditions on the fields of a finding, all of which a finding that matches fulfils.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criteria {
    conditions: Vec<Condition>,
}

impl Criteria {
    /// Whether a finding, in Macie's JSON, matches.
    pub fn matches(&self, finding: &serde_json::Value) -> bool {
        self.conditions.iter().all(|condition| condition.holds(finding))
    }

    /// Reads the mapping from paths to operators; `None` if something is wrong with it, which is then among the reader's
    /// problems.
    pub(super) fn read(reader: &mut Reader, node: &Node) -> Option<Self> {
        let Value::Map(members) = &node.value else {
            reader.problem(
                node.at,
                format!("the criterion is a mapping from fields to conditions; this is {}", node.kind()),
            );
            return None;
        };
        if members.is_empty() {
            reader.problem(node.at, "the criterion has no condition and would match every finding");
            return None;
        }
        let conditions: Vec<_> = members.iter().map(|member| condition(reader, member)).collect();
        Some(Self { conditions: conditions.into_iter().collect::<Option<_>>()? })
    }
}

fn condition(reader: &mut Reader, member: &Member) -> Option<Condition> {
    let Some(field) = Field::named(&member.name) else {
        let hint = nearest(&member.name, field::paths()).map_or_else(
            || "fields are named by their path, such as severity.description".to_owned(),
            |meant| format!("did you mean {meant:?}?"),
        );
        reader.problem(member.at, format!("a finding has no field {:?}; {hint}", member.name));
        return None;
    };
    let operators = reader.members(&member.value, "a condition", &OPERATORS)?;
    if operators.is_empty() {
        reader.problem(member.value.at, format!("a condition has at least one of {}", OPERATORS.join(", ")));
        return None;
    }
    let before = reader.problems.len();
    let mut condition = Condition { field, eq: None, neq: None, exact: None, range: Range::default() };
    for operator in operators {
        match operator.name.as_str() {
            "eq" => condition.eq = Some(values(reader, operator)),
            "neq" => condition.neq = Some(values(reader, operator)),
            "eqExactMatch" => {
                if !condition.field.exact {
                    reader.problem(operator.at, format!("eqExactMatch cannot be used for {}", member.name));
                } else if operators.len() > 1 {
                    reader.problem(operator.at, "eqExactMatch cannot be combined with another operator");
                }
                condition.exact = Some(values(reader, operator).into_iter().collect());
            }
            "gt" => condition.range.gt = bound(reader, &condition, operator),
            "gte" => condition.range.gte = bound(reader, &condition, operator),
            "lt" => condition.range.lt = bound(reader, &condition, operator),
            "lte" => condition.range.lte = bound(reader, &condition, operator),
            _ => {}
        }
    }
    (reader.problems.len() == before).then_some(condition)
}

fn values(reader: &mut Reader, operator: &Member) -> Vec<String> {
    let items = reader.list(&operator.value, &operator.name);
    if matches!(operator.value.value, Value::List(_)) && !(1..=MOST_VALUES).contains(&items.len()) {
        let count = items.len();
        reader.problem(operator.value.at, format!("{} has {count} values; it has 1 to {MOST_VALUES}", operator.name));
    }
    items.iter().filter_map(|item| reader.text(item, "a value of a condition")).collect()
}

fn bound(reader: &mut Reader, condition: &Condition, operator: &Member) -> Option<i64> {
    if !matches!(condition.field.kind, Kind::Number | Kind::Time) {
        let field = condition.field.path.join(".");
        reader.problem(operator.at, format!("{} is for numbers and times; {field} is neither", operator.name));
        return None;
    }
    reader.whole_number(&operator.value, &operator.name)
}
