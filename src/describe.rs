//! Managed identifiers explained to people.

use crate::identifiers::managed::ManagedIdentifier;
use crate::identifiers::schema::{Detector, KeywordMode, Managed, TypeFile};
use crate::model::Category;
use std::fmt::Write as _;

/// All identifiers by category: id, when a keyword is needed, whether a check digit is verified, countries.
pub fn list(files: &[(&str, TypeFile)]) -> String {
    let mut text = String::new();
    let width = files.iter().flat_map(|(_, file)| &file.identifiers).map(|one| one.id.len()).max().unwrap_or(0);
    let mut total = 0;
    for category in [Category::Credentials, Category::FinancialInformation, Category::PersonalInformation] {
        let mut members: Vec<(&TypeFile, &Managed)> = files
            .iter()
            .filter(|(_, file)| file.category == category)
            .flat_map(|(_, file)| file.identifiers.iter().map(move |identifier| (file, identifier)))
            .collect();
        members.sort_by_key(|(_, identifier)| identifier.id.as_str());
        total += members.len();
        let _ = writeln!(text, "{} ({})", category.as_str(), members.len());
        for (file, identifier) in members {
            let check = if verifies_check_digit(file, identifier) { "check digit" } else { "" };
            let _ = writeln!(
                text,
                "  {:width$}  {:11}  {check:11}  {}",
                identifier.id,
                mode(identifier.keyword_mode),
                identifier.countries.join(" "),
            );
        }
        text.push('\n');
    }
    let _ = writeln!(text, "{total} managed identifiers. `lakegate identifiers show ID` explains one.");
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

fn mode(mode: KeywordMode) -> &'static str {
    match mode {
        KeywordMode::Required => "keyword",
        KeywordMode::None => "no keyword",
        KeywordMode::Conditional => "conditional",
    }
}

/// Whether any form of the identifier verifies a check digit.
pub fn verifies_check_digit(file: &TypeFile, identifier: &Managed) -> bool {
    ManagedIdentifier::new(identifier, &file.sensitive_data_type, file.category)
        .is_ok_and(|compiled| compiled.verifies_check_digit())
}

/// What one identifier is, what triggers it, examples, and how to silence it.
///
/// # Errors
/// A sentence for the person who typed the id, when no identifier has it.
pub fn explain(files: &[(&str, TypeFile)], id: &str) -> Result<String, String> {
    let all = || files.iter().flat_map(|(_, file)| file.identifiers.iter().map(move |identifier| (file, identifier)));
    let Some((file, identifier)) = all().find(|(_, identifier)| identifier.id.eq_ignore_ascii_case(id)) else {
        let upper = id.to_uppercase();
        let letters = |text: &str| text.chars().take(2).collect::<String>();
        let alike = |known: &str| {
            let shared = upper.split('_').filter(|word| known.split('_').any(|other| other == *word)).count();
            (shared, letters(known) == letters(&upper))
        };
        let mut known: Vec<&str> = all().map(|(_, identifier)| identifier.id.as_str()).collect();
        known.sort_by_key(|known| (std::cmp::Reverse(alike(known)), *known));
        let hint = match known.first() {
            Some(best) if alike(best).0 > 0 => format!("did you mean {}?", known[..known.len().min(3)].join(", ")),
            _ => "`lakegate identifiers list` shows all".to_string(),
        };
        return Err(format!("there is no managed identifier {id:?}; {hint}"));
    };
    Ok(Page { file, identifier }.write())
}

struct Page<'a> {
    file: &'a TypeFile,
    identifier: &'a Managed,
}

