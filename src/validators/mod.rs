//! Checks on the digits and letters of a candidate: pure functions, each after a published rule.
//!
//! Unless a function says otherwise it takes the candidate *compacted*: upper case, letters and digits only. None of
//! them panics on any input.

pub mod calendar;
pub mod card;
pub mod coordinates;
pub mod credential;
pub mod health;
pub mod iban;
pub mod iso7064;
pub mod licence;
pub mod luhn;
pub mod national;
pub mod passport;
pub mod phone;
pub mod registry;
pub mod social_security;
pub mod tax;
pub mod vehicle;
pub mod verhoeff;
pub mod weighted;
