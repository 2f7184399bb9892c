//! The words of a text, found by its masks: every place where letters and digits begin. A word also begins at a capital behind a
//! small letter, and every byte of a character beyond ASCII is one.

use super::first_words::{beginning_of, eight_at, mix};
use super::text_masks::{MaskedText, STEP, alphanumeric};
use crate::blocks::{TextMasks, Work};

/// A word of a text: ASCII letters and digits in a row; or a character beyond ASCII, or what stands right behind one.
pub struct Word<'m> {
    /// Byte offset of its first byte. It may be inside a character beyond ASCII.
    pub start: usize,
    /// ASCII letters and digits in a row from there on, as far as `masks` and `after` tell; 0 for a character beyond ASCII.
    pub length: u32,
    /// The eight bytes from there on; zeros behind the end of the text.
    pub eight: u64,
    /// Its [beginning](super::first_words::Beginning), [mixed](mix).
    pub mixed: u64,
    /// A character beyond ASCII, or what stands right behind one.
    pub beyond: bool,
    /// Other words may end or begin inside it, or it may go on behind its letters and digits.
    pub odd: bool,
    /// It begins with a letter, or a character beyond ASCII, and behind neither letter nor digit nor such a character.
    pub opens: bool,
    /// The masks of the step in which it begins.
    pub masks: &'m TextMasks,
    /// Those of the next.
    pub after: &'m TextMasks,
}

/// The 64 bits from bit `bit` of the first of two masks on.
#[inline]
pub fn from_bit(first: u64, second: u64, bit: u32) -> u64 {
    first >> bit | second << 1 << (63 - bit)
}

/// Who is told of the words of a text, besides those who look for keywords.
pub trait Listener {
    /// False for words of letters in small ones that need not be told of, by their [mixed](mix) beginning.
    fn wants(&self, mixed: u64) -> bool;

    /// False for words of small letters that do not make a capitalised one before them worth telling of, by their mixed beginning.
    fn wants_before(&self, mixed: u64) -> bool;

    /// Takes the word that begins at the byte offset; `masks` are those of `bytes`.
    fn take(&mut self, bytes: &[u8], masks: &MaskedText, start: usize);

    /// Takes a word close to characters beyond ASCII or to changes of case, or any word of such a text.
    fn take_odd(&mut self, bytes: &[u8], word: &Word<'_>);
}

/// Nobody listens.
pub struct Nobody;

impl Listener for Nobody {
    fn wants(&self, _: u64) -> bool {
        false
    }

    fn wants_before(&self, _: u64) -> bool {
        false
    }

    fn take(&mut self, _: &[u8], _: &MaskedText, _: usize) {}

    fn take_odd(&mut self, _: &[u8], _: &Word<'_>) {}
}

/// The masks of a step that say where its words are.
pub struct StepWords<'m> {
    index: usize,
    masks: &'m TextMasks,
    after: &'m TextMasks,
    /// ASCII letters and digits.
    alnum: u64,
    /// Where a word begins.
    starts: u64,
    /// A capital behind a small letter.
    change: u64,
    /// A character beyond ASCII, or what stands right behind one.
    beyond: u64,
    /// A letter or character beyond ASCII behind neither letter nor digit nor such a character.
    opens: u64,
}

impl<'m> StepWords<'m> {
    #[inline]
    fn of(index: usize, before: &TextMasks, masks: &'m TextMasks, after: &'m TextMasks) -> Self {
        let alnum = alphanumeric(masks);
        let lower = masks.letter & !masks.upper;
        let behind_alnum = alnum << 1 | alphanumeric(before) >> 63;
        let behind_high = masks.high << 1 | before.high >> 63;
        let change = masks.upper & (lower << 1 | (before.letter & !before.upper) >> 63);
        let beyond = masks.high | alnum & behind_high;
        Self {
            index,
            masks,
            after,
            alnum,
            starts: alnum & !behind_alnum | change | beyond,
            change,
            beyond,
            opens: (alnum | masks.high) & !(behind_alnum | behind_high) & !masks.digit,
        }
    }

    /// True when its words begin behind signs only, and no character beyond ASCII is near.
    #[inline]
    fn is_plain(&self) -> bool {
        self.change | self.beyond == 0
    }

    /// Where the word begins that reaches the end of the step; no bit if there is none that begins here.
    #[inline]
    fn last(&self) -> u64 {
        self.alnum >> 63 << (63 - self.starts.leading_zeros().min(63)) & self.starts
    }

