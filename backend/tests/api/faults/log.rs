//! What the operator reads: trouble that goes on is told once, not at every attempt.

use futures_util::future::join_all;

use super::arrives;
use super::gate::{Fault, Gate};
use crate::support::{Exit, PATIENCE, Program, Sim, eventually};

/// Attempts that are waited for; each of them is a chance to say the same again.
const ATTEMPTS: usize = 6;

struct Installation {
    gate: Gate,
    sim: Sim,
    folder: tempfile::TempDir,
}

impl Installation {
    async fn new() -> Self {
        let sim = Sim::start().await;
        Self {
            gate: Gate::before(&sim),
            sim,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn start(&self) -> Program {
        Program::server_with(&self.sim, self.folder.path())
            .env("TWITCH_ID_URL", self.gate.url("/oauth2"))
            .env("TWITCH_API_URL", self.gate.url("/helix"))
            .env("TWITCH_EVENTSUB_WS_URL", self.gate.ws_url("/eventsub/ws"))
            .start()
    }

    /// Waits until the program says of a part that it fails, and has tried often enough since to say so again.
    async fn attempts(&self, program: &mut Program, prefix: &str) {
        let browser = program.browser().await;
        eventually("a part to fail", PATIENCE, async || {
            let told = browser.get("/readyz").await.json();
            let mut reasons = told["failing"].as_object()?.values();
            reasons
                .any(|reason| reason != "not connected yet")
                .then_some(())
        })
        .await;
        let asked = || {
            let asked = self.gate.asked();
            asked
                .iter()
                .filter(|one| one.path.starts_with(prefix))
                .count()
        };
        let before = asked();
        // The pauses are those of a real server, which double.
        eventually("further attempts", 3 * PATIENCE, async || {
            (asked() >= before + ATTEMPTS).then_some(())
        })
        .await;
    }
}

/// Lines of warnings and errors.
fn complaints(exit: &Exit) -> Vec<&str> {
    let is_complaint = |line: &&str| line.contains("WARN") || line.contains("ERROR");
    exit.stderr.lines().filter(is_complaint).collect()
}

#[tokio::test]
async fn trouble_that_goes_on_is_logged_once_for_each_part_that_has_it() {
    let troubles = [
        ("/helix", Fault::status(500)),
        ("/helix", Fault::status(503)),
        ("/helix", Fault::status(401)),
        ("/helix", Fault::status(404)),
        ("/helix", Fault::Garbage),
        ("/helix", Fault::Says("<html>".to_owned())),
        ("/oauth2", Fault::status(500)),
        ("/oauth2", Fault::status(403)),
        ("/oauth2", Fault::Says("{}".to_owned())),
        ("/eventsub/ws", Fault::status(503)),
        ("/eventsub/ws", Fault::Garbage),
    ];
    let watched = troubles.map(async |(prefix, trouble)| {
        let installation = Installation::new().await;
        let mut program = installation.start();
        let vera = program.browser().await;
        vera.log_in("viewer_vera").await;
        vera.subscribe("mira_plays").await;
        arrives(&vera, "mira_plays").await;
        installation.gate.fails(prefix, trouble.clone());
        if prefix == "/eventsub/ws" {
            let dropped = serde_json::json!({ "fault": "drop_sockets" });
            installation.sim.fault(dropped).await;
        } else {
            // Started anew it needs all of Twitch at once.
            program.terminate().await;
            program = installation.start();
        }
        installation.attempts(&mut program, prefix).await;
        let exit = program.terminate().await;
        let complaints = complaints(&exit);
        assert!(
            (1..=3).contains(&complaints.len()),
            "{prefix} {trouble:?}: {}",
            exit.stderr
        );
        let mut parts: Vec<Option<&str>> = complaints
            .iter()
            .map(|line| line.split("part=").nth(1)?.split(' ').next())
            .collect();
        parts.sort_unstable();
        let all = parts.len();
        parts.dedup();
        assert_eq!(parts.len(), all, "{prefix} {trouble:?}: {}", exit.stderr);
        assert!(!exit.stderr.contains("panicked"), "{}", exit.stderr);
    });
    join_all(watched).await;
}
