//! Whether the first row of a table names its columns.
//!
//! The two mistakes do not weigh the same. A row of data that is taken for a header is never searched; a header that is
//! taken for data only costs the names of the columns. So the first row has to show that it is a header.

/// Words of which column names are made. A cell made of nothing else is a name, not a value.
const WORDS: &str = "\
    account acct address addr age amount birth birthdate birthday card category cc cell city class code column \
    comment comments company contact cost count country county created credit customer data date dateofbirth day \
    description dob driver drivers email employee employer encounter end ethnicity expiry fax field file first \
    firstname from fullname gender given group health home host iban id identifier index insurance ip issue job \
    key kind label last lastname lat latitude license licence line location lon longitude mail maiden marital \
    member message middle mobile month mrn name nhs no note notes npi num number occupation order organization \
    owner passport password patient payer person phone postal postcode prefix price product provider quantity race \
    reason record region role row sex social security size source ssn start state status stop street suffix \
    surname system tax tel telephone text time timestamp title to total type uid unit units url user username \
    value vin website year zip zipcode";

/// Cells that stand for nothing.
const NOTHING: &[&str] = &["", "-", "--", "?", "n/a", "na", "nan", "nil", "none", "null", "unknown", "#n/a", "\\n"];

/// Bytes of the longest column name that does not look like a sentence.
const LONGEST_NAME: usize = 100;

/// Rows of data that are compared with the first row.
const ROWS: usize = 100;

/// Judges whether `first` is a header above `body`, the rows after it as far as they are known.
pub(super) fn is_header(first: &[String], body: &[Vec<String>]) -> bool {
    let named = first.iter().filter(|cell| !is_nothing(cell)).count();
    if named == 0 || named * 2 < first.len() {
        return false;
    }
    let body = &body[..body.len().min(ROWS)];
    let valued: Vec<&String> = first.iter().filter(|cell| is_value(cell)).collect();
    if !valued.is_empty() {
        // Tables spread over years have the years in the header, beside names of the other columns.
        let years = valued.iter().all(|cell| is_year(cell)) && valued.len() < named;
        return years && years_head_numbers(first, body) && score(first, body) > 0;
    }
    score(first, body) > 0
}

/// The evidence of all columns together; above 0 for a header.
fn score(first: &[String], body: &[Vec<String>]) -> i32 {
    let mut total = 0;
    for (index, cell) in first.iter().enumerate().filter(|(_, cell)| !is_nothing(cell) && !is_value(cell)) {
        let column = Column::of(body.iter().filter_map(|row| row.get(index)));
        let cell = cell.trim();
        if column.cells.contains(&cell) || cell.len() > LONGEST_NAME {
            total -= 3;
            continue;
        }
        let words = tokens(cell);
        let known = words.iter().filter(|word| WORDS.split(' ').any(|known| known == *word)).count();
        if known > 0 && known == words.len() {
            total += 2;
        } else if known > 0 && words.len() <= 4 {
            total += 1;
        }
        let filled = column.cells.len();
        if filled > 0 && column.values * 10 >= filled * 6 {
            total += 3;
        } else if filled >= 10 && column.holds_at_most(filled / 4) {
            // A few texts that recur, and the first row has another one.
            total += 1;
        }
    }
    total + style(first, body)
}

/// Names written in one way, unlike the texts below them, such as `last_name` above `Smith`; or, when there is nothing
/// below, written as programs write names.
fn style(first: &[String], body: &[Vec<String>]) -> i32 {
    let one_way = |cells: &mut dyn Iterator<Item = &String>| {
        let (mut lower, mut upper, mut spaced) = (true, true, false);
        for cell in cells.filter(|cell| !is_nothing(cell)) {
            lower &= !cell.chars().any(char::is_uppercase);
            upper &= !cell.chars().any(char::is_lowercase);
            spaced |= cell.trim().contains(' ');
        }
        ((lower || upper) && !spaced, lower, upper)
    };
    let (plain, lower, upper) = one_way(&mut first.iter());
    if !plain {
        return 0;
    }
    if body.is_empty() {
        return if first.iter().any(|cell| cell.contains('_')) { 2 } else { 0 };
    }
    let texts: Vec<&String> = body.iter().flatten().filter(|cell| !is_nothing(cell) && !is_value(cell)).collect();
    let unlike = texts
        .iter()
        .filter(|cell| {
            (lower && cell.chars().any(char::is_uppercase)) || (upper && cell.chars().any(char::is_lowercase))
        })
        .count();
    if !texts.is_empty() && unlike * 10 >= texts.len() * 8 { 2 } else { 0 }
}

