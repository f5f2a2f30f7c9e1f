//! Every way to read, walked by the broadcaster and by others, before and after private things happened: for others
//! nothing may change, to the byte, and for the broadcaster everything does. A new way to read is one row in [`PATHS`].

use serde_json::{Value, json};

use super::twins::{sub, sub_notice};
use super::{OWL, channel, joined, of, person, raid};
use crate::support::{Browser, LiveReader, Message, Sim, World};
use crate::topics::arrives;
use crate::{connect, database};

const MIRA: &str = "mira_plays";

/// What is read, and of a JSON answer which members; none is the whole answer. `{mira}` is her id. The spans are as
/// wide as what happens in them, so that no answer depends on the present time.
const PATHS: &[(&str, &[&str])] = &[
    ("/api/v1/events", &[]),
    ("/api/v1/events?broadcaster_id={mira}", &[]),
    ("/api/v1/events?after=0&limit=500", &[]),
    ("/api/v1/events?before=1000", &[]),
    ("/api/v1/events?kind=follow&kind=poll", &[]),
    ("/api/v1/events?type=channel.follow", &[]),
    ("/api/v1/events?actor=secret_sam", &[]),
    (
        "/api/v1/events?since=2026-11-01T18:00:00Z&until=2026-11-01T19:00:00Z",
        &[],
    ),
    ("/api/v1/events?folded=true", &[]),
    ("/api/v1/events?folded=true&kind=sub", &[]),
    ("/api/v1/events?parts_of={first}", &[]),
    ("/api/v1/events?q=secret", &[]),
    ("/api/v1/events?q=hush+to", &[]),
    ("/api/v1/events/export?format=ndjson", &[]),
    ("/api/v1/events/export?format=csv", &[]),
    ("/api/v1/events/export?format=csv&q=secret", &[]),
    (
        "/api/v1/stats?bucket=hour&since=2026-11-01T18:00:00Z&until=2026-11-01T19:00:00Z",
        &[],
    ),
    (
        "/api/v1/stats?bucket=minute&q=secret&since=2026-11-01T18:00:00Z&until=2026-11-01T19:00:00Z",
        &[],
    ),
    ("/api/v1/gaps", &[]),
    ("/api/v1/gaps?broadcaster_id={mira}", &[]),
    ("/api/v1/subscriptions", &["subscriptions/0/unread"]),
    ("/api/v1/subscriptions", &["subscriptions/0/last_event"]),
    ("/api/v1/subscriptions", &["subscriptions/0/topics"]),
    ("/api/v1/me/channel", &[]),
];

fn private() -> [Message; 3] {
    let moderated =
        json!({"broadcaster_user_id": Sim::id(MIRA), "moderator_user_id": Sim::id(MIRA)});
    let follow = joined(&[
        channel(MIRA),
        person("user", "909000909", "secret_sam", "Secret_Sam"),
        json!({"followed_at": "2026-11-01T18:00:05Z"}),
    ]);
    let poll = joined(&[
        channel(MIRA),
        json!({
            "id": "poll-1", "title": "Hush tonight?", "choices": [{"id": "1", "title": "Yes"}, {"id": "2", "title": "No"}],
            "started_at": "2026-11-01T18:00:06Z", "ends_at": "2026-11-01T18:05:06Z",
        }),
    ]);
    [
        Message::notification("channel.follow", "2", &moderated, &follow),
        Message::notification("channel.poll.begin", "1", &of(MIRA), &poll),
        sub(),
    ]
}

/// The events and gaps of a stream up to a cursor.
async fn told(live: &mut LiveReader, cursor: u64) -> String {
    let mut told = String::new();
    loop {
        let block = live.next().await;
        if block.is("event") || block.is("gap") {
            told += &format!("{:?}\n", block.data);
        }
        // Alone, an id says that all up to it was told.
        let reached = block.id.and_then(|id| id.parse::<u64>().ok());
        if block.event.is_none() && reached >= Some(cursor) {
            return told;
        }
    }
}

/// What each way to read answers: its name, and the answer.
async fn walk(browser: &Browser, first: u64, newest: u64) -> Vec<(String, String)> {
    let mut answers = Vec::new();
    for (path, members) in PATHS {
        let path = path.replace("{mira}", Sim::id(MIRA));
        let path = path.replace("{first}", &first.to_string());
        let answer = browser.get(&path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        let text = match members {
            [] => answer.text.clone(),
            members => {
                let all = answer.json();
                let member = |name: &&str| all.pointer(&format!("/{name}")).unwrap().to_string();
                members.iter().map(member).collect()
            }
        };
        answers.push((format!("{path} {members:?}"), text));
    }
    let named = format!("after={first}&broadcaster_id={}", Sim::id(MIRA));
    for query in [format!("after={first}"), named] {
        let mut live = browser.live(&query).await;
        answers.push((format!("live?{query}"), told(&mut live, newest).await));
    }
    answers
}

async fn newest(mira: &Browser) -> u64 {
    let events: Vec<Value> = mira.events("limit=1").await;
    events[0]["id"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn what_is_private_changes_nothing_for_others_on_any_path() {
    let world = World::start().await;
    let (vera, mira) = (
        world.server.log_in("viewer_vera").await,
        world.server.log_in(MIRA).await,
    );
    vera.subscribe(MIRA).await;
    mira.subscribe(MIRA).await;
    // What is public of the topics is to stand still.
    arrives(&vera, MIRA).await;
    raid(MIRA, OWL, 5).accepted(&world.server).await;
    // Of which there is a private telling, too, later on.
    sub_notice(MIRA, "line-1").accepted(&world.server).await;
    let first = newest(&mira).await;
    let program = world.server.with_token(&vera.api_token().await);
    let owners_program = world.server.with_token(&mira.api_token().await);
    let everybody = [
        (&vera, false),
        (&program, false),
        (&mira, true),
        (&owners_program, true),
    ];

    let mut before = Vec::new();
    let mut streams = Vec::new();
    for (browser, _) in everybody {
        before.push(walk(browser, first, first).await);
        streams.push(browser.live("").await);
    }
    for message in private() {
        message.accepted(&world.server).await;
    }
    connect::takes(&mira, "ads").await;
    let mut database = database::open(&world.server).await;
    database
        .run(
            "INSERT INTO gaps (broadcaster_id, event_type, direction, began_at, ended_at) \
             VALUES ('700100200', 'channel.follow', '', 1793556010000, 4000000000000)",
        )
        .await;
    database.close().await;
    let last = newest(&mira).await;
    assert_eq!(last, first + 3);

    for (((browser, is_owner), before), mut live) in everybody.into_iter().zip(before).zip(streams)
    {
        let after = walk(browser, first, last).await;
        for ((path, then), (_, now)) in before.iter().zip(&after) {
            assert_eq!(then != now, is_owner, "{path}: {then}\n{now}");
        }
        let followed = told(&mut live, last).await;
        assert_eq!(!followed.is_empty(), is_owner, "{followed}");
        for (path, now) in &after {
            // Everybody's own channel has these types; how hers stand is hers.
            let is_own_channel = path.starts_with("/api/v1/me/channel");
            let is_told = ["secret_sam", "Hush", "channel.follow"]
                .iter()
                .any(|word| now.contains(word));
            assert!(is_owner || is_own_channel || !is_told, "{path}: {now}");
        }
        if is_owner {
            let resumed = &after[after.len() - 1].1;
            assert!(resumed.contains("not-received"), "the gap, too: {resumed}");
        }
    }
}
