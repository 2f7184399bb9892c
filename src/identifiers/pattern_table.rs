//! All regular expressions of a set of identifiers by number, so that a set of them is a row of bits.

use super::automaton::shape_of;
use super::keyword_index::KeywordIndex;
use super::managed::{Form, ManagedIdentifier};
use super::pattern_shape::PatternShape;
use super::schema::{Boundary, Gate};
use super::set::PatternIndex;
use std::sync::{Arc, OnceLock};

/// Words of 64 patterns in a set.
pub const WORDS: usize = 8;

/// Patterns that a table can hold.
pub const MOST: usize = WORDS * 64;

/// A set of patterns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PatternBits([u64; WORDS]);

impl PatternBits {
    /// No pattern.
    pub const NONE: PatternBits = PatternBits([0; WORDS]);

    /// Adds the pattern of that number.
    pub fn add(&mut self, number: usize) {
        self.0[number / 64] |= 1 << (number % 64);
    }

    /// True when the pattern of that number is in the set.
    pub fn has(&self, number: usize) -> bool {
        self.0[number / 64] >> (number % 64) & 1 == 1
    }

    /// True when no pattern is in the set.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.0.iter().fold(0, |all, word| all | word) == 0
    }

    /// Patterns of both.
    #[inline]
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let mut both = *self;
        both.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word &= other);
        both
    }

    /// Patterns of either.
    #[inline]
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        let mut both = *self;
        both.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word |= other);
        both
    }

    /// Patterns of this set that are not of the other.
    #[inline]
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        let mut rest = *self;
        rest.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word &= !other);
        rest
    }

    /// The 64 patterns from number 64 x `word` on.
    #[inline]
    pub fn word(&self, word: usize) -> u64 {
        self.0[word]
    }

    /// The set of those 64 patterns alone.
    #[inline]
    pub fn set_word(&mut self, word: usize, patterns: u64) {
        self.0[word] = patterns;
    }

    /// The numbers of the set, in order.
    pub fn each(&self, mut found: impl FnMut(usize)) {
        for (index, word) in self.0.iter().enumerate() {
            let mut left = *word;
            while left != 0 {
                found(index * 64 + left.trailing_zeros() as usize);
                left &= left - 1;
            }
        }
    }
}

/// The patterns of a set of identifiers.
#[derive(Debug)]
pub struct PatternTable {
    /// Tells one table from another.
    identity: Arc<()>,
    places: Vec<PatternIndex>,
    shapes: Vec<OnceLock<Option<Box<PatternShape>>>>,
    /// For each identifier, its patterns that need a keyword nearby, in a value and in running text.
    in_value: Vec<PatternBits>,
    in_text: Vec<PatternBits>,
    /// For each keyword, the same for all its identifiers.
    called_in_value: Vec<PatternBits>,
    called_in_text: Vec<PatternBits>,
    /// Patterns behind a gate.
    gated: [PatternBits; 2],
    /// Patterns of which a part is the value, or next to which anything may stand.
    odd: PatternBits,
    distance: usize,
}

impl PatternTable {
    /// Numbers the patterns of `identifiers`, to which `keywords` belong.
    ///
    /// # Errors
    /// A sentence, when there are more than [`MOST`] patterns.
    pub fn new(identifiers: &[ManagedIdentifier], keywords: &KeywordIndex) -> Result<Self, String> {
        let mut table = Self {
            identity: Arc::new(()),
            places: Vec::new(),
            shapes: Vec::new(),
            in_value: vec![PatternBits::NONE; identifiers.len()],
            in_text: vec![PatternBits::NONE; identifiers.len()],
            called_in_value: Vec::with_capacity(keywords.len()),
            called_in_text: Vec::with_capacity(keywords.len()),
            gated: [PatternBits::NONE; 2],
            odd: PatternBits::NONE,
            distance: 0,
        };
        for (index, identifier) in identifiers.iter().enumerate() {
            for (number, pattern) in identifier.patterns.iter().enumerate() {
                let Form::Regex { source, .. } = &pattern.form else { continue };
                let bit = table.places.len();
                if bit == MOST {
                    return Err(format!("more than {MOST} patterns"));
                }
                table.places.push((index as u16, number as u16));
                if source.contains("?P<value>") || pattern.boundary == Boundary::None {
                    table.odd.add(bit);
                }
                if pattern.needs_keyword && !pattern.named_only {
                    table.in_value[index].add(bit);
                    if !pattern.whole_value {
                        table.in_text[index].add(bit);
                    }
                }
                match pattern.gate {
                    Some(gate) if !pattern.needs_keyword => table.gated[gate_number(gate)].add(bit),
                    _ => {}
                }
            }
        }
        table.shapes.resize_with(table.places.len(), OnceLock::new);
        for keyword in 0..keywords.len() as u16 {
            let all = |bits: &[PatternBits]| {
                let of = keywords.identifiers(keyword).iter().map(|identifier| &bits[usize::from(*identifier)]);
                of.fold(PatternBits::NONE, |all, one| all.or(one))
            };
            table.called_in_value.push(all(&table.in_value));
            table.called_in_text.push(all(&table.in_text));
        }
        let distances = identifiers.iter().flat_map(|identifier| &identifier.patterns).map(|pattern| pattern.distance);
        table.distance = distances.max().unwrap_or(0);
        Ok(table)
    }

    /// Tells whether what was learnt from a table is about this one.
    pub fn identity(&self) -> &Arc<()> {
        &self.identity
    }

    /// Identifier and number in it of the pattern of that number.
    pub fn place(&self, number: usize) -> PatternIndex {
        self.places[number]
    }

    /// Patterns of an identifier that a keyword calls in a value.
    pub fn in_value(&self, identifier: u16) -> &PatternBits {
        &self.in_value[usize::from(identifier)]
    }

    /// Patterns that a keyword calls in a value.
    pub fn called_in_value(&self, keyword: u16) -> &PatternBits {
        &self.called_in_value[usize::from(keyword)]
    }

    /// Patterns that a keyword calls in running text.
    pub fn called_in_text(&self, keyword: u16) -> &PatternBits {
        &self.called_in_text[usize::from(keyword)]
    }

    /// Characters between a keyword and a match in running text, at most.
    pub fn distance(&self) -> usize {
        self.distance
    }

    /// Keyword-less patterns behind a gate.
    pub fn gated(&self, gate: Gate) -> &PatternBits {
        &self.gated[gate_number(gate)]
    }

    /// Patterns that have to be searched for as a whole: a part of them is the value, or anything may stand next to them.
    pub fn odd(&self) -> &PatternBits {
        &self.odd
    }

    /// The shape of the pattern of that number, told when it is first asked for.
    pub fn shape(&self, identifiers: &[ManagedIdentifier], number: usize) -> Option<&PatternShape> {
        let shape = self.shapes[number].get_or_init(|| {
            let (identifier, pattern) = self.places[number];
            match &identifiers[usize::from(identifier)].patterns[usize::from(pattern)].form {
                Form::Regex { source, .. } => shape_of(source).map(Box::new),
                Form::Iban(_) => None,
            }
        });
        shape.as_deref()
    }
}

fn gate_number(gate: Gate) -> usize {
    match gate {
        Gate::LongDigits => 0,
        Gate::PlusDigits => 1,
    }
}
