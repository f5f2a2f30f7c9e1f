//! The messages of Twitch's own developer tool, kept as fixtures.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::super::{Described, Reading, Subject, describe};

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/eventsub-samples");
    let mut files = Vec::new();
    for folder in [folder.clone(), folder.join("websocket")] {
        for entry in fs::read_dir(folder).expect("the folder of samples") {
            let path = entry.expect("an entry").path();
            files.extend(path.extension().is_some().then_some(path));
        }
    }
    files.sort();
    files
}

/// The notification in a file; none if it is another sort of message.
fn read(path: &Path) -> Option<Reading> {
    let text = fs::read_to_string(path).expect("a readable sample");
    let file: Value = serde_json::from_str(&text).expect("a sample in JSON");
    let (body, timestamp) = match file.get("body") {
        Some(body) => (body, &file["headers"]["Twitch-Eventsub-Message-Timestamp"]),
        None => (&file["payload"], &file["metadata"]["message_timestamp"]),
    };
    let event = body.get("event").or_else(|| body.get("events"))?;
    let subscription = &body["subscription"];
    Some(describe(&Subject {
        event_type: subscription["type"].as_str()?,
        version: subscription["version"].as_str()?,
        condition: (&subscription["condition"]).into(),
        event: event.into(),
        message_timestamp: timestamp.as_str()?.parse().expect("a timestamp"),
    }))
}

#[test]
fn every_sample_is_told_sensibly() {
    let expected = [
        ("channel.cheer.1", "testFromUser cheered 100 bits"),
        ("channel.follow.2", "testFromUser followed"),
        ("channel.goal.progress.1", "Follower goal is at 90 of 863"),
        (
            "channel.poll.end.1",
            "Poll “Pineapple on pizza?” ended: Yes but choice 2 won with 16 of 42 votes",
        ),
        ("channel.raid.1", "testFromUser raided with 15,026 viewers"),
        (
            "channel.subscribe.1",
            "testFromUser received a gifted Tier 1 sub",
        ),
        (
            "channel.subscription.gift.1",
            "testFromUser gifted 5 Tier 1 subs (86 in total)",
        ),
        (
            "channel.subscription.message.1",
            "testFromUser resubscribed for 44 months at Tier 1, 36 in a row",
        ),
        (
            "channel.update.2",
            "Now in Just Chatting: Example title from the CLI!",
        ),
        ("drop.entitlement.grant.1", "ignored: no-channel-type"),
        ("stream.offline.1", "Stream ended"),
        ("stream.online.1", "testBroadcaster went live"),
        ("user.authorization.revoke.1", "ignored: no-channel-type"),
        (
            "websocket/channel.raid.1",
            "testFromUser raided with 42,590 viewers",
        ),
    ];
    let mut told = Vec::new();
    for path in files() {
        let name = path.with_extension("");
        let name = name.to_string_lossy();
        let name = name
            .split_once("eventsub-samples/")
            .expect("below the samples")
            .1
            .to_owned();
        match read(&path) {
            Some(Reading::Event(event)) => {
                check(&event);
                told.push((name, event.summary));
            }
            Some(Reading::Ignored(why)) => told.push((name, format!("ignored: {why}"))),
            None => {}
        }
    }
    let expected = expected.map(|(name, summary)| (name.to_owned(), summary.to_owned()));
    assert_eq!(told, expected);
    assert_eq!(files().len(), 19);
}

fn check(event: &Described) {
    assert_eq!(event.broadcaster.login, "testbroadcaster");
    assert_eq!(event.broadcaster.display_name, "testBroadcaster");
    if let Some(actor) = &event.actor {
        assert_eq!(actor.login, "testfromuser");
    }
}
