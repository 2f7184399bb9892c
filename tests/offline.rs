//! No code path opens a network connection: nothing that could is linked.

use std::process::Command;

/// Crates that talk to a network, by name or beginning of a name.
const CLIENTS: &[&str] = &[
    "reqwest",
    "hyper",
    "ureq",
    "curl",
    "isahc",
    "surf",
    "attohttpc",
    "minreq",
    "tokio",
    "async-std",
    "mio",
    "socket2",
    "rustls",
    "native-tls",
    "openssl",
    "quinn",
    "h2",
    "tungstenite",
    "aws-",
    "rusoto",
    "trust-dns",
    "hickory",
];

#[test]
fn the_program_links_no_network_client() {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let tree = String::from_utf8(tree.stdout).unwrap();
    assert!(tree.lines().count() > 20, "the dependency tree was read:\n{tree}");
    let clients: Vec<&str> = tree
        .lines()
        .filter(|line| {
            let name = line.split(' ').next().unwrap_or("");
            CLIENTS.iter().any(|client| name == *client || (client.ends_with('-') && name.starts_with(client)))
        })
        .collect();
    assert!(clients.is_empty(), "{clients:?}");
}

#[test]
fn the_library_names_no_socket() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in walkdir::WalkDir::new(root).into_iter().map(Result::unwrap).filter(|entry| entry.file_type().is_file())
    {
        let text = std::fs::read_to_string(entry.path()).unwrap();
        for name in ["TcpStream", "TcpListener", "UdpSocket", "UnixStream", "ToSocketAddrs"] {
            assert!(!text.contains(name), "{} names {name}", entry.path().display());
        }
    }
}
