//! Files attached to a document (ISO 32000-1, 7.11.4), and the data of its XML forms.

use super::bounds::{filters, is_small};
use super::strings::text_of;
use crate::model::{ContentSink, Coverage, MemberInfo, Reason};
use flate2::read::ZlibDecoder;
use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, MaybeRef, Object, ObjectIdentifier, Stream, String as PdfString};
use std::collections::HashSet;
use std::io::{self, Read};

/// Nodes of the tree of names that are visited.
const MOST_NODES: usize = 100_000;

/// Levels of that tree.
const MOST_LEVELS: usize = 64;

/// Gives the files of a document to the sink, whose error is given back.
pub(super) fn read(pdf: &Pdf, sink: &mut dyn ContentSink) -> io::Result<()> {
    let mut files = Files { seen: HashSet::new(), nodes: 0, found: Vec::new() };
    if let Some(catalog) = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id()) {
        if let Some(tree) = catalog.get::<Dict<'_>>("Names").and_then(|names| names.get::<Dict<'_>>("EmbeddedFiles")) {
            files.tree(&tree, 0);
        }
        files.list(&catalog, "AF");
        if let Some(form) = catalog.get::<Dict<'_>>("AcroForm") {
            form_data(&form, sink)?;
        }
    }
    for page in pdf.pages().iter() {
        files.list(page.raw(), "AF");
        for annotation in
            page.raw().get::<Array<'_>>("Annots").iter().flat_map(Array::iter::<Dict<'_>>).take(MOST_NODES)
        {
            if let Some(file) = annotation.get::<Dict<'_>>("FS") {
                files.add(file);
            }
        }
    }
    for (number, file) in (1..).zip(files.found) {
        give(&file, number, sink)?;
    }
    Ok(())
}

struct Files<'a> {
    seen: HashSet<ObjectIdentifier>,
    nodes: usize,
    found: Vec<Dict<'a>>,
}

impl<'a> Files<'a> {
    /// A tree of names: leaves have names and files in turn.
    fn tree(&mut self, node: &Dict<'a>, level: usize) {
        self.nodes += 1;
        if self.nodes > MOST_NODES || level > MOST_LEVELS {
            return;
        }
        if let Some(names) = node.get::<Array<'a>>("Names") {
            for file in names.iter::<Object<'a>>().filter_map(Object::into_dict) {
                self.add(file);
            }
        }
        for kid in node.get::<Array<'a>>("Kids").iter().flat_map(Array::raw_iter).take(MOST_NODES) {
            let is_new = match kid {
                MaybeRef::Ref(reference) => self.seen.insert(reference.into()),
                MaybeRef::NotRef(_) => true,
            };
            if !is_new {
                return;
            }
        }
        for kid in node.get::<Array<'a>>("Kids").iter().flat_map(Array::iter::<Dict<'a>>).take(MOST_NODES) {
            self.tree(&kid, level + 1);
        }
    }

    fn list(&mut self, dict: &Dict<'a>, key: &str) {
        for file in dict.get::<Array<'a>>(key).iter().flat_map(Array::iter::<Dict<'a>>).take(MOST_NODES) {
            self.add(file);
        }
    }

    fn add(&mut self, file: Dict<'a>) {
        let is_new = file.obj_id().is_none_or(|id| self.seen.insert(id));
        if is_new && self.found.len() < MOST_NODES {
            self.found.push(file);
        }
    }
}

fn give(file: &Dict<'_>, number: usize, sink: &mut dyn ContentSink) -> io::Result<()> {
    let name = ["UF", "F"].iter().find_map(|key| file.get::<PdfString<'_>>(key));
    let name = name.map(|name| text_of(name.as_bytes()).replace('\\', "/")).filter(|name| !name.trim().is_empty());
    let path = name.unwrap_or_else(|| format!("file {number}"));
    let streams = file.get::<Dict<'_>>("EF");
    let Some(stream) = streams.and_then(|streams| ["F", "UF"].iter().find_map(|key| streams.get::<Stream<'_>>(key)))
    else {
        // A file beside the document, not in it.
        return Ok(());
    };
    content(&stream, &path, sink)
}

fn content(stream: &Stream<'_>, path: &str, sink: &mut dyn ContentSink) -> io::Result<()> {
    let member = MemberInfo { path, modified: None };
    let filters = filters(stream);
    match filters.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => sink.member(member, &mut &*stream.raw_data()),
        ["FlateDecode"] if stream.dict().get::<Dict<'_>>("DecodeParms").is_none() => {
            sink.member(member, &mut ZlibDecoder::new(&*stream.raw_data()))
        }
        _ if is_small(stream) => match stream.decoded_data() {
            Ok(content) => sink.member(member, &mut (&*content).take(u64::MAX)),
            Err(_) => {
                sink.unread_member(member, Coverage::skipped(Reason::MalformedFile, "the file cannot be decoded"))
            }
        },
        _ => {
            let detail = "the file expands to more than the limit";
            sink.unread_member(member, Coverage::skipped(Reason::ArchiveTotalBytesExtractedOverLimit, detail))
        }
    }
}

/// The data of a form in XML: one stream, or names and streams in turn.
fn form_data(form: &Dict<'_>, sink: &mut dyn ContentSink) -> io::Result<()> {
    match form.get::<Object<'_>>("XFA") {
        Some(Object::Stream(stream)) => content(&stream, "form.xml", sink),
        Some(Object::Array(parts)) => {
            let mut name = String::from("form");
            for part in parts.iter::<Object<'_>>().take(MOST_NODES) {
                match part {
                    Object::String(text) => name = text_of(text.as_bytes()),
                    Object::Stream(stream) if name.contains("datasets") => {
                        content(&stream, &format!("{name}.xml"), sink)?;
                    }
                    _ => {}
                }
            }
            Ok(())
        }
        _ => Ok(()),
    }
}
