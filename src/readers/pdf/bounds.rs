//! How far the streams of a document may expand.

use flate2::read::ZlibDecoder;
use hayro_syntax::object::{Array, Dict, Object, Stream};
use memchr::memmem;
use std::io::{self, Read};

/// Bytes that a stream may expand to in memory.
pub(super) const LONGEST: u64 = 256 * 1024 * 1024;

/// Most times that one step of Deflate, LZW or run lengths expands its input.
const STEP: u64 = 1400;

/// Levels of a font's description that are looked through.
const MOST_LEVELS: usize = 4;

/// True if a stream of the file, found by its keyword alone, expands to more than [`LONGEST`]. Some streams are expanded when
/// the file is opened, before they can be looked at one by one.
pub(super) fn holds_bomb(file: &[u8]) -> bool {
    let least = usize::try_from(LONGEST / STEP).unwrap_or(usize::MAX);
    let ends = memmem::Finder::new(b"endstream");
    let mut at = 0;
    while let Some(found) = memmem::find(&file[at..], b"stream") {
        let start = at + found + b"stream".len();
        at = start;
        let data =
            file[start..].strip_prefix(b"\r\n").or_else(|| file[start..].strip_prefix(b"\n")).unwrap_or_default();
        // The first byte of a zlib stream says Deflate, and makes the first two a multiple of 31 (RFC 1950, 2.2).
        let [first, second, ..] = data else { continue };
        let is_zlib = first & 15 == 8 && (u32::from(*first) * 256 + u32::from(*second)).is_multiple_of(31);
        if !is_zlib {
            continue;
        }
        let length = ends.find(data).unwrap_or(data.len());
        if length >= least && expands_beyond(&data[..length]) {
            return true;
        }
        at += length;
    }
    false
}

fn expands_beyond(zlib: &[u8]) -> bool {
    let mut decoder = ZlibDecoder::new(zlib).take(LONGEST + 1);
    io::copy(&mut decoder, &mut io::sink()).is_ok_and(|read| read > LONGEST) || decoder.limit() == 0
}

/// The steps by which a stream is decoded, as the reader of its syntax calls them.
pub(super) fn filters(stream: &Stream<'_>) -> Vec<String> {
    stream.filters().iter().map(|filter| format!("{filter:?}")).collect()
}

/// True if the stream surely expands to no more than [`LONGEST`].
pub(super) fn is_small(stream: &Stream<'_>) -> bool {
    let raw = stream.raw_data();
    let mut size = raw.len() as u64;
    for (index, filter) in filters(stream).iter().enumerate() {
        size = match filter.as_str() {
            "FlateDecode" if index == 0 && size.saturating_mul(STEP) > LONGEST => {
                if expands_beyond(&raw) {
                    return false;
                }
                size.saturating_mul(STEP).min(LONGEST)
            }
            "FlateDecode" | "LzwDecode" | "RunLengthDecode" => size.saturating_mul(STEP),
            _ => size,
        };
        if size > LONGEST {
            return false;
        }
    }
    true
}

/// True if all streams below a dictionary are small: a font's program, its map to Unicode.
pub(super) fn are_small(dict: &Dict<'_>, levels: usize) -> bool {
    let small = |object: Object<'_>| match object {
        Object::Stream(stream) => is_small(&stream),
        Object::Dict(dict) => levels == 0 || are_small(&dict, levels - 1),
        Object::Array(array) => levels == 0 || of_array(&array, levels - 1),
        _ => true,
    };
    dict.keys().all(|key| {
        // The parent of a thing is not below it.
        key.as_ref() == b"Parent" || dict.get::<Object<'_>>(&key).is_none_or(small)
    })
}

fn of_array(array: &Array<'_>, levels: usize) -> bool {
    array.iter::<Object<'_>>().take(64).all(|object| match object {
        Object::Stream(stream) => is_small(&stream),
        Object::Dict(dict) => levels == 0 || are_small(&dict, levels - 1),
        _ => true,
    })
}

/// True if a font may be loaded.
pub(super) fn font_is_small(font: &Dict<'_>) -> bool {
    are_small(font, MOST_LEVELS)
}
