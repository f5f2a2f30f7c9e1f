//! Broadcasters that are not simply in the event, and types that came later.

use serde_json::{Value, json};
use wire::Kind::{Charity, Raid, Stream, System};

use super::case::{Case, MIRA, OWL, PIP, case};

/// Takes the channel out of the event.
fn without_channel(mut case: Case) -> Case {
    let fields = case.event.as_object_mut().expect("an object");
    fields.retain(|key, _| !key.starts_with("broadcaster_"));
    case
}

/// Expects a channel of which only the id is told.
fn nameless(case: Case) -> Case {
    case.in_channel((MIRA.0, MIRA.0, MIRA.0))
}

pub(super) fn cases() -> Vec<Case> {
    [channels(), raids(), later()].concat()
}

fn channels() -> Vec<Case> {
    let online = |summary: &str| case("stream.online", json!({}), Stream, summary);
    let named = |key: &str, value: Value| {
        let mut case = online("Mira_Plays went live");
        case.event[key] = value;
        case
    };
    vec![
        nameless(without_channel(online("Someone went live"))),
        nameless(without_channel(online("Someone went live")))
            .condition(json!({"broadcaster_user_id": 700_100_200})),
        nameless(without_channel(online("Someone went live")))
            .condition(json!({"broadcaster_id": MIRA.0})),
        named("broadcaster_user_id", json!(700_100_200)),
        named("broadcaster_user_id", json!(null)),
        named("broadcaster_user_id", json!("")),
        named("broadcaster_user_login", json!("MIRA_Plays")),
        named("broadcaster_user_login", json!(null)),
        // The event's word goes before the condition's
        online("Mira_Plays went live").condition(json!({"broadcaster_user_id": OWL.0})),
        online("Mira_Plays went live").condition(json!(null)),
        without_channel(case(
            "channel.charity_campaign.start",
            json!({}),
            Charity,
            "The charity campaign started",
        ))
        .with("broadcaster", MIRA)
        .condition(json!({})),
    ]
}

fn raids() -> Vec<Case> {
    let raid = |viewers: Value, summary: &str| {
        let raid = case("channel.raid", json!({"viewers": viewers}), Raid, summary);
        raid.with("from_broadcaster_user", OWL)
            .with("to_broadcaster_user", MIRA)
    };
    let incoming = || {
        raid(json!(3), "Late_Owl raided with 3 viewers")
            .actor(OWL)
            .amount(3, "viewers")
    };
    let outgoing = || {
        raid(json!(3), "Raided Mira_Plays with 3 viewers")
            .in_channel(OWL)
            .amount(3, "viewers")
    };
    let to = "to_broadcaster_user_id";
    let from = "from_broadcaster_user_id";
    let mut unnamed = incoming().condition(json!({to: MIRA.0}));
    unnamed.event[to] = json!(null);
    vec![
        incoming().condition(json!({to: MIRA.0})),
        incoming().condition(json!({to: 700_100_200, from: ""})),
        incoming().condition(json!({})),
        incoming().condition(json!({"broadcaster_user_id": MIRA.0})),
        outgoing().condition(json!({from: OWL.0})),
        outgoing().condition(json!({from: OWL.0, to: ""})),
        outgoing().condition(json!({from: OWL.0, to: null})),
        outgoing().condition(json!({"broadcaster_user_id": OWL.0})),
        unnamed,
        // The condition decides even over the event, whose names are then another's
        incoming()
            .condition(json!({to: "31"}))
            .in_channel(("31", "31", "31")),
    ]
}

fn later() -> Vec<Case> {
    vec![
        case(
            "channel.custom_thing",
            json!({}),
            System,
            "Something happened: channel custom thing",
        ),
        case(
            "channel.custom_thing.begin",
            json!({}),
            System,
            "Something happened: channel custom thing begin",
        )
        .by("user", PIP),
        case(
            "channel.custom_thing",
            json!({"is_anonymous": true}),
            System,
            "Something happened: channel custom thing",
        )
        .with("user", PIP),
        case(
            "channel.guest_star_session.begin",
            json!({}),
            System,
            "Something happened: channel guest star session begin",
        )
        .version("beta"),
        case("", json!({}), System, "Something happened"),
        case(
            "channel.\u{0}odd\n__type",
            json!({}),
            System,
            "Something happened: channel odd type",
        ),
    ]
}
