//! The scanner of `scan`, `hook` and `baseline`.

use crate::args::{LimitArgs, SearchArgs};
use anyhow::{Result, bail};
use lakegate::identifiers::{allow_list_load, custom_load};
use lakegate::scan::Scanner;

/// The scanner that the options ask for.
pub fn scanner(args: &SearchArgs, limits: &LimitArgs) -> Result<Scanner> {
    let custom = custom_load::load(&args.choice.identifiers)?;
    let allow_lists = allow_list_load::load(&args.allow_list, &|_| None)?;
    let builder = args.choice.builder().custom(custom).allow_lists(allow_lists).quotas(limits.quotas());
    let scanner = builder.inline_ignore(!args.no_inline_ignore).build()?;
    if scanner.identifier_count() == 0 {
        bail!("no identifier is left to look for: give --identifiers or other --managed");
    }
    Ok(scanner)
}