    /// ASCII letters and digits in a row from a bit on, at most 64.
    #[inline]
    fn length(&self, bit: u32) -> u32 {
        (!from_bit(self.alnum, alphanumeric(self.after), bit)).trailing_zeros()
    }

    /// True when other words may begin or end inside a word of fewer than 64 letters and digits, or it may go on behind them.
    #[inline]
    fn is_odd(&self, bit: u32, length: u32) -> bool {
        let Self { masks, after, .. } = *self;
        let (lower, after_lower) = (masks.letter & !masks.upper, after.letter & !after.upper);
        let odd = self.change | masks.high;
        let odd_after = after.upper & (after_lower << 1 | lower >> 63) | after.high;
        // Behind the first byte, up to what follows the word.
        from_bit(odd, odd_after, bit) & (u64::MAX >> (63 - length)) & !1 != 0
    }

    /// Calls `found` with those of its words that begin at a bit of `left`, in order.
    #[inline]
    fn each(&self, bytes: &[u8], mut left: u64, mut found: impl FnMut(&Word<'_>)) {
        while left != 0 {
            let bit = left.trailing_zeros();
            left &= left - 1;
            let start = self.index * STEP + bit as usize;
            let length = self.length(bit);
            let eight = eight_at(bytes, start);
            found(&Word {
                start,
                length,
                eight,
                mixed: mix(beginning_of(eight, length as usize)),
                beyond: self.beyond >> bit & 1 == 1,
                // Of long words the end is not in sight.
                odd: length >= 64 || self.is_odd(bit, length),
                opens: self.opens >> bit & 1 == 1,
                masks: self.masks,
                after: self.after,
            });
        }
    }
}

/// A word of a plain place: letters and digits behind a sign, in front of a sign.
#[derive(Clone, Copy)]
pub struct PlainWord {
    /// Byte offset of its first byte.
    pub start: usize,
    /// Its letters and digits.
    pub length: usize,
    /// The eight bytes from there on.
    pub eight: u64,
    /// Its [beginning](super::first_words::Beginning), [mixed](mix).
    pub mixed: u64,
}

/// Who looks for some words of a text.
pub trait Seeker {
    /// True when words that begin with a digit may be among them.
    fn seeks_digits(&self) -> bool;

    /// False for nearly all plain words that are not among them, by the eight bytes from their first and by their [mixed](mix)
    /// beginning.
    fn may_be(&self, eight: u64, mixed: u64) -> bool;

    /// Takes a plain word.
    fn plain(&mut self, word: &PlainWord);

    /// Takes a word close to characters beyond ASCII or to changes of case.
    fn odd(&mut self, word: &Word<'_>);
}

/// Tells the two of the words of a text that may be of interest to them, in order. `masks` are those of `bytes`.
pub fn each_wanted(bytes: &[u8], masks: &MaskedText, seeker: &mut impl Seeker, listener: &mut impl Listener) {
    masks.run(Walk { bytes, masks, seeker, listener, waiting: NOBODY });
}

/// No word.
const NOBODY: usize = usize::MAX;

struct Walk<'w, S, L> {
    bytes: &'w [u8],
    masks: &'w MaskedText,
    seeker: &'w mut S,
    listener: &'w mut L,
    /// A capitalised word begins a name only where another word goes on with it: it waits for the next one.
    waiting: usize,
}

impl<S: Seeker, L: Listener> Work for Walk<'_, S, L> {
    type Output = ();

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "only what is inlined gets the instructions of the machine")]
    fn work(mut self) {
        let none = TextMasks::default();
        let mut before = &none;
        let words = self.masks.words();
        for (index, word) in words.iter().enumerate() {
            self.step(&StepWords::of(index, before, word, words.get(index + 1).unwrap_or(&none)));
            before = word;
        }
        self.take_waiting();
    }
}

