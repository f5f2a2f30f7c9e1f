//! Random histories: messages new and repeated, readers who come, leave and come back, `kill -9` and restarts, in an
//! order the dice give. Whatever it was, each reader has read what the store holds of what it follows, once, in order.

use std::collections::HashSet;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};

use super::{Installation, all_messages, try_post};
use crate::messages::raid_into;
use crate::support::{Browser, LiveReader, Message, Program, Sim};

const CAST: [&str; 4] = ["mira_plays", "kiteflyer", "deepseadana", "late_owl"];
const STEPS: usize = 120;

/// Somebody who follows some streamers and goes on where the last stream ended.
struct Reader {
    query: String,
    cursor: String,
    messages: Vec<String>,
    open: Option<LiveReader>,
}

impl Reader {
    async fn connect(&mut self, viewer: &Browser) {
        let query = format!("{}&after={}", self.query, self.cursor);
        self.open = Some(viewer.live(&query).await);
    }

    /// Reads so many events of its open stream; no more than are known to come.
    async fn read(&mut self, count: usize) {
        for _ in 0..count {
            let Some(stream) = &mut self.open else { return };
            let event = stream.next_event().await;
            event["id"].as_str().unwrap().clone_into(&mut self.cursor);
            let message_id = event["message_id"].as_str().unwrap();
            self.messages.push(message_id.to_owned());
        }
    }
}

/// One history.
struct History {
    dice: StdRng,
    installation: Installation,
    program: Program,
    vera: Browser,
    readers: Vec<Reader>,
    sent: Vec<Message>,
    acknowledged: HashSet<String>,
}

impl History {
    async fn begin(seed: u64) -> Self {
        let mut dice = StdRng::seed_from_u64(seed);
        let installation = Installation::new("webhook").await;
        let mut program = installation.start().await;
        let vera = program.browser().await;
        vera.log_in("viewer_vera").await;
        for login in CAST {
            vera.subscribe(login).await;
        }
        let readers = (0..4).map(|_| {
            let count = dice.random_range(0..=CAST.len());
            let of: Vec<String> = CAST
                .sample(&mut dice, count)
                .map(|login| format!("broadcaster_id={}", Sim::id(login)))
                .collect();
            Reader {
                query: of.join("&"),
                cursor: "0".to_owned(),
                messages: Vec::new(),
                open: None,
            }
        });
        let readers = readers.collect();
        Self {
            dice,
            installation,
            program,
            vera,
            readers,
            sent: Vec::new(),
            acknowledged: HashSet::new(),
        }
    }

    async fn run(mut self) {
        for _ in 0..STEPS {
            self = match self.dice.random_range(0..100) {
                0..60 => self.post_some().await,
                60..90 => self.a_reader_moves().await,
                _ => self.crash().await,
            };
        }
        self.end().await;
    }

    /// Several at once, some of them for the second time, some of them twice at once.
    async fn post_some(mut self) -> Self {
        let mut messages = Vec::new();
        for _ in 0..self.dice.random_range(1..6) {
            let login = CAST.choose(&mut self.dice).unwrap();
            let message = raid_into(Sim::id(login), self.sent.len() as u64);
            if self.dice.random_ratio(1, 4) {
                messages.push(message.clone());
            }
            if let Some(old) = self.sent.choose(&mut self.dice)
                && self.dice.random_ratio(1, 3)
            {
                messages.push(old.clone());
            }
            self.sent.push(message.clone());
            messages.push(message);
        }
        let posted = messages.iter().map(|message| try_post(&self.vera, message));
        let answers = futures_util::future::join_all(posted).await;
        for (message, answer) in messages.iter().zip(answers) {
            let answer = answer.expect("the server listens");
            assert_eq!(answer.status, 204, "{}", answer.text);
            self.acknowledged.insert(message.id.clone());
        }
        self
    }

    /// One comes back or leaves, or reads a little of what is there for it.
    async fn a_reader_moves(mut self) -> Self {
        let nth = self.dice.random_range(0..self.readers.len());
        let leaves = self.dice.random_ratio(1, 3);
        let reader = &mut self.readers[nth];
        if reader.open.is_none() {
            reader.connect(&self.vera).await;
        } else if leaves {
            reader.open = None;
        }
        let stored = all_messages(&self.vera, &reader.query).await;
        let ahead = stored.len() - reader.messages.len();
        let count = self.dice.random_range(0..=ahead);
        reader.read(count).await;
        self
    }

    /// Killed while messages are under way: those may be stored or not, but Twitch will send them again.
    async fn crash(mut self) -> Self {
        let login = CAST.choose(&mut self.dice).unwrap();
        let first = self.sent.len() as u64;
        let under_way: Vec<Message> = (0..8)
            .map(|n| raid_into(Sim::id(login), first + n))
            .collect();
        let posted = under_way
            .iter()
            .map(|message| try_post(&self.vera, message));
        let (answers, _) =
            tokio::join!(futures_util::future::join_all(posted), self.program.kill());
        for reader in &mut self.readers {
            reader.open = None;
        }
        self.program = self.installation.start().await;
        for (message, answer) in under_way.into_iter().zip(answers) {
            if answer.is_some_and(|answer| answer.status == 204) {
                self.acknowledged.insert(message.id.clone());
            }
            self.sent.push(message);
        }
        self
    }

    /// All that was sent is sent once more, and everyone reads to the end.
    async fn end(mut self) {
        for message in &self.sent {
            let answer = try_post(&self.vera, message).await.unwrap();
            assert_eq!(answer.status, 204, "{}", answer.text);
            self.acknowledged.insert(message.id.clone());
        }
        let stored = all_messages(&self.vera, "").await;
        let distinct: HashSet<String> = stored.iter().cloned().collect();
        assert_eq!(stored.len(), distinct.len(), "nothing twice");
        assert_eq!(distinct, self.acknowledged, "all that was acknowledged");
        for reader in &mut self.readers {
            if reader.open.is_none() {
                reader.connect(&self.vera).await;
            }
            let stored = all_messages(&self.vera, &reader.query).await;
            reader.read(stored.len() - reader.messages.len()).await;
            assert_eq!(reader.messages, stored, "of {}", reader.query);
        }
        let exit = self.program.terminate().await;
        assert_eq!(exit.code, Some(0), "{}", exit.stderr);
    }
}

#[tokio::test]
async fn in_any_order_of_events_readers_have_read_what_is_stored() {
    for seed in 0..6 {
        eprintln!("history {seed}");
        History::begin(seed).await.run().await;
    }
}
