//! Brings the encodings of whole files to UTF-8.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::io::{self, ErrorKind, Read};

/// How the bytes of a file stand for characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 or one byte a character; which of them is told value by value. The number is the length of a byte order mark.
    Bytes(u8),
    /// UTF-16 with the low byte first, after that many bytes of byte order mark.
    Utf16Le(u8),
    /// UTF-16 with the high byte first, after that many bytes of byte order mark.
    Utf16Be(u8),
    /// UTF-32 with the low byte first, after its byte order mark.
    Utf32Le,
    /// UTF-32 with the high byte first, after its byte order mark.
    Utf32Be,
    /// An encoding from before Unicode other than Windows-1252, such as `Shift_JIS` or KOI8-R.
    Legacy(&'static encoding_rs::Encoding),
}

/// Bytes beyond ASCII from which an encoding can be told.
const TELLING: usize = 8;

impl Encoding {
    /// The encoding of a file that starts with `head`: by its byte order mark, else UTF-16 if every other byte is NUL.
    pub fn of(head: &[u8]) -> Self {
        match head {
            [0xEF, 0xBB, 0xBF, ..] => Self::Bytes(3),
            [0xFF, 0xFE, 0, 0, ..] => Self::Utf32Le,
            [0, 0, 0xFE, 0xFF, ..] => Self::Utf32Be,
            [0xFF, 0xFE, ..] => Self::Utf16Le(2),
            [0xFE, 0xFF, ..] => Self::Utf16Be(2),
            _ if halves_are_text(head, 0) => Self::Utf16Le(0),
            _ if halves_are_text(head, 1) => Self::Utf16Be(0),
            _ => Self::Bytes(0),
        }
    }

    fn mark_length(self) -> usize {
        match self {
            Self::Bytes(length) | Self::Utf16Le(length) | Self::Utf16Be(length) => usize::from(length),
            Self::Utf32Le | Self::Utf32Be => 4,
            Self::Legacy(_) => 0,
        }
    }

    /// The encoding of a text that starts with `head` and is neither UTF-16 nor UTF-32: found out from how letters follow each
    /// other where it is not UTF-8. A text of which some lines are UTF-8 is left to be told value by value.
    pub(super) fn of_text(head: &[u8]) -> Self {
        let is_utf8 = |bytes: &[u8]| match std::str::from_utf8(bytes) {
            Ok(_) => true,
            // Only a character that the end cuts off.
            Err(error) => error.error_len().is_none(),
        };
        if is_utf8(head) {
            return Self::Bytes(0);
        }
        let mut foreign = 0;
        for line in head.split(|byte| matches!(byte, b'\n' | b'\r')).filter(|line| !line.is_ascii()) {
            if is_utf8(line) {
                return Self::Bytes(0);
            }
            foreign += line.iter().filter(|byte| !byte.is_ascii()).count();
        }
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(head, false);
        let encoding = detector.guess(None, Utf8Detection::Deny);
        if foreign >= TELLING && encoding != WINDOWS_1252 { Self::Legacy(encoding) } else { Self::Bytes(0) }
    }
}

/// True if the bytes of `head` at even offsets (odd ones for `text` 1) are text and nearly all others are NUL.
fn halves_are_text(head: &[u8], text: usize) -> bool {
    if memchr::memchr(0, head).is_none() {
        return false;
    }
    let pairs = head.len() / 2;
    let (mut nul, mut readable) = (0, 0);
    for pair in head.chunks_exact(2) {
        nul += usize::from(pair[1 - text] == 0);
        readable += usize::from(pair[text] >= 0x20 || matches!(pair[text], b'\t' | b'\n' | b'\r'));
    }
    pairs >= 2 && nul * 10 >= pairs * 7 && readable * 100 >= pairs * 95
}

/// Gives the text of `input` as UTF-8 without a byte order mark. What is not UTF-16 or UTF-32 is given unchanged.
pub struct Decoded<R> {
    input: R,
    /// Bytes of the byte order mark that are still to be dropped.
    mark: usize,
    state: State,
    /// Decoded bytes and how many of them have been given.
    output: Vec<u8>,
    given: usize,
    at_end: bool,
}

enum State {
    Unchanged,
    Decoder(Box<encoding_rs::Decoder>),
    /// High byte first?, and bytes of a character whose rest is to come.
    Utf32(bool, Vec<u8>),
}

impl<R: Read> Decoded<R> {
    /// Input bytes decoded at a time.
    const STEP: usize = 32 * 1024;

    /// A view on `input`, which starts at the start of the file.
    pub fn new(input: R, encoding: Encoding) -> Self {
        let state = match encoding {
            Encoding::Bytes(_) => State::Unchanged,
            Encoding::Utf16Le(_) => State::Decoder(Box::new(UTF_16LE.new_decoder_without_bom_handling())),
            Encoding::Utf16Be(_) => State::Decoder(Box::new(UTF_16BE.new_decoder_without_bom_handling())),
            Encoding::Legacy(encoding) => State::Decoder(Box::new(encoding.new_decoder_without_bom_handling())),
            Encoding::Utf32Le => State::Utf32(false, Vec::new()),
            Encoding::Utf32Be => State::Utf32(true, Vec::new()),
        };
        Self { input, mark: encoding.mark_length(), state, output: Vec::new(), given: 0, at_end: false }
    }

