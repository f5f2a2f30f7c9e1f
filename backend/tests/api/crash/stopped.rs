//! SIGTERM and SIGINT: what is in flight is answered, streams end, what was taken is stored, and the exit code is 0.

use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use reqwest::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

use super::{Installation, all_arrive, all_messages, try_post};
use crate::app::OtherProgram;
use crate::messages::{ID, SIGNATURE, TIMESTAMP, TYPE, raid_into};
use crate::support::{Message, PATIENCE, Sim, eventually};

/// A request whose head the server has taken and whose body it waits for.
struct InFlight {
    socket: TcpStream,
    message: Message,
}

impl InFlight {
    async fn begin(port: u16, message: Message) -> Self {
        let mut socket = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let head = format!(
            "POST /webhooks/twitch HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\ncontent-length: {}\r\n\
             {ID}: {}\r\n{TIMESTAMP}: {}\r\n{TYPE}: {}\r\n{SIGNATURE}: {}\r\n\r\n",
            message.body.len(),
            message.id,
            message.timestamp,
            message.message_type,
            message.signature()
        );
        socket.write_all(head.as_bytes()).await.unwrap();
        let mut begun = Self { socket, message };
        let asked = begun.read_until("\r\n\r\n").await;
        assert!(asked.starts_with("HTTP/1.1 100 "), "{asked}");
        begun
    }

    /// Sends the body; answers the status line.
    async fn finish(mut self) -> (Message, String) {
        self.socket
            .write_all(self.message.body.as_bytes())
            .await
            .unwrap();
        let answer = self.read_until("\r\n\r\n").await;
        (
            self.message,
            answer.lines().next().unwrap_or_default().to_owned(),
        )
    }

    async fn read_until(&mut self, end: &str) -> String {
        let mut text = String::new();
        let mut buffer = [0; 1024];
        let reading = async {
            while !text.contains(end) {
                match self.socket.read(&mut buffer).await {
                    Ok(0) | Err(_) => break,
                    Ok(count) => text.push_str(&String::from_utf8_lossy(&buffer[..count])),
                }
            }
        };
        timeout(PATIENCE, reading)
            .await
            .expect("an answer to what is in flight");
        text
    }
}

#[tokio::test]
async fn what_is_in_flight_at_sigterm_is_answered_and_what_is_acknowledged_is_stored() {
    for signal in ["TERM", "INT"] {
        let installation = Installation::new("conduit").await;
        let mut program = installation.start().await;
        let vera = installation.browser(&mut program).await;
        vera.log_in("viewer_vera").await;
        let live = vera.live("").await;
        let begin = (0..10)
            .map(|n| InFlight::begin(installation.port, raid_into(Sim::id("viewer_vera"), n)));
        let in_flight = join_all(begin).await;

        let began = Instant::now();
        program.signal(signal);
        live.ends().await;
        eventually("no new connection to be taken", PATIENCE, async || {
            TcpStream::connect(("127.0.0.1", installation.port))
                .await
                .is_err()
                .then_some(())
        })
        .await;
        let answers = join_all(in_flight.into_iter().map(InFlight::finish)).await;
        let exit = program.exit().await;
        assert_eq!(exit.code, Some(0), "{signal}: {}", exit.stderr);
        assert!(
            began.elapsed() < Duration::from_secs(10),
            "{signal}: {:?}",
            began.elapsed()
        );
        let mut acknowledged = Vec::new();
        for (message, status) in answers {
            assert!(
                status.starts_with("HTTP/1.1 204 ") || status.starts_with("HTTP/1.1 503 "),
                "{signal}: {status:?}"
            );
            if status.starts_with("HTTP/1.1 204 ") {
                acknowledged.push(message.id);
            }
        }

        let program = installation.start().await;
        let stored: HashSet<String> = all_messages(&vera, "").await.into_iter().collect();
        assert!(
            acknowledged.iter().all(|id| stored.contains(id)),
            "{signal}"
        );
        drop(program);
    }
}

#[tokio::test]
async fn sigterm_under_load_loses_nothing_that_was_acknowledged() {
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
            match try_post(&vera, &message).await {
                Some(answer) if answer.status == 204 => {
                    acknowledged.lock().unwrap().insert(message.id);
                }
                Some(answer) => {
                    answer.is_problem(503, "draining");
                }
                None => {}
            }
            tokio::task::yield_now().await;
        }
    };
    let stop = async {
        let mut program = program;
        for _ in 0..4 {
            let enough = acknowledged.lock().unwrap().len() + 100;
            eventually("more to be acknowledged", PATIENCE, async || {
                (acknowledged.lock().unwrap().len() >= enough).then_some(())
            })
            .await;
            let exit = program.terminate().await;
            assert_eq!(exit.code, Some(0), "{}", exit.stderr);
            assert!(
                !exit.stderr.to_lowercase().contains("panic"),
                "{}",
                exit.stderr
            );
            program = installation.start().await;
        }
        done.store(true, Ordering::SeqCst);
        program
    };
    let (program, _) = tokio::join!(stop, join_all((0..8).map(write)));
    let all = all_messages(&vera, "").await;
    let stored: HashSet<&String> = all.iter().collect();
    assert_eq!(all.len(), stored.len());
    let lost = acknowledged
        .lock()
        .unwrap()
        .iter()
        .filter(|id| !stored.contains(id))
        .count();
    assert_eq!(lost, 0);
    drop(program);
}

/// Twitch counts sockets that were not closed properly for a while; a clean stop leaves none.
#[tokio::test]
async fn a_clean_stop_closes_the_sockets_properly_and_keeps_the_topics() {
    let installation = Installation::new("conduit").await;
    let mut program = installation.start().await;
    let vera = installation.browser(&mut program).await;
    vera.log_in("viewer_vera").await;
    vera.subscribe("mira_plays").await;
    all_arrive(&vera, 1).await;
    let before = installation.sim.of_app().await.len();
    let twitch = OtherProgram::start(&installation.sim).await;
    let conduits = twitch.conduits().await;
    assert_eq!(program.terminate().await.code, Some(0));
    let path = format!("/eventsub/conduits/shards?conduit_id={}", conduits[0]);
    eventually("both shards to be given back", PATIENCE, async || {
        let shards = twitch.helix(Method::GET, &path, None).await;
        shards["data"]
            .as_array()
            .unwrap()
            .iter()
            .all(|shard| shard["status"] == "websocket_disconnected")
            .then_some(())
    })
    .await;
    assert_eq!(
        installation.sim.of_app().await.len(),
        before,
        "they are used again at the next start"
    );
}
