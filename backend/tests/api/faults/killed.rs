//! The real program, killed while it waits for new tokens.

use std::net::TcpListener;

use serde_json::json;

use super::gate::{Fault, Gate};
use super::{arrives, happens, has_received};
use crate::support::{Browser, PATIENCE, Program, Sim, eventually};

/// A program on a folder and port of its own, whose way to Twitch's logins leads through a gate.
struct Installation {
    sim: Sim,
    gate: Gate,
    folder: tempfile::TempDir,
    port: u16,
}

impl Installation {
    async fn new() -> Self {
        let sim = Sim::start().await;
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        Self {
            gate: Gate::before(&sim),
            sim,
            folder: tempfile::tempdir().unwrap(),
            port: free.local_addr().unwrap().port(),
        }
    }

    async fn start(&self) -> (Program, Browser) {
        let mut program = Program::server_with(&self.sim, self.folder.path())
            .env("BIND_ADDR", format!("127.0.0.1:{}", self.port))
            .env("TWITCH_ID_URL", self.gate.url("/oauth2"))
            .start();
        let browser = program.browser().await;
        (program, browser)
    }

    /// A viewer's token has expired and is being refreshed when the program is killed; `fault` says how far it
    /// got.
    async fn killed_while_refreshing(&self, fault: Fault) -> Browser {
        let (program, vera) = self.start().await;
        vera.log_in("viewer_vera").await;
        vera.subscribe("mira_plays").await;
        arrives(&vera, "mira_plays").await;
        vera.get("/api/v1/streamers/followed").await.ok();
        let expired = json!({ "fault": "expire_token", "target": "viewer_vera" });
        assert_eq!(self.sim.fault(expired).await["affected"], 1);
        let asked = self.gate.count("POST", "/oauth2/token");
        let is_answered = !matches!(fault, Fault::Nothing);
        let answered = self.sim.count("/oauth2/token").await;
        self.gate.fails_at_refresh(fault);
        let call = vera
            .ask(reqwest::Method::GET, "/api/v1/streamers/followed")
            .try_send();
        let kill = async {
            eventually("the refresh to be under way", PATIENCE, async || {
                let is_asked = self.gate.count("POST", "/oauth2/token") > asked;
                let is_done = self.sim.count("/oauth2/token").await > answered;
                (is_asked && is_done == is_answered).then_some(())
            })
            .await;
            program.kill().await;
        };
        let (answer, ()) = tokio::join!(call, kill);
        assert!(answer.is_none(), "it was killed before it could answer");
        self.gate.mend();
        vera
    }

    /// How often Twitch refused a token.
    async fn refusals(&self) -> usize {
        let requests = self.sim.requests().await;
        let is_refused =
            |(_, path, status): &&(String, String, u64)| path == "/oauth2/token" && *status == 400;
        requests.iter().filter(is_refused).count()
    }
}

/// Twitch has replaced the refresh token and nobody has kept the new one.
#[tokio::test]
async fn killed_between_refresh_and_store_the_session_ends_once_and_clearly() {
    let installation = Installation::new().await;
    let vera = installation.killed_while_refreshing(Fault::Swallowed).await;
    let (program, _) = installation.start().await;
    eventually("the session to end", PATIENCE, async || {
        (vera.get("/api/v1/me").await.status == 401).then_some(())
    })
    .await;
    for _ in 0..3 {
        vera.get("/api/v1/streamers/followed")
            .await
            .is_problem(401, "unauthenticated");
    }
    assert_eq!(installation.refusals().await, 1, "asked once and no more");
    vera.log_in("viewer_vera").await;
    vera.get("/api/v1/streamers/followed").await.ok();
    assert_eq!(vera.subscriptions().await.len(), 1, "all else is there");
    arrives(&vera, "mira_plays").await;
    let sent = eventually("Twitch to have somebody to send to", PATIENCE, async || {
        let sent = happens(&installation.sim, "channel.raid", "mira_plays").await;
        (!sent.is_empty()).then_some(sent)
    })
    .await;
    has_received(&vera, "mira_plays", &sent).await;
    let exit = program.terminate().await;
    let told = exit
        .stderr
        .lines()
        .filter(|line| line.contains("ended a viewer's grant"));
    assert_eq!(told.count(), 1, "{}", exit.stderr);
}

/// Twitch has answered, nobody has heard it, and the old refresh token still works: Twitch need not replace it.
#[tokio::test]
async fn killed_between_refresh_and_store_a_session_goes_on_where_the_old_refresh_token_does() {
    let installation = Installation::new().await;
    let vera = installation.killed_while_refreshing(Fault::Swallowed).await;
    let gate = &installation.gate;
    gate.fails_at_refresh(Fault::Remembered);
    let before = gate.count("POST", "/oauth2/token");
    let (program, _) = installation.start().await;
    vera.get("/api/v1/streamers/followed").await.ok();
    vera.get("/api/v1/me").await.ok();
    assert!(gate.count("POST", "/oauth2/token") > before);
    assert_eq!(installation.refusals().await, 0);
    program.terminate().await;
}

/// Twitch was never asked: the old refresh token is as good as before.
#[tokio::test]
async fn killed_before_twitch_was_asked_nothing_ends() {
    let installation = Installation::new().await;
    let vera = installation.killed_while_refreshing(Fault::Nothing).await;
    let (program, _) = installation.start().await;
    vera.get("/api/v1/streamers/followed").await.ok();
    vera.get("/api/v1/me").await.ok();
    assert_eq!(installation.refusals().await, 0);
    program.terminate().await;
}
