//! What is written nowhere, neither into `DATA_DIR` nor into the log: tokens, secrets, cookies, codes.

use std::path::Path;

use serde_json::json;

use crate::support::{EVENTSUB_SECRET, PATIENCE, Program, Sim, Tap, eventually};

/// All files below a folder, but the key itself.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
    found
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn no_secret_is_in_the_data_folder_or_in_the_log() {
    let sim = Sim::start().await;
    let tap = Tap::start(&sim);
    let folder = tempfile::tempdir().unwrap();
    let start = || {
        Program::server_with(&sim, folder.path())
            .env("TWITCH_ID_URL", tap.url())
            .env(
                "TWITCH_AUTHORIZE_URL",
                format!("{}/oauth2/authorize", sim.url()),
            )
            .env("EVENTSUB_SECRET", EVENTSUB_SECRET)
            .env("RUST_LOG", "trace")
    };
    let mut program = start().start();
    let vera = program.browser().await;
    let callback = vera
        .to_twitch_and_back("/auth/login", &[("login", "viewer_vera")])
        .await;
    let attempt: Vec<String> = vera
        .cookie_names()
        .iter()
        .filter_map(|name| vera.cookie(name))
        .collect();
    assert_eq!(vera.get(&callback).await.status, 302);
    let token = vera.api_token().await;
    let session = vera.cookie("ses").unwrap();
    vera.subscribe("mira_plays").await;
    vera.get("/api/v1/streamers?query=kite").await.ok();
    // Refreshed tokens are secrets too.
    sim.fault(json!({"fault": "expire_token", "target": "viewer_vera"}))
        .await;
    vera.get("/api/v1/streamers/followed").await.ok();
    eventually("an event to be stored", PATIENCE, async || {
        sim.happen(json!({"type": "channel.raid", "broadcaster": "mira_plays"}))
            .await;
        (!vera.events("").await.is_empty()).then_some(())
    })
    .await;
    // What goes wrong must not tell either.
    vera.get("/auth/callback?code=a-code-that-failed&state=a-state-that-failed")
        .await;
    sim.fault(json!({"fault": "http_status", "target": "/helix", "code": 500, "seconds": 60}))
        .await;
    vera.get("/api/v1/streamers/followed").await;
    sim.clear_faults().await;
    let while_running = files(&folder.path().join("data"));
    let exit = program.terminate().await;
    assert_eq!(exit.code, Some(0), "{}", exit.stderr);
    let stopped = files(&folder.path().join("data"));

    let part = |name: &str| {
        callback
            .split(['?', '&'])
            .find_map(|part| part.strip_prefix(name))
            .unwrap()
            .to_owned()
    };
    let mut secrets = vec![
        ("API token", token.clone()),
        (
            "API token without its prefix",
            token.trim_start_matches("sevt_").to_owned(),
        ),
        ("session cookie", session),
        ("code", part("code=")),
        ("state", part("state=")),
        ("code that failed", "a-code-that-failed".to_owned()),
        ("state that failed", "a-state-that-failed".to_owned()),
        ("client secret", twitch_sim::CLIENT_SECRET.to_owned()),
        ("EventSub secret", EVENTSUB_SECRET.to_owned()),
    ];
    secrets.extend(attempt.into_iter().map(|cookie| ("login attempt", cookie)));
    let tokens = tap.tokens();
    // The app's, the viewer's two, and those after the refresh.
    assert!(tokens.len() >= 5, "{}", tokens.len());
    secrets.extend(tokens.into_iter().map(|token| ("Twitch token", token)));
    let key = std::fs::read_dir(folder.path().join("data")).unwrap();
    assert!(key.count() >= 2, "the key and the database");
    for (what, secret) in &secrets {
        assert!(secret.len() >= 8, "{what}");
        for (name, bytes) in while_running.iter().chain(&stopped) {
            assert!(!contains(bytes, secret), "{what} is in {name}");
        }
        for (stream, text) in [("stdout", &exit.stdout), ("stderr", &exit.stderr)] {
            if let Some(line) = text.lines().find(|line| line.contains(secret.as_str())) {
                panic!("{what} is in {stream}: {line}");
            }
        }
    }
    // Made-once secrets are encrypted; the key is only in its own file.
    let (key_file, key) = stopped
        .iter()
        .find(|(name, _)| name.contains("key"))
        .unwrap();
    let key = String::from_utf8(key.clone()).unwrap();
    for (name, bytes) in stopped.iter().filter(|(name, _)| name != key_file) {
        assert!(!contains(bytes, key.trim()), "the key is in {name}");
    }
    assert!(!exit.stderr.contains(key.trim()));
}

#[cfg(unix)]
#[tokio::test]
async fn the_data_folder_and_the_key_are_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let sim = Sim::start().await;
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::server_with(&sim, folder.path()).start();
    program.browser().await.get("/readyz").await.ok();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let data = folder.path().join("data");
    assert_eq!(mode(&data), 0o700);
    let key = std::fs::read_dir(&data)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.to_string_lossy().contains("key"));
    assert_eq!(mode(&key.unwrap()), 0o600);
}
