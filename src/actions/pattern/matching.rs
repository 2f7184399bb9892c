//! Chooses values of an event so that every member of a pattern has one, all from the same array elements.

use super::compile::{Alternative, EventPattern};
use super::condition::Condition;
use super::event::{Elements, Event, Leaf};
use super::mismatch::{Mismatch, Reason};
use std::collections::HashSet;

impl EventPattern {
    /// Whether the pattern wants the event.
    pub fn matches(&self, event: &Event) -> bool {
        self.alternatives.iter().any(|alternative| {
            // Cheaper than choosing, and enough for most events.
            let hopeless = alternative.iter().any(|(path, member)| {
                !self.wants_absence(*member) && !event.at(path).iter().any(|field| self.accepts(*member, &field.value))
            });
            !hopeless && self.first_failure(alternative, event).is_none()
        })
    }

    /// Why the pattern does not want the event: for each way to meet it (there are several with `$or`) the first member,
    /// in the order of the paths, that no value meets. Empty if the event is wanted.
    pub fn mismatches(&self, event: &Event) -> Vec<Mismatch> {
        let mut failures = Vec::new();
        for alternative in &self.alternatives {
            let Some(number) = self.first_failure(alternative, event) else { return Vec::new() };
            let (path, member) = &alternative[number];
            let mismatch = Mismatch {
                path: path.clone(),
                wanted: self.members[*member].iter().map(|(written, _)| written.clone()).collect(),
                reason: self.reason(path, *member, event),
            };
            if !failures.contains(&mismatch) {
                failures.push(mismatch);
            }
        }
        failures
    }

    /// The number of the first member for which nothing can be chosen.
    fn first_failure(&self, alternative: &Alternative, event: &Event) -> Option<usize> {
        let later = arrays_of_later_members(alternative, event);
        let mut choices: HashSet<Elements> = HashSet::from([Elements::new()]);
        for (number, (path, member)) in alternative.iter().enumerate() {
            let fields = event.at(path);
            let fitting: Vec<_> = fields.iter().filter(|field| self.accepts(*member, &field.value)).collect();
            let mut next = HashSet::new();
            for choice in &choices {
                let chosen = fitting.iter().filter_map(|field| join(choice, &field.elements));
                let absent =
                    self.wants_absence(*member) && !fields.iter().any(|field| join(choice, &field.elements).is_some());
                for mut elements in chosen.chain(absent.then(|| choice.clone())) {
                    // What no later member can contradict need not be told apart.
                    elements.retain(|(array, _)| later[number].contains(array));
                    next.insert(elements);
                }
            }
            if next.is_empty() {
                return Some(number);
            }
            choices = next;
        }
        None
    }

    fn wants_absence(&self, member: usize) -> bool {
        self.members[member].iter().any(|(_, condition)| *condition == Condition::Absent)
    }

    fn accepts(&self, member: usize, value: &Leaf) -> bool {
        self.members[member].iter().any(|(_, condition)| condition.accepts(value))
    }

    fn reason(&self, path: &str, member: usize, event: &Event) -> Reason {
        let fields = event.at(path);
        if fields.is_empty() {
            Reason::Missing
        } else if fields.iter().any(|field| self.accepts(member, &field.value)) {
            Reason::OtherElement
        } else {
            Reason::Values(fields.iter().map(|field| field.value.to_string()).collect())
        }
    }
}

/// For each member, the arrays that values of the members after it are in.
fn arrays_of_later_members(alternative: &Alternative, event: &Event) -> Vec<HashSet<u32>> {
    let mut arrays: HashSet<u32> = HashSet::new();
    let mut later = vec![HashSet::new(); alternative.len()];
    for (number, (path, _)) in alternative.iter().enumerate().rev() {
        later[number].clone_from(&arrays);
        arrays.extend(event.at(path).iter().flat_map(|field| &field.elements).map(|(array, _)| *array));
    }
    later
}

/// Both lists of elements in one, or `None` if they name different elements of the same array.
fn join(left: &Elements, right: &Elements) -> Option<Elements> {
    let mut joined = left.clone();
    for (array, index) in right {
        match joined.binary_search_by_key(array, |(array, _)| *array) {
            Ok(at) if joined[at].1 != *index => return None,
            Ok(_) => {}
            Err(at) => joined.insert(at, (*array, *index)),
        }
    }
    Some(joined)
}
