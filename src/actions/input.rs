//! What a target of a rule is given: the event, a part of it, or a text made from it.

use super::event_path::EventPath;
use serde_json::Value;

/// Most variables of a template, as in `EventBridge`.
const MOST_VARIABLES: usize = 100;
/// Most bytes of a template.
const LONGEST_TEMPLATE: usize = 8192;
const RESERVED: &str = "aws.events.";

/// What a target is given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Input {
    /// The event as it is.
    #[default]
    Event,
    /// What a path leads to in the event; nothing, if it leads nowhere.
    Path(EventPath),
    /// A text that does not depend on the event.
    Constant(String),
    /// A text with values of the event in it.
    Template(InputTemplate),
}

/// The rule that an event concerns, as templates can name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleName<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its ARN.
    pub arn: &'a str,
}

impl Input {
    /// The text that the target is given. `event` is an event as `scan --format events` writes them.
    pub fn render(&self, event: &Value, rule: RuleName<'_>) -> String {
        match self {
            Self::Event => event.to_string(),
            Self::Path(path) => path.select(event).map(|value| value.to_string()).unwrap_or_default(),
            Self::Constant(text) => text.clone(),
            Self::Template(template) => template.render(event, rule),
        }
    }
}

/// A text in which `<name>` stands for a value of the event.
///
/// As in `EventBridge`, in a template that is JSON a placeholder outside of quotes becomes a JSON value, quotes included, and
/// one inside becomes part of the string; in any other template it becomes the bare text. What is not in the event becomes
/// `null` where JSON wants a value, and nothing elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputTemplate {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Placeholder { value: Source, form: Form },
}

/// Where the value of a placeholder comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Source {
    Path(EventPath),
    RuleName,
    RuleArn,
    /// The event without its detail.
    Event,
    /// The whole event.
    EventJson,
    IngestionTime,
}

/// What the value of a placeholder is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A JSON value.
    Json,
    /// A part of a JSON string.
    Quoted,
    /// Text as it is.
    Bare,
}

impl InputTemplate {
    /// Reads a template with its variables: names and paths. The error says what is wrong.
    pub fn new(variables: &[(String, EventPath)], template: &str) -> Result<Self, String> {
        if variables.len() > MOST_VARIABLES {
            return Err(format!("there are {} variables; the most is {MOST_VARIABLES}", variables.len()));
        }
        if let Some((name, _)) = variables.iter().find(|(name, _)| name.to_lowercase().starts_with("aws")) {
            return Err(format!("the variable {name:?} begins with AWS; such names are reserved"));
        }
        if template.len() > LONGEST_TEMPLATE {
            return Err(format!("the template has {} bytes; the most is {LONGEST_TEMPLATE}", template.len()));
        }
        let trimmed = template.trim();
        let alone = placeholder(trimmed).is_some_and(|(_, after)| after.is_empty());
        let json = alone || trimmed.starts_with(['{', '[']);
        let mut pieces = Vec::new();
        let mut text = String::new();
        let (mut quoted, mut escaped) = (false, false);
        let mut rest = template;
        while let Some(character) = rest.chars().next() {
            if let Some((name, after)) = placeholder(rest) {
                let value = source(name, variables)?;
                let form = match (quoted, json) {
                    (true, _) => Form::Quoted,
                    (false, true) => Form::Json,
                    (false, false) => Form::Bare,
                };
                pieces.push(Piece::Text(std::mem::take(&mut text)));
                pieces.push(Piece::Placeholder { value, form });
                rest = after;
                continue;
            }
            quoted ^= character == '"' && !escaped;
            escaped = character == '\\' && !escaped;
            text.push(character);
            rest = &rest[character.len_utf8()..];
        }
        pieces.push(Piece::Text(text));
        Ok(Self { pieces })
    }

    fn render(&self, event: &Value, rule: RuleName<'_>) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Placeholder { value, form } => form.write(value.value(event, rule).as_ref()),
        };
        self.pieces.iter().map(piece).collect()
    }
}

impl Source {
    fn value(&self, event: &Value, rule: RuleName<'_>) -> Option<Value> {
        match self {
            Self::Path(path) => path.select(event),
            Self::RuleName => Some(rule.name.into()),
            Self::RuleArn => Some(rule.arn.into()),
            Self::EventJson => Some(event.clone()),
            Self::IngestionTime => event.get("time").cloned(),
            Self::Event => {
                let mut event = event.clone();
                event.as_object_mut()?.shift_remove("detail");
                Some(event)
            }
        }
    }
}

