//! docs/identifiers.md: how managed identifiers decide, and what each of them is.

use crate::exceptions::{CHECKSUMS, ESCAPES, NARROWER};
use lakegate::describe::verified::Verified;
use lakegate::identifiers::builtin::documented;
use lakegate::identifiers::country;
use lakegate::identifiers::schema::{KeywordMode, Managed, TypeFile};
use lakegate::model::Category;
use std::collections::BTreeSet;
use std::fmt::Write as _;

const CATEGORIES: [(Category, &str); 3] = [
    (Category::Credentials, "Credentials"),
    (Category::FinancialInformation, "Financial information"),
    (Category::PersonalInformation, "Personal information"),
];

/// Priority of an identifier that says nothing about it.
const USUAL_PRIORITY: u8 = 50;

/// The part that no data says: how a value becomes a finding.
const RULES: &str = "\
## How a value becomes a match

A managed identifier describes one or more **forms** of a value. A form is a regular expression or the structure of an IBAN,
with the checks that a candidate has to pass. What has the form still needs evidence.

**Keyword.** Macie documents for each identifier whether a keyword has to be near: always (*required*), never (*none*), or for
some forms (*conditional*). Keywords match whole words and ignore case; a space in a keyword also matches nothing, `_` or `-`.
A keyword counts

- in the name of the column, or of any element of the path of a record: then it speaks for every value there;
- in the same cell or record value, at any distance;
- in running text within 30 characters on either side of the match, or closer where a form is loose and says so.

A few identifiers also accept whole column names that Macie does not list but people use (`drivers` for a licence).

**Boundaries.** A match stands by itself. It is refused when a letter, a digit or an underscore touches it; when a hyphen, dot,
slash, colon, plus or at sign joins it to more digits (dates, times, decimal numbers, dotted numbers, longer codes, addresses
of mail); when a currency sign stands before it or a percent sign behind it; when it is a piece of a UUID; and when it
continues groups that begin like an IBAN. A word with a digit or two at its end (`phone2-`) is a label, not a piece. Forms
whose own ends are sharp, such as keys with BEGIN and END lines, do without.

**Check digits.** Where the issuing authority has a check digit and its rule is public, the rule must hold, in a column of
whatever name; the few exceptions are explained below. Checks see the value in upper case without separators.

**Ranges that are never issued.** Numbers without check digit are held to the ranges that the authority issues. A column (or
path) named after the identifier is evidence as well, and it outweighs the range: test data and masked data live in ranges
that are never issued, and whoever reads a finding wants to know that the column exists. Only the shape decides there, for the
identifiers that say so below (*forms that count only in named columns*). Numbers that were printed in advertisements, and
placeholders of one repeated digit, stay silent even there.

**Never reported.** The values that Macie documents as never reported (test cards, example keys) are never reported.

**Columns of codes.** When nearly all sampled values of a column are SNOMED CT codes (6 to 18 digits with a Verhoeff check
digit), identifiers without a check digit are not tried there, whatever the column is called.

**Names and addresses** have no form that a pattern could describe. A name is judged by its words, which are weighed against
lists of given and family names and of words that speak against a person (firms, places, medicine); an address needs a street
line, a city and a postal code. Both may be spread over the columns of a row.

## When several identifiers claim the same characters

The claims are ranked, and the strongest is kept. Each line decides only where those above it are equal.

1. **Where the keyword is**: in the name of the column or path, then near the value, then nowhere. A name is written by
   somebody who knew what the column holds; digits can pass a check by chance.
2. **A verified check digit** before a form without. Nine of ten random numbers fail one.
3. **The nearest keyword**; one behind the value counts as eight bytes further away. In `SSN 219-09-4821 | Phone` the number is no telephone
   number. Keywords that overlap are one phrase and equally near.
4. **The country named** in the name of the column or path, or within 48 bytes of the value, by one of the words below. National
   numbers of several countries share shapes and keywords.
5. **The longer keyword.** `passport number` says more than `passport`, and `tax id` less than `tax identification number`.
6. **The longer match.** A card number is no bank account number with something behind it.
7. **The higher priority** of the identifier, from its file, for shapes that nothing above tells apart.
8. **The order of the files**, so that the answer is the same every time.

A claim that overlaps only with claims that lost is kept. Custom identifiers count by themselves, whatever managed ones match;
names in running text are not looked for inside another match.
";

/// Exceptions that people ask about, in one place.
const ASKED: &str = "\
## Exceptions that come up

- **Social Security numbers** in a column named for them count in any range, so that 999-nn-nnnn of synthetic patients is
  seen. In running text, and under any other name, only issued ranges count.
