//! Viewers' tokens that are revoked, expired or replaced, and a login host in trouble: what Twitch has ended ends
//! here clearly, and nothing else ends anything.

use std::collections::BTreeSet;
use std::time::Duration;

use backend::timings::Timings;
use futures_util::future::join_all;
use serde_json::json;

use super::gate::{Fault, Gate};
use super::{Gated, watching};
use crate::support::{Answer, Browser, PATIENCE, Sim, World, brisk, eventually};

/// The call that needs the viewer's own token.
async fn followed(viewer: &Browser) -> Answer {
    viewer.get("/api/v1/streamers/followed").await
}

/// A viewer whose token works, and whose server has no need of another token of the app.
async fn signed_in(world: &World) -> Browser {
    let vera = world.server.log_in("viewer_vera").await;
    followed(&vera).await.ok();
    vera
}

async fn expires(sim: &Sim) {
    let fault = json!({ "fault": "expire_token", "target": "viewer_vera" });
    assert!(sim.fault(fault).await["affected"].as_u64() > Some(0));
}

/// The statuses with which Twitch answered a path.
async fn statuses(sim: &Sim, path: &str) -> Vec<u64> {
    let requests = sim.requests().await;
    let of_path = requests.into_iter().filter(|(_, asked, _)| asked == path);
    of_path.map(|(_, _, status)| status).collect()
}

async fn refused_calls(sim: &Sim) -> usize {
    let statuses = statuses(sim, "/helix/channels/followed").await;
    statuses.iter().filter(|status| **status == 401).count()
}

/// The bodies of all requests for new tokens.
fn refreshes(gate: &Gate) -> Vec<String> {
    let bodies = gate.asked().into_iter().map(|one| one.body);
    let is_refresh = |body: &String| body.contains("grant_type=refresh_token");
    bodies.filter(is_refresh).collect()
}

/// The session is over, and stays so without another word to Twitch.
async fn is_clearly_over(world: &World, viewer: &Browser) {
    viewer
        .get("/api/v1/me")
        .await
        .is_problem(401, "unauthenticated");
    let asked = world.sim.requests().await.len();
    for _ in 0..3 {
        followed(viewer).await.is_problem(401, "unauthenticated");
    }
    let path = |(_, path, _): &(String, String, u64)| path.clone();
    let since: Vec<String> = world
        .sim
        .requests()
        .await
        .iter()
        .skip(asked)
        .map(path)
        .collect();
    assert!(
        since
            .iter()
            .all(|path| path.starts_with("/helix/eventsub") || path == "/helix/streams"),
        "nothing more is asked with these tokens: {since:?}"
    );
}

#[tokio::test]
async fn many_who_need_one_refresh_at_once_share_it() {
    let Gated { world, gate } = Gated::start(&[], brisk()).await;
    let vera = signed_in(&world).await;
    expires(&world.sim).await;
    gate.fails_at_refresh(Fault::Held);
    let (before, asked) = (
        refused_calls(&world.sim).await,
        gate.count("POST", "/oauth2/token"),
    );
    let calls = join_all((0..10).map(|_| followed(&vera)));
    let release = async {
        eventually("all to be refused", PATIENCE, async || {
            (refused_calls(&world.sim).await == before + 10).then_some(())
        })
        .await;
        eventually("a refresh", PATIENCE, async || {
            (gate.count("POST", "/oauth2/token") > asked).then_some(())
        })
        .await;
        gate.mend();
    };
    let (answers, ()) = tokio::join!(calls, release);
    for answer in answers {
        answer.ok();
    }
    assert_eq!(refreshes(&gate).len(), 1);
}

