//! Options that limit how much of each object is read.

use clap::Args;
use lakegate::model::{Quotas, StoredKind};
use std::time::Duration;

/// Limits of `scan`. The defaults are those of [`Quotas`].
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits (an object over one is reported with Macie's reason)")]
#[expect(clippy::struct_field_names, reason = "they are the names of the options")]
pub struct LimitArgs {
    /// Stored size of an object: of every kind, or of one (text, data, compressed, tar, mail, pdf, office), such as pdf=2GB.
    /// May be repeated. [default: Macie's: 20GB of text, TAR and mail, 8GB of data and compressed files, 1024MB of PDF, 512MB
    /// of Office].
    #[arg(long, value_name = "[KIND=]SIZE", value_parser = stored)]
    pub max_size: Vec<(Option<StoredKind>, u64)>,

    /// What a compressed object or an archive may expand to in all [default: 10GB].
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub max_expanded: Option<u64>,

    /// Size of one file in an archive [default: 3GB].
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub max_member: Option<u64>,

    /// Files in an archive [default: 1000000].
    #[arg(long, value_name = "N")]
    pub max_members: Option<u64>,

    /// Archives and compression inside each other [default: 10].
    #[arg(long, value_name = "N")]
    pub max_levels: Option<u32>,

    /// JSON objects and arrays inside each other [default: 256].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=4096))]
    pub max_json_levels: Option<u16>,

    /// Times its size that an object may expand to [default: 10000].
    #[arg(long, value_name = "N")]
    pub max_ratio: Option<u64>,

    /// Time for one object, such as 90s or 2h [default: 10h].
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub max_time: Option<Duration>,
}

impl LimitArgs {
    /// The limits as the scanner takes them.
    pub fn quotas(&self) -> Quotas {
        let mut quotas = Quotas::default();
        for (kind, bytes) in &self.max_size {
            match kind {
                Some(kind) => *quotas.stored.of_mut(*kind) = *bytes,
                None => StoredKind::ALL.into_iter().for_each(|kind| *quotas.stored.of_mut(kind) = *bytes),
            }
        }
        let defaults = Quotas::default();
        Quotas {
            expanded_bytes: self.max_expanded.unwrap_or(defaults.expanded_bytes),
            member_bytes: self.max_member.unwrap_or(defaults.member_bytes),
            members: self.max_members.unwrap_or(defaults.members),
            levels: self.max_levels.unwrap_or(defaults.levels),
            json_levels: self.max_json_levels.map_or(defaults.json_levels, usize::from),
            ratio: self.max_ratio.unwrap_or(defaults.ratio),
            time: self.max_time.unwrap_or(defaults.time),
            ..quotas
        }
    }
}

fn stored(text: &str) -> Result<(Option<StoredKind>, u64), String> {
    let Some((name, bytes)) = text.split_once('=') else { return Ok((None, size(text)?)) };
    let kind = StoredKind::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| {
        let names = StoredKind::ALL.map(StoredKind::name).join(", ");
        format!("there is no kind {name:?}; the kinds are {names}")
    })?;
    Ok((Some(kind), size(bytes)?))
}

/// Bytes, or a number with a unit: kB, MB, GB, TB (powers of 1,000) or `KiB`, `MiB`, `GiB`, `TiB` (of 1,024).
fn size(text: &str) -> Result<u64, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let power: u64 = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kb" => 1_000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        "tb" => 1_000_000_000_000,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        "tib" => 1 << 40,
        _ => return Err("a size is a whole number of bytes, kB, MB, GB, TB, KiB, MiB, GiB or TiB".to_owned()),
    };
    let number: u64 = number.parse().map_err(|_| "a size starts with a whole number".to_owned())?;
    number.checked_mul(power).ok_or_else(|| "larger than any file".to_owned())
}

fn time(text: &str) -> Result<Duration, String> {
    let parsed: Result<jiff::SignedDuration, _> = text.parse();
    parsed
        .ok()
        .and_then(|time| Duration::try_from(time).ok())
        .ok_or_else(|| "a time is a number with a unit, such as 90s, 15m or 2h".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_decimal_and_binary_units() {
        for (text, bytes) in [("7", 7), ("3GB", 3_000_000_000), ("2 MiB", 2 << 20), ("5kb", 5_000)] {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for text in ["", "GB", "1.5GB", "3 apples", "99999999TB"] {
            assert!(size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_size_is_for_one_kind_or_for_all() {
        assert_eq!(stored("pdf=2GB"), Ok((Some(StoredKind::Pdf), 2_000_000_000)));
        assert_eq!(stored("10"), Ok((None, 10)));
        assert!(stored("picture=2GB").is_err_and(|error| error.contains("office")));
    }

    #[test]
    fn times_have_units() {
        assert_eq!(time("90s"), Ok(Duration::from_secs(90)));
        assert!(time("-1s").is_err() && time("soon").is_err());
    }
}