- **Unique device identifiers** in a column named for them count although the GTIN's check digit is wrong, if at least three
  element strings follow each other and their dates exist: synthetic records draw GTINs at random. Elsewhere the digit decides.
- **Vehicle identification numbers** of makers outside North America may carry the filler Z in the place of the check digit.
  Another character there has to be the right digit, or nothing would tell the number from seventeen other characters.
- **Colombian NIT**: organisations have nine digits that begin with 8 or 9, persons other ranges. Without its check digit a
  number counts only as the whole value of a column named after it.
- **Mexican RFC**: numbers whose last character does not fit were issued, so a column named after them needs only form and date.
- **Card numbers**: the digits are counted once, as a number near a keyword or as one without. Three digits behind a card number
  may be its verification code, so they do not make the number longer.
- **Phone numbers** of one shape in several countries go to the country that is named, then by priority.
- **Driver's licences and passports** of the United States, Canada, Australia and the United Kingdom share words and shapes.
  The shape decides where it can, then the country's name, then priority.
";

/// The document.
pub fn write() -> String {
    let mut text = String::from("# Managed data identifiers\n\n");
    let total: usize = documented().iter().map(|(_, file)| file.identifiers.len()).sum();
    let counts = CATEGORIES.map(|(category, name)| format!("{} of {}", members(category).count(), name.to_lowercase()));
    let opening = format!(
        "{total} identifiers: {}. `lakegate identifiers list` shows them, `lakegate identifiers show ID` explains one, and \
         `lakegate identifiers check` runs their examples. How to add one: \
         [adding-an-identifier.md](adding-an-identifier.md).",
        counts.join(", ")
    );
    wrap(&mut text, &opening, "", "");
    text.push_str(
        "\nThis file is generated from the code and the identifier files: `cargo run --example identifier_docs`.\n\n",
    );
    text.push_str(RULES);
    companions(&mut text);
    countries(&mut text);
    priorities(&mut text);
    text.push('\n');
    text.push_str(ASKED);
    named_columns(&mut text);
    exceptions(&mut text);
    for (category, name) in CATEGORIES {
        table(&mut text, category, name);
    }
    for (category, name) in CATEGORIES {
        let _ = writeln!(text, "\n## {name}, type by type");
        for (_, file) in documented().iter().filter(|(_, file)| file.category == category) {
            section(&mut text, file);
        }
    }
    text
}

fn all() -> impl Iterator<Item = &'static Managed> {
    documented().iter().flat_map(|(_, file)| &file.identifiers)
}

fn members(category: Category) -> impl Iterator<Item = (&'static TypeFile, &'static Managed)> {
    let files = documented().iter().filter(move |(_, file)| file.category == category);
    files.flat_map(|(_, file)| file.identifiers.iter().map(move |identifier| (file, identifier)))
}

fn companions(text: &mut String) {
    text.push_str("\n### What may be two things at once\n\n");
    text.push_str("The same characters are reported twice only for these pairs:\n\n");
    let pairs: BTreeSet<(&str, &str)> = all()
        .flat_map(|identifier| identifier.together_with.iter().map(|other| (identifier.id.as_str(), other.as_str())))
        .map(|(one, other)| (one.min(other), one.max(other)))
        .collect();
    for (one, other) in pairs {
        let _ = writeln!(text, "- `{one}` and `{other}`");
    }
}

fn countries(text: &mut String) {
    text.push_str("\n### Words that name a country\n\nWhole words, in any case.\n\n| Country | Words |\n|---|---|\n");
    let codes: BTreeSet<&str> = all().flat_map(|identifier| &identifier.countries).map(String::as_str).collect();
    for code in codes {
        let words = country::words(code);
        if !words.is_empty() {
            let _ = writeln!(text, "| {code} | {} |", words.join(", "));
        }
    }
}

fn priorities(text: &mut String) {
    let _ =
        write!(text, "\n### Priorities\n\n{USUAL_PRIORITY} unless listed.\n\n| Priority | Identifiers |\n|---|---|\n");
    let levels: BTreeSet<u8> = all().map(|identifier| identifier.priority).collect();
    for level in levels.into_iter().rev().filter(|level| *level != USUAL_PRIORITY) {
        let ids: Vec<String> = all()
            .filter(|identifier| identifier.priority == level)
            .map(|identifier| format!("`{}`", identifier.id))
            .collect();
        let _ = writeln!(text, "| {level} | {} |", ids.join(", "));
    }
}

fn named_columns(text: &mut String) {
    text.push_str("\n### Forms that count only in named columns\n\n");
    let ids: Vec<String> = all()
        .filter(|identifier| identifier.patterns.iter().any(|pattern| pattern.named_only))
        .map(|identifier| format!("`{}`", identifier.id))
        .collect();
    wrap(
        text,
        &format!("These identifiers have forms that would be too loose anywhere else: {}.", ids.join(", ")),
        "",
        "",
    );
}

