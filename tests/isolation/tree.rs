//! Trees of files, what they are compared by, and the moves that tests make with them.

use jiff::Timestamp;
use lakegate::actions::isolate::{
    Fate, Identities, IsolationError, Outcome, Recipients, Request, RestoreSettings, Scanned, Settings, Witness,
    isolate, restore,
};
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};
use tempfile::TempDir;
use walkdir::WalkDir;

/// Content, permissions and last modification of a file; content and time are left out for folders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    pub content: Option<Vec<u8>>,
    pub mode: u32,
    pub modified: Option<(i64, i64)>,
}

pub type Nodes = BTreeMap<PathBuf, Node>;

/// All that is below a folder, by path.
pub fn nodes(folder: &Path) -> Nodes {
    let entries = WalkDir::new(folder).min_depth(1).into_iter().map(Result::unwrap);
    let node = |entry: walkdir::DirEntry| {
        let metadata = entry.metadata().unwrap();
        let is_file = metadata.is_file();
        let node = Node {
            content: is_file.then(|| fs::read(entry.path()).unwrap()),
            mode: metadata.mode(),
            modified: is_file.then(|| (metadata.mtime(), metadata.mtime_nsec())),
        };
        (entry.path().strip_prefix(folder).unwrap().to_owned(), node)
    };
    entries.map(node).collect()
}

/// The files among them.
pub fn files(nodes: &Nodes) -> impl Iterator<Item = (&PathBuf, &Vec<u8>)> {
    nodes.iter().filter_map(|(path, node)| Some((path, node.content.as_ref()?)))
}

/// A folder with files to isolate, and a place for an isolation folder.
pub struct Ground {
    folder: TempDir,
    pub start: Nodes,
}

impl Ground {
    /// Files with these contents, each with permissions and a time of its own.
    pub fn new<P: AsRef<Path>>(contents: impl IntoIterator<Item = (P, Vec<u8>)>) -> Self {
        Self::on(tempfile::tempdir().unwrap(), contents)
    }

    /// The same in a given folder.
    pub fn on<P: AsRef<Path>>(folder: TempDir, contents: impl IntoIterator<Item = (P, Vec<u8>)>) -> Self {
        let source = folder.path().join("source");
        fs::create_dir(&source).unwrap();
        for (index, (path, content)) in contents.into_iter().enumerate() {
            let path = source.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, content).unwrap();
            let mode = [0o644, 0o600, 0o755, 0o640, 0o400][index % 5];
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let age = Duration::new(1_600_000_000 + index as u64 * 1000, 123_456_789);
            // Times are set through a handle for writing, which permissions may forbid.
            set_modified(&path, UNIX_EPOCH + age);
        }
        let start = nodes(&source);
        Self { folder, start }
    }

    /// A few files, in folders and with different content.
    pub fn small() -> Self {
        Self::new([
            ("a.csv", b"id,SSN\n1,219-45-3456\n".to_vec()),
            ("sub/b c.csv", vec![7; 200_000]),
            ("sub/deep/d\n.csv", Vec::new()),
        ])
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn source(&self) -> PathBuf {
        self.path().join("source")
    }

    pub fn to(&self) -> PathBuf {
        self.path().join("isolated")
    }

    pub fn manifest(&self) -> PathBuf {
        self.to().join("manifest.jsonl")
    }

    /// A request for every file of the start, as a scan at the start would give it.
    pub fn requests(&self) -> Vec<Request> {
        let request = |(path, node): (&PathBuf, &Node)| Request {
            key: path.to_string_lossy().into_owned(),
            root: self.source(),
            path: path.clone(),
            scanned: Scanned {
                size: node.content.as_ref().unwrap().len() as u64,
                modified: node.modified.map(|(seconds, _)| seconds),
                fingerprint: None,
            },
            finding: None,
        };
        self.start.iter().filter(|(_, node)| node.content.is_some()).map(request).collect()
    }

    pub fn isolate_with(&self, recipients: &Recipients, witness: &dyn Witness) -> Result<Vec<Outcome>, IsolationError> {
        isolate(&self.to(), &self.requests(), &settings(recipients, witness))
    }

    pub fn isolate(&self) -> Vec<Outcome> {
        self.isolate_with(&Recipients::default(), &()).unwrap()
    }

    pub fn restore_with(&self, identities: &Identities, witness: &dyn Witness) -> Result<Vec<Outcome>, IsolationError> {
        let settings = RestoreSettings { identities, at: Timestamp::UNIX_EPOCH, witness };
        restore(&self.manifest(), &[], &settings)
    }

    pub fn restore(&self) -> Vec<Outcome> {
        self.restore_with(&Identities::default(), &()).unwrap()
    }

    /// Whether every file of the start is whole where it was or in the isolation folder.
    pub fn assert_nothing_lost(&self, decrypt: &dyn Fn(&[u8]) -> Option<Vec<u8>>, when: &str) {
        let (source, stored) = (nodes(&self.source()), self.stored());
        let copies: Vec<Option<Vec<u8>>> = files(&stored).map(|(_, content)| decrypt(content)).collect();
        for (path, content) in files(&self.start) {
            let is_there = source.get(path) == self.start.get(path);
            let is_isolated = copies.iter().flatten().any(|copy| copy == content);
            assert!(is_there || is_isolated, "{} is nowhere whole, {when}", path.display());
        }
    }

    /// What is in the isolation folder below `files`.
    pub fn stored(&self) -> Nodes {
        let files = self.to().join("files");
        if files.exists() { nodes(&files) } else { Nodes::new() }
    }

    /// That every file is in the isolation folder only, and nothing is left of the way there.
    pub fn assert_isolated(&self, decrypt: &dyn Fn(&[u8]) -> Option<Vec<u8>>, when: &str) {
        assert_eq!(files(&nodes(&self.source())).count(), 0, "something is left in the source, {when}");
        assert_eq!(nodes(&self.to().join("incoming")).len(), 0, "something is left on the way, {when}");
        let sorted = |mut contents: Vec<Vec<u8>>| {
            contents.sort();
            contents
        };
        let stored = sorted(files(&self.stored()).map(|(_, content)| decrypt(content).unwrap()).collect());
        let start = sorted(files(&self.start).map(|(_, content)| content.clone()).collect());
        assert!(stored == start, "the copies are not what the files were, {when}");
    }

    /// That everything is as it was at the start, and the isolation folder is empty.
    pub fn assert_as_at_the_start(&self, when: &str) {
        let now = nodes(&self.source());
        assert_eq!(now.keys().collect::<Vec<_>>(), self.start.keys().collect::<Vec<_>>(), "names differ, {when}");
        for (path, node) in &now {
            assert!(*node == self.start[path], "{} is different, {when}", path.display());
        }
        assert_eq!(self.stored(), Nodes::new(), "copies are left, {when}");
    }
}

