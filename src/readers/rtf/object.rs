//! Objects embedded in RTF: hexadecimal digits of an OLE 1.0 object ([MS-OLEDS], 2.2.4 and 2.2.5).

/// Bytes of an object that are kept; what is longer is cut.
const LONGEST: usize = 256 * 1024 * 1024;

/// Collects the digits.
#[derive(Default)]
pub(super) struct Digits {
    bytes: Vec<u8>,
    high: Option<u8>,
}

impl Digits {
    pub(super) fn push(&mut self, byte: u8) {
        let Some(digit) = char::from(byte).to_digit(16).map(|digit| digit as u8) else { return };
        match self.high.take() {
            None => self.high = Some(digit),
            Some(high) if self.bytes.len() < LONGEST => self.bytes.push(high * 16 + digit),
            Some(_) => {}
        }
    }

    /// The file that the object holds; the object itself if it is of another make.
    pub(super) fn into_content(self) -> Vec<u8> {
        native_data(&self.bytes).map_or(self.bytes.clone(), <[u8]>::to_vec)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

/// Version, 2 for an embedded object, three strings with their lengths, then the data with its length.
fn native_data(object: &[u8]) -> Option<&[u8]> {
    let number = |at: usize| Some(u32::from_le_bytes(*object.get(at..)?.first_chunk()?) as usize);
    if number(4)? != 2 {
        return None;
    }
    let mut at = 8_usize;
    for _ in 0..3 {
        at = at.checked_add(4)?.checked_add(number(at)?)?;
    }
    let data = object.get(at.checked_add(4)?..)?;
    Some(&data[..data.len().min(number(at)?)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_in_an_object_is_found_and_other_objects_are_given_whole() {
        let mut object = vec![1, 5, 0, 0, 2, 0, 0, 0, 4, 0, 0, 0];
        object.extend_from_slice(b"Doc\0\0\0\0\0\0\0\0\0\x03\0\0\0abc");
        let mut digits = Digits::default();
        object.iter().flat_map(|byte| format!("{byte:02x}\n").into_bytes()).for_each(|byte| digits.push(byte));
        assert_eq!(digits.into_content(), b"abc");
        let mut other = Digits::default();
        b"d0cf11e0f".iter().for_each(|byte| other.push(*byte));
        assert_eq!(other.into_content(), [0xd0, 0xcf, 0x11, 0xe0]);
    }
}
