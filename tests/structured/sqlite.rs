//! SQLite databases, written with SQLite.

use super::found::places;
use proptest::prelude::*;
use rusqlite::Connection;
use rusqlite::types::Value;

/// One table: how its rows are kept, and its rows.
#[derive(Debug, Clone)]
struct Table {
    without_rowid: bool,
    columns: usize,
    rows: Vec<Vec<Value>>,
}

fn cell() -> impl Strategy<Value = Value> {
    prop_oneof![
        2 => Just(Value::Null),
        2 => any::<i64>().prop_filter("planted by chance", |number| !number.to_string().contains("42424242")).prop_map(Value::Integer),
        2 => "[a-z]{0,12}".prop_map(Value::Text),
        1 => (42_424_242_000_000_i64..42_424_242_999_999).prop_map(Value::Integer),
        2 => "[a-z\u{e9}]{0,4}PLANT-[A-Z]{4}-[0-9]{4}".prop_map(Value::Text),
        // Longer than a page, so that it goes on in others.
        1 => (500_usize..3_000, "PLANT-[A-Z]{4}-[0-9]{4}").prop_map(|(long, planted)| Value::Text(format!("{} {planted}", "x".repeat(long)))),
        1 => (42_424_242_000_000_i64..42_424_242_999_999).prop_map(|number| Value::Real(number as f64)),
        1 => prop::collection::vec(0_u8..32, 0..20).prop_map(Value::Blob),
    ]
}

fn table() -> impl Strategy<Value = Table> {
    (any::<bool>(), 1_usize..6).prop_flat_map(|(without_rowid, columns)| {
        prop::collection::vec(prop::collection::vec(cell(), columns), 0..80).prop_map(move |rows| Table {
            without_rowid,
            columns,
            rows,
        })
    })
}

/// A database in which the first column of every table is the number of the row.
fn database(tables: &[Table], page_size: u32, encoding: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch(&format!("PRAGMA page_size = {page_size}; PRAGMA encoding = '{encoding}';")).unwrap();
    for (number, table) in tables.iter().enumerate() {
        let columns: Vec<String> = (0..table.columns).map(|column| format!("c{column}")).collect();
        let suffix = if table.without_rowid { " WITHOUT ROWID" } else { "" };
        // The key stands last, but first in what is stored without row numbers.
        let sql = format!("CREATE TABLE t{number}({}, id INTEGER PRIMARY KEY){suffix}", columns.join(", "));
        connection.execute(&sql, []).unwrap();
        let marks = vec!["?"; table.columns + 1].join(", ");
        for (id, row) in table.rows.iter().enumerate() {
            let values = row.iter().cloned().chain([Value::Integer(id as i64 + 1)]);
            connection
                .execute(&format!("INSERT INTO t{number} VALUES ({marks})"), rusqlite::params_from_iter(values))
                .unwrap();
        }
    }
    drop(connection);
    std::fs::read(path).unwrap()
}

fn planted(tables: &[Table]) -> Vec<String> {
    let mut places = Vec::new();
    for (number, table) in tables.iter().enumerate() {
        let sheet = if tables.len() > 1 { format!("t{number}") } else { String::new() };
        for (row, cells) in table.rows.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                let planted = match cell {
                    Value::Text(text) => text.contains("PLANT-"),
                    Value::Integer(number) => number.to_string().starts_with("42424242"),
                    Value::Real(number) => number.to_string().starts_with("42424242"),
                    _ => false,
                };
                places.extend(planted.then(|| format!("{sheet}!R{}C{}", row + 1, column + 1)));
            }
        }
    }
    places.sort();
    places
}

/// A small database of several tables and pages.
pub fn sample() -> Vec<u8> {
    let row =
        |number: usize| vec![Value::Text(format!("PLANT-ABCD-{number:04} {}", "y".repeat(number % 700))), Value::Null];
    let rows: Vec<Vec<Value>> = (0..40).map(row).collect();
    let table = |without_rowid| Table { without_rowid, columns: 2, rows: rows.clone() };
    database(&[table(false), table(true)], 512, "UTF-8")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn what_is_planted_in_a_database_is_found_in_its_table_row_and_column(
        tables in prop::collection::vec(table(), 1..4),
        page_size in prop::sample::select(vec![512, 1024, 4096, 65_536]),
        encoding in prop::sample::select(vec!["UTF-8", "UTF-16le", "UTF-16be"]),
    ) {
        prop_assert_eq!(places("a.db", &database(&tables, page_size, encoding)), planted(&tables));
    }
}

#[test]
fn rows_that_are_deleted_or_moved_leave_the_others_where_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let connection = Connection::open(&path).unwrap();
    connection
        .execute_batch(
            "CREATE TABLE people(name TEXT, code TEXT);
             WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 2000)
             INSERT INTO people SELECT 'someone', 'PLANT-ABCD-' || substr('0000' || x, -4) FROM n;
             DELETE FROM people WHERE rowid % 2 = 0;
             CREATE INDEX by_code ON people(code);
             ALTER TABLE people ADD COLUMN note TEXT DEFAULT 'none';
             CREATE VIEW all_people AS SELECT * FROM people;",
        )
        .unwrap();
    drop(connection);
    let found = places("a.db", &std::fs::read(path).unwrap());
    let mut expected: Vec<String> = (1..=1000).map(|row| format!("!R{row}C2")).collect();
    expected.sort();
    assert_eq!(found, expected);
}
