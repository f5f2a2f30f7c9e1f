//! Another program holds the database: one that copies it wrongly, or somebody with a shell.

use futures_util::future::join_all;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::{Scene, TWITCH_WAITS};
use crate::crash::{connect, try_post};
use crate::database::{self, Database};
use crate::support::{Message, open_files};

/// More than the server lets wait.
const FLOOD: u64 = 10_000;

/// What the flood may cost: its connections, and what waits.
const MEMORY_KIB: u64 = 512 * 1024;

/// Holds the database as nothing else can, and proves it.
async fn lock(scene: &Scene) -> Database {
    let file = scene.installation.database();
    let mut holder = database::open_file(&file).await;
    holder.run("BEGIN EXCLUSIVE").await;
    let mut other = database::open_file(&file).await;
    other.run("PRAGMA busy_timeout = 0").await;
    let refused = other.try_run("BEGIN IMMEDIATE").await.unwrap_err();
    assert!(refused.to_string().contains("locked"), "{refused}");
    holder
}

#[tokio::test]
async fn while_another_program_holds_the_database_each_message_is_refused_in_time() {
    let folder = tempfile::tempdir().unwrap();
    let mut scene = Scene::begin(folder.path()).await;
    for _ in 0..2 {
        let mut holder = lock(&scene).await;
        let messages: Vec<_> = (0..50).map(|_| scene.next()).collect();
        let post = async |message| (message, try_post(&scene.vera, message).await.unwrap());
        let sent = Instant::now();
        let answers = join_all(messages.iter().map(post)).await;
        assert!(sent.elapsed() < TWITCH_WAITS, "{:?}", sent.elapsed());
        for (message, answer) in &answers {
            scene.note((*message).clone(), answer);
        }
        assert_eq!(scene.refused.len(), messages.len());
        scene.is_not_ready().await;
        scene.lists_what_was_acknowledged().await;
        holder.run("ROLLBACK").await;
        scene.is_ready().await;
        scene.takes_what_was_refused().await;
    }
    scene.survives_kill_9().await;
}

#[tokio::test]
async fn what_is_more_than_may_wait_is_refused_at_once_and_costs_no_memory() {
    open_files(16_384);
    let folder = tempfile::tempdir().unwrap();
    let mut scene = Scene::begin(folder.path()).await;
    let mut holder = lock(&scene).await;
    let before = memory_kib(&scene);
    let codes = flood(&mut scene, FLOOD).await;
    let waited = codes.iter().filter(|code| *code == "store-unavailable");
    assert!(waited.count() > 1000, "most may wait for a while");
    let busy = codes.iter().filter(|code| *code == "draining").count();
    assert!(busy > 500, "{busy} of {FLOOD} were refused at once");
    let full = memory_kib(&scene);
    assert!(full - before < MEMORY_KIB, "{before} KiB, then {full} KiB");
    let codes = flood(&mut scene, FLOOD / 5).await;
    let busy = codes.iter().filter(|code| *code == "draining").count();
    assert!(busy > 500, "{busy} of {} were refused at once", FLOOD / 5);
    let later = memory_kib(&scene);
    assert!(later < full + full / 4, "{full} KiB, then {later} KiB");
    scene.lists_what_was_acknowledged().await;
    scene.is_not_ready().await;

    holder.run("ROLLBACK").await;
    scene.is_ready().await;
    let answer = scene.post_next().await;
    assert_eq!(answer.status, 204, "{}", answer.text);
    scene.lists_what_was_acknowledged().await;
}

/// Sends so many messages, each on a connection of its own, without waiting for one another's answers; all must be
/// refused. Answers the problems' codes.
async fn flood(scene: &mut Scene, count: u64) -> Vec<String> {
    let port = scene.installation.port;
    let messages: Vec<Message> = (0..count).map(|_| scene.next()).collect();
    let connecting = Semaphore::new(200);
    let answers = join_all(
        messages
            .iter()
            .map(|message| send(message, port, &connecting)),
    )
    .await;
    scene.refused.extend(messages);
    answers
}

async fn send(message: &Message, port: u16, connecting: &Semaphore) -> String {
    let turn = connecting.acquire().await.unwrap();
    let mut socket = connect(port).await.unwrap();
    let head = message.on_the_wire("connection: close\r\n");
    socket.write_all(head.as_bytes()).await.unwrap();
    drop(turn);
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let problem: Value = serde_json::from_str(body).unwrap();
    problem["code"].as_str().unwrap().to_owned()
}

/// What the program has in memory.
fn memory_kib(scene: &Scene) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", scene.program.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.unwrap()
        .trim()
        .trim_end_matches(" kB")
        .parse()
        .unwrap()
}
