//! identifiers/schema.json and docs/identifiers.md are what the code and the identifier files say, and the schema accepts
//! what the program accepts.

#[path = "../examples/identifier_docs/document.rs"]
mod document;
mod exceptions;
#[path = "../examples/identifier_docs/json_schema.rs"]
mod json_schema;

use jsonschema::Validator;
use lakegate::identifiers::builtin;
use lakegate::identifiers::schema::{Check, CounterExample, Example, Luhn, Managed, Pattern, TypeFile, Weighted};
use lakegate::proof::prove;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const REFRESH: &str = "cargo run --example identifier_docs";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_default()
}

fn schema() -> Value {
    serde_json::from_str(&json_schema::write(root()).expect("the types are readable")).expect("JSON")
}

#[test]
fn the_schema_is_what_the_types_say() {
    assert!(read("identifiers/schema.json") == json_schema::write(root()).unwrap(), "stale; run {REFRESH}");
}

#[test]
fn the_document_is_what_the_identifier_files_say() {
    assert!(read("docs/identifiers.md") == document::write(), "docs/identifiers.md is stale; run {REFRESH}");
}

#[test]
fn every_identifier_file_obeys_the_schema() {
    let validator: Validator = jsonschema::validator_for(&schema()).unwrap();
    for (path, text) in builtin::sources() {
        let file: Value = serde_yaml::from_str(text).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&file).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{path}: {}", errors.join("\n"));
    }
}

/// The members that the parser knows, taken from its complaint about one that it does not.
fn members<T: DeserializeOwned>() -> BTreeSet<String> {
    let complaint = serde_json::from_value::<T>(json!({"no such member": 1})).err().expect("a complaint").to_string();
    complaint.split('`').skip(3).step_by(2).map(str::to_string).collect()
}

#[test]
fn the_schema_has_the_members_that_the_parser_knows() {
    let schema = schema();
    let expect = |members: BTreeSet<String>, object: &Value| {
        let properties: BTreeSet<String> = object["properties"].as_object().unwrap().keys().cloned().collect();
        assert_eq!(properties, members);
        assert_eq!(object["additionalProperties"], false);
    };
    expect(members::<TypeFile>(), &schema);
    expect(members::<Managed>(), &schema["$defs"]["Managed"]);
    expect(members::<Pattern>(), &schema["$defs"]["Pattern"]);
    expect(members::<Check>(), &schema["$defs"]["Check"]);
    expect(members::<Weighted>(), &schema["$defs"]["Weighted"]);
    expect(members::<Example>(), &schema["$defs"]["Example"]);
    expect(members::<CounterExample>(), &schema["$defs"]["CounterExample"]);
    // A complaint about a type with one member names it without a list.
    assert!(serde_json::from_value::<Luhn>(json!({"prefix": "80840"})).is_ok());
    assert!(schema["$defs"]["Luhn"]["properties"]["prefix"].is_object());
}

#[test]
fn the_schema_and_the_parser_refuse_the_same_files() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let good: Value = serde_yaml::from_str(&example_of_the_guide()).unwrap();
    assert!(validator.is_valid(&good));
    for (pointer, broken) in [
        ("", json!({"colour": "red"})),
        ("/category", json!("PERSONAL")),
        ("/identifiers/0/keyword_mode", json!("always")),
        ("/identifiers/0/severity", json!(["High", "High"])),
        ("/identifiers/0/severity/0", json!("high")),
        ("/identifiers/0/patterns/0", json!({"regexp": "x"})),
        ("/identifiers/0/patterns/0/checks/0", json!({"mod11": true})),
        ("/identifiers/0/examples/0", json!({"text": "x"})),
    ] {
        let mut file = good.clone();
        *file.pointer_mut(pointer).unwrap() = broken;
        assert!(!validator.is_valid(&file), "{pointer}");
        assert!(serde_json::from_value::<TypeFile>(file).is_err(), "{pointer}");
    }
}

/// The first YAML block of the guide for contributors.
fn example_of_the_guide() -> String {
    let guide = read("docs/adding-an-identifier.md");
    let (_, rest) = guide.split_once("```yaml\n").expect("the guide has an example");
    rest.split_once("```").expect("the example ends").0.to_string()
}

#[test]
fn the_example_of_the_guide_proves_itself() {
    let file: TypeFile = serde_yaml::from_str(&example_of_the_guide()).unwrap();
    let failures: Vec<String> = prove([("the example", &file)]).iter().map(ToString::to_string).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let identifier = &file.identifiers[0];
    assert!(identifier.examples.len() >= 2 && !identifier.counter_examples.is_empty());
}

#[test]
fn exceptions_are_made_for_identifiers_that_there_are() {
    let ids: BTreeSet<&str> =
        builtin::documented().iter().flat_map(|(_, file)| &file.identifiers).map(|one| one.id.as_str()).collect();
    let exceptions =
        exceptions::CHECKSUMS.iter().map(|(id, ..)| *id).chain(exceptions::ESCAPES.iter().map(|(id, ..)| *id));
    for id in exceptions {
        assert!(ids.contains(id), "{id}");
    }
}
