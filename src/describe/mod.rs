//! Managed identifiers explained to people.

pub mod verified;

use crate::identifiers::schema::{Detector, KeywordMode, Managed, TypeFile};
use crate::model::Category;
use std::fmt::Write as _;
use verified::Verified;

/// All identifiers by category: id, when a keyword is needed, whether a check digit is verified, countries.
pub fn list(files: &[(&str, TypeFile)]) -> String {
    let mut text = String::new();
    let width = files.iter().flat_map(|(_, file)| &file.identifiers).map(|one| one.id.len()).max().unwrap_or(0);
    let mut total = 0;
    for category in [Category::Credentials, Category::FinancialInformation, Category::PersonalInformation] {
        let mut members: Vec<&Managed> = files
            .iter()
            .filter(|(_, file)| file.category == category)
            .flat_map(|(_, file)| &file.identifiers)
            .collect();
        members.sort_by_key(|identifier| identifier.id.as_str());
        total += members.len();
        let _ = writeln!(text, "{} ({})", category.as_str(), members.len());
        for identifier in members {
            let check = match Verified::of(identifier).check_digit() {
                "yes" => "check digit",
                "no" => "",
                some => some,
            };
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
    let shares =
        |other: &Managed| identifier.together_with.contains(&other.id) || other.together_with.contains(&identifier.id);
    let together = all().filter(|(_, other)| shares(other)).map(|(_, other)| other.id.as_str()).collect();
    Ok(Page { file, identifier, verified: Verified::of(identifier), together }.write())
}

/// What a reader of a finding wants to know of its identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    /// What the data is.
    pub about: String,
    /// What makes a value count.
    pub trigger: String,
    /// What is verified of a value.
    pub verified: String,
    /// How sure a match is.
    pub certainty: String,
}

/// The identifier of that id in brief; `None` when there is none.
pub fn brief(files: &[(&str, TypeFile)], id: &str) -> Option<Brief> {
    let mut all = files.iter().flat_map(|(_, file)| file.identifiers.iter().map(move |identifier| (file, identifier)));
    let (file, identifier) = all.find(|(_, identifier)| identifier.id == id)?;
    let page = Page { file, identifier, verified: Verified::of(identifier), together: Vec::new() };
    Some(Brief {
        about: file.about.trim().replace('\n', " "),
        trigger: page.trigger(),
        verified: page.verified_text().trim().to_owned(),
        certainty: page.certainty().to_owned(),
    })
}

struct Page<'a> {
    file: &'a TypeFile,
    identifier: &'a Managed,
    verified: Verified,
    /// Ids that may be reported for the same characters.
    together: Vec<&'a str>,
}

