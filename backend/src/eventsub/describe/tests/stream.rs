//! The stream, raids, shoutouts and ad breaks.

use serde_json::json;
use wire::Kind::{Chat, Raid, Stream, System};

use super::case::{Case, MIRA, MOLLY, OWL, case};

pub(super) fn cases() -> Vec<Case> {
    let started = "2026-11-01T18:00:05Z";
    let online = |sort: &str, summary: &str| {
        let event = json!({"id": "41375541868", "type": sort, "started_at": started});
        case("stream.online", event, Stream, summary)
            .at(started)
            .key("41375541868")
    };
    let raid =
        |viewers, summary: &str| case("channel.raid", json!({"viewers": viewers}), Raid, summary);
    let incoming = |viewers, summary: &str| {
        raid(viewers, summary)
            .condition(json!({"to_broadcaster_user_id": MIRA.0, "from_broadcaster_user_id": ""}))
            .with("to_broadcaster_user", MIRA)
    };
    let outgoing = |viewers, summary: &str| {
        raid(viewers, summary)
            .condition(json!({"from_broadcaster_user_id": MIRA.0}))
            .with("from_broadcaster_user", MIRA)
    };
    let update = |event, summary: &str| case("channel.update", event, Stream, summary).version("2");
    let ad_break = |event, summary: &str| case("channel.ad_break.begin", event, System, summary);
    vec![
        online("live", "Mira_Plays went live"),
        online("watch_party", "Mira_Plays started a watch party"),
        online("playlist", "Mira_Plays started a playlist"),
        online("premiere", "Mira_Plays started a premiere"),
        online("rerun", "Mira_Plays started a rerun"),
        online("live_from_space", "Mira_Plays went live (live from space)"),
        case(
            "stream.online",
            json!({"type": null, "started_at": "soon"}),
            Stream,
            "Mira_Plays went live",
        ),
        case(
            "stream.offline",
            json!({"id": "41375541868"}),
            Stream,
            "Stream ended",
        )
        .key("41375541868"),
        case("stream.offline", json!({}), Stream, "Stream ended"),
        update(
            json!({"title": "Rated games with chat", "language": "en", "category_id": "743",
                "category_name": "Chess", "content_classification_labels": ["MatureGame"]}),
            "Now playing Chess: Rated games with chat",
        )
        .text("Rated games with chat"),
        update(
            json!({"title": "Hello", "category_name": "Just Chatting"}),
            "Now in Just Chatting: Hello",
        )
        .text("Hello"),
        update(
            json!({"title": "Cosy\u{0} puzzles\n", "category_name": ""}),
            "Title changed to Cosy puzzles",
        )
        .text("Cosy puzzles"),
        update(
            json!({"title": null, "category_name": "Chess"}),
            "Category changed to Chess",
        ),
        update(json!({}), "Stream information changed"),
        incoming(json!(318), "Late_Owl raided with 318 viewers")
            .by("from_broadcaster_user", OWL)
            .amount(318, "viewers"),
        incoming(json!(1), "Late_Owl raided with 1 viewer")
            .by("from_broadcaster_user", OWL)
            .amount(1, "viewers"),
        incoming(json!(null), "Someone raided"),
        outgoing(json!("42590"), "Raided Late_Owl with 42,590 viewers")
            .with("to_broadcaster_user", OWL)
            .amount(42_590, "viewers"),
        outgoing(json!({}), "Raided another channel"),
        case(
            "channel.shoutout.create",
            json!({"viewer_count": 860, "started_at": started}),
            Chat,
            "Mod_Molly gave Late_Owl a shoutout before 860 viewers",
        )
        .by("moderator_user", MOLLY)
        .with("to_broadcaster_user", OWL)
        .amount(860, "viewers")
        .at(started),
        case(
            "channel.shoutout.create",
            json!({"viewer_count": null}),
            Chat,
            "Someone gave someone a shoutout",
        ),
        case(
            "channel.shoutout.receive",
            json!({"viewer_count": 1, "started_at": started}),
            Chat,
            "Late_Owl gave this channel a shoutout before 1 viewer",
        )
        .by("from_broadcaster_user", OWL)
        .amount(1, "viewers")
        .at(started),
        case(
            "channel.shoutout.receive",
            json!({}),
            Chat,
            "Someone gave this channel a shoutout",
        ),
        ad_break(
            json!({"duration_seconds": 60, "started_at": started, "is_automatic": false}),
            "Mod_Molly started an ad break of 1 minute",
        )
        .by("requester_user", MOLLY)
        .at(started),
        ad_break(
            json!({"duration_seconds": "180", "is_automatic": true}),
            "An ad break of 3 minutes started automatically",
        )
        .with("requester_user", MIRA),
        ad_break(json!({"duration_seconds": null}), "An ad break started"),
    ]
}