impl Page<'_> {
    fn write(&self) -> String {
        let (file, identifier) = (self.file, self.identifier);
        let [one, some, many] = identifier.severity;
        let mut lines = vec![
            format!("{}: {}", identifier.id, identifier.name),
            format!("{} ({})", file.sensitive_data_type, file.category.as_str()),
            format!("Countries: {}", identifier.countries.join(", ")),
            format!("Severity: {one} for 1 occurrence, {some} for 2 to 99, {many} for 100 or more in one object"),
        ];
        lines.extend(paragraph("What it is", &format!("{} {}", file.about.trim(), identifier.about.trim())));
        lines.extend(paragraph("What triggers it", &self.trigger()));
        if !identifier.keywords.is_empty() {
            lines.extend(paragraph("Keywords", &identifier.keywords.join(", ")));
            if !identifier.more_keywords.is_empty() {
                lines.extend(paragraph("Further keywords, ours", &identifier.more_keywords.join(", ")));
            }
        }
        if !identifier.not_reported.is_empty() {
            lines.extend(paragraph("Never reported", &identifier.not_reported.join(", ")));
        }
        lines.extend(self.examples());
        lines.extend(paragraph(
            "How to silence it",
            &format!(
                "For a whole scan: --exclude-managed {}. If one column is meant for something else, a name without the \
                 keyword ends the evidence that the name gives.",
                identifier.id
            ),
        ));
        if !identifier.references.is_empty() {
            lines.push(String::new());
            lines.push("References".into());
            lines.extend(identifier.references.iter().flat_map(|reference| wrap(reference, "  - ", "    ")));
        }
        lines.join("\n") + "\n"
    }

    fn trigger(&self) -> String {
        let mut text = match (self.identifier.keyword_mode, self.identifier.detector) {
            (_, Some(Detector::FullName)) => "Values that look like a person's full name, in columns that hold names, put \
                                              together from given-name and family-name columns, or in running text."
                .to_string(),
            (_, Some(Detector::MailingAddress)) => "A street line with city and postal code: in one value, put together \
                                                    from the columns of a row, or in running text."
                .to_string(),
            (KeywordMode::Required, _) => "A value of the right form with one of the keywords: in the name of its column or \
                                           of an element of its path, in the same value, or within 30 characters in \
                                           running text."
                .to_string(),
            (KeywordMode::None, _) => "A value of the right form, wherever it stands.".to_string(),
            (KeywordMode::Conditional, _) => "A value of the right form; the forms that are sharp enough need no keyword, \
                                              the others need one in the name of the column or path, in the same value, \
                                              or within 30 characters in running text."
                .to_string(),
        };
        if verifies_check_digit(self.file, self.identifier) {
            text.push_str(" The check digit must be right.");
        }
        text
    }

    fn examples(&self) -> Vec<String> {
        let place =
            |column: Option<&String>| column.map(|name| format!(" in a column named {name}")).unwrap_or_default();
        let mut lines = vec![String::new(), "Found".to_string()];
        for example in &self.identifier.examples {
            let text = format!("{}{}", one_line(&example.text), place(example.column.as_ref()));
            lines.extend(wrap(&text, "  + ", "    "));
        }
        lines.push("Not found".into());
        for counter in &self.identifier.counter_examples {
            let text = format!("{}{}: {}", one_line(&counter.text), place(counter.column.as_ref()), counter.because);
            lines.extend(wrap(&text, "  - ", "    "));
        }
        lines
    }
}

fn one_line(text: &str) -> String {
    const LONGEST: usize = 160;
    let line = text.replace(['\n', '\r'], " ");
    if line.chars().count() <= LONGEST {
        return line;
    }
    line.chars().take(LONGEST).chain("...".chars()).collect()
}

fn paragraph(title: &str, text: &str) -> Vec<String> {
    let mut lines = vec![String::new(), title.to_string()];
    lines.extend(wrap(text, "  ", "  "));
    lines
}

/// Breaks text into lines of at most 80 characters where words allow it.
fn wrap(text: &str, first: &str, rest: &str) -> Vec<String> {
    const WIDTH: usize = 80;
    let mut lines = Vec::new();
    let mut line = first.to_string();
    let mut empty = true;
    for word in text.split_whitespace() {
        if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(std::mem::replace(&mut line, rest.to_string()));
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identifiers::builtin::documented;

    #[test]
    fn the_list_names_every_identifier_in_lines_of_a_bearable_length() {
        let text = list(documented());
        for identifier in documented().iter().flat_map(|(_, file)| &file.identifiers) {
            assert!(text.contains(&identifier.id), "{}", identifier.id);
        }
        assert!(text.lines().all(|line| line.chars().count() <= 110), "{text}");
    }

    #[test]
    fn an_explanation_says_what_triggers_and_how_to_silence() {
        let text = explain(documented(), "usa_social_security_number").unwrap();
        for part in ["What triggers it", "Keywords", "Found", "Not found", "--exclude-managed USA_SOCIAL"] {
            assert!(text.contains(part), "{part}");
        }
        assert!(text.lines().all(|line| line.chars().count() <= 120));
    }

    #[test]
    fn an_unknown_id_is_answered_with_ones_like_it() {
        let error = explain(documented(), "US_PASSPORT_NUMBER").unwrap_err();
        assert!(error.contains("USA_PASSPORT_NUMBER"), "{error}");
    }
}
