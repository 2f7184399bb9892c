//! What patterns mean, written down as plainly as possible, and the compiled ones held to it; and to what AWS's own
//! implementation says of patterns of other hands.

use super::{Event, EventPattern};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

/// Ways to meet a pattern: path to the array of what may stand there.
fn ways(
    pattern: &Map<String, Value>,
    path: &str,
    before: Vec<BTreeMap<String, Value>>,
) -> Vec<BTreeMap<String, Value>> {
    pattern.iter().fold(before, |ways_so_far, (name, value)| {
        let inner = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        match value {
            Value::Array(branches) if name == "$or" => branches
                .iter()
                .flat_map(|branch| ways(branch.as_object().unwrap(), path, ways_so_far.clone()))
                .collect(),
            Value::Object(members) => ways(members, &inner, ways_so_far),
            other => ways_so_far
                .into_iter()
                .map(|mut way| {
                    way.insert(inner.clone(), other.clone());
                    way
                })
                .collect(),
        }
    })
}

type Element = HashMap<String, usize>;

/// Values of an event with their path, and the index of the element they are in for each array, arrays named by place.
fn values(value: &Value, path: &str, place: &str, element: &Element, found: &mut Vec<(String, Value, Element)>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let inner = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                values(value, &inner, &format!("{place}/{name}"), element, found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let mut element = element.clone();
                if item.is_object() || item.is_array() {
                    element.insert(place.to_owned(), index);
                }
                values(item, path, &format!("{place}/{index}"), &element, found);
            }
        }
        leaf => found.push((path.to_owned(), leaf.clone(), element.clone())),
    }
}

fn agree(left: &Element, right: &Element) -> bool {
    left.iter().all(|(array, index)| right.get(array).is_none_or(|other| other == index))
}

fn met(way: &[(String, Value)], values: &[(String, Value, Element)], chosen: &Element) -> bool {
    let Some(((path, wanted), rest)) = way.split_first() else { return true };
    let near = values.iter().filter(|(other, _, element)| other == path && agree(chosen, element));
    let absent = wanted.as_array().unwrap().contains(&json!({"exists": false}));
    (absent && near.clone().count() == 0 && met(rest, values, chosen))
        || near.clone().any(|(_, value, element)| {
            let joined = chosen.iter().chain(element).map(|(array, index)| (array.clone(), *index)).collect();
            wanted.as_array().unwrap().iter().any(|wanted| accepts(wanted, value)) && met(rest, values, &joined)
        })
}

fn accepts(wanted: &Value, value: &Value) -> bool {
    let text = value.as_str();
    let number = value.as_f64();
    let same = |wanted: &Value| match (wanted.as_f64(), number) {
        (Some(wanted), Some(number)) => (wanted - number).abs() < 1e-9,
        _ => wanted == value,
    };
    let Value::Object(operator) = wanted else { return same(wanted) };
    let (name, argument) = operator.iter().next().unwrap();
    let lower = |text: &str| text.to_ascii_lowercase();
    let inner = argument.get("equals-ignore-case").and_then(Value::as_str);
    match (name.as_str(), argument, text) {
        ("exists", Value::Bool(exists), _) => *exists,
        ("prefix", Value::String(prefix), Some(text)) => text.starts_with(prefix),
        ("suffix", Value::String(suffix), Some(text)) => text.ends_with(suffix),
        ("prefix", _, Some(text)) => lower(text).starts_with(&lower(inner.unwrap())),
        ("suffix", _, Some(text)) => lower(text).ends_with(&lower(inner.unwrap())),
        ("equals-ignore-case", Value::String(other), Some(text)) => lower(text) == lower(other),
        ("wildcard", Value::String(wildcard), Some(text)) => fits(wildcard.as_bytes(), text.as_bytes()),
        ("numeric", Value::Array(parts), _) => number.is_some_and(|number| {
            parts.chunks(2).all(|pair| match (pair[0].as_str().unwrap(), pair[1].as_f64().unwrap()) {
                ("<", limit) => number < limit,
                ("<=", limit) => number <= limit,
                (">", limit) => number > limit,
                (">=", limit) => number >= limit,
                (_, limit) => (number - limit).abs() < 1e-9,
            })
        }),
        ("anything-but", Value::Object(operator), _) => {
            let (name, arguments) = operator.iter().next().unwrap();
            let arguments = arguments.as_array().cloned().unwrap_or_else(|| vec![arguments.clone()]);
            !arguments.iter().any(|argument| accepts(&json!({name.as_str(): argument}), value))
        }
        ("anything-but", Value::Array(others), _) => !others.iter().any(same),
        ("anything-but", other, _) => !same(other),
        _ => false,
    }
}

/// Without escapes, which random wildcards do not have.
fn fits(wildcard: &[u8], text: &[u8]) -> bool {
    match wildcard.split_first() {
        None => text.is_empty(),
        Some((b'*', rest)) => (0..=text.len()).any(|skipped| fits(rest, &text[skipped..])),
        Some((wanted, rest)) => text.split_first().is_some_and(|(byte, text)| byte == wanted && fits(rest, text)),
    }
}

fn naive(pattern: &Value, event: &Value) -> bool {
    let mut found = Vec::new();
    values(event, "", "", &Element::new(), &mut found);
    ways(pattern.as_object().unwrap(), "", vec![BTreeMap::new()])
        .iter()
        .any(|way| met(&way.clone().into_iter().collect::<Vec<_>>(), &found, &Element::new()))
}

