//! Formats that know their own structure: what is planted in them is found, and located where it stands.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::cast_possible_wrap, clippy::cast_sign_loss, reason = "small numbers that the tests themselves make")]

mod found;
#[cfg(any(feature = "avro", feature = "orc", all(feature = "arrow", feature = "parquet")))]
mod tree;

#[cfg(feature = "avro")]
mod avro;
#[cfg(all(feature = "arrow", feature = "parquet"))]
mod columnar;
#[cfg(all(
    feature = "arrow",
    feature = "avro",
    feature = "excel",
    feature = "orc",
    feature = "parquet",
    feature = "sqlite"
))]
mod mutations;
#[cfg(feature = "excel")]
mod ods;
#[cfg(feature = "orc")]
mod orc;
mod sql;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(feature = "excel")]
mod xlsx;
