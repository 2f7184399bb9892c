//! `--stats`: where the time went, for people, on standard error.

use lakegate::model::ObjectReport;
use lakegate::outputs::sanitize;
use lakegate::scan::{Scanner, Stats};
use std::io::{self, Write};
use std::time::Duration;

/// Columns that are listed.
const MOST: usize = 30;

/// Prints time and matches per identifier and per column.
pub fn print(stats: &Stats, scanner: &Scanner, reports: &[ObjectReport]) -> io::Result<()> {
    let mut error = io::stderr().lock();
    writeln!(error, "\n{:>12} {:>10} {:>10}  identifier", "time", "values", "matches")?;
    for row in stats.identifiers(scanner, reports) {
        let (time, values) = row.cost.map_or_else(Default::default, |cost| (shown(cost.time), cost.values.to_string()));
        writeln!(error, "{time:>12} {values:>10} {:>10}  {}", row.matches, sanitize(&row.name))?;
    }
    let fields = stats.fields(reports);
    writeln!(error, "\n{:>12} {:>10} {:>10}  column or path", "time", "values", "matches")?;
    for row in fields.iter().take(MOST) {
        let matches = row.matches.map_or_else(|| "-".to_owned(), |matches| matches.to_string());
        let name = if row.name.is_empty() { "text" } else { &row.name };
        let (key, name) = (sanitize(&row.key), sanitize(name));
        writeln!(error, "{:>12} {:>10} {matches:>10}  {key}: {name}", shown(row.cost.time), row.cost.values)?;
    }
    if fields.len() > MOST {
        writeln!(error, "{:>12} {:>10} {:>10}  and {} more", "", "", "", fields.len() - MOST)?;
    }
    writeln!(error, "\nTimes add up over the threads; a value that comes again in its column is looked up, not judged.")
}

fn shown(time: Duration) -> String {
    format!("{:.3} ms", time.as_secs_f64() * 1000.0)
}
