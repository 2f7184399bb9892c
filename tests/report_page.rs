//! The HTML report in a real browser: what it shows, what its filters and keys do, and that nothing leaves the page.
//!
//! The page is opened by headless Chromium together with a script of the test that uses it as a person would and leaves what it saw
//! in the document. Where no Chromium is installed the tests say that they skip.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;

use program::{Files, run};
use serde_json::Value;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].map(PathBuf::from);
    let found = named.into_iter().chain(usual).find(|path| path.is_file());
    if found.is_none() {
        let _ = writeln!(std::io::stderr(), "SKIPPED: there is no Chromium; CHROMIUM names one");
    }
    found
}

/// The report of these files as HTML.
fn report(files: &Files) -> String {
    let page = files.file("report.html");
    let data = files.file("data");
    let run = run(&["scan", &data, "-q", "--report", &format!("html={page}")]);
    assert!(matches!(run.status, Some(0 | 3)), "{}", run.err);
    fs::read_to_string(page).unwrap()
}

/// Opens a page in which `script`, the body of an asynchronous function, has been added at the end, and gives what it returns.
fn seen(chromium: &Path, page: &str, script: &str) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.html");
    let added = format!(
        "<pre id=\"seen\"></pre><script>(async () => {{ {script} }})().catch((error) => `failed: ${{error}}`).then((seen) => {{ \
         document.getElementById('seen').textContent = btoa(unescape(encodeURIComponent(JSON.stringify(seen)))); }});</script></body>"
    );
    fs::write(&file, page.replace("</body>", &added)).unwrap();
    let output = Command::new(chromium)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .args(["--virtual-time-budget=10000", "--dump-dom"])
        .arg(format!("file://{}", file.display()))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let dom = String::from_utf8_lossy(&output.stdout);
    let found = dom.split("<pre id=\"seen\">").nth(1).and_then(|rest| rest.split('<').next()).unwrap_or_default();
    assert!(!found.is_empty(), "{dom}\n{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&decoded(found)).unwrap()
}

/// Base 64 as `btoa` writes it (RFC 4648, section 4).
fn decoded(text: &str) -> Vec<u8> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    let (mut bits, mut held) = (0_u32, 0);
    for byte in text.bytes().filter(|byte| *byte != b'=') {
        let value = ALPHABET.iter().position(|known| *known == byte).unwrap();
        bits = (bits << 6) | u32::try_from(value).unwrap();
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from((bits >> held) & 0xff).unwrap());
        }
    }
    bytes
}

fn files() -> Files {
    Files::new()
        .with("data/people.csv", "id,SSN,BIRTHDATE\n1,219-45-3456,1970-02-03\n2,219-45-3457,1980-04-05\n")
        .with("data/cards.csv", "number,credit card number\n1,4539271846053121\n")
        .with("data/born.csv", "id,BIRTHDATE\n1,1970-02-03\n")
        .with("data/clean.csv", "id,count\n1,5\n2,7\n")
        .with("data/<img src=x onerror=alert(1)>'\".csv", "id,SSN\n1,219-45-3458\n")
        .with("data/cut.csv.gz", &program::compress(&b"id,note\n1,nothing\n".repeat(90))[..40])
}

#[test]
fn the_page_opens_with_the_verdict_and_lists_every_finding() {
    let Some(chromium) = chromium() else { return };
    let script = "
        const text = (selector) => [...document.querySelectorAll(selector)].map((element) => element.textContent.trim());
        return {
            verdict: text('h1')[0], lead: text('.lead')[0], tiles: text('.tiles li'), keys: text('#list .key button'),
            severities: text('#list .badge'), gaps: text('#gaps ~ table .key'), heat: text('.heat tbody td').filter(Boolean).length,
            injected: document.querySelectorAll('img').length, shown: text('#shown')[0],
        };";
    let seen = seen(&chromium, &report(&files()), script);
    assert_eq!(seen["verdict"], "Do not upload yet: 3 of 6 objects hold High severity data.");
    assert!(
        seen["lead"].as_str().unwrap().ends_with("1 object was not, or not fully, analysed; it is listed at the end.")
    );
    let tiles = ["3 High", "0 Medium", "1 Low", "1 not fully analysed", "0 out of scope", "1 clean"];
    assert_eq!(seen["tiles"], serde_json::json!(tiles));
    assert_eq!(seen["severities"], serde_json::json!(["High", "High", "High", "Low"]));
    let keys: Vec<&str> = seen["keys"].as_array().unwrap().iter().map(|key| key.as_str().unwrap()).collect();
    assert!(keys[0].ends_with("data/<img src=x onerror=alert(1)>'\".csv"), "{keys:?}");
    assert_eq!(seen["injected"], 0);
    assert_eq!(seen["heat"], 5);
    assert!(seen["gaps"][0].as_str().unwrap().ends_with("cut.csv.gz"));
    assert!(seen["shown"].as_str().unwrap().starts_with("4 of 4 findings shown."));
}

