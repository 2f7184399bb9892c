//! What a `CREATE TABLE` statement says of a table and its columns, as far as it takes to read its rows.

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ColumnSchema {
    pub(super) name: String,
    /// It is computed when it is read, and stands in no row.
    computed: bool,
}

/// The columns of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct TableSchema {
    pub(super) columns: Vec<ColumnSchema>,
    /// The column that stands for the number of the row, and is stored as null.
    pub(super) rowid: Option<usize>,
    /// Columns of the primary key, in its order.
    key: Vec<usize>,
    /// For each column whether its type is exactly `INTEGER`.
    integer: Vec<bool>,
    without_rowid: bool,
}

impl TableSchema {
    /// Reads a statement as SQLite keeps it. What is not understood is left out.
    pub(super) fn parse(sql: &str) -> Self {
        let tokens = Tokens(sql).collect::<Vec<_>>();
        let mut schema = Self::default();
        let Some(open) = tokens.iter().position(|token| *token == Token::Sign('(')) else { return schema };
        let mut depth = 0;
        let mut parts: Vec<&[Token]> = Vec::new();
        let mut start = open + 1;
        let mut end = tokens.len();
        for (index, token) in tokens.iter().enumerate().skip(open) {
            match token {
                Token::Sign('(') => depth += 1,
                Token::Sign(')') if depth == 1 => {
                    parts.push(&tokens[start..index]);
                    end = index;
                    break;
                }
                Token::Sign(')') => depth -= 1,
                Token::Sign(',') if depth == 1 => {
                    parts.push(&tokens[start..index]);
                    start = index + 1;
                }
                _ => {}
            }
        }
        schema.without_rowid = tokens.get(end..).is_some_and(|rest| has(rest, &["WITHOUT", "ROWID"]));
        for part in parts {
            schema.part(part);
        }
        if schema.without_rowid {
            schema.rowid = None;
        }
        schema
    }

    /// The name of the table that a statement creates, without that of the schema it lies in.
    pub(super) fn name_in(sql: &str) -> Option<String> {
        let mut tokens = Tokens(sql).skip_while(|token| !token.is_word("TABLE")).skip(1).peekable();
        while tokens.next_if(|token| ["IF", "NOT", "EXISTS"].iter().any(|word| token.is_word(word))).is_some() {}
        let last = tokens
            .take_while(|token| *token != Token::Sign('('))
            .filter_map(|token| token.name().map(unqualified))
            .last();
        last.filter(|name| !name.is_empty())
    }

    fn part(&mut self, part: &[Token]) {
        if is_constraint(part) {
            if let Some(at) = position(part, &["PRIMARY", "KEY"]) {
                let names = part[at..].iter().skip_while(|token| **token != Token::Sign('(')).skip(1);
                for name in names.take_while(|token| **token != Token::Sign(')')).filter_map(Token::name) {
                    let column = self.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name));
                    self.key.extend(column.filter(|column| !self.key.contains(column)));
                }
                if let [column] = self.key[..]
                    && self.integer.get(column) == Some(&true)
                {
                    self.rowid = Some(column);
                }
            }
            return;
        }
        let Some(name) = part.first().and_then(Token::name) else { return };
        let rest = &part[1..];
        let column = self.columns.len();
        let integer = rest.first().is_some_and(|kind| kind.is_word("INTEGER"))
            && rest.get(1).and_then(Token::name).is_none_or(is_clause);
        if has(rest, &["PRIMARY", "KEY"]) {
            self.key.push(column);
            if integer && !has(rest, &["KEY", "DESC"]) {
                self.rowid = Some(column);
            }
        }
        let generated =
            has(rest, &["AS"]) && rest.windows(2).any(|pair| pair[0].is_word("AS") && pair[1] == Token::Sign('('));
        let computed = generated && !has(rest, &["STORED"]);
        self.columns.push(ColumnSchema { name: name.to_owned(), computed });
        self.integer.push(integer);
    }

    /// For each value of a stored row the 0-based column that it belongs to.
    #[cfg(feature = "sqlite")]
    pub(super) fn stored_order(&self) -> Vec<usize> {
        let stored = (0..self.columns.len()).filter(|column| !self.columns[*column].computed);
        if !self.without_rowid {
            return stored.collect();
        }
        let rest = stored.filter(|column| !self.key.contains(column));
        self.key.iter().copied().chain(rest).collect()
    }
}

/// True for a part that tells of the table and not of a column.
fn is_constraint(part: &[Token]) -> bool {
    let Some(first) = part.first() else { return false };
    if ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "EXCLUDE"].iter().any(|word| first.is_word(word)) {
        return true;
    }
    // MySQL's keys, `KEY name (column)`: a column may be called so too, but has a number after its type if anything.
    let key = ["KEY", "INDEX", "FULLTEXT", "SPATIAL"].iter().any(|word| first.is_word(word));
    let inside = part.iter().skip_while(|token| **token != Token::Sign('(')).nth(1).and_then(Token::name);
    key && part.len() > 2 && inside.is_some_and(|name| !name.starts_with(|sign: char| sign.is_ascii_digit()))
}

/// Words that may follow the type of a column.
fn is_clause(word: &str) -> bool {
    ["CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE", "REFERENCES", "GENERATED", "AS"]
        .iter()
        .any(|clause| word.eq_ignore_ascii_case(clause))
}

/// A name without that of the schema before it.
pub(super) fn unqualified(name: &str) -> String {
    name.rsplit('.').next().unwrap_or_default().to_owned()
}

/// Position of the first of these words where all of them follow each other.
fn position(tokens: &[Token], words: &[&str]) -> Option<usize> {
    tokens.windows(words.len()).position(|window| window.iter().zip(words).all(|(token, word)| token.is_word(word)))
}

