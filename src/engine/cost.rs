//! What judging values has cost, kept by those who judge while somebody wants to know.

use std::collections::BTreeMap;
use std::ops::AddAssign;
use std::time::{Duration, Instant};

/// Time that was spent, and on how many values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cost {
    /// Time on one thread.
    pub time: Duration,
    /// Values that were judged; equal values that were remembered are not among them.
    pub values: u64,
}

impl Cost {
    /// Adds the time since then, spent on one value.
    pub fn spent(&mut self, since: Instant) {
        self.time += since.elapsed();
        self.values += 1;
    }
}

impl AddAssign for Cost {
    fn add_assign(&mut self, other: Self) {
        self.time += other.time;
        self.values += other.values;
    }
}

/// What was spent on what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Costs {
    /// Keywords and patterns of the managed identifiers, which are looked for together.
    pub patterns: Cost,
    /// Names of people and mailing addresses.
    pub names: Cost,
    /// Custom identifiers, in their order.
    pub custom: Vec<Cost>,
    /// All of it by column or path; running text has the empty name.
    pub fields: BTreeMap<String, Cost>,
}

impl Costs {
    /// Adds what another has spent.
    pub fn add(&mut self, other: Self) {
        self.patterns += other.patterns;
        self.names += other.names;
        if self.custom.len() < other.custom.len() {
            self.custom.resize(other.custom.len(), Cost::default());
        }
        self.custom.iter_mut().zip(other.custom).for_each(|(custom, more)| *custom += more);
        for (field, cost) in other.fields {
            *self.fields.entry(field).or_default() += cost;
        }
    }

    /// Adds the time since then, spent on the custom identifier at `position`.
    pub(super) fn spent_on_custom(&mut self, position: usize, since: Instant) {
        if self.custom.len() <= position {
            self.custom.resize(position + 1, Cost::default());
        }
        self.custom[position].spent(since);
    }
}
