//! Takes GNU Zip compression off a stream.

use super::ReadFailure;
use flate2::bufread::GzDecoder;
use std::io::{self, BufRead, BufReader, Read};

/// The content of a gzip file (RFC 1952) of one or more members. Zeros after the last one, with which tapes are padded, are
/// passed over; other bytes are a failure once all content has been given.
#[derive(Debug)]
pub(super) struct Gunzip<R>(State<R>);

#[derive(Debug)]
enum State<R> {
    Between(BufReader<R>),
    Member(Box<GzDecoder<BufReader<R>>>),
    Ended,
}

impl<R: Read> Gunzip<R> {
    /// A view on the content of `input`.
    pub(super) fn new(input: R) -> Self {
        Self(State::Between(BufReader::with_capacity(64 * 1024, input)))
    }
}

impl<R: Read> Read for Gunzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if let State::Member(member) = &mut self.0 {
                let read = member.read(buffer)?;
                if read > 0 || buffer.is_empty() {
                    return Ok(read);
                }
            }
            self.0 = match std::mem::replace(&mut self.0, State::Ended) {
                State::Member(member) => State::Between(member.into_inner()),
                State::Between(mut input) => match after_padding(&mut input)? {
                    None => State::Ended,
                    // The first byte of every member.
                    Some(0x1F) => State::Member(Box::new(GzDecoder::new(input))),
                    Some(_) => {
                        return Err(ReadFailure::malformed("the compressed data is followed by other bytes").into());
                    }
                },
                State::Ended => return Ok(0),
            };
        }
    }
}

/// The next byte that is not zero.
fn after_padding(input: &mut impl BufRead) -> io::Result<Option<u8>> {
    loop {
        let bytes = input.fill_buf()?;
        if bytes.is_empty() {
            return Ok(None);
        }
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        let next = bytes.get(zeros).copied();
        input.consume(zeros);
        if next.is_some() {
            return Ok(next);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    fn member(content: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(content).expect("memory can be written");
        encoder.finish().expect("memory can be written")
    }

    fn read(bytes: &[u8]) -> (Vec<u8>, Option<String>) {
        let mut content = Vec::new();
        let result = Gunzip::new(bytes).read_to_end(&mut content);
        (content, result.err().map(|error| ReadFailure::from(error).detail))
    }

    #[test]
    fn all_members_are_read_and_padding_is_passed_over() {
        assert_eq!(read(&[member(b"one,"), member(b"two")].concat()), (b"one,two".to_vec(), None));
        assert_eq!(read(&[member(b"one,"), vec![0; 100_000]].concat()), (b"one,".to_vec(), None));
    }

    #[test]
    fn a_file_that_is_cut_off_or_damaged_or_goes_on_with_something_else_gives_what_comes_before() {
        let whole = member(&b"some content that repeats, ".repeat(1000));
        let (content, failure) = read(&whole[..whole.len() - 20]);
        assert!(!content.is_empty() && failure.is_some_and(|detail| detail.contains("cut off")));
        let (content, failure) = read(&[member(b"one"), b"other bytes that are no member".to_vec()].concat());
        assert_eq!(content, b"one");
        assert!(failure.is_some_and(|detail| detail.contains("followed by other bytes")));
        let (_, failure) = read(b"\x1f\x8b\x08\xff\xff\xff");
        assert!(failure.is_some());
    }
}
