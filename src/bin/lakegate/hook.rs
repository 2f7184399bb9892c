//! `lakegate hook`.

use crate::args::HookArgs;
use crate::baseline_file::{BaselineFile, Names};
use crate::exit::Exit;
use crate::hook_text::{Told, Verdict};
use crate::looking;
use anyhow::Result;
use lakegate::findings::baseline::Baseline;
use lakegate::model::{ObjectInfo, ObjectReport, Reason};
use lakegate::scan::{Given, Scanner};
use lakegate::sources::{ObjectNames, Staged, StagedContent, is_large_file_pointer, walk};
use std::fs;
use std::io::{self, Write};
use std::mem::ManuallyDrop;
use std::path::Path;

/// Bytes up to which a file may be a pointer to a large one.
const SMALL: u64 = 1024;

/// Runs the subcommand.
pub fn run(args: &HookArgs) -> Result<Exit> {
    // Never dropped: the program ends after one scan, and freeing its tables piece by piece takes longer than ending.
    let scanner = ManuallyDrop::new(looking::scanner(&args.look.search, &args.look.limits)?);
    // Without a baseline everything that is found is new.
    let baseline = match &args.baseline {
        Some(path) => BaselineFile::read(path)?,
        None => BaselineFile { path: "lakegate.baseline".into(), baseline: Baseline::default() },
    };
    let (mut reports, names) =
        if args.staged { staged(args, &scanner, &baseline)? } else { given(args, &scanner, &baseline)? };
    let comparison = baseline.apply(&names, &scanner, &mut reports)?;
    let threshold = args.fail_on.threshold();
    let exit = Exit::after(&reports, threshold);
    let told = Told {
        reports: &reports,
        comparison: &comparison,
        objects: &names.objects,
        threshold,
        baseline: args.baseline.as_deref(),
        staged: args.staged,
    };
    let verdict = Verdict::of(&told, exit);
    if exit != Exit::Done || !args.look.work.quiet {
        io::stdout().lock().write_all(verdict.text().as_bytes())?;
    }
    Ok(exit)
}

/// Scans the files that are named.
fn given(args: &HookArgs, scanner: &Scanner, baseline: &BaselineFile) -> Result<(Vec<ObjectReport>, Names)> {
    let mut entries = walk(&args.files);
    entries.retain(|entry| args.baseline.is_none() || !baseline.is(&entry.path));
    for entry in entries.iter_mut().filter(|entry| entry.problem.is_none() && entry.size < SMALL) {
        if fs::read(&entry.path).is_ok_and(|content| is_large_file_pointer(&content)) {
            let detail = "a pointer of Git LFS: the data itself is not here; `git lfs pull` gets it";
            entry.problem = Some((Reason::SourceObjectNoLongerAvailable, detail));
        }
    }
    let reports = scanner.scan_entries(&entries, "", args.look.work.threads(), &())?;
    Ok((reports, baseline.names(&args.files, &entries)))
}

/// Scans what is staged.
fn staged(args: &HookArgs, scanner: &Scanner, baseline: &BaselineFile) -> Result<(Vec<ObjectReport>, Names)> {
    let staged = Staged::list(Path::new("."))?;
    let mut names = ObjectNames::below(&BaselineFile::folder(&baseline.path));
    let (mut objects, mut contents) = (Vec::new(), Vec::new());
    for file in staged.files {
        let path = staged.top_level.join(&file.path);
        if args.baseline.is_some() && baseline.is(&path) {
            continue;
        }
        objects.push(names.of_file(&path));
        let info =
            ObjectInfo { key: file.name.clone(), path: Some(file.name), size: file.size, ..ObjectInfo::default() };
        let given = match file.content {
            StagedContent::Readable(content) => Given::Content(content),
            StagedContent::Problem(reason, detail) => Given::Problem(reason, detail),
        };
        contents.push((info, given));
    }
    let reports = scanner.scan_given(contents, args.look.work.threads(), &())?;
    Ok((reports, Names { objects, folders: Vec::new() }))
}
