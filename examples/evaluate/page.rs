//! The page that is written, in Markdown.

/// A Markdown page in the making.
#[derive(Debug, Default)]
pub struct Page {
    text: String,
}

impl Page {
    /// Adds a paragraph or a block that is Markdown already.
    pub fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// Adds a heading of the second level.
    pub fn heading(&mut self, text: &str) {
        self.line(&format!("## {text}\n"));
    }

    /// Adds a table; nothing but a word when it has no rows.
    pub fn table<const N: usize>(&mut self, columns: [&str; N], rows: &[[String; N]]) {
        if rows.is_empty() {
            return self.line("None.\n");
        }
        let rule = ["---"; N];
        self.line(&format!("| {} |\n|{}|", columns.join(" | "), rule.join("|")));
        for row in rows {
            let cells: Vec<String> = row.iter().map(|cell| cell.replace('|', "\\|")).collect();
            self.line(&format!("| {} |", cells.join(" | ")));
        }
        self.line("");
    }

    /// The page so far.
    pub fn text(&self) -> &str {
        self.text.trim_end_matches('\n')
    }
}
