//! Transfer encodings of MIME (RFC 2045, section 6), line by line.

/// How the bytes of a body are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transfer {
    /// As they are.
    Identity,
    QuotedPrintable,
    Base64,
}

impl Transfer {
    /// The encoding of that name; what is not known is read as it stands.
    pub(super) fn named(name: &str) -> Self {
        match name.trim().to_ascii_lowercase().as_str() {
            "base64" => Self::Base64,
            "quoted-printable" => Self::QuotedPrintable,
            _ => Self::Identity,
        }
    }
}

/// Decodes the lines of one body.
#[derive(Debug)]
pub(super) struct Decoder {
    transfer: Transfer,
    /// Bits of a base64 group that is not whole, and how many of its characters are known.
    group: u32,
    known: u32,
}

impl Decoder {
    /// A decoder for the start of a body.
    pub(super) fn new(transfer: Transfer) -> Self {
        Self { transfer, group: 0, known: 0 }
    }

    /// Appends to `output` what a line with its end stands for.
    pub(super) fn line(&mut self, line: &[u8], output: &mut Vec<u8>) {
        match self.transfer {
            Transfer::Identity => output.extend_from_slice(line),
            Transfer::QuotedPrintable => quoted_printable(line, output),
            Transfer::Base64 => self.base64(line, output),
        }
    }

    /// Characters that are none of base64 are left out (RFC 2045, section 6.8); padding ends a group.
    fn base64(&mut self, line: &[u8], output: &mut Vec<u8>) {
        for &byte in line {
            let value = match byte {
                b'A'..=b'Z' => byte - b'A',
                b'a'..=b'z' => byte - b'a' + 26,
                b'0'..=b'9' => byte - b'0' + 52,
                b'+' | b'-' => 62,
                b'/' | b'_' => 63,
                b'=' => {
                    self.end_group(output);
                    continue;
                }
                _ => continue,
            };
            self.group = self.group << 6 | u32::from(value);
            self.known += 1;
            if self.known == 4 {
                self.end_group(output);
            }
        }
    }

    /// Gives the bytes of the present group; called at the end of a body too.
    pub(super) fn end_group(&mut self, output: &mut Vec<u8>) {
        let bytes = (self.group << (6 * (4 - self.known.min(4)))).to_be_bytes();
        let whole = self.known.saturating_sub(1) as usize;
        output.extend_from_slice(&bytes[1..=whole.min(3)]);
        (self.group, self.known) = (0, 0);
    }
}

/// A line that ends in `=` goes on in the next one; what is no code stands for itself (RFC 2045, section 6.7).
fn quoted_printable(line: &[u8], output: &mut Vec<u8>) {
    let content = line.trim_ascii_end();
    let is_whole = !content.ends_with(b"=");
    let mut rest = if is_whole { content } else { &content[..content.len() - 1] };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if let (b'=', [high, low, after @ ..]) = (byte, after)
            && let (Some(high), Some(low)) = (digit(*high), digit(*low))
        {
            output.push((high * 16 + low) as u8);
            rest = after;
        } else {
            output.push(byte);
        }
    }
    if is_whole {
        output.extend_from_slice(&line[line.len() - (line.len() - line.trim_ascii_end().len()).min(2)..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decode(transfer: Transfer, text: &str) -> Vec<u8> {
        let (mut decoder, mut output) = (Decoder::new(transfer), Vec::new());
        text.split_inclusive('\n').for_each(|line| decoder.line(line.as_bytes(), &mut output));
        decoder.end_group(&mut output);
        output
    }

    /// The encoding by its definition, in lines of that many groups.
    fn base64(bytes: &[u8], groups: usize) -> String {
        const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut text = String::new();
        for (index, group) in bytes.chunks(3).enumerate() {
            let bits = group.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
            for place in 0..4 {
                let known = place <= group.len();
                let value = (bits >> (18 - 6 * place) & 63) as usize;
                text.push(if known { char::from(ALPHABET[value]) } else { '=' });
            }
            if index % groups == groups - 1 {
                text.push_str("\r\n");
            }
        }
        text
    }

    fn quoted(bytes: &[u8]) -> String {
        let codes: Vec<String> = bytes.iter().map(|byte| format!("={byte:02X}")).collect();
        codes.chunks(20).map(<[String]>::concat).collect::<Vec<_>>().join("=\r\n")
    }

    proptest! {
        #[test]
        fn what_was_encoded_comes_back(bytes in prop::collection::vec(any::<u8>(), 0..200), groups in 1_usize..20) {
            prop_assert_eq!(decode(Transfer::Base64, &base64(&bytes, groups)), bytes.clone());
            prop_assert_eq!(decode(Transfer::QuotedPrintable, &quoted(&bytes)), bytes);
        }

        #[test]
        fn no_line_breaks_a_decoder(text in "[a-zA-Z0-9=+/ \r\n\t]{0,80}") {
            decode(Transfer::Base64, &text);
            decode(Transfer::QuotedPrintable, &text);
        }
    }

    #[test]
    fn soft_line_ends_vanish_and_hard_ones_stay() {
        assert_eq!(decode(Transfer::QuotedPrintable, "one=\r\ntwo \r\nthree=3D=\n"), b"onetwo\r\nthree=");
        assert_eq!(decode(Transfer::QuotedPrintable, "50=% of =zz"), b"50=% of =zz");
    }
}
