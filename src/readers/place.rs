//! A place in a text, carried along while the text is read.

use memchr::{memchr_iter, memrchr};

/// 1-based line and column; the column counts code points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// 1-based line.
    pub line: u64,
    /// 1-based column in code points.
    pub column: u64,
}

impl Default for Place {
    fn default() -> Self {
        Self { line: 1, column: 1 }
    }
}

impl Place {
    /// Moves over `bytes` of UTF-8. In other encodings the column is as near as can be told without decoding.
    pub(super) fn advance(&mut self, bytes: &[u8]) {
        let last_line = match memrchr(b'\n', bytes) {
            Some(last) => {
                self.line += memchr_iter(b'\n', bytes).count() as u64;
                self.column = 1;
                &bytes[last + 1..]
            }
            None => bytes,
        };
        self.column += last_line.iter().filter(|byte| **byte & 0xC0 != 0x80).count() as u64;
    }
}
