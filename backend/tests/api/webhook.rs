//! The webhook receiver: every row of the contract's table, what is kept of a message, and what is kept once.

mod answers;
mod failing;
mod natural_keys;
mod once;
mod refusals;
mod shapes;
mod stored;
mod updates;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use backend::clock::Clock;
use backend::timings::Timings;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;
use wire::{Event, EventPage};

use crate::database;
use crate::messages::Request;
use crate::support::{
    Answer, Browser, EVENTSUB_SECRET, Message, PATIENCE, Sim, World, brisk, eventually,
};

/// The request that brings a message, signed as it must be.
fn signed(message: &Message) -> Request {
    Request::signed(message, EVENTSUB_SECRET)
}

/// Twitch's signature of a message with another body.
fn signature_of(message: &Message, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(EVENTSUB_SECRET.as_bytes()).unwrap();
    for part in [message.id.as_bytes(), message.timestamp.as_bytes(), body] {
        mac.update(part);
    }
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

/// A server whose clock stands still, and a broadcaster who sees all that is kept of the own channel.
struct Inbox {
    world: World,
    owner: Browser,
    channel: &'static str,
    time: Arc<Mutex<Timestamp>>,
}

impl Inbox {
    async fn open() -> Self {
        Self::with(Timings {
            sweep_every: Duration::from_millis(50),
            ..brisk()
        })
        .await
    }

    async fn with(timings: Timings) -> Self {
        let time = Arc::new(Mutex::new(Timestamp::now()));
        let shared = Arc::clone(&time);
        let clock = Clock::new(move || *shared.lock().unwrap());
        let world = World::tuned(&[], clock, timings).await;
        let token = world.server.log_in("viewer_vera").await.api_token().await;
        let owner = world.server.with_token(&token);
        Self {
            world,
            owner,
            channel: Sim::id("viewer_vera"),
            time,
        }
    }

    fn now(&self) -> Timestamp {
        *self.time.lock().unwrap()
    }

    /// Moves the clock, and waits until a sweep has looked at it.
    async fn advance(&self, by: SignedDuration) {
        {
            let mut time = self.time.lock().unwrap();
            *time += by;
        }
        let mut database = database::open(&self.world.server).await;
        database
            .run("INSERT INTO seen (key, generation) VALUES (CAST('to be swept' AS BLOB), 0)")
            .await;
        eventually("a sweep", PATIENCE, async || {
            let left = database
                .count("SELECT COUNT(*) FROM seen WHERE key = CAST('to be swept' AS BLOB)")
                .await;
            (left == 0).then_some(())
        })
        .await;
    }

    /// Posts a message as Twitch would.
    async fn post(&self, message: &Message) -> Answer {
        Request::signed(message, EVENTSUB_SECRET)
            .post(&self.world.server)
            .await
    }

    /// Posts a message that must be acknowledged.
    async fn takes(&self, message: &Message) {
        let answer = self.post(message).await;
        assert_eq!(
            (answer.status, answer.text.as_str()),
            (204, ""),
            "{}",
            message.body
        );
    }

    async fn refuses(&self, why: &str, request: Request, status: u16, code: &str) {
        let answer = request.post(&self.world.server).await;
        assert_eq!(answer.status, status, "{why}: {}", answer.text);
        answer.is_problem(status, code);
    }

    /// All that is kept of the channel, newest first.
    async fn events(&self) -> Vec<Event> {
        self.list(&format!("broadcaster_id={}", self.channel)).await
    }

    async fn events_of(&self, event_type: &str) -> Vec<Event> {
        self.events_in(self.channel, event_type).await
    }

    async fn events_in(&self, broadcaster_id: &str, event_type: &str) -> Vec<Event> {
        self.list(&format!(
            "broadcaster_id={broadcaster_id}&type={event_type}"
        ))
        .await
    }

    async fn newest_event(&self) -> Event {
        self.events().await.remove(0)
    }

    async fn only_event(&self) -> Event {
        let mut events = self.events().await;
        assert_eq!(events.len(), 1);
        events.remove(0)
    }

    async fn holds_nothing(&self) {
        assert_eq!(self.events().await, []);
    }

    async fn list(&self, query: &str) -> Vec<Event> {
        let answer = self
            .owner
            .get(&format!("/api/v1/events?{query}&limit=500"))
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        serde_json::from_slice::<EventPage>(&answer.bytes)
            .unwrap()
            .events
    }
}
