//! Paths into an event, as targets of rules name what they want of it.

use serde_json::Value;

/// A path such as `$.detail.resourcesAffected.s3Object.key`, `$.resources[0]` or `$.detail.result.sensitiveData[*].category`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventPath(Vec<Step>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Member(String),
    /// 0-based.
    Element(usize),
    All,
}

impl EventPath {
    /// Reads a path in the subset of JSON path that `EventBridge` knows; the error says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut rest =
            text.strip_prefix('$').ok_or_else(|| format!("the path {text:?} does not begin with $, the event"))?;
        let mut steps = Vec::new();
        while !rest.is_empty() {
            let bracketed = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
            let (step, after) = if let Some((inner, after)) = bracketed {
                (bracketed_step(inner), after)
            } else {
                let named = rest.strip_prefix('.').unwrap_or_default();
                let (name, after) = named.split_at(named.find(['.', '[']).unwrap_or(named.len()));
                let step = match name {
                    "" => None,
                    "*" => Some(Step::All),
                    name => Some(Step::Member(name.to_owned())),
                };
                (step, after)
            };
            steps.push(step.ok_or_else(|| format!("the path {text:?} cannot be read from {rest:?} on"))?);
            rest = after;
        }
        Ok(Self(steps))
    }

    /// What the path leads to. With `*` in it that is an array of everything it leads to.
    pub fn select(&self, event: &Value) -> Option<Value> {
        let mut reached = vec![event];
        for step in &self.0 {
            reached = reached
                .into_iter()
                .flat_map(|value| match (step, value) {
                    (Step::Member(name), Value::Object(members)) => members.get(name).into_iter().collect(),
                    (Step::Element(index), Value::Array(items)) => items.get(*index).into_iter().collect(),
                    (Step::All, Value::Array(items)) => items.iter().collect(),
                    (Step::All, Value::Object(members)) => members.values().collect::<Vec<_>>(),
                    _ => Vec::new(),
                })
                .collect();
        }
        match reached.as_slice() {
            [] => None,
            [one] if !self.0.contains(&Step::All) => Some((*one).clone()),
            many => Some(many.iter().copied().cloned().collect()),
        }
    }
}

fn bracketed_step(inner: &str) -> Option<Step> {
    for quote in ['\'', '"'] {
        if let Some(name) = inner.strip_prefix(quote) {
            return name.strip_suffix(quote).map(|name| Step::Member(name.to_owned()));
        }
    }
    if inner == "*" { Some(Step::All) } else { inner.parse().ok().map(Step::Element) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_lead_to_members_elements_and_all_of_them() {
        let event = json!({"detail-type": "x", "a": [{"b": 1}, {"b": 2}, {}], "c": {"d.e": null}});
        let select = |path| EventPath::parse(path).unwrap().select(&event);
        assert_eq!(select("$"), Some(event.clone()));
        assert_eq!(select("$.detail-type"), Some(json!("x")));
        assert_eq!(select("$.a[1].b"), Some(json!(2)));
        assert_eq!(select("$.a[*].b"), Some(json!([1, 2])));
        assert_eq!(select("$['c'][\"d.e\"]"), Some(json!(null)));
        assert_eq!((select("$.a.b"), select("$.a[3]"), select("$.none.b")), (None, None, None));
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for path in ["", "detail", "$detail", "$.", "$..a", "$.a[x]", "$.a[1", "$.a['b]"] {
            assert!(EventPath::parse(path).is_err(), "{path}");
        }
    }
}
