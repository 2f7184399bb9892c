//! Runs every example against all identifiers. What else is found is kept in a snapshot, so that a collision is seen in review.

use lakegate::engine::Engine;
use lakegate::identifiers::builtin;
use lakegate::identifiers::set::ManagedSet;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

const REFRESH: &str = "UPDATE_SNAPSHOTS=1 cargo test --test cross_matches";

fn engine() -> Engine {
    Engine::new(ManagedSet::new(builtin::managed(), |_| true).expect("the files are sound"), Vec::new())
}

/// One line per example in which another identifier is found: `ID #example in "column": OTHER, OTHER`.
fn cross_matches(engine: &Engine) -> String {
    let mut text = String::from(
        "# Examples of one identifier in which others are found as well.\n\
         # `same` holds the same characters or a part of them, `beside` other characters of the example.\n\
         # `outranks` lists those that would claim the same characters if they looked alone.\n",
    );
    let mut lines = Vec::new();
    for identifier in builtin::documented().iter().flat_map(|(_, file)| &file.identifiers) {
        for (number, example) in identifier.examples.iter().enumerate() {
            let column = example.column.as_deref();
            let found = engine.inspect(column, &example.text);
            let id = |index: usize| engine.managed.identifiers[index].reference.id.as_str();
            let (own, others): (Vec<_>, Vec<_>) = found.iter().partition(|(index, _)| id(*index) == identifier.id);
            let others: BTreeSet<String> = others
                .iter()
                .map(|(index, range)| {
                    let same = own.iter().any(|(_, own)| own.start < range.end && range.start < own.end);
                    format!("{} {}", if same { "same" } else { "beside" }, id(*index))
                })
                .collect();
            if !others.is_empty() {
                let place = column.map_or_else(|| "in text".to_string(), |name| format!("in column {name:?}"));
                let others: Vec<String> = others.into_iter().collect();
                lines.push(format!("{} example {} {place}: {}", identifier.id, number + 1, others.join(", ")));
            }
        }
    }
    lines.sort();
    lines.extend(outranked(engine));
    for line in lines {
        let _ = writeln!(text, "{line}");
    }
    text
}

/// One line per identifier whose examples others would claim if they looked alone: `ID outranks: OTHER, OTHER`.
fn outranked(everything: &Engine) -> Vec<String> {
    let mut rivals: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let definitions = builtin::managed();
    for rival in definitions {
        let alone =
            Engine::new(ManagedSet::new(definitions, |id| id == rival.id).expect("the files are sound"), Vec::new());
        for identifier in builtin::documented().iter().flat_map(|(_, file)| &file.identifiers) {
            for example in identifier.examples.iter().filter(|_| identifier.id != rival.id) {
                let column = example.column.as_deref();
                let claims = alone.inspect(column, &example.text);
                if claims.is_empty() {
                    continue;
                }
                let settled = everything.inspect(column, &example.text);
                let id = |index: usize| everything.managed.identifiers[index].reference.id.as_str();
                let mut own = settled.iter().filter(|(index, _)| id(*index) == identifier.id);
                let loses = own.any(|(_, own)| {
                    claims.iter().any(|(_, range)| own.start < range.end && range.start < own.end)
                        && !settled.iter().any(|(index, range)| id(*index) == rival.id && range.start < own.end)
                });
                if loses {
                    rivals.entry(&identifier.id).or_default().insert(rival.id.to_string());
                }
            }
        }
    }
    let line = |(id, rivals): (&str, BTreeSet<String>)| {
        format!("{id} outranks: {}", rivals.into_iter().collect::<Vec<_>>().join(", "))
    };
    rivals.into_iter().map(line).collect()
}

#[test]
fn examples_hold_nothing_else_than_the_snapshot_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/cross_matches.txt");
    let now = cross_matches(&engine());
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&path, &now).unwrap();
    }
    let before = fs::read_to_string(&path).unwrap_or_default();
    let lines = |text: &str| text.lines().map(str::to_string).collect::<BTreeSet<_>>();
    let (old, new) = (lines(&before), lines(&now));
    let diff: Vec<String> = (old.difference(&new).map(|line| format!("- {line}")))
        .chain(new.difference(&old).map(|line| format!("+ {line}")))
        .collect();
    assert!(diff.is_empty(), "matches across identifiers changed; if that is right: {REFRESH}\n{}", diff.join("\n"));
}

#[test]
fn the_same_characters_are_two_things_only_where_a_file_says_so() {
    let engine = engine();
    let documented = builtin::documented().iter().flat_map(|(_, file)| &file.identifiers);
    let mut wrong = Vec::new();
    for identifier in documented {
        for example in &identifier.examples {
            let found = engine.inspect(example.column.as_deref(), &example.text);
            for (place, (one, range)) in found.iter().enumerate() {
                for (other, overlapping) in &found[place + 1..] {
                    let overlap = range.start < overlapping.end && overlapping.start < range.end;
                    if overlap && !engine.managed.may_share(*one as u16, *other as u16) {
                        let id = |index: usize| &engine.managed.identifiers[index].reference.id;
                        wrong.push(format!("{:?}: {} and {}", &example.text[range.clone()], id(*one), id(*other)));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