/// Two devices and a program of one person, not only many calls of one.
#[tokio::test]
async fn two_users_of_one_refresh_token_at_once_both_go_on() {
    let Gated { world, gate } = Gated::start(&[], brisk()).await;
    let vera = signed_in(&world).await;
    let elsewhere = world.server.log_in("viewer_vera").await;
    let program = world.server.with_token(&vera.api_token().await);
    for round in 1..=3 {
        expires(&world.sim).await;
        let (one, two, three) =
            tokio::join!(followed(&vera), followed(&elsewhere), followed(&program));
        for answer in [one, two, three] {
            answer.ok();
        }
        let refreshes = refreshes(&gate);
        assert_eq!(refreshes.len(), round, "each time once");
        let distinct: BTreeSet<&String> = refreshes.iter().collect();
        assert_eq!(distinct.len(), round, "and with the newest refresh token");
    }
    assert!(!statuses(&world.sim, "/oauth2/token").await.contains(&400));
}

/// Twitch answers, the answer is lost, and the same question is answered once more: as Twitch does with a
/// refresh token that it does not replace at once.
#[tokio::test]
async fn a_refresh_that_is_answered_twice_is_taken_when_it_arrives() {
    let Gated { world, gate } = Gated::start(&[], brisk()).await;
    let vera = signed_in(&world).await;
    expires(&world.sim).await;
    gate.fails_at_refresh(Fault::Lost);
    followed(&vera).await.is_problem(503, "twitch-unavailable");
    assert_eq!(
        statuses(&world.sim, "/oauth2/token").await.last(),
        Some(&200)
    );
    vera.get("/api/v1/me").await.ok();
    gate.mend();
    gate.fails_at_refresh(Fault::Remembered);
    followed(&vera).await.ok();
    gate.mend();
    expires(&world.sim).await;
    followed(&vera).await.ok();
}

/// The same, and Twitch has replaced the refresh token: nobody has the new one.
#[tokio::test]
async fn a_refresh_token_that_was_replaced_and_lost_is_a_clear_end() {
    let Gated { world, gate } = Gated::start(&[], brisk()).await;
    let vera = signed_in(&world).await;
    let stream = vera.live("").await;
    expires(&world.sim).await;
    gate.fails_at_refresh(Fault::Lost);
    followed(&vera).await.is_problem(503, "twitch-unavailable");
    gate.mend();
    followed(&vera).await.is_problem(401, "unauthenticated");
    assert_eq!(
        statuses(&world.sim, "/oauth2/token").await.last(),
        Some(&400)
    );
    stream.ends().await;
    is_clearly_over(&world, &vera).await;
    vera.log_in("viewer_vera").await;
    followed(&vera).await.ok();
}

#[tokio::test]
async fn refresh_tokens_replaced_behind_our_back_end_every_session_of_that_person_at_the_next_call()
{
    let world = World::start().await;
    let vera = watching(&world.server, "mira_plays").await;
    let elsewhere = world.server.log_in("viewer_vera").await;
    let omar = world.server.log_in("viewer_omar").await;
    let stream = elsewhere.live("").await;
    for fault in ["expire_token", "rotate_refresh"] {
        let fault = json!({ "fault": fault, "target": "viewer_vera" });
        assert!(world.sim.fault(fault).await["affected"].as_u64() > Some(0));
    }
    followed(&vera).await.is_problem(401, "unauthenticated");
    stream.ends().await;
    is_clearly_over(&world, &elsewhere).await;
    followed(&omar).await.ok();
    vera.log_in("viewer_vera").await;
    assert_eq!(
        vera.subscriptions().await.len(),
        1,
        "nothing stored is lost"
    );
}

/// The person disconnects the app at Twitch, and Twitch's word of it is lost.
#[tokio::test]
async fn a_disconnection_nobody_told_us_of_is_found_at_the_next_call() {
    let world = World::with(&[("EVENTSUB_TRANSPORT", "conduit")]).await;
    let vera = watching(&world.server, "mira_plays").await;
    world
        .sim
        .fault(json!({ "fault": "silence", "seconds": 600 }))
        .await;
    world
        .sim
        .fault(json!({ "fault": "revoke_token", "target": "viewer_vera" }))
        .await;
    vera.get("/api/v1/me").await.ok();
    followed(&vera).await.is_problem(401, "unauthenticated");
    is_clearly_over(&world, &vera).await;
    world.sim.clear_faults().await;
    vera.log_in("viewer_vera").await;
    followed(&vera).await.ok();
}