fn exceptions(text: &mut String) {
    text.push_str("\n### Where a check digit does not decide\n\n");
    wrap(
        text,
        "With the identifier's first keyword as the column's name, all valid values of an independent collection are found and \
         no value one edit away from them is, but for these:",
        "",
        "",
    );
    text.push('\n');
    for (id, missed, wrong, reason) in CHECKSUMS {
        let counts = match (missed, wrong) {
            (missed, 0) => format!("{missed} not found"),
            (0, wrong) => format!("{wrong} found that the collection calls wrong"),
            (missed, wrong) => format!("{missed} not found, {wrong} found that the collection calls wrong"),
        };
        wrap(text, &format!("`{id}`: {counts}; {reason}."), "- ", "  ");
    }
    for (id, narrower) in NARROWER {
        let narrower: Vec<String> = narrower.iter().map(|id| format!("`{id}`")).collect();
        wrap(text, &format!("`{id}`: some values are reported as {} instead.", narrower.join(" or ")), "- ", "  ");
    }
    text.push('\n');
    wrap(
        text,
        "Every digit of every example that a check digit vouches for is changed to each other digit, and the changed value must \
         not be found. Changes that are found all the same:",
        "",
        "",
    );
    text.push('\n');
    for (id, _, reason) in ESCAPES {
        wrap(text, &format!("`{id}`: {reason}."), "- ", "  ");
    }
}

fn table(text: &mut String, category: Category, name: &str) {
    let _ = write!(
        text,
        "\n## {name}\n\nSeverity is for 1, 2 to 99, and 100 or more occurrences in one object where it differs.\n\n\
         | Type | Identifier | Countries | Keyword | Check digit | Severity |\n|---|---|---|---|---|---|\n"
    );
    let mut last = "";
    for (file, identifier) in members(category) {
        let kind = file.sensitive_data_type.as_str();
        let shown = if kind == last { String::new() } else { format!("[{kind}](#{})", slug(kind)) };
        last = kind;
        let _ = writeln!(
            text,
            "| {shown} | `{}` | {} | {} | {} | {} |",
            identifier.id,
            identifier.countries.join(" "),
            mode(identifier.keyword_mode),
            Verified::of(identifier).check_digit(),
            severity(identifier),
        );
    }
}

fn mode(mode: KeywordMode) -> &'static str {
    match mode {
        KeywordMode::Required => "required",
        KeywordMode::None => "none",
        KeywordMode::Conditional => "conditional",
    }
}

fn severity(identifier: &Managed) -> String {
    let [one, some, many] = identifier.severity;
    if one == some && some == many { one.to_string() } else { format!("{one}, {some}, {many}") }
}

fn section(text: &mut String, file: &TypeFile) {
    let _ = writeln!(text, "\n### {}\n", file.sensitive_data_type);
    wrap(text, &file.about, "", "");
    text.push('\n');
    for identifier in &file.identifiers {
        let keywords = match identifier.keywords.len() {
            0 => String::new(),
            1 => " 1 keyword.".into(),
            count => format!(" {count} keywords."),
        };
        let verified = Verified::of(identifier);
        let checks = if verified.with_check_digit > 0 { verified.check_digits() } else { String::new() };
        let limits = verified.limits();
        let about = identifier.about.trim();
        let entry = format!("**`{}`** ({}): {about} {checks} {limits}{keywords}", identifier.id, identifier.name);
        wrap(text, &entry, "- ", "  ");
    }
    let references: BTreeSet<&str> =
        file.identifiers.iter().flat_map(|identifier| &identifier.references).map(|text| text.trim()).collect();
    text.push_str("\nFollows:\n\n");
    for reference in references {
        wrap(text, reference, "- ", "  ");
    }
}

/// The name under which a heading can be linked to.
fn slug(heading: &str) -> String {
    let kept = heading.to_lowercase();
    kept.chars()
        .filter(|character| character.is_alphanumeric() || " -".contains(*character))
        .map(|character| if character == ' ' { '-' } else { character })
        .collect()
}

/// Appends a paragraph in lines of at most 120 characters where words allow it.
fn wrap(text: &mut String, paragraph: &str, first: &str, rest: &str) {
    const WIDTH: usize = 120;
    let mut line = first.to_string();
    let mut empty = true;
    for word in paragraph.split_whitespace() {
        if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            let _ = writeln!(text, "{line}");
            line = rest.to_string();
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    let _ = writeln!(text, "{line}");
}