/// What stands below one cell of the first row.
struct Column<'a> {
    /// All that is filled, without space around it.
    cells: Vec<&'a str>,
    values: usize,
}

impl<'a> Column<'a> {
    fn of(cells: impl Iterator<Item = &'a String>) -> Self {
        let cells: Vec<&str> = cells.filter(|cell| !is_nothing(cell)).map(|cell| cell.trim()).collect();
        let values = cells.iter().filter(|cell| is_value(cell)).count();
        Self { cells, values }
    }

    /// True when no more than `most` different texts stand in the cells.
    fn holds_at_most(&self, most: usize) -> bool {
        // They are few, or it ends soon.
        let mut seen: Vec<&str> = Vec::new();
        self.cells.iter().all(|cell| {
            if !seen.contains(cell) {
                seen.push(cell);
            }
            seen.len() <= most
        })
    }
}

fn is_nothing(cell: &str) -> bool {
    let cell = cell.trim();
    cell.len() <= 8 && NOTHING.iter().any(|nothing| cell.eq_ignore_ascii_case(nothing))
}

fn is_year(cell: &str) -> bool {
    cell.trim().parse::<u16>().is_ok_and(|year| (1900..2100).contains(&year))
}

/// The columns under years hold numbers that are no years; in a row of data a year stands above other years.
fn years_head_numbers(first: &[String], body: &[Vec<String>]) -> bool {
    first
        .iter()
        .enumerate()
        .filter(|(_, cell)| is_year(cell))
        .all(|(index, _)| body.iter().filter_map(|row| row.get(index)).any(|cell| is_value(cell) && !is_year(cell)))
}

/// True for what stands in data and never names a column: numbers, dates, codes, addresses on the net.
fn is_value(cell: &str) -> bool {
    let cell = cell.trim();
    if cell.is_empty() || cell.len() > 200 {
        return false;
    }
    let kinds = Kinds::of(cell);
    let (digits, is_ascii) = (kinds.number_of(Kinds::DIGIT), kinds.number_of(Kinds::BEYOND_ASCII) == 0);
    if (kinds.number_of(Kinds::AT) > 0 && cell.contains('.'))
        || cell.starts_with("http://")
        || cell.starts_with("https://")
    {
        return true;
    }
    if digits == 0 || kinds.number_of(Kinds::UNDERSCORE) > 0 {
        return false;
    }
    let (letters, solid) = if is_ascii {
        // As for any character, but much faster.
        (kinds.number_of(Kinds::LETTER), kinds.number_of(Kinds::SPACE) == 0)
    } else {
        let letters = cell.chars().filter(|character| character.is_alphabetic()).count();
        (letters, !cell.contains(char::is_whitespace))
    };
    // Numbers, dates, phone numbers: mostly digits. Codes such as an IBAN: long, in one piece, a third digits.
    letters == 0
        || (digits >= 4 && digits >= letters)
        || (solid && cell.len() >= 6 && digits * 3 >= letters + digits)
        || (solid && cell.len() >= 16 && kinds.number_of(Kinds::CODE) == cell.len())
}

/// How many bytes of some kinds a cell of at most 255 bytes holds: eight counts of a byte each.
#[derive(Clone, Copy)]
struct Kinds(u64);

impl Kinds {
    /// Position of the count of ASCII digits, and so on.
    const DIGIT: u32 = 0;
    /// ASCII letters.
    const LETTER: u32 = 1;
    /// White space in ASCII.
    const SPACE: u32 = 2;
    /// `_`
    const UNDERSCORE: u32 = 3;
    /// `@`
    const AT: u32 = 4;
    /// Hexadecimal digits and `-`.
    const CODE: u32 = 5;
    /// Bytes of characters beyond ASCII.
    const BEYOND_ASCII: u32 = 6;

    /// What each byte adds.
    const ADDS: [u64; 256] = {
        let mut adds = [0; 256];
        let mut at = 0;
        while at < 256 {
            let byte = at as u8;
            adds[at] = (byte.is_ascii_digit() as u64) << (8 * Self::DIGIT)
                | (byte.is_ascii_alphabetic() as u64) << (8 * Self::LETTER)
                | ((byte.is_ascii_whitespace() || byte == 0x0B) as u64) << (8 * Self::SPACE)
                | ((byte == b'_') as u64) << (8 * Self::UNDERSCORE)
                | ((byte == b'@') as u64) << (8 * Self::AT)
                | ((byte.is_ascii_hexdigit() || byte == b'-') as u64) << (8 * Self::CODE)
                | (!byte.is_ascii() as u64) << (8 * Self::BEYOND_ASCII);
            at += 1;
        }
        adds
    };

