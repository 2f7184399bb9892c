//! Custom data identifiers as a user writes them: every accepted form, and where they come from.

use lakegate::identifiers::allow_list::AllowListCriteria;
use lakegate::identifiers::custom::CustomIdentifier;
use lakegate::identifiers::custom_load::{load, load_all, parse};
use lakegate::identifiers::custom_match::CompiledCustom;
use lakegate::model::Severity;
use proptest::prelude::*;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// What a file holds, apart from where it stands in it.
fn identifiers(file: &str, text: &str) -> Vec<CustomIdentifier> {
    let loaded = parse(Path::new(file), text).unwrap_or_else(|errors| panic!("{errors}\n{text}"));
    let mut identifiers = loaded.identifiers;
    for identifier in &mut identifiers {
        identifier.origin.file = PathBuf::new();
        identifier.origin.line = 0;
    }
    identifiers
}

const REQUEST: &str = r"
name: Employee number
regex: 'E-\d{6}'
description: Staff and contractors
keywords: [employee, staff no]
ignoreWords: [E-000000]
maximumMatchDistance: 20
";

const OTHER: &str = r"
name: Badge
regex: 'B\d{4}'
";

#[test]
fn all_forms_of_a_request_give_the_same_identifiers() {
    let expected = [identifiers("a.yaml", REQUEST), identifiers("a.yaml", OTHER)].concat();
    let indent = |text: &str| text.trim().replace('\n', "\n    ");
    let items = format!("  - {}\n  - {}\n", indent(REQUEST), indent(OTHER));
    let json = r#"{"name": "Employee number", "regex": "E-\\d{6}", "description": "Staff \u0061nd contractors",
        "keywords": ["employee", "staff no"], "ignoreWords": ["E-000000"], "maximumMatchDistance": 20,
        "clientToken": "x", "tags": {"team": "hr"}, "severityLevels": null}"#;
    let badge = "{\"name\":\"Badge\",\"regex\":\"B\\\\d{4}\"}";
    for (file, text) in [
        ("documents.yaml", format!("---{REQUEST}---{OTHER}---\n")),
        ("list.yml", items.clone()),
        ("wrapped.yaml", format!("# ours\ncustomDataIdentifiers:\n{items}")),
        ("list.json", format!("[{json},\n\t{badge}]")),
        ("wrapped.json", format!("{{\"customDataIdentifiers\": [{json}, {badge}]}}")),
        ("bom.json", format!("\u{FEFF}[{json}, {badge}]\r\n")),
        ("windows.yaml", items.replace('\n', "\r\n")),
    ] {
        assert_eq!(identifiers(file, &text), expected, "{file}");
    }
    assert_eq!(expected[0].maximum_match_distance, 20);
    assert_eq!(expected[1].maximum_match_distance, 50);
    assert_eq!(expected[1].severity_levels, []);
}

const TEMPLATE: &str = r#"
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Prefix: {Type: String, Default: E}
  Words: {Type: CommaDelimitedList, Default: "employee, staff no"}
  Distance: {Type: Number, Default: 20}
  Unset: {Type: String}
Conditions:
  Always: !Equals [!Ref Prefix, !Ref Unset]
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties: {BucketName: !Sub "${Unset}-data"}
  Employee:
    Type: AWS::Macie::CustomDataIdentifier
    Condition: Always
    Properties:
      Name: !Join [" ", [Employee, number]]
      Regex: !Sub '${Prefix}-\d{6}'
      Description: !Sub ["Staff ${And} contractors", {And: and}]
      Keywords: !Ref Words
      IgnoreWords: [!Sub "${Prefix}-000000"]
      MaximumMatchDistance: !Ref Distance
      Tags: [{Key: stack, Value: !Ref AWS::StackName}, !Ref Unset]
  Badge:
    Type: AWS::Macie::CustomDataIdentifier
    DependsOn: Employee
    Properties: {Name: Badge, Regex: 'B\d{4}'}
Outputs:
  Id: {Value: !GetAtt Employee.Id}
"#;

#[test]
fn cloudformation_templates_give_the_same_identifiers_as_requests() {
    let expected = [identifiers("a.yaml", REQUEST), identifiers("a.yaml", OTHER)].concat();
    assert_eq!(identifiers("template.yaml", TEMPLATE), expected);
    let json = r#"{
      "Parameters": {"Prefix": {"Type": "String", "Default": "E"}},
      "Resources": {
        "Employee": {"Type": "AWS::Macie::CustomDataIdentifier", "Properties": {
          "Name": {"Fn::Join": [" ", ["Employee", "number"]]},
          "Regex": {"Fn::Sub": "${Prefix}-\\d{6}"},
          "Description": {"Fn::Sub": ["Staff ${And} contractors", {"And": "and"}]},
          "Keywords": {"Fn::Split": ["|", "employee|staff no"]},
          "IgnoreWords": [{"Fn::Join": ["", [{"Ref": "Prefix"}, "-000000"]]}],
          "MaximumMatchDistance": "20"}},
        "Badge": {"Type": "AWS::Macie::CustomDataIdentifier", "Properties": {"Name": "Badge", "Regex": "B\\d{4}",
          "Keywords": {"Ref": "AWS::NoValue"}}}
      }}"#;
    assert_eq!(identifiers("template.json", json), expected);
}

