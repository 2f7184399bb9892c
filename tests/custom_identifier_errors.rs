//! What is said about files of custom data identifiers that are wrong: the place, the rule, and what would be right.

use lakegate::identifiers::custom_load::parse;
use std::path::Path;

fn complaints(file: &str, text: &str) -> String {
    match parse(Path::new(file), text) {
        Ok(loaded) => panic!("accepted: {text}\n{loaded:?}"),
        Err(errors) => errors.to_string(),
    }
}

/// Every complaint about every text, in order, as it is printed.
fn check(table: &[(&str, &str, &[&str])]) {
    for (file, text, expected) in table {
        assert_eq!(complaints(file, text), expected.join("\n"), "{text}");
    }
}

#[test]
fn a_broken_limit_is_reported_at_the_value_that_breaks_it() {
    check(&[
        (
            "identifiers/x.yaml",
            "name: A\nregex: a\nkeywords:\n  - PATIENT\n  - ab\n",
            &["identifiers/x.yaml:5:5: keyword \"ab\" has 2 characters; a keyword has 3 to 90"],
        ),
        (
            "x.yaml",
            "keywords: abc\nname: \"\"\nregex: a\nignoreWords: [abc, TEST]\nmaximumMatchDistance: 301\nid: a b\n",
            &[
                "x.yaml:1:11: keywords is a list; this is a text",
                "x.yaml:2:7: the name has 0 characters; a name has 1 to 128",
                "x.yaml:4:15: ignore word \"abc\" has 3 characters; an ignore word has 4 to 90",
                "x.yaml:5:23: the maximum match distance is 301; it is 1 to 300 characters",
                "x.yaml:6:5: the id holds ' '; an id has letters a-z and A-Z, digits, hyphens, underscores and dots",
            ],
        ),
        (
            "x.json",
            "{\"name\": \"\\ud83d\\ude00\", \"regex\": \"\",\n\t\"keywords\": [\"ab\"], \"maximumMatchDistance\": \"50\"}",
            &[
                "x.json:1:35: regex: the pattern has 0 characters; a regex has 1 to 512",
                "x.json:2:15: keyword \"ab\" has 2 characters; a keyword has 3 to 90",
                "x.json:2:46: maximumMatchDistance is a whole number without quotes",
            ],
        ),
        (
            "x.yaml",
            "name: A\nregex: a\ntags: {'': b}\n",
            &["x.yaml:3:8: tag key \"\" has 0 characters; a tag key has 1 to 128"],
        ),
    ]);
}

#[test]
fn lists_and_texts_that_are_too_long_are_counted() {
    let list = |each: &str, count: usize| format!("[{}]", vec![each; count].join(", "));
    let long = "é".repeat(513);
    for (member, value, expected) in [
        ("keywords", list("abc", 51), "there are 51 keywords; an identifier has at most 50".to_owned()),
        ("ignoreWords", list("abcd", 11), "there are 11 ignore words; an identifier has at most 10".to_owned()),
        ("description", long.clone(), "the description has 513 characters; a description has at most 512".to_owned()),
        ("regex", long.clone(), "regex: the pattern has 513 characters; a regex has 1 to 512".to_owned()),
        ("name", "n".repeat(129), "the name has 129 characters; a name has 1 to 128".to_owned()),
        (
            "keywords",
            format!("[{}]", "k".repeat(91)),
            format!("keyword \"{}\"... has 91 characters; a keyword has 3 to 90", "k".repeat(40)),
        ),
    ] {
        let others = match member {
            "name" => "regex: a, ",
            "regex" => "name: A, ",
            _ => "name: A, regex: a, ",
        };
        let complaint = complaints("x.yaml", &format!("{{{others}{member}: {value}}}"));
        assert!(complaint.starts_with("x.yaml:1:") && complaint.ends_with(&format!(": {expected}")), "{complaint}");
    }
}