pub fn settings<'a>(recipients: &'a Recipients, witness: &'a dyn Witness) -> Settings<'a> {
    Settings { recipients, at: Timestamp::UNIX_EPOCH, dry_run: false, witness }
}

/// Copies that are not encrypted.
#[allow(clippy::unnecessary_wraps, reason = "decryption can fail, and this stands for it")]
pub fn plain(content: &[u8]) -> Option<Vec<u8>> {
    Some(content.to_vec())
}

pub fn set_modified(path: &Path, time: std::time::SystemTime) {
    let mode = fs::metadata(path).unwrap().permissions();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    let file = fs::File::options().write(true).open(path).unwrap();
    file.set_modified(time).unwrap();
    fs::set_permissions(path, mode).unwrap();
}

pub fn assert_all_good(outcomes: &[Outcome], when: &str) {
    for outcome in outcomes {
        assert!(outcome.fate.is_good(), "{}: {}, {when}", outcome.key, outcome.fate);
    }
}

pub fn fate<'a>(outcomes: &'a [Outcome], key: &str) -> &'a Fate {
    &outcomes.iter().find(|outcome| outcome.key == key).unwrap_or_else(|| panic!("{key}: {outcomes:?}")).fate
}

/// A recipient, the file with the identity that belongs to it, and what decrypts with it.
pub struct Lock {
    pub recipients: Recipients,
    pub recipient: String,
    pub identity: PathBuf,
    secret: age::x25519::Identity,
}

impl Lock {
    /// A key of the test's own, in a file in `folder`.
    pub fn new(folder: &Path) -> Self {
        use age::secrecy::ExposeSecret;
        let secret = age::x25519::Identity::generate();
        let identity = folder.join("identity.txt");
        fs::write(&identity, secret.to_string().expose_secret()).unwrap();
        Self::of(identity, secret)
    }

    /// The key in a file.
    pub fn read(identity: &Path) -> Self {
        let secret = fs::read_to_string(identity).unwrap().parse().unwrap();
        Self::of(identity.to_owned(), secret)
    }

    fn of(identity: PathBuf, secret: age::x25519::Identity) -> Self {
        let recipient = secret.to_public().to_string();
        let mut recipients = Recipients::default();
        recipients.add(&recipient).unwrap();
        Self { recipients, recipient, identity, secret }
    }

    pub fn identities(&self) -> Identities {
        let mut identities = Identities::default();
        identities.add_file(&self.identity).unwrap();
        identities
    }

    /// The content of an encrypted file; `None` for anything else.
    pub fn decrypt(&self, content: &[u8]) -> Option<Vec<u8>> {
        let decryptor = age::Decryptor::new(content).ok()?;
        let mut plain = Vec::new();
        let mut reader = decryptor.decrypt(std::iter::once(&self.secret as &dyn age::Identity)).ok()?;
        reader.read_to_end(&mut plain).ok()?;
        Some(plain)
    }
}