    fn of(cell: &str) -> Self {
        Self(cell.bytes().map(|byte| Self::ADDS[usize::from(byte)]).sum())
    }

    fn number_of(self, kind: u32) -> usize {
        usize::from((self.0 >> (8 * kind)) as u8)
    }
}

/// The words of a name in lower case: parts at signs, spaces and where a capital follows a small letter.
fn tokens(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_small = false;
    for character in name.chars() {
        if !character.is_alphabetic() || (after_small && character.is_uppercase()) {
            words.push(String::new());
        }
        after_small = character.is_lowercase();
        if character.is_alphabetic()
            && let Some(word) = words.last_mut()
        {
            word.extend(character.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn counts_of_kinds_are_those_of_each_byte(cell in "([a-zG0-9 _@-]|\t|\u{b}|\u{e9}|\u{2028}){0,90}") {
            let kinds = Kinds::of(&cell);
            let number = |is_one: fn(&u8) -> bool| cell.bytes().filter(is_one).count();
            prop_assert_eq!(kinds.number_of(Kinds::DIGIT), number(u8::is_ascii_digit));
            prop_assert_eq!(kinds.number_of(Kinds::LETTER), number(u8::is_ascii_alphabetic));
            prop_assert_eq!(kinds.number_of(Kinds::SPACE), cell.chars().filter(|c| c.is_ascii() && c.is_whitespace()).count());
            prop_assert_eq!(kinds.number_of(Kinds::UNDERSCORE), number(|byte| *byte == b'_'));
            prop_assert_eq!(kinds.number_of(Kinds::AT), number(|byte| *byte == b'@'));
            prop_assert_eq!(kinds.number_of(Kinds::CODE), number(|byte| byte.is_ascii_hexdigit() || *byte == b'-'));
            prop_assert_eq!(kinds.number_of(Kinds::BEYOND_ASCII), number(|byte| !byte.is_ascii()));
        }
    }

    fn judge(table: &str) -> bool {
        let mut rows = table.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
        let first = rows.next().unwrap_or_default();
        is_header(&first, &rows.collect::<Vec<_>>())
    }

    #[test]
    fn a_row_that_holds_values_is_not_lost_as_a_header() {
        assert!(!judge("John Smith,123-45-6789,1980-01-01\nMary Jones,234-56-7890,1981-02-02"));
        assert!(!judge("1,2,3\n4,5,6"));
        assert!(!judge("1,2,3"));
        assert!(!judge("Jane,DE89370400440532013000\nRick,DE89370400440532013000"));
        assert!(!judge("a@example.org,Jane\nb@example.org,Rick"));
        assert!(!judge("2019,Jane\n2020,Rick\n2021,Ann"));
    }

    #[test]
    fn rows_of_names_without_a_header_have_none() {
        assert!(!judge("Alice,Smith,Boston\nBob,Jones,Denver\nCarol,Smith,Boston"));
        assert!(!judge("John Smith\nMary Jones"));
        assert!(!judge("Alice,Smith,Boston"));
        assert!(!judge("M,Alice\nF,Carol\nM,Bob"));
    }

    #[test]
    fn names_above_values_are_a_header() {
        assert!(judge("Id,BIRTHDATE,SSN,FIRST\n4f1a1eee-31c0-887b-e1ea-df6a5c502538,1980-01-01,999-12-3456,Ana"));
        assert!(judge("Personalausweis,Nachname\n123456789,Meier\n234567891,Kurz"));
        assert!(judge("name,ssn\nJane,\nRick,123-45-6789"));
    }

    #[test]
    fn names_above_texts_are_a_header_when_they_are_words_of_headers_or_written_otherwise() {
        assert!(judge("First Name,Last Name\nAlice,Smith\nBob,Jones"));
        assert!(judge("vorname,nachname\nAnna,Meier\nKarl,Kurz"));
        assert!(judge("firstName,lastName\nAlice,Smith"));
    }

    #[test]
    fn a_header_without_rows_is_a_header() {
        assert!(judge("DATE,PATIENT,ENCOUNTER,CODE,DESCRIPTION,QUANTITY"));
        assert!(judge("given_nm,family_nm"));
    }

    #[test]
    fn years_beside_names_are_a_header_above_figures() {
        assert!(judge("Country,2019,2020\nChad,1.5,7\nMali,2.5,8"));
    }

    #[test]
    fn an_empty_row_is_no_header() {
        assert!(!judge(",,\na,b,c"));
        assert!(!judge("Author: somebody,,,\nTitle,Date,Subject,Field"));
    }
}
