//! The 166 managed identifiers: the ones that Macie documents, and complete.

mod shared_data;

use lakegate::identifiers::builtin;
use lakegate::identifiers::schema::{KeywordMode, Managed, TypeFile};
use lakegate::model::Category;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

fn all() -> impl Iterator<Item = (&'static str, &'static TypeFile, &'static Managed)> {
    builtin::documented()
        .iter()
        .flat_map(|(path, file)| file.identifiers.iter().map(move |identifier| (*path, file, identifier)))
}

/// Fails with all the ids for which something does not hold.
fn none_but(what: &str, wrong: impl Iterator<Item = &'static str>) {
    let wrong: Vec<&str> = wrong.collect();
    assert!(wrong.is_empty(), "{what}: {}", wrong.join(", "));
}

fn ids_where(holds: impl Fn(&Managed) -> bool) -> impl Iterator<Item = &'static str> {
    all().filter(move |(_, _, identifier)| holds(identifier)).map(|(_, _, identifier)| identifier.id.as_str())
}

#[test]
fn there_are_166_identifiers_and_no_id_comes_twice() {
    let ids: BTreeSet<&str> = all().map(|(_, _, identifier)| identifier.id.as_str()).collect();
    assert_eq!(all().count(), 166);
    assert_eq!(ids.len(), 166);
}

#[test]
fn each_category_has_its_number_of_identifiers() {
    let count = |category| all().filter(|(_, file, _)| file.category == category).count();
    assert_eq!(count(Category::Credentials), 9);
    assert_eq!(count(Category::FinancialInformation), 58);
    assert_eq!(count(Category::PersonalInformation), 99);
}

#[test]
fn every_file_lies_in_the_folder_of_its_category() {
    for (path, file) in builtin::documented() {
        let folder = match file.category {
            Category::Credentials => "credentials",
            Category::FinancialInformation => "financial",
            Category::PersonalInformation => "personal",
            Category::CustomIdentifier => panic!("{path}: no category of managed identifiers"),
        };
        assert!(path.starts_with(&format!("identifiers/managed/{folder}/")), "{path}");
    }
}

#[test]
fn every_identifier_shows_when_it_matches_and_when_it_does_not() {
    none_but("fewer than two examples", ids_where(|one| one.examples.len() < 2));
    none_but("no counter-example", ids_where(|one| one.counter_examples.is_empty()));
    let silent_example = |one: &Managed| one.examples.iter().any(|example| example.found.is_empty());
    none_but("an example in which nothing is found", ids_where(silent_example));
}

#[test]
fn every_identifier_that_needs_a_keyword_shows_that_it_is_silent_without() {
    let without_keyword =
        |one: &Managed| one.counter_examples.iter().any(|counter| counter.because.to_lowercase().contains("keyword"));
    none_but(
        "no counter-example for a missing keyword",
        ids_where(|one| one.keyword_mode == KeywordMode::Required && !without_keyword(one)),
    );
}

#[test]
fn every_identifier_is_explained_and_names_its_sources() {
    none_but("no name", ids_where(|one| one.name.trim().is_empty()));
    none_but("no text about it", ids_where(|one| one.about.trim().len() < 20));
    none_but("no references", ids_where(|one| one.references.is_empty()));
    for (path, file) in builtin::documented() {
        assert!(file.about.trim().len() >= 40, "{path}");
        assert!(!file.sensitive_data_type.is_empty(), "{path}");
    }
}

#[test]
fn an_identifier_has_keywords_exactly_when_a_form_needs_one() {
    none_but(
        "keywords and mode disagree",
        ids_where(|one| one.detector.is_none() && (one.keyword_mode == KeywordMode::None) != one.keywords.is_empty()),
    );
}

#[test]
fn the_identifiers_are_the_documented_ones() {
    let Some(path) = shared_data::reference("macie/managed-identifiers.yaml") else { return };
    let text = std::fs::read_to_string(path).unwrap();
    let reference: Value = serde_yaml::from_str(&text).unwrap();
    let documented: BTreeMap<&str, &Value> = reference["identifiers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (entry["id"].as_str().unwrap(), entry))
        .collect();
    let ours: BTreeSet<&str> = all().map(|(_, _, identifier)| identifier.id.as_str()).collect();
    assert_eq!(ours, documented.keys().copied().collect());
    let mut wrong = Vec::new();
    for (_, file, identifier) in all() {
        let entry = documented[identifier.id.as_str()];
        let text = |member: &str| entry[member].as_str().unwrap_or_default();
        let texts = |member: &str| -> BTreeSet<&str> {
            entry[member].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
        };
        let set = |own: &'static [String]| own.iter().map(String::as_str).collect::<BTreeSet<_>>();
        let mode = match identifier.keyword_mode {
            KeywordMode::Required => "required",
            KeywordMode::None => "none",
            KeywordMode::Conditional => "conditional",
        };
        let severity = ["n1", "n2_99", "n100plus"].map(|count| entry["severity"][count].as_str().unwrap().to_string());
        let mut expect = |what: &str, holds: bool| {
            if !holds {
                wrong.push(format!("{}: {what}", identifier.id));
            }
        };
        expect("category", text("category") == file.category.as_str());
        expect("keyword_mode", text("keyword_mode") == mode);
        expect("keywords", texts("keywords") == set(&identifier.keywords));
        expect("countries", texts("countries") == set(&identifier.countries));
        expect("not_reported", texts("not_reported") == set(&identifier.not_reported));
        expect("severity", severity == identifier.severity.map(|severity| severity.to_string()));
        expect("recommended", entry["recommended_for_jobs"].as_bool().unwrap() == identifier.recommended);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