fn any_leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-2_i64..4).prop_map(Value::from),
        (-2_i64..4).prop_map(|half| Value::from(half as f64 / 2.0)),
        "[abA]{0,3}".prop_map(Value::from),
    ]
}

fn any_event() -> impl Strategy<Value = Value> {
    let value = any_leaf().prop_recursive(3, 24, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map("[xyz]", inner, 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    });
    proptest::collection::btree_map("[xyz]", value, 1..4)
        .prop_map(|members| Value::Object(members.into_iter().collect()))
}

fn any_condition() -> impl Strategy<Value = Value> {
    let text = || "[abA]{0,3}";
    let some_text = || "[abA]{1,2}";
    let wildcard = || "[abA]{0,2}(\\*[abA]{1,2}){0,2}\\*?".prop_map(|text| text.replace("**", "*"));
    let bound = || (-2_i64..4, 1_i64..3);
    prop_oneof![
        any_leaf(),
        any_leaf(),
        any_leaf(),
        any::<bool>().prop_map(|exists| json!({"exists": exists})),
        text().prop_map(|text| json!({"prefix": text})),
        text().prop_map(|text| json!({"suffix": text})),
        text().prop_map(|text| json!({"prefix": {"equals-ignore-case": text}})),
        text().prop_map(|text| json!({"suffix": {"equals-ignore-case": text}})),
        text().prop_map(|text| json!({"equals-ignore-case": text})),
        wildcard().prop_map(|text| json!({"wildcard": text})),
        bound().prop_map(|(low, by)| json!({"numeric": [">", low, "<=", low + by]})),
        bound().prop_map(|(low, _)| json!({"numeric": [">=", low]})),
        bound().prop_map(|(low, _)| json!({"numeric": ["<", low]})),
        bound().prop_map(|(low, _)| json!({"numeric": ["=", low]})),
        text().prop_map(|text| json!({"anything-but": text})),
        proptest::collection::vec(text(), 1..3).prop_map(|texts| json!({"anything-but": texts})),
        proptest::collection::vec(-2_i64..4, 1..3).prop_map(|numbers| json!({"anything-but": numbers})),
        proptest::collection::vec(some_text(), 1..3).prop_map(|texts| json!({"anything-but": {"prefix": texts}})),
        some_text().prop_map(|text| json!({"anything-but": {"suffix": text}})),
        proptest::collection::vec(text(), 1..3)
            .prop_map(|texts| json!({"anything-but": {"equals-ignore-case": texts}})),
        proptest::collection::vec(wildcard(), 1..3).prop_map(|texts| json!({"anything-but": {"wildcard": texts}})),
    ]
}

fn any_pattern() -> impl Strategy<Value = Value> {
    let member = proptest::collection::vec(any_condition(), 1..3).prop_map(Value::from);
    let object = |inner: BoxedStrategy<Value>| {
        proptest::collection::btree_map("[xyz]", inner, 1..4)
            .prop_map(|members| Value::Object(members.into_iter().collect()))
    };
    let nested = member.prop_recursive(3, 12, 3, move |inner| {
        let either = proptest::collection::vec(object(inner.clone().boxed()), 2..4)
            .prop_map(|branches| json!({"$or": branches}));
        prop_oneof![3 => object(inner.boxed()), 1 => either]
    });
    proptest::collection::btree_map("[xyz]", nested, 1..4)
        .prop_map(|members| Value::Object(members.into_iter().collect()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn compiled_patterns_mean_what_patterns_mean(pattern in any_pattern(), events in proptest::collection::vec(any_event(), 4)) {
        let compiled = EventPattern::parse(&pattern.to_string()).unwrap();
        for event in events {
            let parsed = Event::parse(&event.to_string()).unwrap();
            let matches = compiled.matches(&parsed);
            prop_assert_eq!(matches, naive(&pattern, &event), "{} {}", pattern, event);
            prop_assert_eq!(matches, compiled.mismatches(&parsed).is_empty());
        }
    }
}

fn shared(name: &str) -> Option<Vec<Value>> {
    let folder = std::env::var_os("LAKEGATE_SHARED_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
    let path = folder.join("event-patterns").join(name);
    let Ok(text) = std::fs::read_to_string(&path) else {
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), "SKIPPED: no test data at {}", path.display());
        return None;
    };
    Some(text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

#[test]
fn patterns_of_other_hands_match_as_in_aws() {
    for name in ["ruler-cases.jsonl", "macie-finding-patterns.jsonl"] {
        let Some(cases) = shared(name) else { continue };
        assert!(cases.len() > 80);
        for case in cases {
            let pattern = EventPattern::parse(case["pattern"].as_str().unwrap());
            let pattern = pattern.unwrap_or_else(|error| panic!("{}: {error}", case["pattern"]));
            let event = Event::parse(case["event"].as_str().unwrap()).unwrap();
            assert_eq!(pattern.matches(&event), case["match"].as_bool().unwrap(), "{case}");
        }
    }
}

#[test]
fn what_aws_refuses_is_refused() {
    let Some(cases) = shared("ruler-invalid-patterns.jsonl") else { return };
    assert_eq!(cases.len(), 19);
    for case in cases {
        let text = case["pattern"].as_str().unwrap();
        assert!(EventPattern::parse(text).is_err(), "{text}");
    }
}
