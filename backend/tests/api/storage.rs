//! Storage that fails under the running program: full, read-only, or held by another program. Each is told, nothing
//! that was acknowledged is lost, and when it works again so does the server, by itself.

mod full;
mod locked;
mod read_only;

use std::collections::HashSet;
use std::path::Path;
use std::time::Duration;

use tokio::time::Instant;

use crate::crash::{Installation, all_messages, try_post};
use crate::database;
use crate::messages::raid_into;
use crate::support::{Answer, Browser, Message, PATIENCE, Program, Sim, eventually};

/// Twitch wants its answer "within a few seconds" and is known to wait for ten.
const TWITCH_WAITS: Duration = Duration::from_secs(10);

/// Whoever asks whether a server is ready takes no answer for a no.
const PROBE_WAITS: Duration = Duration::from_secs(4);

/// A program on a storage of the test's, what it has acknowledged, and what it has refused.
struct Scene {
    installation: Installation,
    program: Program,
    vera: Browser,
    acknowledged: Vec<String>,
    refused: Vec<Message>,
    count: u64,
}

impl Scene {
    /// The program has its files in this folder, and has taken some events.
    async fn begin(folder: &Path) -> Self {
        let installation = Installation::within(folder, "conduit").await;
        let mut program = installation.start().await;
        let vera = program.browser().await;
        vera.log_in("viewer_vera").await;
        let mut scene = Self {
            installation,
            program,
            vera,
            acknowledged: Vec::new(),
            refused: Vec::new(),
            count: 0,
        };
        for _ in 0..10 {
            assert_eq!(scene.post_next().await.status, 204);
        }
        scene.is_ready().await;
        scene
    }

    fn next(&mut self) -> Message {
        self.count += 1;
        raid_into(Sim::id("viewer_vera"), self.count)
    }

    /// Posts a new message and notes what was said, which must be in time.
    async fn post_next(&mut self) -> Answer {
        let message = self.next();
        let sent = Instant::now();
        let answer = try_post(&self.vera, &message).await.unwrap();
        assert!(sent.elapsed() < TWITCH_WAITS, "{:?}", sent.elapsed());
        self.note(message, &answer);
        answer
    }

    fn note(&mut self, message: Message, answer: &Answer) {
        if answer.status == 204 {
            self.acknowledged.push(message.id);
        } else {
            answer.is_problem(503, "store-unavailable");
            self.refused.push(message);
        }
    }

    /// Posts until the failing storage shows, then some more, all of which must be refused.
    async fn is_refused(&mut self, more: usize) {
        while self.post_next().await.status == 204 {
            assert!(self.acknowledged.len() < 5000, "the storage does not fail");
        }
        for _ in 0..more {
            assert_eq!(self.post_next().await.status, 503);
        }
    }

    /// The list can be read and has what was acknowledged, once; of what was refused it may have some.
    async fn lists_what_was_acknowledged(&self) {
        let listed = all_messages(&self.vera, "").await;
        let distinct: HashSet<&String> = listed.iter().collect();
        assert_eq!(distinct.len(), listed.len(), "nothing twice");
        assert!(self.acknowledged.iter().all(|id| distinct.contains(id)));
        let sent = self.acknowledged.len() + self.refused.len();
        assert!(listed.len() <= sent);
    }

    async fn is_ready(&self) {
        eventually("the server to be ready", PATIENCE, async || {
            (self.vera.get("/readyz").await.status == 200).then_some(())
        })
        .await;
    }

    /// It is not ready; answers why.
    async fn is_not_ready(&self) -> String {
        eventually(
            "the server to say that it is not ready",
            PATIENCE,
            async || {
                let asked = Instant::now();
                let answer = self.vera.get("/readyz").await;
                assert!(asked.elapsed() < PROBE_WAITS, "{:?}", asked.elapsed());
                (answer.status == 503).then(|| {
                    let reason = answer.json()["failing"]["store"].clone();
                    reason.as_str().unwrap().to_owned()
                })
            },
        )
        .await
    }

    /// Twitch sends again what was refused; then all is there, once.
    async fn takes_what_was_refused(&mut self) {
        for message in std::mem::take(&mut self.refused) {
            let answer = try_post(&self.vera, &message).await.unwrap();
            assert_eq!(answer.status, 204, "{}", answer.text);
            self.acknowledged.push(message.id);
        }
        self.lists_what_was_acknowledged().await;
        assert_eq!(self.post_next().await.status, 204);
    }

    /// After the hardest stop all is the same, and the file is sound.
    async fn survives_kill_9(self) {
        self.program.kill().await;
        let mut database = database::open_file(&self.installation.database()).await;
        assert_eq!(database.rows("PRAGMA integrity_check").await, ["ok"]);
        database.close().await;
        let program = self.installation.start().await;
        let listed: HashSet<String> = all_messages(&self.vera, "").await.into_iter().collect();
        assert_eq!(listed, self.acknowledged.into_iter().collect());
        drop(program);
    }
}