#[test]
fn a_template_may_leave_to_the_deployment_what_nothing_depends_on() {
    let loaded = parse(
        Path::new("t.yaml"),
        r#"
Resources:
  Staff:
    Type: AWS::Macie::CustomDataIdentifier
    Properties:
      Name: !Sub "${AWS::StackName}-staff"
      Description: !If [Live, one, two]
      Regex: !Sub 'E${!x}\d{6}'
  Allowed:
    Type: AWS::Macie::AllowList
    Properties: {Name: Test numbers, Criteria: {Regex: 'E0{6}'}}
  Listed:
    Type: AWS::Macie::AllowList
    Properties:
      Name: Published
      Description: Known to everybody
      Criteria: {S3WordsList: {BucketName: !Ref Bucket, ObjectKey: lists/published.txt}}
"#,
    )
    .unwrap();
    assert_eq!(loaded.identifiers[0].name, "${AWS::StackName}-staff");
    assert_eq!(loaded.identifiers[0].regex, r"E${x}\d{6}");
    assert_eq!(loaded.identifiers[0].origin.line, 3);
    assert_eq!(loaded.allow_lists[0].criteria, AllowListCriteria::Regex("E0{6}".into()));
    let words =
        AllowListCriteria::S3WordsList { bucket_name: "${Bucket}".into(), object_key: "lists/published.txt".into() };
    assert_eq!(
        (&loaded.allow_lists[1].criteria, loaded.allow_lists[1].logical_id.as_deref()),
        (&words, Some("Listed"))
    );
}

#[test]
fn an_explicit_id_is_kept_and_other_ids_follow_from_the_name() {
    let found = identifiers("a.yaml", "- {id: my-id.1, name: A, regex: a+}\n- {name: A2, regex: a+}\n");
    assert_eq!(found[0].id, "my-id.1");
    assert_eq!(found[1].id, identifiers("b.json", r#"{"regex": "b", "name": "A2"}"#)[0].id);
    assert_ne!(found[1].id, identifiers("a.yaml", "{name: a2, regex: a+}")[0].id);
}

#[test]
fn severity_levels_are_kept_in_ascending_order() {
    let text = "
name: A
regex: a+
severityLevels:
  - {severity: HIGH, occurrencesThreshold: 100}
  - {severity: LOW, occurrencesThreshold: 1}
";
    assert_eq!(identifiers("a.yaml", text)[0].severity_levels, [(1, Severity::Low), (100, Severity::High)]);
}

#[test]
fn a_directory_gives_its_definitions_in_the_order_of_their_file_names() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    for (name, text) in [
        ("b.yml", "{name: B, regex: b}"),
        ("a.json", r#"{"name": "A", "regex": "a"}"#),
        ("c.YAML", "{name: C, regex: c}"),
        ("notes.txt", "not read"),
    ] {
        fs::write(path(name), text).unwrap();
    }
    fs::create_dir(path("d.yaml")).unwrap();
    let found = load(&[path("b.yml"), folder.path().to_path_buf(), path("a.json")]).unwrap();
    let names: Vec<&str> = found.iter().map(|identifier| identifier.name.as_str()).collect();
    assert_eq!(names, ["B", "A", "C"]);
    assert_eq!((&found[1].origin.file, found[1].origin.line), (&path("a.json"), 1));
}

#[test]
fn names_and_ids_used_twice_are_reported_with_both_places() {
    let folder = tempfile::tempdir().unwrap();
    let [a, b] = ["a.yaml", "b.yaml"].map(|name| folder.path().join(name));
    fs::write(&a, "name: Badge\nregex: b\n---\nid: q\nname: C\nregex: c\n").unwrap();
    fs::write(&b, "- regex: b\n  name: Badge\n- {name: D, id: q, regex: d}\n- {name: E, regex: (}\n").unwrap();
    let message = load(&[folder.path().to_path_buf()]).unwrap_err().to_string();
    let (a, b) = (a.display(), b.display());
    let expected = format!(
        "{b}:2:9: name \"Badge\" is already used at {a}:1:7; every identifier has its own\n\
         {b}:3:17: id \"q\" is already used at {a}:4:5; every identifier has its own\n\
         {b}:4:20: regex: at character 1: unclosed group"
    );
    assert_eq!(message, expected);
}

#[test]
fn paths_without_identifiers_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let complaint = |name: &str| load(&[path(name)]).unwrap_err().to_string().replace(&*path("").to_string_lossy(), "");
    assert!(complaint("missing.yaml").starts_with("missing.yaml: cannot be read: "));
    fs::create_dir(path("empty")).unwrap();
    assert_eq!(complaint("empty"), "empty: holds no .yaml, .yml or .json file");
    fs::write(path("latin.yaml"), b"name: A\nregex: \xE9\n").unwrap();
    assert_eq!(complaint("latin.yaml"), "latin.yaml:2:8: this byte is not UTF-8 text");
    fs::write(
        path("lists.yaml"),
        "Resources: {A: {Type: AWS::Macie::AllowList, Properties: {Name: A, Criteria: {Regex: a}}}}",
    )
    .unwrap();
    assert_eq!(complaint("lists.yaml"), "lists.yaml: holds allow lists, but no custom data identifier");
    assert_eq!(load_all(&[path("lists.yaml")]).unwrap().allow_lists.len(), 1);
}

#[test]
fn the_example_in_the_documentation_is_read() {
    let page = include_str!("../docs/custom-identifiers.md");
    let example = page.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    assert_eq!(identifiers("page.yaml", example)[0].severity_levels, [(1, Severity::Low), (100, Severity::High)]);
}

#[test]
fn the_synthea_identifiers_find_what_synthea_writes() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("identifiers/custom/synthea.yaml");
    let found = load(&[file]).unwrap();
    for (identifier, name, column, value) in [
        (&found[0], "Patient ID", "PATIENT", "1d604da9-9a81-4ba9-80c2-de3375d59b40"),
        (&found[1], "US Driver License", "DRIVERS", "S99984236"),
        (&found[2], "US Passport", "PASSPORT", "X19277260X"),
    ] {
        let compiled = CompiledCustom::new(identifier).unwrap();
        assert_eq!(identifier.name, name);
        assert!(compiled.keyword_in_name(column));
        assert_eq!(compiled.occurrences(value, true).first(), Some(&(0..value.len())));
        assert!(compiled.occurrences(value, false).is_empty());
    }
    assert_eq!(found.len(), 3);
}

