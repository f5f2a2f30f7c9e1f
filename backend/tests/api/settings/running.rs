//! The running program: where it listens, how it is stopped, what it says of itself.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::support::{Program, Sim};

#[tokio::test]
async fn a_port_in_use_is_said_with_the_setting_that_changes_it() {
    let sim = Sim::start().await;
    let folder = tempfile::tempdir().unwrap();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap().to_string();
    let exit = Program::server_with(&sim, folder.path())
        .env("BIND_ADDR", &address)
        .ends()
        .await;
    assert_eq!(exit.code, Some(1), "{}", exit.stderr);
    for word in ["BIND_ADDR", &address, "in use"] {
        assert!(exit.stderr.contains(word), "{word}: {}", exit.stderr);
    }
    assert_eq!(exit.stdout, "");
}

#[tokio::test]
async fn a_bare_port_is_on_this_machine_and_data_is_kept_beside_the_program() {
    let sim = Sim::start().await;
    let folder = tempfile::tempdir().unwrap();
    let start = Program::server_with(&sim, folder.path()).without("DATA_DIR");
    let mut program = start.env("BIND_ADDR", ":0").start();
    assert!(program.address().await.starts_with("127.0.0.1:"));
    program.browser().await.get("/readyz").await.ok();
    assert!(folder.path().join("data/events.db").exists());
}

#[tokio::test]
async fn it_says_where_it_listens_whatever_the_log_settings() {
    let sim = Sim::start().await;
    for (filter, format) in [("off", "text"), ("info", "json"), ("error", "text")] {
        let folder = tempfile::tempdir().unwrap();
        let start = Program::server_with(&sim, folder.path())
            .env("RUST_LOG", filter)
            .env("LOG_FORMAT", format);
        let mut program = start.start();
        let address = program.address().await;
        assert!(
            address.starts_with("127.0.0.1:") && !address.ends_with(":0"),
            "{address}"
        );
        program.browser().await.get("/healthz").await.ok();
        let exit = program.terminate().await;
        assert_eq!(exit.code, Some(0), "{}", exit.stderr);
        assert_eq!(exit.stdout, format!("listening on http://{address}\n"));
        if filter == "off" {
            assert_eq!(exit.stderr, "");
        }
        if format == "json" {
            assert!(!exit.stderr.is_empty());
            for line in exit.stderr.lines() {
                assert!(
                    serde_json::from_str::<serde_json::Value>(line).is_ok(),
                    "{line}"
                );
            }
        }
    }
}

#[tokio::test]
async fn it_stops_cleanly_on_both_signals_though_browsers_are_connected() {
    let sim = Sim::start().await;
    for signal in ["TERM", "INT"] {
        let folder = tempfile::tempdir().unwrap();
        let mut program = Program::server_with(&sim, folder.path()).start();
        let vera = program.browser().await;
        vera.log_in("viewer_vera").await;
        vera.subscribe("mira_plays").await;
        let mut stream = vera.live("").await;
        stream.next_of("status").await;
        let asked = Instant::now();
        program.signal(signal);
        stream.ends().await;
        let exit = program.exit().await;
        assert_eq!(exit.code, Some(0), "{signal}: {}", exit.stderr);
        assert!(
            asked.elapsed() < Duration::from_secs(5),
            "{signal}: {:?}",
            asked.elapsed()
        );
    }
}

#[tokio::test]
async fn paths_are_logged_without_their_query() {
    let sim = Sim::start().await;
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::server_with(&sim, folder.path())
        .env("RUST_LOG", "debug")
        .start();
    let browser = program.browser().await;
    browser.get("/api/v1/events?actor=somebody-private").await;
    browser
        .get("/auth/callback?state=a&code=something-secret")
        .await;
    let exit = program.terminate().await;
    assert!(exit.stderr.contains("/api/v1/events"), "{}", exit.stderr);
    for secret in ["somebody-private", "something-secret"] {
        let line = exit.stderr.lines().find(|line| line.contains(secret));
        assert_eq!(line, None);
    }
}

#[tokio::test]
async fn it_starts_without_twitch_and_says_so_in_readyz() {
    let folder = tempfile::tempdir().unwrap();
    let nobody = {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://localhost:{}", free.local_addr().unwrap().port())
    };
    let sim = Sim::start().await;
    let start = Program::server_with(&sim, folder.path());
    let start = start
        .env("TWITCH_API_URL", format!("{nobody}/helix"))
        .env("TWITCH_ID_URL", format!("{nobody}/oauth2"));
    let mut program = start.start();
    let browser = program.browser().await;
    crate::support::eventually(
        "Twitch's absence to be noticed",
        crate::support::PATIENCE,
        async || {
            let ready = browser.get("/readyz").await;
            assert_eq!(
                ready.status, 200,
                "what is stored can be served: {}",
                ready.text
            );
            ready.text.contains("twitch").then_some(())
        },
    )
    .await;
    browser.get("/api/v1/config").await.ok();
    assert_eq!(program.terminate().await.code, Some(0));
}