fn validating() -> Timings {
    Timings {
        validate_every: Duration::from_millis(50),
        twitch_timeout: Duration::from_millis(500),
        ..brisk()
    }
}

/// All that a login host can say that is no word about the token.
fn no_word_about_the_token() -> Vec<Fault> {
    let mut faults: Vec<Fault> = [403, 404, 408, 409, 410, 421, 429, 500, 502, 503, 504, 302]
        .into_iter()
        .map(Fault::status)
        .collect();
    let limits = vec![("ratelimit-remaining", "700".to_owned())];
    faults.extend([
        Fault::Status(429, limits),
        Fault::Nothing,
        Fault::Garbage,
        Fault::Slow,
        Fault::Lost,
    ]);
    let bodies = [
        "",
        "{}",
        "[]",
        "null",
        "<html>Sign in to the network</html>",
        r#"{"ok":true}"#,
    ];
    faults.extend(bodies.map(|body| Fault::Says(body.to_owned())));
    faults
}

async fn is_asked_again(gate: &Gate, method: &str, path: &str) {
    let before = gate.count(method, path);
    eventually(&format!("{path} to be asked again"), PATIENCE, async || {
        (gate.count(method, path) >= before + 2).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_validation_that_says_nothing_about_the_token_ends_nothing() {
    let Gated { world, gate } = Gated::start(&[], validating()).await;
    let vera = signed_in(&world).await;
    for fault in no_word_about_the_token() {
        gate.fails("/oauth2/validate", fault.clone());
        is_asked_again(&gate, "GET", "/oauth2/validate").await;
        let me = vera.get("/api/v1/me").await;
        assert_eq!(me.status, 200, "{fault:?}: {}", me.text);
        gate.mend();
    }
    followed(&vera).await.ok();
    assert!(refreshes(&gate).is_empty(), "no need of it");
}

#[tokio::test]
async fn a_refused_token_ends_nothing_before_a_refresh_has_been_refused_too() {
    let Gated { world, gate } = Gated::start(&[], validating()).await;
    let vera = signed_in(&world).await;
    for fault in no_word_about_the_token() {
        gate.fails("/oauth2/validate", Fault::status(401));
        // What is lost may have replaced the refresh token; that has a test of its own.
        if !matches!(fault, Fault::Lost) {
            gate.fails_at_refresh(fault.clone());
        }
        is_asked_again(&gate, "POST", "/oauth2/token").await;
        let me = vera.get("/api/v1/me").await;
        assert_eq!(me.status, 200, "{fault:?}: {}", me.text);
        gate.mend();
    }
    followed(&vera).await.ok();

    for code in [400, 401] {
        let vera = world.server.log_in("viewer_vera").await;
        gate.fails("/oauth2/validate", Fault::status(401));
        gate.fails_at_refresh(Fault::status(code));
        eventually("the session to end", PATIENCE, async || {
            (vera.get("/api/v1/me").await.status == 401).then_some(())
        })
        .await;
        gate.mend();
    }
    vera.log_in("viewer_vera").await;
    followed(&vera).await.ok();
}

/// A token that was made for another app, or for another person, is nothing to go on with.
#[tokio::test]
async fn a_token_of_somebody_else_ends_the_session() {
    let Gated { world, gate } = Gated::start(&[], validating()).await;
    for (client, user) in [
        ("another-client", Sim::id("viewer_vera")),
        (twitch_sim::CLIENT_ID, Sim::id("viewer_omar")),
    ] {
        let vera = signed_in(&world).await;
        let said = json!({ "client_id": client, "user_id": user, "login": "x", "scopes": [], "expires_in": 9 });
        gate.fails("/oauth2/validate", Fault::Says(said.to_string()));
        eventually("the session to end", PATIENCE, async || {
            (vera.get("/api/v1/me").await.status == 401).then_some(())
        })
        .await;
        gate.mend();
    }
}