    /// Decodes the next step of the input into `output`.
    fn step(&mut self) -> io::Result<()> {
        let mut raw = vec![0; Self::STEP];
        let read = loop {
            match self.input.read(&mut raw) {
                Ok(read) => break read,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        };
        self.at_end = read == 0;
        let raw = &raw[..read];
        self.output.clear();
        self.given = 0;
        match &mut self.state {
            State::Unchanged => self.output.extend_from_slice(raw),
            State::Decoder(decoder) => {
                let room = decoder.max_utf8_buffer_length(read).unwrap_or(4 * read + 16);
                self.output.resize(room, 0);
                let (result, _, written, _) = decoder.decode_to_utf8(raw, &mut self.output, self.at_end);
                debug_assert_eq!(result, CoderResult::InputEmpty, "there is room for all");
                self.output.truncate(written);
            }
            State::Utf32(high_first, held) => {
                held.extend_from_slice(raw);
                let whole = held.len() / 4 * 4;
                for bytes in held[..whole].chunks_exact(4) {
                    let bytes = [bytes[0], bytes[1], bytes[2], bytes[3]];
                    let code = if *high_first { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) };
                    let character = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
                    self.output.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                }
                held.drain(..whole);
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.mark > 0 {
            let mut dropped = [0; 4];
            match self.input.read(&mut dropped[..self.mark])? {
                0 => return Ok(0),
                read => self.mark -= read,
            }
        }
        if let State::Unchanged = self.state {
            return self.input.read(buffer);
        }
        while self.given == self.output.len() && !self.at_end {
            self.step()?;
        }
        let count = buffer.len().min(self.output.len() - self.given);
        buffer[..count].copy_from_slice(&self.output[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readers::testing::Trickle;

    fn decode(bytes: &[u8]) -> String {
        let mut text = Vec::new();
        Decoded::new(Trickle(bytes, 3), Encoding::of(bytes)).read_to_end(&mut text).expect("memory can be read");
        String::from_utf8_lossy(&text).into_owned()
    }

    #[test]
    fn every_encoding_of_the_same_text_gives_that_text() {
        let text =
            "name,city\nZo\u{eb},\u{41a}\u{438}\u{435}\u{432} \u{1f600}\nJane,Boston, plain letters to the end\n";
        let units: Vec<u16> = text.encode_utf16().collect();
        let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        let wide: Vec<u8> = text.chars().flat_map(|character| u32::from(character).to_le_bytes()).collect();
        let wide_big: Vec<u8> = text.chars().flat_map(|character| u32::from(character).to_be_bytes()).collect();
        assert_eq!(decode(text.as_bytes()), text);
        assert_eq!(decode(&[b"\xef\xbb\xbf", text.as_bytes()].concat()), text);
        assert_eq!(decode(&little), text);
        assert_eq!(decode(&big), text);
        assert_eq!(decode(&[b"\xff\xfe".as_slice(), &little].concat()), text);
        assert_eq!(decode(&[b"\xfe\xff".as_slice(), &big].concat()), text);
        assert_eq!(decode(&[b"\xff\xfe\0\0".as_slice(), &wide].concat()), text);
        assert_eq!(decode(&[b"\0\0\xfe\xff".as_slice(), &wide_big].concat()), text);
    }

    #[test]
    fn texts_from_before_unicode_are_told_by_their_letters() {
        let texts = [
            (encoding_rs::SHIFT_JIS, "東京都新宿区では、これは名前と住所です。"),
            (encoding_rs::KOI8_R, "Москва, улица Ленина, номер паспорта"),
            (encoding_rs::EUC_KR, "서울특별시 강남구에 사는 김민수 입니다"),
            (encoding_rs::BIG5, "台北市信義區的姓名和地址是這個"),
            (encoding_rs::GBK, "北京市朝阳区的姓名和地址是这个"),
        ];
        for (encoding, text) in texts {
            let (bytes, ..) = encoding.encode(text);
            let Encoding::Legacy(found) = Encoding::of_text(&bytes) else { panic!("{}", encoding.name()) };
            let mut decoded = String::new();
            Decoded::new(&*bytes, Encoding::Legacy(found)).read_to_string(&mut decoded).expect("memory can be read");
            assert_eq!(decoded, text, "{}", encoding.name());
        }
    }

    #[test]
    fn western_text_and_text_that_is_utf8_in_part_are_told_value_by_value() {
        let western = encoding_rs::WINDOWS_1252.encode("naïve café, Zoë Müller, déjà vu, été, à côté").0;
        assert_eq!(Encoding::of_text(&western), Encoding::Bytes(0));
        for end in ["\n", "\r\n", "\r"] {
            let mixed = [format!("имя{end}").as_bytes(), &encoding_rs::KOI8_R.encode("улица Ленина").0].concat();
            assert_eq!(Encoding::of_text(&mixed), Encoding::Bytes(0), "{end:?}");
        }
    }

    #[test]
    fn a_few_nul_bytes_do_not_make_utf16() {
        assert_eq!(Encoding::of(b"a,b\0\0,c\nd,e,f\n"), Encoding::Bytes(0));
        assert_eq!(Encoding::of(b"\x01\0\x02\0\x03\0\x04\0"), Encoding::Bytes(0));
    }

    #[test]
    fn a_character_that_is_cut_off_is_no_failure() {
        assert_eq!(decode(b"\xff\xfea\0b\0c"), "ab\u{fffd}");
    }
}
