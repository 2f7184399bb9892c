//! The compressed RTF of Outlook messages ([MS-OXRTFCP]).

/// Bytes with which the window starts.
const START: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans \
      SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

/// Most bytes that are given.
const LONGEST: usize = 64 * 1024 * 1024;

/// The RTF that a stream holds; `None` if it is none.
pub(super) fn decompressed(stream: &[u8]) -> Option<Vec<u8>> {
    let content = stream.get(16..)?;
    match stream.get(8..12)? {
        b"MELA" => Some(content.to_vec()),
        b"LZFu" => Some(expanded(content)),
        _ => None,
    }
}

/// References of 12 bits of offset into a window of 4,096 bytes and 4 bits of length, told from bytes by the bits of a byte
/// before eight of them.
fn expanded(content: &[u8]) -> Vec<u8> {
    let mut window = [b' '; 4096];
    window[..START.len()].copy_from_slice(START);
    let mut at = START.len();
    let mut output = Vec::new();
    let mut bytes = content.iter().copied();
    while let Some(control) = bytes.next() {
        for bit in 0..8 {
            let Some(first) = bytes.next() else { return output };
            if control >> bit & 1 == 0 {
                window[at % 4096] = first;
                at += 1;
                output.push(first);
                continue;
            }
            let Some(second) = bytes.next() else { return output };
            let reference = usize::from(first) << 8 | usize::from(second);
            let (offset, length) = (reference >> 4, (reference & 15) + 2);
            if offset == at % 4096 || output.len() > LONGEST {
                return output;
            }
            for step in 0..length {
                let byte = window[(offset + step) % 4096];
                window[at % 4096] = byte;
                at += 1;
                output.push(byte);
            }
        }
    }
    output
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_into_the_window_are_followed() {
        // The example of the specification, section 4.1.1: `{\rtf1\ansi\ansicpg1252\pard hello world}`.
        let stream = b"\x2d\0\0\0\x2b\0\0\0LZFu\xf1\xc5\xc7\xa7\x03\0\n\0rcpg125\x42\x32\n\xf3 hel\t\0 bw\x05\xb0ld}\n\x80\x0f\xa0";
        let text = decompressed(stream).map(|text| String::from_utf8_lossy(&text).into_owned());
        assert_eq!(text.as_deref(), Some("{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"));
        for length in 0..stream.len() {
            decompressed(&stream[..length]);
        }
    }
}
