//! The single-page app as served: its page, its files, their caching, and what browsers are told they may do.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use crate::support::{Browser, World};

const INLINE: &str = "\nimport init from '/app-0123456789abcdef.js';\ninit();\n";
const SCRIPT: &str = "console.log('the app');";
const HASHED: &str = "/app-0123456789abcdef.js";

/// A built app: a page with an inline loader, a hashed script in three forms, files without a hash.
fn app() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let page = format!(
        "<!doctype html><html><head><script type=\"module\">{INLINE}</script><script src=\"{HASHED}\"></script></head><body></body></html>"
    );
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("index.html", &page);
    write("app-0123456789abcdef.js", SCRIPT);
    write("app-0123456789abcdef.js.br", "as brotli");
    write("app-0123456789abcdef.js.gz", "as gzip");
    write("favicon.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    write("styles-fedcba9876543210.css", "body{}");
    write("app-0123456789abcdef_bg.wasm", "\0asm");
    write("robots.txt", "User-agent: *");
    folder
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

async fn world(settings: &[(&'static str, &str)]) -> (World, Browser, TempDir) {
    let folder = app();
    let mut all = vec![("STATIC_DIR", text(folder.path()))];
    all.extend_from_slice(settings);
    let world = World::with(&all).await;
    let browser = world.server.browser();
    (world, browser, folder)
}

#[tokio::test]
async fn unknown_pages_are_the_app_with_404() {
    let (_world, browser, _folder) = world(&[]).await;
    let index = browser.get("/").await;
    for path in [
        "/nothing",
        "/livestream/",
        "/livestream/mira_plays/more",
        "/settings/",
        "/index.html",
        "/apinothing",
        "/authors",
        "/webhooksnothing",
        "/app-ffffffffffffffff.js",
        "/metrics",
        "//",
        "/..%2f..%2fetc%2fpasswd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/app-0123456789abcdef.js.br",
    ] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(
            answer.header("content-type"),
            "text/html; charset=utf-8",
            "{path}"
        );
        assert_eq!(answer.text, index.text, "{path}");
    }
}

#[tokio::test]
async fn pages_are_the_app() {
    let (_world, browser, _folder) = world(&[]).await;
    for path in [
        "/",
        "/livestream",
        "/livestream/mira_plays",
        "/livestream/%E7%8C%AB",
        "/history",
        "/history?kind=raid",
        "/settings",
        "/?notice=login-denied",
    ] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(
            answer.header("content-type"),
            "text/html; charset=utf-8",
            "{path}"
        );
        assert!(answer.text.contains(INLINE), "{path}");
        assert_eq!(
            answer.header("cache-control"),
            "no-cache",
            "{path}: asked for anew each time"
        );
        let head = browser.ask(Method::HEAD, path).send().await;
        assert_eq!((head.status, head.text.as_str()), (200, ""), "{path}");
        assert_eq!(head.header("etag"), answer.header("etag"), "{path}");
        browser
            .ask(Method::POST, path)
            .send()
            .await
            .is_problem(405, "method-not-allowed");
    }
    browser
        .ask(Method::POST, "/nothing")
        .send()
        .await
        .is_problem(404, "not-found");
}

#[tokio::test]
async fn the_page_may_run_its_own_scripts_and_show_twitch_and_nothing_else() {
    let (world, browser, _folder) = world(&[]).await;
    let page = browser.get("/livestream/mira_plays").await;
    let policy: Vec<&str> = page
        .header("content-security-policy")
        .split(';')
        .map(str::trim)
        .collect();
    let directive = |name: &str| {
        let found = policy
            .iter()
            .find_map(|part| part.strip_prefix(name)?.strip_prefix(' '));
        found
            .unwrap_or_else(|| panic!("no {name} in {policy:?}"))
            .split(' ')
            .collect::<Vec<_>>()
    };
    let hash = format!("'sha256-{}'", STANDARD.encode(Sha256::digest(INLINE)));
    assert_eq!(
        directive("script-src"),
        ["'self'", "'wasm-unsafe-eval'", &hash]
    );
    assert_eq!(directive("default-src"), ["'none'"]);
    assert_eq!(directive("style-src"), ["'self'"]);
    assert_eq!(directive("connect-src"), ["'self'"]);
    assert_eq!(directive("frame-ancestors"), ["'none'"]);
    // Player and chat are on the simulator's host here.
    assert!(
        directive("frame-src").contains(&world.sim.url()),
        "{policy:?}"
    );
    assert!(
        directive("img-src").contains(&world.sim.url()),
        "{policy:?}"
    );
    for forbidden in ["'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:"] {
        let found = policy
            .iter()
            .any(|part| part.split(' ').any(|source| source == forbidden));
        assert!(!found, "{forbidden} in {policy:?}");
    }
}

#[tokio::test]
async fn the_policy_follows_the_settings() {
    let settings = [
        ("TWITCH_PLAYER_URL", "https://player.twitch.tv"),
        ("TWITCH_CHAT_URL", "https://www.twitch.tv/embed"),
        ("TWITCH_IMAGE_URL", "https://static-cdn.jtvnw.net"),
    ];
    let (_world, browser, _folder) = world(&settings).await;
    let page = browser.get("/").await;
    let policy = page.header("content-security-policy");
    assert!(
        policy.contains("frame-src https://player.twitch.tv https://www.twitch.tv;"),
        "{policy}"
    );
    assert!(policy.contains("https://static-cdn.jtvnw.net"), "{policy}");
    let config = browser.get("/api/v1/config").await.ok();
    assert_eq!(config["player_url"], "https://player.twitch.tv");
    assert_eq!(config["chat_url"], "https://www.twitch.tv/embed");
    assert_eq!(config["demo"], false);
}

#[tokio::test]
async fn every_answer_tells_browsers_to_be_careful() {
    let (world, browser, _folder) = world(&[]).await;
    let vera = world.server.log_in("viewer_vera").await;
    for (caller, path) in [
        (&browser, "/"),
        (&browser, "/nothing"),
        (&browser, HASHED),
        (&browser, "/api/v1/me"),
        (&vera, "/api/v1/me"),
        (&browser, "/auth/login"),
        (&browser, "/auth/callback"),
        (&browser, "/api/v1/nothing"),
        (&browser, "/healthz"),
        (&browser, "/webhooks/twitch"),
    ] {
        let answer = caller.get(path).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "strict-origin-when-cross-origin"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{path}");
        }
        assert!(
            answer
                .header("content-security-policy")
                .contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
        assert_eq!(answer.header("server"), "", "{path}");
        assert_eq!(answer.header("x-powered-by"), "", "{path}");
    }
    let one = browser.get("/").await;
    assert_ne!(
        one.header("x-request-id"),
        browser.get("/").await.header("x-request-id")
    );
}

#[tokio::test]
async fn files_come_in_the_smallest_form_the_browser_takes() {
    let (_world, browser, _folder) = world(&[]).await;
    for (accepted, encoding, body) in [
        ("gzip, deflate, br, zstd", "br", "as brotli"),
        ("br", "br", "as brotli"),
        ("gzip", "gzip", "as gzip"),
        ("gzip;q=1.0, br;q=0", "gzip", "as gzip"),
        ("BR", "br", "as brotli"),
        ("br;q=0.000, gzip;q=0", "", SCRIPT),
        ("deflate", "", SCRIPT),
        ("identity", "", SCRIPT),
    ] {
        let answer = browser
            .ask(Method::GET, HASHED)
            .header("accept-encoding", accepted)
            .send()
            .await;
        assert_eq!(answer.status, 200);
        assert_eq!(
            (answer.header("content-encoding"), answer.text.as_str()),
            (encoding, body),
            "{accepted}"
        );
        assert!(
            answer.header("content-type").starts_with("text/javascript"),
            "{accepted}"
        );
        assert!(
            answer
                .header("vary")
                .to_ascii_lowercase()
                .contains("accept-encoding"),
            "{accepted}"
        );
        assert_eq!(
            answer.header("content-length"),
            body.len().to_string(),
            "{accepted}"
        );
    }
    let plain = browser.get(HASHED).await;
    assert_eq!(
        (plain.header("content-encoding"), plain.text.as_str()),
        ("", SCRIPT)
    );
    let uncompressed = browser
        .ask(Method::GET, "/favicon.svg")
        .header("accept-encoding", "br, gzip")
        .send()
        .await;
    assert_eq!(uncompressed.header("content-encoding"), "");
    assert_eq!(uncompressed.header("content-type"), "image/svg+xml");
    assert_eq!(
        browser
            .get("/app-0123456789abcdef_bg.wasm")
            .await
            .header("content-type"),
        "application/wasm"
    );
    assert!(
        browser
            .get("/styles-fedcba9876543210.css")
            .await
            .header("content-type")
            .starts_with("text/css")
    );
}

#[tokio::test]
async fn a_file_with_a_hash_in_its_name_is_kept_and_any_other_is_asked_for() {
    let (_world, browser, _folder) = world(&[]).await;
    for path in [
        HASHED,
        "/styles-fedcba9876543210.css",
        "/app-0123456789abcdef_bg.wasm",
    ] {
        let answer = browser.get(path).await;
        assert!(
            answer.header("cache-control").contains("immutable"),
            "{path}: {}",
            answer.header("cache-control")
        );
        assert!(
            answer.header("cache-control").contains("max-age=31536000"),
            "{path}"
        );
    }
    for path in ["/favicon.svg", "/robots.txt", "/"] {
        assert_eq!(
            browser.get(path).await.header("cache-control"),
            "no-cache",
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_copy_that_is_still_good_is_not_sent_again() {
    let (_world, browser, _folder) = world(&[]).await;
    for path in ["/", HASHED, "/favicon.svg", "/livestream/mira_plays"] {
        let etag = browser.get(path).await.header("etag").to_owned();
        assert!(etag.starts_with('"') && etag.ends_with('"'), "{etag}");
        for known in [
            etag.clone(),
            format!("\"other\", {etag}"),
            format!("W/{etag}"),
            "*".to_owned(),
        ] {
            let answer = browser
                .ask(Method::GET, path)
                .header("if-none-match", &known)
                .send()
                .await;
            assert_eq!(
                (answer.status, answer.text.as_str()),
                (304, ""),
                "{path} {known}"
            );
            assert_eq!(answer.header("etag"), etag, "{path}");
            assert!(!answer.header("cache-control").is_empty(), "{path}");
        }
        let answer = browser
            .ask(Method::GET, path)
            .header("if-none-match", "\"other\"")
            .send()
            .await;
        assert_eq!(answer.status, 200, "{path}");
    }
    // What is not there is not there, known or not.
    let etag = browser.get("/").await.header("etag").to_owned();
    let answer = browser
        .ask(Method::GET, "/nothing")
        .header("if-none-match", &etag)
        .send()
        .await;
    assert_eq!(answer.status, 404);
}

#[tokio::test]
async fn a_folder_without_a_page_is_said_with_what_to_do() {
    let empty = tempfile::tempdir().unwrap();
    let world = World::with(&[("STATIC_DIR", text(empty.path()))]).await;
    let browser = world.server.browser();
    for path in ["/", "/livestream", "/settings"] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, 503, "{path}");
        assert!(answer.text.contains("make build"), "{}", answer.text);
        assert!(!answer.header("retry-after").is_empty(), "{path}");
    }
    browser.get("/api/v1/config").await.ok();
    browser.get("/readyz").await.ok();
}