impl Form {
    fn write(self, value: Option<&Value>) -> String {
        match (self, value) {
            (Self::Json, None) => "null".to_owned(),
            (_, None) => String::new(),
            (Self::Bare, Some(Value::String(text))) => text.clone(),
            (Self::Bare | Self::Json, Some(value)) => value.to_string(),
            (Self::Quoted, Some(value)) => {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                let quoted = Value::from(text).to_string();
                quoted[1..quoted.len() - 1].to_owned()
            }
        }
    }
}

/// The name between angle brackets that a text begins with, and what follows.
fn placeholder(text: &str) -> Option<(&str, &str)> {
    let (name, after) = text.strip_prefix('<')?.split_once('>')?;
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    (!name.is_empty() && name.chars().all(fits)).then_some((name, after))
}

fn source(name: &str, variables: &[(String, EventPath)]) -> Result<Source, String> {
    Ok(match name.strip_prefix(RESERVED) {
        Some("rule-name") => Source::RuleName,
        Some("rule-arn") => Source::RuleArn,
        Some("event") => Source::Event,
        Some("event.json") => Source::EventJson,
        Some("event.ingestion-time") => Source::IngestionTime,
        Some(_) => return Err(format!("<{name}> is none of the variables that {RESERVED} begins")),
        None => match variables.iter().find(|(variable, _)| variable == name) {
            Some((_, path)) => Source::Path(path.clone()),
            None => return Err(format!("the template names <{name}>, which is no variable of InputPathsMap")),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const RULE: RuleName<'_> = RuleName { name: "high", arn: "arn:aws:events:us-east-1:111122223333:rule/high" };

    fn event() -> Value {
        json!({"id": "1", "time": "2025-01-02T03:04:05Z", "detail": {"key": "a \"b\".csv", "n": 3, "o": {"x": [1]}}})
    }

    fn rendered(template: &str) -> String {
        let path = |path| EventPath::parse(path).unwrap();
        let variables = [("key", "$.detail.key"), ("n", "$.detail.n"), ("o", "$.detail.o"), ("none", "$.detail.none")];
        let variables = variables.map(|(name, text)| (name.to_owned(), path(text)));
        Input::Template(InputTemplate::new(&variables, template).unwrap()).render(&event(), RULE)
    }

    #[test]
    fn placeholders_in_json_are_values_outside_of_quotes_and_text_inside() {
        let text = rendered(r#"{"key": <key>, "say": "n \"is\" <n> of <key>", "o": <o>, "no": <none>, "e": "<none>"}"#);
        let value: Value = serde_json::from_str(&text).unwrap();
        let expected =
            json!({"key": "a \"b\".csv", "say": "n \"is\" 3 of a \"b\".csv", "o": {"x": [1]}, "no": null, "e": ""});
        assert_eq!(value, expected);
        assert_eq!(rendered("<key>"), r#""a \"b\".csv""#);
    }

    #[test]
    fn lines_in_quotes_stay_json_strings_and_plain_text_stays_plain() {
        assert_eq!(rendered("\"<n> in <key>\"\n\"<none>!\""), "\"3 in a \\\"b\\\".csv\"\n\"!\"");
        assert_eq!(rendered("<n> in <key>, 1 < 2"), "3 in a \"b\".csv, 1 < 2");
    }

    #[test]
    fn reserved_names_stand_for_the_rule_and_the_event() {
        assert_eq!(
            rendered("<aws.events.rule-name> <aws.events.rule-arn> <aws.events.event.ingestion-time>"),
            format!("{} {} 2025-01-02T03:04:05Z", RULE.name, RULE.arn)
        );
        assert_eq!(rendered("<aws.events.event.json>"), event().to_string());
        assert_eq!(rendered(r#"{"e": <aws.events.event>}"#), r#"{"e": {"id":"1","time":"2025-01-02T03:04:05Z"}}"#);
    }

    #[test]
    fn templates_that_eventbridge_would_refuse_are_refused() {
        let path = || EventPath::parse("$").unwrap();
        for (variable, template) in [("x", "<y>"), ("aws.x", "x"), ("x", "<aws.events.nothing>")] {
            assert!(InputTemplate::new(&[(variable.to_owned(), path())], template).is_err(), "{template}");
        }
        assert!(InputTemplate::new(&[], &"x".repeat(9000)).is_err());
    }

    #[test]
    fn a_target_can_be_given_the_event_a_part_of_it_or_a_constant() {
        assert_eq!(Input::Event.render(&event(), RULE), event().to_string());
        assert_eq!(Input::Path(EventPath::parse("$.detail.o").unwrap()).render(&event(), RULE), r#"{"x":[1]}"#);
        assert_eq!(Input::Path(EventPath::parse("$.no").unwrap()).render(&event(), RULE), "");
        assert_eq!(Input::Constant("{}".into()).render(&event(), RULE), "{}");
    }
}
