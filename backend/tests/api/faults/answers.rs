//! Twitch's API and login hosts answer with refusals, failures, nothing, garbage or without end: each call of ours
//! says so clearly, keeps what is stored, and works again when they do.

use std::time::Duration;

use backend::timings::Timings;
use serde_json::{Value, json};

use super::gate::{Fault, Gate};
use super::{
    Gated, arrives, both_shards_serve, carriers, happens, has_received, readyz_is_content,
    readyz_says, received, topics_shown, watching,
};
use crate::support::{Answer, Browser, PATIENCE, Server, Sim, World, brisk, eventually};

/// Twitch's bucket is empty, and full again in a second.
fn rate_limit() -> Fault {
    let reset = jiff::Timestamp::now().as_second() + 1;
    Fault::Status(
        429,
        vec![
            ("ratelimit-limit", "800".to_owned()),
            ("ratelimit-remaining", "0".to_owned()),
            ("ratelimit-reset", reset.to_string()),
        ],
    )
}

/// Another limit than that of calls.
fn other_limit() -> Fault {
    Fault::Status(429, vec![("ratelimit-remaining", "700".to_owned())])
}

fn troubles() -> Vec<Fault> {
    let mut troubles: Vec<Fault> = [302, 401, 403, 404, 408, 409, 410, 500, 502, 503, 504]
        .into_iter()
        .map(Fault::status)
        .collect();
    troubles.extend([
        rate_limit(),
        other_limit(),
        Fault::Nothing,
        Fault::Garbage,
        Fault::Slow,
        Fault::Lost,
    ]);
    let bodies = ["", "{}", "null", "<html>Back soon</html>", r#"{"data""#];
    troubles.extend(bodies.map(|body| Fault::Says(body.to_owned())));
    troubles
}

fn timings() -> Timings {
    Timings {
        twitch_timeout: Duration::from_millis(700),
        reconcile_every: Duration::from_millis(300),
        topics_retry_longest: Duration::from_millis(400),
        ..brisk()
    }
}

async fn start() -> (World, Gate, Browser) {
    let Gated { world, gate } = Gated::start(&[("EVENTSUB_TRANSPORT", "conduit")], timings()).await;
    let vera = world.server.log_in("viewer_vera").await;
    (world, gate, vera)
}

/// The call fails clearly while `prefix` is in each of the troubles, and works again after each.
async fn fails_and_recovers(gate: &Gate, prefix: &str, call: impl AsyncFn() -> Answer) {
    for trouble in troubles() {
        let answer = eventually("the call to work", PATIENCE, async || {
            let answer = call().await;
            (answer.status < 300).then_some(answer)
        })
        .await;
        assert!(answer.status < 300);
        gate.fails(prefix, trouble.clone());
        let asked = gate.asked().len();
        let answer = call().await;
        assert_eq!(answer.status, 503, "{prefix} {trouble:?}: {}", answer.text);
        answer.is_problem(503, "twitch-unavailable");
        let asked = gate.asked().split_off(asked);
        assert!(
            asked.iter().any(|one| one.path.starts_with(prefix)),
            "{prefix} {trouble:?}: it happened"
        );
        gate.mend();
    }
    eventually("the call to work", PATIENCE, async || {
        (call().await.status < 300).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_search_says_that_twitch_is_in_trouble() {
    let (_world, gate, vera) = start().await;
    let search = async || vera.get("/api/v1/streamers?query=mira").await;
    fails_and_recovers(&gate, "/helix/search/channels", search).await;
    let found = search().await.ok();
    assert_eq!(found["streamers"][0]["login"], "mira_plays");
}

#[tokio::test]
async fn subscribing_says_so_and_stores_nothing() {
    let (_world, gate, vera) = start().await;
    let path = format!("/api/v1/subscriptions/{}", Sim::id("mira_plays"));
    let subscribe = async || {
        vera.delete(&path).await;
        let answer = vera
            .post("/api/v1/subscriptions", json!({ "login": "mira_plays" }))
            .await;
        let stored = vera.subscriptions().await.len();
        assert_eq!(stored, usize::from(answer.status < 300), "{}", answer.text);
        answer
    };
    fails_and_recovers(&gate, "/helix/users", subscribe).await;
}

/// Whether the stream runs can wait: the look for it is no reason to refuse.
#[tokio::test]
async fn subscribing_does_not_need_the_list_of_streams() {
    let (_world, gate, vera) = start().await;
    let path = format!("/api/v1/subscriptions/{}", Sim::id("mira_plays"));
    for trouble in troubles() {
        gate.fails("/helix/streams", trouble.clone());
        // An empty bucket is that of all calls of the app, so the next one is refused here already.
        let answer = eventually("the subscription", PATIENCE, async || {
            let answer = vera
                .post("/api/v1/subscriptions", json!({ "login": "mira_plays" }))
                .await;
            (answer.status != 503).then_some(answer)
        })
        .await;
        assert_eq!(answer.status, 201, "{trouble:?}: {}", answer.text);
        assert_eq!(answer.json()["live"], Value::Null);
        vera.delete(&path).await;
        gate.mend();
    }
}

#[tokio::test]
async fn the_import_of_follows_says_so_and_ends_no_session() {
    let (_world, gate, vera) = start().await;
    let followed = async || {
        let answer = vera.get("/api/v1/streamers/followed").await;
        vera.get("/api/v1/me").await.ok();
        answer
    };
    fails_and_recovers(&gate, "/helix/channels/followed", followed).await;
    fails_and_recovers(&gate, "/helix/users", followed).await;
}

async fn is_signed_out(server: &Server, browser: &Browser) {
    assert!(browser.cookie("ses").is_none());
    let mut database = crate::database::open(server).await;
    assert_eq!(database.count("SELECT COUNT(*) FROM viewers").await, 0);
    assert_eq!(database.count("SELECT COUNT(*) FROM grants").await, 0);
}

#[tokio::test]
async fn a_login_that_cannot_be_finished_says_so_and_stores_nothing() {
    for prefix in ["/oauth2/token", "/helix/users"] {
        let Gated { world, gate } = Gated::start(&[], timings()).await;
        // A token of the app comes from the same address and is no part of this.
        readyz_is_content(&world.server, "eventsub").await;
        for trouble in troubles() {
            gate.fails(prefix, trouble.clone());
            let browser = world.server.browser();
            let asked = gate.asked().len();
            let answer = browser.log_in_from("/auth/login", "viewer_vera").await;
            let is_refusal = matches!(trouble, Fault::Status(401, _)) && prefix == "/oauth2/token";
            if is_refusal {
                answer.is_problem(400, "oauth-state");
            } else {
                assert_eq!(answer.status, 503, "{prefix} {trouble:?}: {}", answer.text);
                answer.is_problem(503, "twitch-unavailable");
            }
            let asked = gate.asked().split_off(asked);
            assert!(asked.iter().any(|one| one.path == prefix), "{trouble:?}");
            is_signed_out(&world.server, &browser).await;
            gate.mend();
        }
        world.server.log_in("viewer_vera").await;
    }
}

/// Each trouble at one of the calls that topics need: what arrives already goes on arriving, what is new is told
/// with a reason, and all of it recovers by itself.
async fn topics_survive(method: &'static str, prefix: &str, is_told: bool, troubles: Vec<Fault>) {
    let Gated { world, gate } = Gated::start(&[("EVENTSUB_TRANSPORT", "conduit")], timings()).await;
    let vera = watching(&world.server, "kiteflyer").await;
    let path = format!("/api/v1/subscriptions/{}", Sim::id("mira_plays"));
    let mut sent = Vec::new();
    for trouble in troubles {
        gate.fails_at(method, prefix, trouble.clone());
        let asked = gate.count(method, prefix);
        subscribe_in_time(&vera).await;
        eventually(&format!("{trouble:?} to happen"), PATIENCE, async || {
            (gate.count(method, prefix) > asked).then_some(())
        })
        .await;
        // What is lost on its way back has been done all the same.
        if is_told && !matches!(trouble, Fault::Lost) {
            say_why_not(&vera, &trouble).await;
        }
        let ids = happens(&world.sim, "stream.online", "kiteflyer").await;
        assert_eq!(ids.len(), 1, "{trouble:?}: what is there goes on");
        has_received(&vera, "kiteflyer", &ids).await;
        sent.extend(ids);
        gate.mend();
        arrives(&vera, "mira_plays").await;
        vera.delete(&path).await;
        eventually("the topics to be released", PATIENCE, async || {
            let left = world.sim.enabled().await;
            let is_hers =
                |one: &Value| one["condition"].to_string().contains(Sim::id("mira_plays"));
            (!left.iter().any(is_hers)).then_some(())
        })
        .await;
    }
    readyz_is_content(&world.server, "topics").await;
    readyz_is_content(&world.server, "twitch-api").await;
    assert_eq!(
        received(&vera, "kiteflyer").await.len(),
        sent.len(),
        "nothing is lost"
    );
    let conduits = gate.count("POST", "/helix/eventsub/conduits");
    assert_eq!(
        conduits, 1,
        "an answer nobody can read is no reason for another conduit"
    );
}

/// The topics that do not arrive say why, in words.
async fn say_why_not(viewer: &Browser, trouble: &Fault) {
    let topics = eventually("a reason", PATIENCE, async || {
        let topics = topics_shown(viewer, "mira_plays").await;
        let is_told = topics.iter().any(|topic| topic["reason"].is_string());
        is_told.then_some(topics)
    })
    .await;
    for topic in topics {
        let reason = topic["reason"].as_str().unwrap_or("Not yet.");
        let is_told = reason.ends_with('.') && topic["status"] != "enabled";
        assert!(is_told, "{trouble:?}: {topic}");
    }
}

#[tokio::test]
async fn topics_that_cannot_be_asked_for_are_told_and_made_up_for() {
    topics_survive("POST", "/helix/eventsub/subscriptions", true, troubles()).await;
}

#[tokio::test]
async fn topics_survive_that_they_cannot_be_listed() {
    topics_survive("GET", "/helix/eventsub/subscriptions", false, troubles()).await;
}

/// Among them: that there are no conduits at all, which is no reason to end what serves.
#[tokio::test]
async fn topics_survive_that_conduits_cannot_be_looked_at() {
    topics_survive("GET", "/helix/eventsub/conduits", false, troubles()).await;
}

#[tokio::test]
async fn a_404_for_conduits_does_not_end_what_serves() {
    for transport in ["auto", "conduit"] {
        let settings = [("EVENTSUB_TRANSPORT", transport)];
        let Gated { world, gate } = Gated::start(&settings, timings()).await;
        let vera = watching(&world.server, "mira_plays").await;
        let sessions = both_shards_serve(&world.sim).await;
        let carried = carriers(&world.sim).await;
        gate.fails_at("GET", "/helix/eventsub/conduits", Fault::status(404));
        let asked = gate.count("GET", "/helix/eventsub/conduits");
        let mut sent = Vec::new();
        eventually("looks that are answered so", PATIENCE, async || {
            for event_type in ["stream.online", "channel.chat.notification"] {
                let ids = happens(&world.sim, event_type, "mira_plays").await;
                assert_eq!(ids.len(), 1, "{transport}: {event_type}");
                sent.extend(ids);
            }
            (gate.count("GET", "/helix/eventsub/conduits") > asked + 2).then_some(())
        })
        .await;
        has_received(&vera, "mira_plays", &sent).await;
        assert_eq!(both_shards_serve(&world.sim).await, sessions, "{transport}");
        gate.mend();
        arrives(&vera, "mira_plays").await;
        readyz_is_content(&world.server, "topics").await;
        assert_eq!(both_shards_serve(&world.sim).await, sessions, "{transport}");
        assert_eq!(carriers(&world.sim).await, carried, "{transport}");
    }
}

/// Subscribes; while the app's rate limit is used up that is refused.
async fn subscribe_in_time(viewer: &Browser) {
    eventually("the subscription", PATIENCE, async || {
        let answer = viewer
            .post("/api/v1/subscriptions", json!({ "login": "mira_plays" }))
            .await;
        (answer.status < 300).then_some(())
    })
    .await;
}

/// While the app has no token nothing of Twitch's API can be asked.
#[tokio::test]
async fn a_login_host_that_gives_the_app_no_token_is_told_and_made_up_for() {
    let settings = [("EVENTSUB_TRANSPORT", "conduit")];
    let Gated { mut world, gate } = Gated::start(&settings, timings()).await;
    let vera = watching(&world.server, "mira_plays").await;
    for trouble in troubles() {
        gate.fails_at("POST", "/oauth2/token", trouble.clone());
        world.server.restart().await;
        readyz_says(&world.server, "twitch-api", "").await;
        let answer = vera.get("/api/v1/streamers?query=mira").await;
        assert_eq!(answer.status, 503, "{trouble:?}: {}", answer.text);
        answer.is_problem(503, "twitch-unavailable");
        vera.get("/api/v1/me").await.ok();
        gate.mend();
        readyz_is_content(&world.server, "twitch-api").await;
        readyz_is_content(&world.server, "eventsub").await;
        vera.get("/api/v1/streamers?query=mira").await.ok();
    }
}

/// However long an answer may take: one without end is not waited for, nor kept.
#[tokio::test]
async fn an_answer_without_end_is_not_read_to_it() {
    let patient = Timings {
        twitch_timeout: Duration::from_secs(3600),
        ..brisk()
    };
    let Gated { world, gate } = Gated::start(&[], patient).await;
    let vera = world.server.log_in("viewer_vera").await;
    gate.fails("/helix/search", Fault::Endless);
    let search = async || vera.get("/api/v1/streamers?query=mira").await;
    search().await.is_problem(503, "twitch-unavailable");
    gate.mend();
    search().await.ok();
}

/// Twitch says when its bucket is full again; whoever comes here is told so, and Twitch is left alone until then.
#[tokio::test]
async fn a_rate_limit_is_passed_on_and_kept() {
    let (world, gate, vera) = start().await;
    readyz_is_content(&world.server, "eventsub").await;
    gate.fails(
        "/helix/search",
        Fault::Status(429, vec![("retry-after", "37".to_owned())]),
    );
    let search = async || vera.get("/api/v1/streamers?query=mira").await;
    for _ in 0..5 {
        let answer = search().await;
        answer.is_problem(503, "twitch-unavailable");
        let pause: u64 = answer.header("retry-after").parse().unwrap();
        assert!((20..=37).contains(&pause), "{pause}");
    }
    assert_eq!(gate.count("GET", "/helix/search"), 1, "asked once");
    gate.mend();
    // Each viewer has a bucket of the own.
    vera.get("/api/v1/me").await.ok();
    search().await.is_problem(503, "twitch-unavailable");
    let followed = gate.count("GET", "/helix/channels/followed");
    vera.get("/api/v1/streamers/followed").await;
    assert_eq!(gate.count("GET", "/helix/channels/followed"), followed + 1);
}

#[tokio::test]
async fn answers_nobody_can_read_are_told_as_trouble_of_twitch() {
    let (world, gate, vera) = start().await;
    readyz_is_content(&world.server, "twitch-api").await;
    gate.fails("/helix/search", Fault::Says("<html>".to_owned()));
    for _ in 0..3 {
        vera.get("/api/v1/streamers?query=mira")
            .await
            .is_problem(503, "twitch-unavailable");
        readyz_says(&world.server, "twitch-api", "cannot be read").await;
    }
    gate.mend();
    vera.get("/api/v1/streamers?query=mira").await.ok();
    readyz_is_content(&world.server, "twitch-api").await;
}
