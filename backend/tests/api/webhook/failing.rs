//! A database that fails: told to Twitch, never acknowledged, made up for.

use futures_util::future::join_all;
use tokio::time::Instant;

use super::Inbox;
use crate::database;
use crate::messages::{at, raid_into};
use crate::support::{Message, PATIENCE, brisk};

/// Lets every attempt to store an event fail.
const BROKEN: &str =
    "CREATE TRIGGER broken BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'broken'); END";

/// The file is held by another program for longer than the server waits.
#[tokio::test]
async fn a_locked_database_is_told_and_nothing_is_acknowledged() {
    let inbox = Inbox::with(brisk()).await;
    let mut database = database::open(&inbox.world.server).await;
    database.run("BEGIN IMMEDIATE").await;
    let began = Instant::now();
    let messages: Vec<Message> = (0..5).map(|n| raid_into(inbox.channel, n)).collect();
    let answers = join_all(messages.iter().map(|message| inbox.post(message))).await;
    for answer in answers {
        answer.is_problem(503, "store-unavailable");
    }
    assert!(
        began.elapsed() < PATIENCE,
        "Twitch does not wait for ever: {:?}",
        began.elapsed()
    );
    inbox.holds_nothing().await;
    database.run("ROLLBACK").await;
    for message in &messages {
        inbox.takes(&at(message, inbox.now())).await;
    }
    assert_eq!(
        inbox.events().await.len(),
        5,
        "a failure must not use up the message's id"
    );
}

/// A transaction that fails in its middle, when the message id is already noted.
#[tokio::test]
async fn a_failing_transaction_is_told_and_leaves_nothing_behind() {
    fails_with(BROKEN).await;
}

/// On a full disk or a read error the database itself may end the transaction; the server must find back by itself.
#[tokio::test]
async fn a_transaction_that_the_database_itself_rolls_back_is_told_and_leaves_nothing_behind() {
    fails_with("CREATE TRIGGER broken BEFORE INSERT ON events BEGIN SELECT RAISE(ROLLBACK, 'disk is full'); END").await;
}

async fn fails_with(trigger: &'static str) {
    let inbox = Inbox::open().await;
    let mut database = database::open(&inbox.world.server).await;
    database.run(trigger).await;
    let mut live = inbox.owner.live("").await;
    let message = raid_into(inbox.channel, 1);
    for _ in 0..3 {
        inbox
            .post(&message)
            .await
            .is_problem(503, "store-unavailable");
    }
    inbox.holds_nothing().await;
    assert_eq!(database.count("SELECT COUNT(*) FROM seen").await, 0);
    database.run("DROP TRIGGER broken").await;
    inbox.takes(&message).await;
    assert_eq!(
        inbox.only_event().await.message_id.as_deref(),
        Some(message.id.as_str())
    );
    assert_eq!(
        live.next_event().await["message_id"],
        message.id,
        "delivered once it is stored, not before"
    );
}

/// Reading still works, but a server that can store nothing must not be sent requests.
#[tokio::test]
async fn a_server_that_cannot_store_is_not_ready() {
    let inbox = Inbox::with(brisk()).await;
    let readiness = async || {
        let answer = inbox.owner.get("/readyz").await;
        (answer.status, answer.json()["failing"]["store"].is_string())
    };
    assert_eq!(readiness().await, (200, false));
    let mut database = database::open(&inbox.world.server).await;
    database.run(BROKEN).await;
    let message = raid_into(inbox.channel, 1);
    for _ in 0..3 {
        inbox
            .post(&message)
            .await
            .is_problem(503, "store-unavailable");
        assert_eq!(readiness().await, (503, true));
    }
    database.run("DROP TRIGGER broken").await;
    inbox.takes(&message).await;
    assert_eq!(readiness().await, (200, false));
}
