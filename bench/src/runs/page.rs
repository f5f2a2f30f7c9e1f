//! P6: bytes of the first load of the page, as a browser with brotli gets them.

use std::collections::BTreeSet;

use anyhow::ensure;
use serde_json::{Map, Value, json};

use crate::figure::Figure;
use crate::http::{Connection, get};
use crate::options::Options;
use crate::report::Report;
use crate::rig::Rig;

const PAGE: &str = "/livestream";
const ENCODING: &str = "Accept-Encoding: br\r\n";
/// Files that a page loads by itself.
const LOADED: [&str; 8] = [
    ".css", ".js", ".wasm", ".svg", ".png", ".ico", ".woff2", ".webp",
];
/// In the names of the bundle of all pages.
const OTHERS: &str = "/frontend-all";

/// Fetches the page and all it names.
///
/// # Errors
/// When something is not there.
pub(crate) async fn run(options: &Options) -> anyhow::Result<Report> {
    let rig = Rig::start(options, 1).await?;
    let mut connection = Connection::open(rig.address).await?;
    let mut files = Map::new();
    let mut revalidated = Vec::new();

    let plain = get(rig.address, PAGE, "");
    let html = connection.ask(&plain).await?;
    ensure!(
        html.status == 200,
        "{PAGE} was answered {}: the server was built without the page",
        html.status
    );
    let html = String::from_utf8_lossy(&html.body).into_owned();
    let mut paths = files_of(&html);
    paths.insert(PAGE.to_owned());
    for path in &paths {
        let answer = connection.ask(&get(rig.address, path, ENCODING)).await?;
        ensure!(
            answer.status == 200,
            "{path} was answered {}",
            answer.status
        );
        if !answer.header("cache-control").contains("immutable") {
            revalidated.push(path.clone());
        }
        files.insert(path.clone(), json!(answer.body.len()));
    }
    let total: u64 = files.values().filter_map(Value::as_u64).sum();
    let figures = vec![
        Figure::new(
            "P6",
            "first load of /livestream, brotli",
            total as f64 / 1000.0,
            "KB",
        )
        .bar(200.0, 120.0),
        Figure::new(
            "P6",
            "files revalidated by a repeat visit",
            revalidated.len() as f64,
            "",
        )
        .bar(1.0, 1.0),
    ];
    let mut report = Report {
        figures,
        ..Report::default()
    };
    report.condition("bytes of each file", files);
    report.condition("revalidated", revalidated);
    rig.end().await?;
    Ok(report)
}

/// The files of our own that a page names in any attribute or script, without
/// the bundle that only other pages load.
fn files_of(html: &str) -> BTreeSet<String> {
    html.split(|letter: char| letter.is_whitespace() || "\"'`=<>".contains(letter))
        .filter(|text| LOADED.iter().any(|end| text.ends_with(end)))
        .filter(|text| !text.contains("://") && !text.starts_with("//"))
        .filter(|text| !text.contains(OTHERS))
        .map(|text| format!("/{}", text.trim_start_matches(['.', '/'])))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_wherever_they_are_named_and_once() {
        let html = r#"<link rel="stylesheet" href="/base-1.css"><link rel=preload href=/app_bg.wasm as="fetch">
            <meta content="/app.js /app_bg.wasm" name=bundle-livestream>
            <meta content="/frontend-all-1.js /frontend-all-1_bg.wasm" name=bundle-all>
            <script type="module">import init from '/app.js'; init({ module_or_path: '/app_bg.wasm' });</script>
            <img src="https://elsewhere.example/a.png"><a href="/settings">"#;
        let files: Vec<String> = files_of(html).into_iter().collect();
        assert_eq!(files, ["/app.js", "/app_bg.wasm", "/base-1.css"]);
    }
}