impl<S: Seeker, L: Listener> Walk<'_, S, L> {
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "what is the same for all words of a text is to stay in registers")]
    fn step(&mut self, step: &StepWords<'_>) {
        let base = step.index * STEP;
        if !step.is_plain() {
            self.odd(step, step.starts);
            return;
        }
        let rest = &self.bytes[base..];
        let mut room = [0; WINDOW];
        let window = if let Some(window) = rest.first_chunk::<WINDOW>() {
            window
        } else {
            room[..rest.len()].copy_from_slice(rest);
            &room
        };
        let wanted = if self.seeker.seeks_digits() { step.starts } else { step.starts & step.masks.letter };
        let last = step.last();
        let mut left = wanted & !last;
        let (gaps, other) = (!step.alnum, !step.masks.letter);
        while left != 0 {
            let bit = left.trailing_zeros();
            left &= left - 1;
            let length = (gaps >> bit).trailing_zeros();
            // With a digit in it, or another part behind it, a word is not told by its beginning.
            let compound = (other >> bit).trailing_zeros() != length || joins(window[(bit + length) as usize & 63]);
            self.word(window, base, bit, length, compound);
        }
        if wanted & last == 0 {
            return;
        }
        let bit = last.trailing_zeros();
        let length = step.length(bit);
        if length < 64 && !step.is_odd(bit, length) {
            let letters = (!from_bit(step.masks.letter, step.after.letter, bit)).trailing_zeros();
            let behind = self.bytes.get(base + (bit + length) as usize).copied().unwrap_or(0);
            self.word(window, base, bit, length, letters != length || joins(behind));
        } else {
            self.odd(step, last);
        }
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "as above")]
    fn word(&mut self, window: &[u8; WINDOW], base: usize, bit: u32, length: u32, compound: bool) {
        let eight = eight_at(window, (bit & 63) as usize);
        let length = length as usize;
        let mixed = mix(beginning_of(eight, length));
        let start = base + bit as usize;
        let may_be = self.seeker.may_be(eight, mixed);
        let capital = eight & 0x20 == 0;
        let wants = self.listener.wants(mixed);
        #[expect(
            clippy::needless_bitwise_bool,
            reason = "one branch that nearly all words take is predicted, five are not"
        )]
        let is_telling = may_be | compound | wants | capital | (self.waiting != NOBODY);
        if is_telling {
            let goes_on = self.waiting != NOBODY && (capital || compound || self.listener.wants_before(mixed));
            if may_be || compound || goes_on || wants && !capital {
                self.telling(&PlainWord { start, length, eight, mixed }, may_be, compound, goes_on);
            }
            self.waiting = if capital && !compound { start } else { NOBODY };
        }
    }

    #[inline(never)]
    fn telling(&mut self, word: &PlainWord, may_be: bool, compound: bool, goes_on: bool) {
        if may_be {
            self.seeker.plain(word);
        }
        if goes_on {
            self.take_waiting();
        }
        if compound || word.eight & 0x20 != 0 && self.listener.wants(word.mixed) {
            self.listener.take(self.bytes, self.masks, word.start);
        }
    }

    #[inline(never)]
    fn odd(&mut self, step: &StepWords<'_>, starts: u64) {
        self.take_waiting();
        step.each(self.bytes, starts, |word| {
            self.listener.take_odd(self.bytes, word);
            self.seeker.odd(word);
        });
    }

    fn take_waiting(&mut self) {
        if self.waiting != NOBODY {
            self.listener.take(self.bytes, self.masks, self.waiting);
            self.waiting = NOBODY;
        }
    }
}

/// A sign that may join a word to the next.
fn joins(byte: u8) -> bool {
    matches!(byte, b'-' | b'\'')
}

/// Bytes of a step, and as many more as are read at once.
const WINDOW: usize = STEP + 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_begin_at_letters_digits_changes_of_case_and_characters_beyond_ascii() {
        let text = "one 2two,threeFour é5 Ünd\u{2019}s x";
        let mut masks = MaskedText::default();
        masks.read(text.as_bytes());
        let mut words = Vec::new();
        let none = TextMasks::default();
        let step = StepWords::of(0, &none, &masks.words()[0], &none);
        step.each(text.as_bytes(), step.starts, |word| {
            let shown = text.get(word.start..word.start + word.length as usize);
            words.push((shown.unwrap_or("?"), word.opens, word.beyond, word.odd));
        });
        let (plain, odd) = (false, true);
        assert_eq!(
            words[..4],
            [
                ("one", true, false, plain),
                ("2two", false, false, plain),
                ("threeFour", true, false, odd),
                ("Four", false, false, plain),
            ]
        );
        assert_eq!(words[4..7], [("", true, true, plain), ("?", false, true, plain), ("5", false, true, plain)]);
        assert_eq!(words.last(), Some(&("x", true, false, plain)));
    }
}
