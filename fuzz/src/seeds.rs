//! Writes the inputs from which fuzzing starts: small files of every format that can be written here, into
//! `corpus/TARGET/`. Files given as arguments are taken too, by their extension.

#[path = "../../tests/archives/write.rs"]
mod write;

use lakegate_fuzz::NAMES;
use std::path::Path;
use std::{fs, io};
use write::{Codec, Kind, encrypted_zip};

fn main() -> io::Result<()> {
    let table = b"id,name,ssn\n1,\"Doe, Jane\",219-09-4821\n2,Roe,514-14-8905\n".to_vec();
    let records = b"{\"id\": 1, \"who\": {\"ssn\": \"219-09-4821\"}}\n{\"id\": [2, \"\\u00e9\"]}\n".to_vec();
    let members = [("in/a.csv".to_owned(), table.clone()), ("in/b.jsonl".to_owned(), records.clone())];
    let mut seeds = vec![("csv".to_owned(), table.clone()), ("jsonl".to_owned(), records)];
    seeds.extend(Kind::ALL.map(|kind| (kind.extension().to_owned(), kind.write(&members))));
    seeds.extend(Codec::ALL.map(|codec| (codec.extension().to_owned(), codec.write(&table))));
    seeds.push(("zip".to_owned(), encrypted_zip(&members)));
    for path in std::env::args_os().skip(1) {
        let extension = Path::new(&path).extension().unwrap_or_default().to_string_lossy().into_owned();
        seeds.push((extension, fs::read(&path)?));
    }
    for target in ["sniffing", "archives", "readers"] {
        let folder = Path::new("corpus").join(target);
        fs::create_dir_all(&folder)?;
        for (number, (extension, bytes)) in seeds.iter().enumerate() {
            let name = format!("a.{extension}");
            let choice = NAMES.iter().position(|known| *known == name).unwrap_or_default();
            let choice = u8::try_from(choice).unwrap_or_default();
            let seed = if target == "archives" { bytes.clone() } else { [&[choice], bytes.as_slice()].concat() };
            fs::write(folder.join(format!("seed-{number}")), seed)?;
        }
    }
    Ok(())
}