impl Page<'_> {
    fn write(&self) -> String {
        let (file, identifier) = (self.file, self.identifier);
        let mut lines = vec![
            format!("{}: {}", identifier.id, identifier.name),
            format!("{} ({})", file.sensitive_data_type, file.category.as_str()),
            format!("Countries: {}", identifier.countries.join(", ")),
            self.severity(),
        ];
        lines.extend(paragraph("What it is", &format!("{} {}", file.about.trim(), identifier.about.trim())));
        lines.extend(paragraph("What triggers it", &self.trigger()));
        if !identifier.keywords.is_empty() {
            lines.extend(paragraph("Keywords", &identifier.keywords.join(", ")));
        }
        if !identifier.more_keywords.is_empty() {
            lines.extend(paragraph("Further keywords, ours", &identifier.more_keywords.join(", ")));
        }
        if !identifier.column_keywords.is_empty() {
            let names = identifier.column_keywords.join(", ");
            lines.extend(paragraph("Whole column names that count like a keyword", &names));
        }
        lines.extend(paragraph("What is verified", &self.verified_text()));
        lines.extend(paragraph("How sure a match is", self.certainty()));
        lines.extend(paragraph("What keeps it silent", &self.silence()));
        lines.extend(self.examples());
        lines.extend(paragraph("How to silence it", &self.exclusion()));
        if !identifier.references.is_empty() {
            lines.push(String::new());
            lines.push("References".into());
            lines.extend(identifier.references.iter().flat_map(|reference| wrap(reference, "  - ", "    ")));
        }
        lines.join("\n") + "\n"
    }

    fn severity(&self) -> String {
        let [one, some, many] = self.identifier.severity;
        if one == many && one == some {
            return format!("Severity: {one}");
        }
        format!("Severity: {one} for 1 occurrence, {some} for 2 to 99, {many} for 100 or more in one object")
    }

    fn trigger(&self) -> String {
        let text = match (self.identifier.keyword_mode, self.identifier.detector) {
            (_, Some(Detector::FullName)) => {
                "Values that look like a person's full name, in columns that hold names, put together from given-name \
                 and family-name columns, or in running text."
            }
            (_, Some(Detector::MailingAddress)) => {
                "A street line with city and postal code: in one value, put together from the columns of a row, or in \
                 running text."
            }
            (KeywordMode::Required, _) => {
                "A value of the right form with one of the keywords: in the name of its column or of an element of its \
                 path, in the same value, or within 30 characters in running text."
            }
            (KeywordMode::None, _) => "A value of the right form, wherever it stands.",
            (KeywordMode::Conditional, _) => {
                "A value of the right form; the forms that are sharp enough need no keyword, the others need one in \
                 the name of the column or path, in the same value, or within 30 characters in running text."
            }
        };
        text.to_string()
    }

    fn verified_text(&self) -> String {
        let limits = self.verified.limits().replace('`', "");
        if self.verified.with_check_digit == 0 && self.file.category == Category::Credentials && !limits.is_empty() {
            return format!("More than the form. {limits}");
        }
        format!("{} {limits}", self.verified.check_digits().replace('`', ""))
    }

    fn certainty(&self) -> &'static str {
        match (self.identifier.detector, self.identifier.keyword_mode, self.verified.check_digit()) {
            (Some(_), ..) => {
                "A judgement by words: names of firms, products and places come close. Look at a few of the values."
            }
            (None, KeywordMode::None, "no") => "The form is seldom anything else. Look whether the value is in use.",
            (None, KeywordMode::None, _) => {
                "Form and check digit speak for it, no word does: a few other numbers fit by chance. Many matches in one \
                 column are no chance."
            }
            (None, KeywordMode::Conditional, "yes") => {
                "High: form and check digit speak for it, and a keyword where the form is loose."
            }
            (None, _, "yes") => "High: keyword, form and check digit speak for it.",
            (None, _, "some forms") => {
                "High where the form has a check digit. The other forms rest on the keyword: read the name of the column \
                 and a few values."
            }
            (None, ..) => {
                "Only form and keyword speak for it, so other numbers of that form near the word count too: read the \
                 name of the column and a few values."
            }
        }
    }

    fn silence(&self) -> String {
        const SHOWN: usize = 4;
        let identifier = self.identifier;
        let mut text = String::new();
        if identifier.keyword_mode == KeywordMode::Required {
            text.push_str("No keyword near. ");
        }
        if self.verified.forms > self.verified.unbounded {
            text.push_str(
                "A letter, digit or underscore beside the value, or a value that is a piece of something larger: a UUID, a \
                 decimal number, a dotted number, a date, an amount. ",
            );
        }
        match identifier.not_reported.len() {
            0 => {}
            few if few <= SHOWN => {
                let _ = write!(text, "These values are never reported: {}. ", identifier.not_reported.join(", "));
            }
            many => {
                let some = identifier.not_reported[..SHOWN].join(", ");
                let _ = write!(text, "{many} public test values are never reported, such as {some}. ");
            }
        }
        if self.verified.forms > 0 {
            text.push_str(
                "Another identifier with a better claim to the same characters: its keyword in the name, a check digit, \
                 its country named, a longer keyword, more characters",
            );
            let _ = write!(text, ", a priority above {}. ", identifier.priority);
        }
        if !self.together.is_empty() {
            let _ = write!(text, "Reported together with {} where both match.", self.together.join(", "));
        }
        if text.is_empty() {
            text.push_str(
                "Words of firms, products, streets and medicine beside the name, or a match of another kind.",
            );
        }
        text
    }

    fn exclusion(&self) -> String {
        let mut text = format!("For a whole scan: --exclude-managed {}.", self.identifier.id);
        if self.identifier.keyword_mode != KeywordMode::None {
            text.push_str(" For one column that means something else: give it a name without the keyword.");
        }
        text
    }

    fn examples(&self) -> Vec<String> {
        let place =
            |column: Option<&String>| column.map(|name| format!(" in a column named {name}")).unwrap_or_default();
        let mut lines = vec![String::new(), "Found".to_string()];
        for example in &self.identifier.examples {
            let text = format!("{:?}{}", one_line(&example.text), place(example.column.as_ref()));
            lines.extend(wrap(&text, "  + ", "    "));
        }
        lines.push("Not found".into());
        for counter in &self.identifier.counter_examples {
            let because = counter.because.trim_end_matches('.');
            let text = format!("{:?}{} ({because})", one_line(&counter.text), place(counter.column.as_ref()));
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
    for word in text.trim().split([' ', '\n']) {
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
        let parts = ["What triggers it", "Keywords", "What is verified", "How sure", "What keeps it silent", "Found"];
        for part in parts.into_iter().chain(["Not found", "--exclude-managed USA_SOCIAL"]) {
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
