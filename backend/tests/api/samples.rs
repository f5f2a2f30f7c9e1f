//! The messages of Twitch's own developer tool, signed anew since their times are old: each is taken or refused as
//! its kind demands, and told sensibly.

use std::path::{Path, PathBuf};

use backend::eventsub::Message as Read;
use backend::eventsub::frame::Frame;
use jiff::Timestamp;
use serde_json::Value;

use crate::messages::{Request, SIGNATURE, TIMESTAMP};
use crate::support::{Answer, Browser, EVENTSUB_SECRET, Message, Server, World, sign};

/// The secret the samples were signed with.
const THEIR_SECRET: &str = "s3cre7s3cre7";

/// What becomes of a sample.
#[derive(Debug)]
enum Fate {
    /// An event: kind, visibility and summary.
    Event(&'static str, &'static str, &'static str),
    /// Answered, and nothing of it is in a feed.
    Answered,
    /// Answered with the challenge.
    Challenge,
}

#[rustfmt::skip]
const SAMPLES: [(&str, Fate); 15] = [
    ("channel.cheer.1", Fate::Event("cheer", "broadcaster", "testFromUser cheered 100 bits")),
    ("channel.follow.2", Fate::Event("follow", "broadcaster", "testFromUser followed")),
    ("channel.goal.progress.1", Fate::Event("goal", "broadcaster", "Follower goal is at 90 of 863")),
    ("channel.poll.end.1", Fate::Event("poll", "broadcaster", "Poll “Pineapple on pizza?” ended: Yes but choice 2 won with 16 of 42 votes")),
    ("channel.raid.1", Fate::Event("raid", "public", "testFromUser raided with 15,026 viewers")),
    ("channel.subscribe.1", Fate::Event("sub", "broadcaster", "testFromUser received a gifted Tier 1 sub")),
    ("channel.subscription.gift.1", Fate::Event("gift", "broadcaster", "testFromUser gifted 5 Tier 1 subs (86 in total)")),
    ("channel.subscription.message.1", Fate::Event("sub", "broadcaster", "testFromUser resubscribed for 44 months at Tier 1, 36 in a row")),
    ("channel.update.2", Fate::Event("stream", "public", "Now in Just Chatting: Example title from the CLI!")),
    ("drop.entitlement.grant.1", Fate::Answered),
    ("revocation.channel.follow.2", Fate::Answered),
    ("stream.offline.1", Fate::Event("stream", "public", "Stream ended")),
    ("stream.online.1", Fate::Event("stream", "public", "testBroadcaster went live")),
    ("user.authorization.revoke.1", Fate::Answered),
    ("webhook_callback_verification.channel.follow.2", Fate::Challenge),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/eventsub-samples")
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The names of the files of a folder, without their ending.
fn names(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let json = files.filter(|path| path.extension().is_some_and(|ending| ending == "json"));
    let mut names: Vec<String> = json
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

/// A sample as it was captured.
struct Sample {
    file: Value,
    body: String,
}

impl Sample {
    fn open(name: &str) -> Self {
        let file = read(&folder().join(format!("{name}.json")));
        let body = file["raw_body"].as_str().unwrap().to_owned();
        Self { file, body }
    }

    fn header(&self, name: &str) -> String {
        self.file["headers"][name].as_str().unwrap().to_owned()
    }

    fn message(&self, timestamp: String) -> Message {
        Message {
            id: self.header("Twitch-Eventsub-Message-Id"),
            timestamp,
            message_type: self.header("Twitch-Eventsub-Message-Type"),
            body: self.body.clone(),
        }
    }

    /// With a time of now, and this server's signature.
    fn signed_anew(&self) -> Message {
        self.message(format!("{:.9}", Timestamp::now()))
    }

    /// As it was captured, to the letter.
    fn as_captured(&self) -> Request {
        let message = self.message(self.header("Twitch-Eventsub-Message-Timestamp"));
        Request::signed(&message, THEIR_SECRET)
    }

    fn broadcaster_id(&self) -> String {
        let body: Value = serde_json::from_str(&self.body).unwrap();
        let id = |one: &Value| {
            one["condition"]["broadcaster_user_id"]
                .as_str()
                .map(str::to_owned)
        };
        id(&body["subscription"])
            .or_else(|| {
                body["subscription"]["condition"]["to_broadcaster_user_id"]
                    .as_str()
                    .map(str::to_owned)
            })
            .unwrap_or_default()
    }
}

/// What a viewer is shown of a channel.
async fn events_of(viewer: &Browser, broadcaster_id: &str) -> Vec<Value> {
    viewer
        .events(&format!("broadcaster_id={broadcaster_id}"))
        .await
}

#[tokio::test]
async fn no_sample_is_left_out() {
    let listed: Vec<&str> = SAMPLES.iter().map(|(name, _)| *name).collect();
    assert_eq!(names(&folder()), listed);
    assert_eq!(
        names(&folder().join("websocket")),
        [
            "channel.raid.1",
            "session_keepalive",
            "session_reconnect",
            "session_welcome"
        ]
    );
}

#[tokio::test]
async fn the_captured_signatures_are_right_and_the_messages_too_old() {
    let world = World::with(&[("EVENTSUB_SECRET", THEIR_SECRET)]).await;
    for (name, _) in SAMPLES {
        let sample = Sample::open(name);
        let captured = sample.as_captured();
        let theirs = sample.header("Twitch-Eventsub-Message-Signature");
        assert!(
            captured.headers.contains(&(SIGNATURE, theirs)),
            "{name}: the body is as it was signed"
        );
        let time: Timestamp = sample
            .header("Twitch-Eventsub-Message-Timestamp")
            .parse()
            .unwrap();
        if time.duration_since(Timestamp::now()).abs() > jiff::SignedDuration::from_mins(11) {
            captured
                .clone()
                .post(&world.server)
                .await
                .is_problem(403, "stale-message");
        }
        let fresh = captured.with(TIMESTAMP, &Timestamp::now().to_string());
        fresh
            .post(&world.server)
            .await
            .is_problem(403, "bad-signature");
    }
}

#[tokio::test]
async fn every_sample_is_taken_as_its_kind_demands_and_told_sensibly() {
    for (name, fate) in SAMPLES {
        let sample = Sample::open(name);
        let world = World::start().await;
        let message = sample.signed_anew();
        let answer = message.post(&world.server).await;
        match fate {
            Fate::Challenge => {
                let body: Value = serde_json::from_str(&sample.body).unwrap();
                assert_eq!(
                    (answer.status, answer.text.as_str()),
                    (200, body["challenge"].as_str().unwrap()),
                    "{name}"
                );
            }
            Fate::Answered => {
                is_acknowledged(&answer, name);
                assert_eq!(stored(&world.server).await, [] as [Value; 0], "{name}");
            }
            Fate::Event(kind, visibility, summary) => {
                is_acknowledged(&answer, name);
                let body: Value = serde_json::from_str(&sample.body).unwrap();
                let events = stored(&world.server).await;
                assert_eq!(events.len(), 1, "{name}");
                let event = &events[0];
                assert_eq!(
                    (&event["kind"], &event["visibility"]),
                    (&kind.into(), &visibility.into()),
                    "{name}"
                );
                assert_eq!(event["summary"], summary, "{name}");
                assert_eq!(event["type"], body["subscription"]["type"], "{name}");
                assert_eq!(event["version"], body["subscription"]["version"], "{name}");
                assert_eq!(event["message_id"], message.id, "{name}");
                assert_eq!(event["payload"], body["event"], "{name}");
                assert_eq!(
                    event["broadcaster"]["id"],
                    sample.broadcaster_id(),
                    "{name}"
                );
                assert_eq!(
                    event["broadcaster"]["login"], "testbroadcaster",
                    "{name}: lower-cased"
                );
                assert_eq!(
                    event["broadcaster"]["display_name"], "testBroadcaster",
                    "{name}"
                );
                is_shown_as_it_may(&world.server, event, visibility == "public", name).await;
                is_acknowledged(&message.post(&world.server).await, name);
                assert_eq!(stored(&world.server).await.len(), 1, "{name}: redelivered");
            }
        }
    }
}

fn is_acknowledged(answer: &Answer, name: &str) {
    assert_eq!((answer.status, answer.text.as_str()), (204, ""), "{name}");
}

/// Every stored event as its JSON, whoever may see it, straight from the database.
async fn stored(server: &Server) -> Vec<Value> {
    let mut database = crate::database::open(server).await;
    let rows = database
        .rows(
            "SELECT json_object('kind', kind, 'visibility', visibility, 'summary', summary, 'type', event_type, \
             'version', version, 'message_id', message_id, 'payload', json(payload), 'broadcaster', \
             json_object('id', broadcaster_id, 'login', broadcaster_login, 'display_name', broadcaster_name)) FROM events",
        )
        .await;
    rows.iter()
        .map(|row| serde_json::from_str(row).unwrap())
        .collect()
}

/// A viewer who is not the broadcaster sees it if it is public, and only then.
async fn is_shown_as_it_may(server: &Server, event: &Value, is_public: bool, name: &str) {
    let vera = server.log_in("viewer_vera").await;
    let seen = events_of(&vera, event["broadcaster"]["id"].as_str().unwrap()).await;
    assert_eq!(seen.len(), usize::from(is_public), "{name}");
    if let Some(seen) = seen.first() {
        for member in [
            "kind",
            "summary",
            "type",
            "version",
            "message_id",
            "payload",
            "broadcaster",
            "visibility",
        ] {
            assert_eq!(seen[member], event[member], "{name}: {member}");
        }
    }
}

#[tokio::test]
async fn a_captured_notification_cannot_be_made_a_revocation() {
    let world = World::start().await;
    for (name, fate) in SAMPLES {
        let message = Sample::open(name).signed_anew();
        for other in [
            "notification",
            "revocation",
            "webhook_callback_verification",
        ] {
            if other != message.message_type {
                let changed = Message {
                    message_type: other.to_owned(),
                    ..message.clone()
                };
                changed
                    .post(&world.server)
                    .await
                    .is_problem(400, "malformed-message");
            }
        }
        assert!(stored(&world.server).await.is_empty(), "{name} {fate:?}");
    }
}

#[test]
fn the_frames_of_a_socket_are_read() {
    let frame = |name: &str| {
        let text = std::fs::read_to_string(folder().join("websocket").join(format!("{name}.json")))
            .unwrap();
        (
            Frame::parse(&text, Timestamp::UNIX_EPOCH).unwrap().0,
            serde_json::from_str::<Value>(&text).unwrap(),
        )
    };
    let (welcome, json) = frame("session_welcome");
    let session = &json["payload"]["session"];
    let Frame::Welcome {
        session_id,
        keepalive,
    } = welcome
    else {
        panic!("{welcome:?}")
    };
    assert_eq!(session_id, session["id"]);
    assert_eq!(
        keepalive.map(|time| time.as_secs()),
        session["keepalive_timeout_seconds"].as_u64()
    );

    let (keepalive, _) = frame("session_keepalive");
    assert!(matches!(keepalive, Frame::Keepalive), "{keepalive:?}");

    let (reconnect, json) = frame("session_reconnect");
    let Frame::Reconnect { url } = reconnect else {
        panic!("{reconnect:?}")
    };
    assert_eq!(
        url, json["payload"]["session"]["reconnect_url"],
        "used unmodified"
    );

    let (raid, json) = frame("channel.raid.1");
    let Frame::Message(Read::Notification(notification)) = raid else {
        panic!("{raid:?}")
    };
    assert_eq!(notification.message_id, json["metadata"]["message_id"]);
    assert_eq!(notification.subscription.event_type, "channel.raid");
    assert_eq!(
        serde_json::from_str::<Value>(notification.event.get()).unwrap(),
        json["payload"]["event"]
    );
    assert_eq!(
        format!("{:.9}", notification.timestamp),
        json["metadata"]["message_timestamp"].as_str().unwrap()
    );
}

/// The tool's signature and ours are the same function.
#[test]
fn the_harness_signs_as_twitchs_tool_does() {
    for (name, _) in SAMPLES {
        let sample = Sample::open(name);
        let message = sample.message(sample.header("Twitch-Eventsub-Message-Timestamp"));
        let theirs = sample.header("Twitch-Eventsub-Message-Signature");
        assert_eq!(
            sign(THEIR_SECRET, &message.id, &message.timestamp, &message.body),
            theirs,
            "{name}"
        );
        assert_ne!(
            sign(
                EVENTSUB_SECRET,
                &message.id,
                &message.timestamp,
                &message.body
            ),
            theirs,
            "{name}"
        );
    }
}
