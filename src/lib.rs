//! Know what sensitive data a drop of files holds before it is uploaded: a local, offline scanner that reports in the
//! words of Amazon Macie.
//!
//! A [`scan::Scanner`] is built once from identifiers and settings and then used from any number of threads:
//!
//! ```
//! use lakegate::model::ObjectInfo;
//! use lakegate::scan::Scanner;
//!
//! let scanner = Scanner::builder().build()?;
//! let object = ObjectInfo { key: "drop/people.csv".into(), ..ObjectInfo::default() };
//! let report = scanner.scan_object(object, "ssn\n219-09-4821\n".as_bytes());
//! let finding = report.finding.expect("a Social Security number in a column named for it");
//! assert_eq!(finding.detections[0].identifier.id, "USA_SOCIAL_SECURITY_NUMBER");
//! # Ok::<(), lakegate::scan::BuildError>(())
//! ```
#![warn(clippy::print_stdout, clippy::print_stderr, clippy::unwrap_used)]

pub mod actions;
pub mod blocks;
pub mod config;
pub mod describe;
pub mod engine;
pub mod filters;
pub mod findings;
pub mod identifiers;
pub mod jobs;
pub mod model;
pub mod outputs;
pub mod proof;
#[cfg_attr(
    not(all(
        feature = "archives",
        feature = "arrow",
        feature = "avro",
        feature = "excel",
        feature = "mail",
        feature = "office",
        feature = "orc",
        feature = "parquet",
        feature = "pdf",
        feature = "sqlite"
    )),
    allow(dead_code, unused_imports, reason = "a build without some formats needs a part of what readers share")
)]
pub mod readers;
pub mod scan;
pub mod sources;
pub mod validators;
