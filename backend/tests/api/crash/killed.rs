//! `kill -9`: the program starts again as if nothing had happened.

use std::collections::{BTreeSet, HashSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};

use super::{Installation, all_arrive, all_messages, happens, try_post};
use crate::database;
use crate::messages::raid_into;
use crate::support::{Browser, PATIENCE, Sim, eventually};

fn ids(subscriptions: &[Value]) -> BTreeSet<String> {
    subscriptions
        .iter()
        .map(|one| one["id"].as_str().unwrap().to_owned())
        .collect()
}

async fn has(viewer: &Browser, message_ids: &[String]) {
    eventually("the events to arrive", PATIENCE, async || {
        let all: HashSet<String> = all_messages(viewer, "").await.into_iter().collect();
        message_ids.iter().all(|id| all.contains(id)).then_some(())
    })
    .await;
}

#[tokio::test]
async fn after_kill_9_all_is_there_and_receiving_goes_on_by_itself() {
    for transport in ["conduit", "webhook"] {
        let installation = Installation::new(transport).await;
        let mut program = installation.start().await;
        let vera = installation.browser(&mut program).await;
        vera.log_in("viewer_vera").await;
        for login in ["mira_plays", "kiteflyer"] {
            vera.subscribe(login).await;
        }
        all_arrive(&vera, 2).await;
        let token = vera.api_token().await;
        let mut sent = happens(&installation.sim, "mira_plays").await;
        has(&vera, &sent).await;
        let at_twitch = ids(&installation.sim.of_app().await);

        for round in 0..3 {
            if round == 1 {
                // Twitch may notice late that our sockets are gone.
                installation
                    .sim
                    .fault(json!({ "fault": "leftover_subscriptions", "seconds": 5 }))
                    .await;
            }
            let before = vera.events("limit=500").await;
            program.kill().await;
            // Twitch delivers a webhook again that nobody took; over a socket what nobody hears is gone.
            let missed = installation
                .sim
                .happen(json!({ "type": "channel.raid", "broadcaster": "kiteflyer" }))
                .await;
            if transport == "webhook" {
                sent.extend(missed);
            }
            program = installation.start().await;
            assert_eq!(
                vera.get("/api/v1/me").await.ok()["login"],
                "viewer_vera",
                "still signed in"
            );
            assert_eq!(vera.subscriptions().await.len(), 2);
            let script = vera.copy().with_token(&token);
            assert_eq!(
                script.get("/api/v1/me").await.status,
                200,
                "the API token too"
            );
            let after = vera.events("limit=500").await;
            assert!(
                before.iter().all(|event| after.contains(event)),
                "events stay as they were"
            );

            sent.extend(happens(&installation.sim, "mira_plays").await);
            sent.extend(happens(&installation.sim, "kiteflyer").await);
            has(&vera, &sent).await;
            all_arrive(&vera, 2).await;
        }
        let all = all_messages(&vera, "").await;
        let distinct: HashSet<&String> = all.iter().collect();
        assert_eq!(all.len(), distinct.len(), "nothing twice");
        eventually("Twitch to have what it had before", PATIENCE, async || {
            (ids(&installation.sim.of_app().await) == at_twitch).then_some(())
        })
        .await;
        let exit = program.terminate().await;
        assert_eq!(exit.code, Some(0), "{}", exit.stderr);
    }
}

#[tokio::test]
async fn what_was_acknowledged_before_kill_9_is_in_the_list_after_it_once() {
    let installation = Installation::new("conduit").await;
    let mut program = installation.start().await;
    let vera = installation.browser(&mut program).await;
    vera.log_in("viewer_vera").await;
    let acknowledged = Mutex::new(HashSet::new());
    let done = AtomicBool::new(false);
    let write = async |writer: u64| {
        let mut number = writer * 1_000_000;
        while !done.load(Ordering::SeqCst) {
            number += 1;
            let message = raid_into(Sim::id("viewer_vera"), number);
            // As Twitch does: the same message again until somebody takes it.
            while !done.load(Ordering::SeqCst) {
                if let Some(answer) = try_post(&vera, &message).await {
                    assert!(matches!(answer.status, 204 | 503), "{}", answer.text);
                    if answer.status == 204 {
                        acknowledged.lock().unwrap().insert(message.id);
                        break;
                    }
                }
                tokio::task::yield_now().await;
            }
        }
    };
    let kill = async {
        let mut dice = StdRng::seed_from_u64(4);
        let mut program = program;
        for _ in 0..8 {
            let enough = acknowledged.lock().unwrap().len() + dice.random_range(20..120);
            eventually("more to be acknowledged", PATIENCE, async || {
                (acknowledged.lock().unwrap().len() >= enough).then_some(())
            })
            .await;
            program.kill().await;
            program = installation.start().await;
        }
        done.store(true, Ordering::SeqCst);
        program
    };
    let (program, _) = tokio::join!(kill, join_all((0..8).map(write)));

    let all = all_messages(&vera, "").await;
    let stored: HashSet<&String> = all.iter().collect();
    assert_eq!(all.len(), stored.len(), "nothing twice");
    let acknowledged = acknowledged.into_inner().unwrap();
    let lost: Vec<&String> = acknowledged
        .iter()
        .filter(|id| !stored.contains(id))
        .collect();
    assert!(
        lost.is_empty(),
        "{} of {} acknowledged are lost",
        lost.len(),
        acknowledged.len()
    );
    assert!(acknowledged.len() >= 160);
    program.kill().await;
    let mut database = database::open_file(&installation.database()).await;
    assert_eq!(database.rows("PRAGMA integrity_check").await, ["ok"]);
}
