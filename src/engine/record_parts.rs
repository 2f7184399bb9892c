//! The parts of a name and of an address that one JSON object holds.

use super::address_role::AddressRole;
use super::name_role::NameRole;
use super::path_plan::PathPlan;
use super::person_name::{is_family_name, is_given_name, is_name_part_shape};
use super::postal_code::is_postal_code;
use super::street::is_street_line;
use crate::model::PathStep;
use std::ops::Range;

/// The path to a part: a range of [`OpenObjects::steps`].
#[derive(Debug, Clone)]
struct Place {
    steps: Range<usize>,
    shown: bool,
}

/// What an object has held so far.
#[derive(Debug, Default)]
struct Parts {
    /// Objects that are open, this one included.
    depth: usize,
    name: NameParts,
    address: AddressParts,
}

#[derive(Debug, Default)]
struct NameParts {
    given: Option<Place>,
    family: bool,
    /// One of them is known as a name of persons.
    known: bool,
    /// The paths of the given and of the family name speak of names themselves: then nobody has to be known.
    said: [bool; 2],
}

#[derive(Debug, Default)]
struct AddressParts {
    street: Option<Place>,
    city: bool,
    postal_code: bool,
}

/// What was put together from the parts of an object, with the path of its first part and whether that may be shown.
#[derive(Debug, Default)]
pub struct Composed<'a> {
    /// A person's name.
    pub name: Option<(&'a [PathStep], bool)>,
    /// A mailing address.
    pub address: Option<(&'a [PathStep], bool)>,
}

/// The objects that are open, as far as they have held parts.
#[derive(Debug, Default)]
pub struct OpenObjects {
    depth: usize,
    parts: Vec<Parts>,
    /// Steps of the paths of parts.
    pub steps: Vec<PathStep>,
}

impl OpenObjects {
    /// Forgets all.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// An object begins.
    #[inline]
    pub fn open(&mut self) {
        self.depth += 1;
    }

    /// The object that began last ends: calls `found` if it held parts.
    #[inline]
    pub fn close(&mut self, found: impl FnOnce(Composed<'_>)) {
        if self.parts.last().is_some_and(|parts| parts.depth == self.depth)
            && let Some(parts) = self.parts.pop()
        {
            found(self.compose(&parts));
            let places = parts.name.given.into_iter().chain(parts.address.street);
            let start = places.map(|place| place.steps.start).min();
            self.steps.truncate(start.unwrap_or(self.steps.len()));
        }
        self.depth = self.depth.saturating_sub(1);
    }

    fn compose(&self, parts: &Parts) -> Composed<'_> {
        let place = |place: &Place| (&self.steps[place.steps.clone()], place.shown);
        let name = parts
            .name
            .given
            .as_ref()
            .filter(|_| parts.name.family && (parts.name.known || parts.name.said == [true; 2]));
        let address = parts.address.street.as_ref().filter(|_| parts.address.city && parts.address.postal_code);
        Composed { name: name.map(place), address: address.map(place) }
    }

    /// Notes the trimmed value of a member that may be a part of a name or an address.
    pub fn note(&mut self, plan: &PathPlan, path: &[PathStep], text: &str) {
        if self.depth == 0 {
            return;
        }
        if self.parts.last().is_none_or(|parts| parts.depth != self.depth) {
            self.parts.push(Parts { depth: self.depth, ..Parts::default() });
        }
        let Self { parts, steps, .. } = self;
        let Some(Parts { name, address, .. }) = parts.last_mut() else { return };
        let mut place = || {
            let start = steps.len();
            steps.extend_from_slice(path);
            Some(Place { steps: start..steps.len(), shown: plan.shown })
        };
        match plan.name_role {
            NameRole::Given if name.given.is_none() && is_name_part_shape(text) => {
                name.given = place();
                name.known |= is_given_name(text);
                name.said[0] = plan.says_name;
            }
            NameRole::Family if !name.family && is_name_part_shape(text) => {
                name.family = true;
                name.known |= is_family_name(text);
                name.said[1] = plan.says_name;
            }
            _ => {}
        }
        match plan.address_role {
            AddressRole::Street | AddressRole::Full if address.street.is_none() && is_street_line(text) => {
                address.street = place();
            }
            AddressRole::City => address.city = true,
            AddressRole::PostalCode => address.postal_code |= is_postal_code(text),
            _ => {}
        }
    }
}
