//! Automata as tables in the program. They need neither reading nor checking before they run; the build step makes them and
//! says how they are laid out (`build/automata.rs`).

use std::ops::Range;

static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/automata.bin"));

/// A forward automaton that finds where the leftmost match ends, and a backward one that finds where it starts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tables {
    forward: Table,
    backward: Table,
}

impl Tables {
    /// The tables at these places of the program's bytes.
    pub(super) fn at((forward, backward): (usize, usize)) -> Self {
        Self { forward: Table::at(forward), backward: Table::at(backward) }
    }

    /// The leftmost match that starts at or after `from`, of several there the one that the pattern prefers.
    pub(super) fn find_at(&self, text: &[u8], from: usize) -> Option<Range<usize>> {
        let end = self.forward.end(text, from)?;
        self.backward.start(text, from, end).map(|start| start..end)
    }
}

/// An automaton that finds the end of a match that begins at a given place.
#[derive(Debug, Clone, Copy)]
pub(super) struct AnchoredTable(Table);

impl AnchoredTable {
    /// The table at this place of the program's bytes.
    pub(super) fn at(place: usize) -> Self {
        Self(Table::at(place))
    }

    /// The end of the match that begins at `start`, the one that the pattern prefers.
    pub(super) fn end_at(&self, text: &[u8], start: usize) -> Option<usize> {
        self.0.end(text, start)
    }
}

#[derive(Debug, Clone, Copy)]
struct Table {
    classes: &'static [u8; 256],
    /// How many classes there are; the last is the end of the text.
    width: usize,
    /// States from 1 up to this one accept what was read before the last byte; 0 is the end of all hope.
    accepting: usize,
    starts: [usize; 5],
    transitions: &'static [[u8; 2]],
}

impl Table {
    fn at(place: usize) -> Self {
        let (classes, rest) = BYTES[place..].split_first_chunk().expect("the build step wrote whole tables");
        let (header, transitions) = rest.as_chunks().0.split_at(7);
        Self {
            classes,
            width: number(header[0]),
            accepting: number(header[1]),
            starts: [2, 3, 4, 5, 6].map(|index| number(header[index])),
            transitions,
        }
    }

    fn next(&self, state: usize, class: usize) -> usize {
        number(self.transitions[state * self.width + class])
    }

    fn class(&self, byte: u8) -> usize {
        usize::from(self.classes[usize::from(byte)])
    }

    /// The start state beside `byte`, or at an end of the text.
    fn first(&self, byte: Option<u8>) -> usize {
        self.starts[match byte {
            None => 0,
            Some(b'\n') => 1,
            Some(b'\r') => 2,
            Some(byte) if byte.is_ascii_alphanumeric() || byte == b'_' => 3,
            Some(_) => 4,
        }]
    }

    fn end(&self, text: &[u8], from: usize) -> Option<usize> {
        let mut state = self.first(from.checked_sub(1).map(|before| text[before]));
        let mut found = None;
        for (index, &byte) in text.iter().enumerate().skip(from) {
            state = self.next(state, self.class(byte));
            if state <= self.accepting {
                if state == 0 {
                    return found;
                }
                found = Some(index);
            }
        }
        let state = self.next(state, self.width - 1);
        if (1..=self.accepting).contains(&state) { Some(text.len()) } else { found }
    }

    fn start(&self, text: &[u8], from: usize, end: usize) -> Option<usize> {
        let mut state = self.first(text.get(end).copied());
        let mut found = None;
        for index in (from..end).rev() {
            state = self.next(state, self.class(text[index]));
            if state <= self.accepting {
                if state == 0 {
                    return found;
                }
                found = Some(index + 1);
            }
        }
        let class = from.checked_sub(1).map_or(self.width - 1, |before| self.class(text[before]));
        if (1..=self.accepting).contains(&self.next(state, class)) { Some(from) } else { found }
    }
}

fn number(bytes: [u8; 2]) -> usize {
    usize::from(u16::from_le_bytes(bytes))
}