#[test]
fn a_value_of_another_kind_is_reported_with_the_way_to_write_it() {
    check(&[
        (
            "x.yaml",
            "name: 12\nregex: true\nkeywords: [1234, null, [a]]\nmaximumMatchDistance: 1.5\n",
            &[
                "x.yaml:1:7: the name is a text; put the number 12 in quotes",
                "x.yaml:2:8: the regex is a text; put the word true in quotes",
                "x.yaml:3:12: a keyword is a text; put the number 1234 in quotes",
                "x.yaml:3:18: a keyword is a text; this is nothing",
                "x.yaml:3:24: a keyword is a text; this is a list",
                "x.yaml:4:23: maximumMatchDistance is a whole number without quotes",
            ],
        ),
        (
            "x.yaml",
            "- hello\n- name: !Sub A\n  regex: a\n",
            &[
                "x.yaml:1:3: a custom data identifier is a mapping with name and regex; this is a text",
                "x.yaml:2:9: the tag !Sub has a meaning in CloudFormation templates only",
            ],
        ),
    ]);
}

#[test]
fn unknown_and_missing_members_are_reported() {
    check(&[
        (
            "x.yaml",
            "Name: A\nkeyword: [abc]\nseverity: LOW\n",
            &[
                "x.yaml:1:1: unknown member \"Name\"; did you mean \"name\"?",
                "x.yaml:1:1: a custom data identifier needs the member regex",
                "x.yaml:2:1: unknown member \"keyword\"; did you mean \"keywords\"?",
                "x.yaml:3:1: unknown member \"severity\"; a custom data identifier has name, regex, description, keywords, \
                 ignoreWords, maximumMatchDistance, severityLevels, tags, clientToken, id",
            ],
        ),
        (
            "x.json",
            "{\"findings\": []}",
            &[
                "x.json:1:1: this is not a custom data identifier: it has none of the members name, regex, description, \
               keywords, ignoreWords, maximumMatchDistance, severityLevels, tags, clientToken, id",
            ],
        ),
        (
            "x.yaml",
            "customDataIdentifiers: []\nversion: 1\n",
            &[
                "x.yaml:1:24: this list is empty; it should hold a custom data identifier",
                "x.yaml:2:1: unknown member \"version\"; a file of identifiers has customDataIdentifiers",
            ],
        ),
        ("x.yaml", "# nothing yet\n", &["x.yaml: is empty; it should hold a custom data identifier"]),
    ]);
}

#[test]
fn severity_levels_are_checked_one_by_one_and_together() {
    check(&[
        (
            "x.yaml",
            "name: A\nregex: a\nseverityLevels:\n - {occurrencesThreshold: 5, severity: LOW}\n - {occurrencesThreshold: 5, \
             severity: MEDIUM}\n - {occurrencesThreshold: 0, severity: High}\n",
            &[
                "x.yaml:5:4: MEDIUM starts at 5 occurrences, LOW at 5; thresholds ascend from LOW to HIGH",
                "x.yaml:6:27: occurrencesThreshold is 0; the least is 1",
                "x.yaml:6:40: severity \"High\" is none of LOW, MEDIUM and HIGH",
            ],
        ),
        (
            "x.yaml",
            "name: A\nregex: a\nseverityLevels:\n - {occurrencesThreshold: 5, severity: LOW}\n - {occurrencesThreshold: 9, \
             severity: LOW}\n - severity: HIGH\n   threshold: 1\n - {}\n",
            &[
                "x.yaml:4:2: there are 4 severity levels; an identifier has at most 3",
                "x.yaml:5:4: severity LOW already has a level at line 4; each has one",
                "x.yaml:6:4: a severity level needs the member occurrencesThreshold",
                "x.yaml:7:4: unknown member \"threshold\"; a severity level has occurrencesThreshold, severity",
                "x.yaml:8:4: a severity level needs the member occurrencesThreshold",
                "x.yaml:8:4: a severity level needs the member severity",
            ],
        ),
    ]);
}

