//! The names of the members that records hold, as a tree.

use super::decode_value;
use std::borrow::Cow;
use std::collections::HashMap;

/// A member name below its parents. Array indices count for nothing here: all elements of a list are one member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MemberId(u32);

impl MemberId {
    /// The record itself, which is nobody's member. As the present member of an object, it stands for none.
    pub const ROOT: Self = Self(0);

    /// The member at that position.
    pub fn at(index: usize) -> Self {
        Self(index as u32)
    }

    /// Position in a list with one entry per member.
    #[inline]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// One step of the path to a value inside a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathStep {
    /// To a member of an object.
    Member(MemberId),
    /// To the element of an array with that 0-based index.
    Index(u64),
}

/// The members that have been met, and in which order they follow each other.
///
/// Records of one object are mostly alike: after a name comes the one that came there last time. Comparing it with the text
/// is all that it takes to know the member.
#[derive(Debug)]
pub struct MemberNames {
    members: Vec<Member>,
    /// Bytes of all names.
    bytes: usize,
}

/// Bytes of a name that are compared at once.
const HEAD: usize = 16;

#[derive(Debug, Default)]
struct Member {
    parent: u32,
    /// The name's bytes as they stand in the text, and the quote that ends them there.
    quoted: Box<[u8]>,
    /// The first bytes of `quoted` as a number, and which of its bits they fill.
    head: u128,
    mask: u128,
    /// Members that came first in the object at this member, the latest first; 0 for none.
    first: [u32; 2],
    /// Members that came after this one, the latest first; 0 for none.
    next: [u32; 2],
    children: HashMap<Box<[u8]>, u32>,
}

impl Member {
    fn new(parent: u32, name: &[u8]) -> Self {
        let quoted: Box<[u8]> = [name, b"\""].concat().into();
        let mut head = [0; HEAD];
        let mut mask = [0; HEAD];
        for ((head, mask), byte) in head.iter_mut().zip(&mut mask).zip(&quoted) {
            (*head, *mask) = (*byte, 0xFF);
        }
        let (head, mask) = (u128::from_le_bytes(head), u128::from_le_bytes(mask));
        Self { parent, quoted, head, mask, ..Self::default() }
    }

    fn name(&self) -> &[u8] {
        self.quoted.split_last().map_or(&[], |(_, name)| name)
    }

    /// True if `text` starts with the name and a quote.
    #[inline]
    fn starts(&self, text: &[u8]) -> bool {
        match text.first_chunk() {
            Some(head) if u128::from_le_bytes(*head) & self.mask != self.head => false,
            Some(_) if self.quoted.len() <= HEAD => true,
            _ => text.starts_with(&self.quoted),
        }
    }
}

impl Default for MemberNames {
    fn default() -> Self {
        Self { members: vec![Member::default()], bytes: 0 }
    }
}

impl MemberNames {
    /// Distinct members that are remembered, and bytes of their names: a file of ever new names must not fill the memory.
    const MOST: usize = 20_000;
    const MOST_BYTES: usize = 8 * 1024 * 1024;

    /// The member of the object at `parent` whose name and closing quote `text` starts with, and the length of both, if it
    /// is one that has come there before: after the member `before`, or as the first one if that is [`MemberId::ROOT`].
    #[inline]
    pub fn expected(&self, parent: MemberId, before: MemberId, text: &[u8]) -> Option<(MemberId, usize)> {
        let guesses = match before {
            MemberId::ROOT => self.members[parent.index()].first,
            before => self.members[before.index()].next,
        };
        guesses.into_iter().filter(|guess| *guess != 0).find_map(|guess| {
            let member = &self.members[guess as usize];
            member.starts(text).then_some((MemberId(guess), member.quoted.len()))
        })
    }

    /// The member of the object at `parent` with this name, which follows the member `before`. The name is UTF-8, or read as
    /// [`decode_value`] does.
    pub fn member(&mut self, parent: MemberId, before: MemberId, name: &[u8]) -> MemberId {
        let known = self.members[parent.index()].children.get(name).copied();
        let member = known.unwrap_or_else(|| self.add(parent, name));
        // A quote or a backslash may stand in a name that was written with escapes; in a text it means something else.
        if memchr::memchr2(b'"', b'\\', name).is_none() {
            let guesses = match before {
                MemberId::ROOT => &mut self.members[parent.index()].first,
                before => &mut self.members[before.index()].next,
            };
            if guesses[0] != member {
                *guesses = [member, guesses[0]];
            }
        }
        MemberId(member)
    }

    fn add(&mut self, parent: MemberId, name: &[u8]) -> u32 {
        let member = self.members.len() as u32;
        self.members.push(Member::new(parent.0, name));
        self.members[parent.index()].children.insert(name.into(), member);
        self.bytes += name.len();
        member
    }