/// A JSON value is YAML: the form of a file does not change what is read from it.
fn json_text() -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::char::any(), 1..12).prop_map(|characters| characters.into_iter().collect())
}

/// Texts of all kinds: arbitrary ones, pieces of definitions in any order, and good files with something torn out.
fn any_definition() -> impl Strategy<Value = String> {
    let torn = (0..TEMPLATE.len(), 0..40usize, r#"[\PC\n\[\]{}!&*:"'-]{0,4}"#).prop_map(|(start, length, put)| {
        let end = (start + length).min(TEMPLATE.len());
        format!("{}{put}{}", &TEMPLATE[..start], &TEMPLATE[end..])
    });
    let pieces = r#"((- |  |name: |regex: |keywords:|Resources:|[\[\]{}!&*"',:#|>%?-]|\n|\t|[a-z0é\\]|!Sub |\\ud83d|\\ude00)){0,40}"#;
    prop_oneof![r"\PC{0,60}".boxed(), pieces.boxed(), torn.boxed()]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn texts_come_out_of_json_as_they_went_in(name in json_text(), keyword in "[^\\x00]{3,9}", ascii in any::<bool>()) {
        let written = serde_json::json!({"name": name, "regex": "a", "keywords": [keyword]}).to_string();
        // As many programs write it: everything beyond ASCII escaped, in pairs beyond U+FFFF.
        let mut escaped = String::new();
        for c in written.chars() {
            if c.is_ascii() {
                escaped.push(c);
            } else {
                c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| write!(escaped, "\\u{unit:04x}").unwrap());
            }
        }
        let found = identifiers("a.json", if ascii { &escaped } else { &written });
        prop_assert_eq!((&found[0].name, &found[0].keywords), (&name, &vec![keyword]));
    }

    #[test]
    fn any_text_is_read_or_refused_at_a_place_inside_it(
        text in any_definition(),
        json in any::<bool>(),
    ) {
        if let Err(errors) = parse(Path::new(if json { "a.json" } else { "a.yaml" }), &text) {
            for problem in errors.problems() {
                let lines = text.split('\n').count() + 1;
                prop_assert!(problem.place.is_none_or(|place| place.line <= lines && place.column >= 1), "{}", problem);
                prop_assert!(!problem.message.contains('\n'), "{}", problem);
            }
        }
    }
}
