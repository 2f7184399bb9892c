//! Says in plain words how a YAML file breaks the schema. The build step uses the same words.

/// The sentence for an error of the YAML reader: without the place, which is told apart from it, and in the words of people
/// who write identifier files.
pub fn in_plain_words(error: &str) -> String {
    let error = error.rsplit_once(" at line ").map_or(error, |(sentence, _)| sentence);
    let (member, sentence) = match error.split_once(": ") {
        Some((path, sentence)) if is_path(path) => (last_member(path), sentence),
        _ => ("", error),
    };
    if let Some(rest) = sentence.strip_prefix("unknown field `") {
        let (name, expected) = rest.split_once('`').unwrap_or((rest, ""));
        return format!("there is no member {name:?} here; the members are {}", list(expected));
    }
    if let Some(rest) = sentence.strip_prefix("unknown variant `") {
        let (name, expected) = rest.split_once('`').unwrap_or((rest, ""));
        return said_of(member, &format!("{name:?} is none of {}", list(expected)));
    }
    if let Some(name) = sentence.strip_prefix("missing field ") {
        return format!("the member {:?} is missing", name.trim_matches('`'));
    }
    if let Some(name) = sentence.strip_prefix("duplicate field ") {
        return format!("the member {:?} is given twice", name.trim_matches('`'));
    }
    if let Some(rest) = sentence.strip_prefix("invalid length ") {
        let (length, expected) = rest.split_once(", expected ").unwrap_or((rest, ""));
        let wanted = expected.strip_prefix("an array of length ").unwrap_or(expected);
        return said_of(member, &format!("the list has {length} values; {wanted} are expected"));
    }
    for start in ["invalid type: ", "invalid value: "] {
        if let Some((given, expected)) = sentence.strip_prefix(start).and_then(|rest| rest.split_once(", expected ")) {
            return said_of(member, &format!("{} is expected, not {}", kind_expected(expected), kind_given(given)));
        }
    }
    let sentence = sentence.split_once(" at line ").map_or(sentence, |(sentence, _)| sentence);
    format!("this is not YAML: {sentence}")
}

fn is_path(text: &str) -> bool {
    let member = |character: char| character.is_ascii_alphanumeric() || "_.[]".contains(character);
    !text.is_empty() && text.chars().all(member)
}

/// `priority` of `identifiers[0].priority`.
fn last_member(path: &str) -> &str {
    let name = path.rsplit('.').next().unwrap_or(path);
    name.split('[').next().unwrap_or(name)
}

fn said_of(member: &str, sentence: &str) -> String {
    if member.is_empty() { sentence.to_string() } else { format!("{member}: {sentence}") }
}

/// The names between backticks, with commas.
fn list(expected: &str) -> String {
    expected.split('`').skip(1).step_by(2).collect::<Vec<_>>().join(", ")
}

fn kind_expected(kind: &str) -> String {
    match kind {
        "u8" => "a whole number from 0 to 255".into(),
        "u32" | "u64" | "usize" => "a whole number, 0 or more".into(),
        "a string" | "a borrowed string" => "a text".into(),
        "a sequence" => "a list".into(),
        "a boolean" => "true or false".into(),
        _ if kind.starts_with("struct ") || kind == "a map" => "a mapping with members".into(),
        _ if kind.starts_with("enum ") => "one of its words".into(),
        _ => match kind.strip_prefix("an array of length ") {
            Some(length) => format!("a list of {length} values"),
            None => kind.into(),
        },
    }
}

fn kind_given(kind: &str) -> String {
    let of = |name: &str| kind.strip_prefix(name).map(|value| value.trim().trim_matches('`').to_string());
    match kind {
        "map" => "a mapping".into(),
        "sequence" => "a list".into(),
        "unit value" => "nothing".into(),
        _ => (of("string").map(|text| format!("the text {text}")))
            .or_else(|| of("integer").or_else(|| of("floating point")).map(|number| format!("the number {number}")))
            .or_else(|| of("boolean"))
            .unwrap_or_else(|| kind.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_the_reader_become_plain_sentences() {
        for (error, sentence) in [
            (
                "identifiers[0].priority: invalid type: string \"high\", expected u8 at line 11 column 15",
                "priority: a whole number from 0 to 255 is expected, not the text \"high\"",
            ),
            ("identifiers[0]: missing field `name` at line 5 column 5", "the member \"name\" is missing"),
            (
                "unknown field `colour`, expected `id` or `name` at line 2 column 1",
                "there is no member \"colour\" here; the members are id, name",
            ),
            (
                "identifiers[3].keyword_mode: unknown variant `x`, expected one of `required`, `none` at line 7 column 1",
                "keyword_mode: \"x\" is none of required, none",
            ),
            (
                "identifiers[0].severity: invalid length 2, expected an array of length 3 at line 9 column 5",
                "severity: the list has 2 values; 3 are expected",
            ),
            ("about: invalid type: sequence, expected a string", "about: a text is expected, not a list"),
            (
                "did not find expected key at line 18 column 18, while parsing a block mapping at line 17 column 9",
                "this is not YAML: did not find expected key",
            ),
        ] {
            assert_eq!(in_plain_words(error), sentence);
        }
    }
}
