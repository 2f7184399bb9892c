//! Which characters the bytes of an RTF document stand for.

use encoding_rs::Encoding;
use std::collections::HashMap;

/// Fonts that are remembered.
const MOST_FONTS: usize = 10_000;

/// The code pages of a document: its own, and those of its fonts.
pub(super) struct CodePages {
    pub(super) document: &'static Encoding,
    fonts: HashMap<i32, &'static Encoding>,
}

impl CodePages {
    pub(super) fn new() -> Self {
        Self { document: encoding_rs::WINDOWS_1252, fonts: HashMap::new() }
    }

    /// The document says that it is written in that Windows code page.
    pub(super) fn set_document(&mut self, number: i32) {
        self.document = code_page(number).unwrap_or(self.document);
    }

    /// A font says that its character set is that one of Windows.
    pub(super) fn set_font(&mut self, font: i32, character_set: i32) {
        if self.fonts.len() < MOST_FONTS {
            let number = match character_set {
                77 => 10000,
                128 => 932,
                129 => 949,
                134 => 936,
                136 => 950,
                161 => 1253,
                162 => 1254,
                163 => 1258,
                177 => 1255,
                178 => 1256,
                186 => 1257,
                204 => 1251,
                222 => 874,
                238 => 1250,
                // The document's own, symbols, and what is not known.
                _ => return,
            };
            self.fonts.extend(code_page(number).map(|encoding| (font, encoding)));
        }
    }

    /// How bytes in that font are read.
    pub(super) fn of_font(&self, font: i32) -> &'static Encoding {
        self.fonts.get(&font).copied().unwrap_or(self.document)
    }
}

/// The encoding behind a number of a Windows code page.
fn code_page(number: i32) -> Option<&'static Encoding> {
    let label = match number {
        437 | 850 | 1252 => "windows-1252",
        866 => "ibm866",
        874 => "windows-874",
        932 => "shift_jis",
        936 => "gbk",
        949 => "euc-kr",
        950 => "big5",
        10000 => "macintosh",
        10007 => "x-mac-cyrillic",
        20866 => "koi8-r",
        28592 => "iso-8859-2",
        28605 => "iso-8859-15",
        54936 => "gb18030",
        65001 => "utf-8",
        1250..=1258 => return Encoding::for_label(format!("windows-{number}").as_bytes()),
        _ => return None,
    };
    Encoding::for_label(label.as_bytes())
}

/// The character that a control word or symbol stands for.
pub(super) fn named(word: &str) -> Option<char> {
    Some(match word {
        "emdash" => '\u{2014}',
        "endash" => '\u{2013}',
        "emspace" => '\u{2003}',
        "enspace" => '\u{2002}',
        "qmspace" => '\u{2005}',
        "bullet" => '\u{2022}',
        "lquote" => '\u{2018}',
        "rquote" => '\u{2019}',
        "ldblquote" => '\u{201c}',
        "rdblquote" => '\u{201d}',
        "tab" => '\t',
        "par" | "line" | "sect" | "page" | "column" | "softline" => '\n',
        _ => return None,
    })
}