#[test]
fn filters_search_and_sorting_show_what_they_say() {
    let Some(chromium) = chromium() else { return };
    let script = "
        const keys = () => [...document.querySelectorAll('#list tr.object')].filter((row) => !row.hidden)
            .map((row) => row.querySelector('.key button').textContent.split('/').pop());
        const input = (element, change) => { change(element); element.dispatchEvent(new Event('input', {bubbles: true})); };
        const seen = {};
        const high = document.querySelector('[name=severity][value=high]');
        input(high, (box) => { box.checked = false; });
        seen.withoutHigh = keys();
        input(high, (box) => { box.checked = true; });
        const search = document.getElementById('search');
        input(search, (box) => { box.value = 'birthdate people'; });
        seen.search = keys();
        input(search, (box) => { box.value = ''; });
        const identifier = document.getElementById('identifier');
        input(identifier, (box) => { box.value = 'CREDIT_CARD_NUMBER'; });
        seen.identifier = keys();
        seen.status = document.getElementById('shown').textContent;
        document.querySelector('#filters [type=reset]').click();
        await new Promise((done) => setTimeout(done, 50));
        document.querySelector('[data-sort=key] button').click();
        seen.byKey = keys();
        document.querySelector('[data-sort=count] button').click();
        seen.byCount = keys();
        seen.sorted = document.querySelector('[data-sort=count]').getAttribute('aria-sort');
        return seen;";
    let seen = seen(&chromium, &report(&files()), script);
    assert_eq!(seen["withoutHigh"], serde_json::json!(["born.csv"]));
    assert_eq!(seen["search"], serde_json::json!(["people.csv"]));
    assert_eq!(seen["identifier"], serde_json::json!(["cards.csv"]));
    assert!(seen["status"].as_str().unwrap().starts_with("1 of 4 findings shown."));
    assert_eq!(seen["byKey"][1], "born.csv");
    assert_eq!(seen["byCount"][0], "people.csv");
    assert_eq!(seen["sorted"], "descending");
}

#[test]
fn details_open_by_click_key_and_link_and_tell_what_to_do() {
    let Some(chromium) = chromium() else { return };
    let script = "
        const press = (key) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
        press('j');
        press('j');
        const focused = document.activeElement;
        focused.click();
        const detail = focused.closest('tr').nextElementSibling;
        const text = (selector) => [...detail.querySelectorAll(selector)].map((element) => element.textContent.trim());
        const expanded = focused.getAttribute('aria-expanded');
        press('/');
        const searching = document.activeElement.id;
        location.hash = '#o4';
        await new Promise((done) => setTimeout(done, 100));
        return {
            focused: focused.textContent, expanded, titles: text('h3'), shares: text('.share .number'), terms: text('dt'),
            commands: text('code'), searching, linked: document.querySelector('#o4 .key button').getAttribute('aria-expanded'),
        };";
    let seen = seen(&chromium, &report(&files()), script);
    assert!(seen["focused"].as_str().unwrap().ends_with("cards.csv"), "{seen}");
    assert_eq!(seen["expanded"], "true");
    assert_eq!(seen["titles"][0], "CREDIT_CARD_NUMBER");
    assert_eq!(seen["shares"][0], "1 of 1 values");
    assert_eq!(seen["terms"], serde_json::json!(["Where", "Triggered by", "Verified", "How sure", "What to do"]));
    let commands = seen["commands"].as_array().unwrap();
    assert!(commands.iter().any(|command| command == "lakegate identifiers show CREDIT_CARD_NUMBER"));
    for way in ["--isolate-to", "baseline write", "--allow-list"] {
        assert!(commands.iter().any(|command| command.as_str().unwrap().contains(way)), "{way} in {commands:?}");
    }
    assert_eq!(seen["searching"], "search");
    assert_eq!(seen["linked"], "true");
}

#[test]
fn nothing_is_loaded_and_nothing_can_be() {
    let Some(chromium) = chromium() else { return };
    let script = "
        const loaded = performance.getEntriesByType('resource').length;
        const violations = [];
        addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective));
        const asked = await fetch('http://127.0.0.1:9/').then(() => 'answered', () => 'refused');
        document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:9/x.png'}));
        await new Promise((done) => setTimeout(done, 200));
        return {loaded, asked, violations};";
    let seen = seen(&chromium, &report(&files()), script);
    assert_eq!(seen["loaded"], 0);
    assert_eq!(seen["asked"], "refused");
    assert_eq!(seen["violations"], serde_json::json!(["connect-src", "img-src"]));
}

#[test]
fn two_thousand_findings_are_one_page_below_three_megabytes_that_filters_all_of_them() {
    let Some(chromium) = chromium() else { return };
    let mut files = Files::new();
    for number in 0..2000 {
        files = files.with(&format!("data/part-{number:04}.csv"), "id,SSN,BIRTHDATE\n1,219-45-3456,1970-02-03\n");
    }
    let page = report(&files);
    assert!(page.len() < 3_000_000, "{} bytes", page.len());
    let script = "
        const rows = document.querySelectorAll('#list tr.object').length;
        const search = document.getElementById('search');
        search.value = 'part-1999';
        search.dispatchEvent(new Event('input', {bubbles: true}));
        return {rows, heat: document.querySelectorAll('.heat tbody tr').length, shown: document.getElementById('shown').textContent};";
    let seen = seen(&chromium, &page, script);
    assert_eq!((&seen["rows"], &seen["heat"]), (&Value::from(2000), &Value::from(40)));
    assert!(seen["shown"].as_str().unwrap().starts_with("1 of 2,000 findings shown."));
}

#[test]
fn a_clean_drop_is_said_to_be_clean() {
    let page = report(&Files::new().with("data/clean.csv", "id,count\n1,5\n2,7\n"));
    assert!(page.contains("<h1 id=\"verdict\">Nothing sensitive was found in 1 object.</h1>"), "{page}");
    assert!(!page.contains("id=\"list\""));
}