#[test]
fn a_refused_pattern_is_reported_with_the_place_in_it_and_another_way() {
    check(&[
        (
            "x.yaml",
            "name: A\nregex: 'ab(?=c)'\n",
            &[
                "x.yaml:2:8: regex: at character 3: a look-ahead (?= is not supported; use keywords to ask for text before the \
               match, and ignoreWords to drop matches",
            ],
        ),
        (
            "x.yaml",
            "name: A\nregex: \\d{100,1000}\n",
            &[
                "x.yaml:2:8: regex: at character 3: the bound 1000 of the repeat {100,1000} is larger than 999; use a smaller \
               bound, or none at all as in {100,}",
            ],
        ),
        (
            "x.yaml",
            "name: A\nregex: a*b*a*\n",
            &[
                "x.yaml:2:8: regex: repeated wildcards: three repeats with * follow one another and two of them take the same \
               characters, as in a*b*a*; use + or a bound such as {0,20} for one of them",
            ],
        ),
    ]);
}

#[test]
fn broken_yaml_is_reported_where_it_breaks() {
    check(&[
        ("x.yaml", "name: A\nregex: a\nname: B\n", &["x.yaml:3:1: member \"name\" was already given at line 1"]),
        ("x.yaml", "name: A\n  regex: a\n", &["x.yaml:2:8: mapping values are not allowed in this context"]),
        (
            "x.yaml",
            "name: A\nregex: \"\\d{8}\"\n",
            &[
                "x.yaml:2:8: while parsing a quoted scalar, found unknown escape character; put a text with backslashes in \
               single quotes, or write each backslash twice",
            ],
        ),
        (
            "x.json",
            "{\"name\": \"A\",\n \"regex\": [a}",
            &["x.json:2:13: while parsing a flow sequence, expected ',' or ']'"],
        ),
    ]);
}

#[test]
fn templates_are_checked_like_requests() {
    let resource =
        |kind: &str, properties: &str| format!("Resources:\n  A:\n    Type: AWS::Macie::{kind}\n{properties}");
    check(&[
        (
            "t.yaml",
            "Resources: {A: {Type: 'AWS::S3::Bucket'}}\n",
            &["t.yaml:1:1: this template declares no resource of type AWS::Macie::CustomDataIdentifier (or \
               AWS::Macie::AllowList)"],
        ),
        (
            "t.yaml",
            &resource("CustomDataIdentifier", ""),
            &["t.yaml:2:3: resource A of type AWS::Macie::CustomDataIdentifier has no Properties"],
        ),
        (
            "t.yaml",
            &resource(
                "CustomDataIdentifier",
                "    Properties:\n      name: A\n      Regex: !GetAtt B.C\n      Keywords: [!ImportValue x, ab]\n",
            ),
            &[
                "t.yaml:5:7: unknown member \"name\"; did you mean \"Name\"?",
                "t.yaml:6:14: the regex depends on ${B.C}, which only a deployment knows; write the value, or give the \
                 parameter a Default",
                "t.yaml:7:18: a keyword depends on ${ImportValue}, which only a deployment knows; write the value, or give \
                 the parameter a Default",
                "t.yaml:7:34: keyword \"ab\" has 2 characters; a keyword has 3 to 90",
            ],
        ),
        (
            "t.yaml",
            &resource("AllowList", "    Properties:\n      Name: A\n      Criteria: {Regex: a, S3WordsList: {}}\n"),
            &["t.yaml:6:17: the criteria of an allow list are either Regex or S3WordsList"],
        ),
        (
            "t.yaml",
            &resource("AllowList", "    Properties: {Criteria: {S3WordsList: {BucketName: ab}}}\n"),
            &[
                "t.yaml:4:17: an allow list needs the member Name",
                "t.yaml:4:42: a list of words needs the member ObjectKey",
                "t.yaml:4:55: the BucketName has 2 characters; a BucketName has 3 to 255",
            ],
        ),
    ]);
}
