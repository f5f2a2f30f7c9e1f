//! Listing, searching, counting and exporting events: filters, cursors both ways, and who may see what.

mod export;
mod filed;
mod filters;
mod folds;
mod owner_alone;
mod pages;
mod search;
mod stats;
mod twins;
mod visibility;

use serde_json::{Value, json};

use crate::support::{Message, Server, Sim};

/// A person as Twitch's events name one, under a prefix.
fn person(prefix: &str, id: &str, login: &str, name: &str) -> Value {
    json!({format!("{prefix}_id"): id, format!("{prefix}_login"): login, format!("{prefix}_name"): name})
}

fn joined(parts: &[Value]) -> Value {
    let members = parts
        .iter()
        .flat_map(|part| part.as_object().unwrap().clone());
    Value::Object(members.collect())
}

fn channel(login: &str) -> Value {
    let name = if login == "mira_plays" {
        "Mira_Plays"
    } else {
        login
    };
    person("broadcaster_user", Sim::id(login), login, name)
}

fn of(login: &str) -> Value {
    json!({"broadcaster_user_id": Sim::id(login)})
}

/// A raid on a channel by somebody.
fn raid(login: &str, from: (&str, &str, &str), viewers: u32) -> Message {
    let event = joined(&[
        person("from_broadcaster_user", from.0, from.1, from.2),
        person("to_broadcaster_user", Sim::id(login), login, login),
        json!({"viewers": viewers}),
    ]);
    Message::notification(
        "channel.raid",
        "1",
        &json!({"to_broadcaster_user_id": Sim::id(login)}),
        &event,
    )
}

const OWL: (&str, &str, &str) = ("555000111", "late_owl", "Late_Owl");
const CATS: (&str, &str, &str) = ("702618835", "neko_kissa", "猫喫茶");

/// A change of title.
fn update(login: &str, title: &str) -> Message {
    let what = json!({
        "title": title, "language": "en", "category_id": "743", "category_name": "Chess",
        "content_classification_labels": [],
    });
    Message::notification(
        "channel.update",
        "2",
        &of(login),
        &joined(&[channel(login), what]),
    )
}

/// The start of a stream at a time.
fn online(login: &str, started_at: &str) -> Message {
    let what =
        json!({"id": format!("stream-{started_at}"), "type": "live", "started_at": started_at});
    Message::notification(
        "stream.online",
        "1",
        &of(login),
        &joined(&[channel(login), what]),
    )
}

/// A new follower, which is the broadcaster's to see.
fn follow(login: &str, who: (&str, &str, &str)) -> Message {
    let condition =
        json!({"broadcaster_user_id": Sim::id(login), "moderator_user_id": Sim::id(login)});
    let when = json!({"followed_at": jiff::Timestamp::now().to_string()});
    let event = joined(&[channel(login), person("user", who.0, who.1, who.2), when]);
    Message::notification("channel.follow", "2", &condition, &event)
}

async fn raids(server: &Server, login: &str, count: u32) {
    for viewers in 1..=count {
        raid(login, OWL, viewers).accepted(server).await;
    }
}

fn ids(events: &[Value]) -> Vec<u64> {
    events
        .iter()
        .map(|event| event["id"].as_str().unwrap().parse().unwrap())
        .collect()
}