fn has(tokens: &[Token], words: &[&str]) -> bool {
    position(tokens, words).is_some()
}

/// A piece of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    /// A name or keyword without quotes.
    Word(String),
    /// A name in quotes of any kind, or a text.
    Quoted(String),
    Sign(char),
}

impl Token {
    fn is_word(&self, word: &str) -> bool {
        matches!(self, Self::Word(text) if text.eq_ignore_ascii_case(word))
    }

    fn name(&self) -> Option<&str> {
        match self {
            Self::Word(name) | Self::Quoted(name) => Some(name),
            Self::Sign(_) => None,
        }
    }
}

/// The pieces of a statement, without comments.
struct Tokens<'s>(&'s str);

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        loop {
            self.0 = self.0.trim_start();
            let skipped = if self.0.starts_with("--") {
                self.0.find('\n')
            } else if self.0.starts_with("/*") {
                self.0.find("*/").map(|end| end + 2)
            } else {
                break;
            };
            self.0 = skipped.map_or("", |end| &self.0[end..]);
        }
        let first = self.0.chars().next()?;
        let close = match first {
            '"' | '\'' | '`' => first,
            '[' => ']',
            _ => return Some(self.plain(first)),
        };
        let mut text = String::new();
        let mut signs = self.0.char_indices().skip(1).peekable();
        let mut end = self.0.len();
        while let Some((at, sign)) = signs.next() {
            if sign != close {
                text.push(sign);
            } else if close != ']' && signs.peek().is_some_and(|(_, next)| *next == close) {
                text.push(sign);
                signs.next();
            } else {
                end = at + sign.len_utf8();
                break;
            }
        }
        self.0 = &self.0[end..];
        Some(Token::Quoted(text))
    }
}

impl Tokens<'_> {
    fn plain(&mut self, first: char) -> Token {
        let of_word = |sign: char| sign.is_alphanumeric() || matches!(sign, '_' | '$' | '.') || !sign.is_ascii();
        let length = self.0.find(|sign| !of_word(sign)).unwrap_or(self.0.len()).max(first.len_utf8());
        let (piece, rest) = self.0.split_at(length);
        self.0 = rest;
        if of_word(first) { Token::Word(piece.to_owned()) } else { Token::Sign(first) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(sql: &str) -> Vec<String> {
        TableSchema::parse(sql).columns.into_iter().map(|column| column.name).collect()
    }

    #[test]
    fn columns_have_names_in_quotes_of_any_kind_and_types_of_any_length() {
        let sql = "CREATE TABLE \"a(b\" (id INTEGER PRIMARY KEY, 'first name' VARCHAR(10, 2) NOT NULL DEFAULT ('x,y'), \
                   [last] , `e``mail` text -- a comment, with (signs\n, \"check\" TEXT CHECK (a IN (1,2)), /* , */ plain, \
                   UNIQUE (id), CONSTRAINT c FOREIGN KEY (id) REFERENCES t(x))";
        assert_eq!(names(sql), ["id", "first name", "last", "e`mail", "check", "plain"]);
        assert_eq!(names("CREATE TABLE t"), [""; 0]);
        assert_eq!(names("CREATE TABLE t(a, b"), ["a"]);
    }

    #[test]
    fn keys_of_mysql_are_no_columns_and_columns_called_so_are() {
        assert_eq!(names("CREATE TABLE `t` (`a` int(11), KEY `i` (`a`), FULLTEXT KEY `j` (`a`))"), ["a"]);
        assert_eq!(names("CREATE TABLE kv(key VARCHAR(10), index TEXT, value)"), ["key", "index", "value"]);
    }

    #[test]
    fn a_table_is_called_by_its_last_name() {
        for sql in [
            "CREATE TABLE IF NOT EXISTS public.people (a)",
            "create table \"public\".\"people\"(a)",
            "CREATE TABLE people(a)",
        ] {
            assert_eq!(TableSchema::name_in(sql).as_deref(), Some("people"));
        }
    }

    #[test]
    fn the_column_that_stands_for_the_row_is_known() {
        let rowid = |sql: &str| TableSchema::parse(sql).rowid;
        assert_eq!(rowid("CREATE TABLE t(a TEXT, b INTEGER PRIMARY KEY AUTOINCREMENT)"), Some(1));
        assert_eq!(rowid("CREATE TABLE t(a integer, b, PRIMARY KEY(a))"), Some(0));
        assert_eq!(rowid("CREATE TABLE t(a INT PRIMARY KEY)"), None);
        assert_eq!(rowid("CREATE TABLE t(a INTEGER PRIMARY KEY DESC)"), None);
        assert_eq!(rowid("CREATE TABLE t(a INTEGER, b INTEGER, PRIMARY KEY(a, b))"), None);
        assert_eq!(rowid("CREATE TABLE t(a UNSIGNED INTEGER PRIMARY KEY)"), None);
    }

    #[cfg(feature = "sqlite")]
    #[test]
    fn rows_are_stored_without_what_is_computed_and_with_the_key_first() {
        let order = |sql: &str| TableSchema::parse(sql).stored_order();
        assert_eq!(order("CREATE TABLE t(a, b AS (a+1), c GENERATED ALWAYS AS (a) STORED, d)"), [0, 2, 3]);
        assert_eq!(order("CREATE TABLE t(a, b, c, d, PRIMARY KEY(d, b)) WITHOUT ROWID"), [3, 1, 0, 2]);
        assert_eq!(order("CREATE TABLE t(a, b PRIMARY KEY) STRICT, WITHOUT ROWID"), [1, 0]);
    }
}