    /// True if so much is remembered that [`MemberNames::restart`] is due.
    pub fn is_full(&self) -> bool {
        self.members.len() > Self::MOST || self.bytes > Self::MOST_BYTES
    }

    /// Makes a restart due.
    #[cfg(test)]
    pub(crate) fn fill(&mut self) {
        self.bytes = Self::MOST_BYTES + 1;
    }

    /// Forgets all members but those that `paths` lead over, in which they get new ids.
    pub fn restart(&mut self, paths: &mut [&mut [PathStep]]) {
        let old = std::mem::take(self);
        for step in paths.iter_mut().flat_map(|path| path.iter_mut()) {
            if let PathStep::Member(member) = step {
                *member = self.take_over(&old, *member);
            }
        }
    }

    fn take_over(&mut self, old: &Self, member: MemberId) -> MemberId {
        old.line(member).fold(MemberId::ROOT, |parent, member| self.member(parent, MemberId::ROOT, member.name()))
    }

    /// The members from the outermost one to `member`.
    fn line(&self, member: MemberId) -> impl Iterator<Item = &Member> {
        let mut line = Vec::new();
        let mut at = member.0;
        while at != 0 {
            let member = &self.members[at as usize];
            line.push(member);
            at = member.parent;
        }
        line.into_iter().rev()
    }

    /// The name of a member.
    pub fn name(&self, member: MemberId) -> Cow<'_, str> {
        decode_value(self.members[member.index()].name())
    }

    /// The names from the outermost member to `member`.
    pub fn names(&self, member: MemberId) -> Vec<Cow<'_, str>> {
        self.line(member).map(|member| decode_value(member.name())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: MemberId = MemberId::ROOT;

    #[test]
    fn a_member_is_expected_where_it_came_before_and_nowhere_else() {
        let mut names = MemberNames::default();
        let name = names.member(ROOT, ROOT, b"name");
        let city = names.member(ROOT, name, b"city");
        assert_eq!(names.expected(ROOT, ROOT, b"name\": 1"), Some((name, 5)));
        assert_eq!(names.expected(ROOT, name, b"city\""), Some((city, 5)));
        assert_eq!(names.expected(ROOT, ROOT, b"city\""), None);
        assert_eq!(names.expected(ROOT, ROOT, b"names\""), None);
        assert_eq!(names.expected(ROOT, ROOT, b"nam"), None);
        assert_eq!(names.expected(name, ROOT, b"name\""), None);
    }

    #[test]
    fn a_member_that_is_sometimes_missing_does_not_hide_the_one_after_it() {
        let mut names = MemberNames::default();
        let first = names.member(ROOT, ROOT, b"a");
        let optional = names.member(ROOT, first, b"b");
        let last = names.member(ROOT, optional, b"c");
        assert_eq!(names.member(ROOT, first, b"c"), last);
        assert_eq!(names.expected(ROOT, first, b"b\""), Some((optional, 2)));
        assert_eq!(names.expected(ROOT, first, b"c\""), Some((last, 2)));
    }

    #[test]
    fn a_name_with_a_quote_in_it_is_never_taken_for_the_end_of_a_shorter_one() {
        let mut names = MemberNames::default();
        let odd = names.member(ROOT, ROOT, b"a\"b");
        assert_eq!(names.expected(ROOT, ROOT, b"a\"b\""), None);
        assert_eq!(names.name(odd), "a\"b");
        assert_eq!(names.member(ROOT, ROOT, b"a\"b"), odd);
    }

    #[test]
    fn a_restart_keeps_the_paths_that_are_still_needed() {
        let mut names = MemberNames::default();
        let outer = names.member(ROOT, ROOT, b"outer");
        let inner = names.member(outer, ROOT, b"inn\xe9r");
        for number in 0..MemberNames::MOST {
            names.member(ROOT, outer, number.to_string().as_bytes());
        }
        assert!(names.is_full());
        let mut path = [PathStep::Member(outer), PathStep::Index(3), PathStep::Member(inner)];
        let mut none = [PathStep::Member(ROOT)];
        names.restart(&mut [&mut path, &mut none]);
        assert!(!names.is_full());
        let [PathStep::Member(outer), PathStep::Index(3), PathStep::Member(inner)] = path else {
            panic!("{path:?}");
        };
        assert_eq!(names.names(inner), ["outer", "inn\u{e9}r"]);
        assert_eq!(names.member(ROOT, ROOT, b"outer"), outer);
        assert_eq!(none, [PathStep::Member(ROOT)]);
    }

    #[test]
    fn few_names_of_great_length_fill_the_memory_too() {
        let mut names = MemberNames::default();
        for number in 0..600 {
            names.member(ROOT, ROOT, format!("{number}{}", "x".repeat(16_000)).as_bytes());
        }
        assert!(names.is_full());
    }
}
