//! Measures what all managed identifiers find in the shared test data, and writes docs/accuracy.md:
//! `cargo run --release --example evaluate`.

mod checksums;
mod columns;
mod credentials;
mod data;
mod explanations;
mod labelled;
mod page;
mod records;
mod score;

use anyhow::Context;
use lakegate::scan::Scanner;
use std::io::Write;
use std::path::Path;

use data::SharedData;
use explanations::Explanations;
use page::Page;

fn main() -> anyhow::Result<()> {
    let data = SharedData::find()?;
    let scanner = Scanner::builder().build()?;
    let explanations = Explanations::load()?;
    let mut page = Page::default();
    page.line(INTRODUCTION);
    let columns = columns::report(&data, &scanner, &explanations, &mut page)?;
    checksums::report(&data, &scanner, &explanations, &mut page)?;
    credentials::report(&data, &scanner, &explanations, &mut page)?;
    labelled::report(&data, &scanner, &explanations, &mut page)?;
    records::report(&data, &scanner, &mut page)?;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/accuracy.md");
    std::fs::write(&path, page.text()).with_context(|| format!("writing {}", path.display()))?;
    let mut output = std::io::stdout().lock();
    writeln!(output, "docs/accuracy.md is written; {columns} columns are unexplained")?;
    for key in explanations.unused() {
        writeln!(output, "explained, but no longer so: {key}")?;
    }
    Ok(())
}

const INTRODUCTION: &str = "\
# Accuracy

What all managed identifiers find in test data of other hands, measured. Written by

```
cargo run --release --example evaluate
```

which needs that data in the folder that `LAKEGATE_SHARED_DATA` names, else in `../shared/data`. Only counts and the names of \
files and columns are written here, never a value. Precision is the share of reports that are right, recall the share of what is \
there that is reported, F1 their harmonic mean.
";
