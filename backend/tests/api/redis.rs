//! Login sessions in Redis: a real one of each test's own, which is also taken away.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::database;
use crate::messages::raid_into;
use crate::support::{Browser, PATIENCE, Program, Server, Sim, World, eventually};

/// A Redis server that keeps what it has when it is started again.
struct Redis {
    port: u16,
    folder: TempDir,
    child: Child,
}

impl Redis {
    async fn start() -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let folder = tempfile::tempdir().unwrap();
        let child = spawn(port, &folder);
        let redis = Self {
            port,
            folder,
            child,
        };
        redis.answers().await;
        redis
    }

    fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    async fn answers(&self) {
        eventually("Redis to answer", PATIENCE, async || {
            (self.ask("PING").await.as_deref() == Some("+PONG")).then_some(())
        })
        .await;
    }

    /// Sends a command; answers the first line.
    async fn ask(&self, command: &str) -> Option<String> {
        let mut socket = TcpStream::connect(("127.0.0.1", self.port)).await.ok()?;
        socket
            .write_all(format!("{command}\r\n").as_bytes())
            .await
            .ok()?;
        let mut buffer = [0; 256];
        let count = socket.read(&mut buffer).await.ok()?;
        let text = String::from_utf8_lossy(&buffer[..count]);
        text.lines().next().map(str::to_owned)
    }

    /// How many keys it holds.
    async fn keys(&self) -> usize {
        let answer = self.ask("DBSIZE").await.unwrap();
        answer.strip_prefix(':').unwrap().parse().unwrap()
    }

    /// Takes it away.
    fn stop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Brings it back with what it had.
    async fn start_again(&mut self) {
        self.child = spawn(self.port, &self.folder);
        self.answers().await;
    }

    /// Sends its process a signal by name.
    fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args([&format!("-{name}"), &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        // It may have been stopped already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn spawn(port: u16, folder: &TempDir) -> Child {
    Command::new("redis-server")
        .args([
            "--port",
            &port.to_string(),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
        ])
        .args([
            "--appendonly",
            "yes",
            "--appendfsync",
            "always",
            "--dir",
            folder.path().to_str().unwrap(),
        ])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("these tests need the program redis-server (Debian: apt-get install redis-server)")
}

/// A server with its sessions in Redis, and a viewer who is signed in.
async fn signed_in() -> (Redis, World, Browser) {
    let redis = Redis::start().await;
    let world = World::with(&[("REDIS_URL", &redis.url())]).await;
    let vera = world.server.log_in("viewer_vera").await;
    (redis, world, vera)
}

async fn is_in(viewer: &Browser) -> bool {
    viewer.get("/api/v1/me").await.status == 200
}

async fn readiness(server: &Server) -> (u16, Value) {
    let answer = server.browser().get("/readyz").await;
    (answer.status, answer.json())
}

#[tokio::test]
async fn a_session_is_kept_in_redis_alone_and_survives_a_restart_of_the_server() {
    let (redis, mut world, vera) = signed_in().await;
    assert!(is_in(&vera).await);
    assert_eq!(redis.keys().await, 1);
    let mut database = database::open(&world.server).await;
    assert_eq!(database.count("SELECT COUNT(*) FROM sessions").await, 0);
    database.close().await;
    world.server.restart().await;
    assert!(is_in(&vera).await, "still signed in");

    let stolen = vera.copy();
    assert_eq!(vera.post("/auth/logout", Value::Null).await.status, 204);
    assert_eq!(redis.keys().await, 0);
    stolen
        .get("/api/v1/me")
        .await
        .is_problem(401, "unauthenticated");
}

#[tokio::test]
async fn nothing_is_kept_before_login() {
    let (redis, world, vera) = signed_in().await;
    vera.post("/auth/logout", Value::Null).await;
    let stranger = world.server.browser();
    for path in ["/api/v1/me", "/api/v1/config", "/auth/login", "/"] {
        stranger.get(path).await;
    }
    assert_eq!(redis.keys().await, 0);
}

#[tokio::test]
async fn a_redis_that_is_down_is_told_and_found_again() {
    let (mut redis, world, vera) = signed_in().await;
    let script = world.server.with_token(&vera.api_token().await);
    redis.stop();
    vera.get("/api/v1/me")
        .await
        .is_problem(503, "store-unavailable");
    eventually("/readyz to say so", PATIENCE, async || {
        let (status, body) = readiness(&world.server).await;
        (status == 503 && body["failing"]["sessions"].is_string()).then_some(())
    })
    .await;
    vera.get("/api/v1/events")
        .await
        .is_problem(503, "store-unavailable");
    let stranger = world.server.browser();
    let callback = stranger
        .to_twitch_and_back("/auth/login", &[("login", "viewer_omar")])
        .await;
    stranger
        .get(&callback)
        .await
        .is_problem(503, "store-unavailable");
    // What needs no session goes on.
    assert!(is_in(&script).await);
    raid_into(Sim::id("viewer_vera"), 1)
        .accepted(&world.server)
        .await;
    assert_eq!(script.events("").await.len(), 1);

    redis.start_again().await;
    eventually("the session to be found again", PATIENCE, async || {
        is_in(&vera).await.then_some(())
    })
    .await;
    eventually("/readyz to be content", PATIENCE, async || {
        let (status, body) = readiness(&world.server).await;
        (status == 200 && body["failing"]["sessions"].is_null()).then_some(())
    })
    .await;
    world.server.log_in("viewer_omar").await;
}

/// Nobody asks for a session: `/readyz` must find out by itself, or a load balancer sends people here for ever.
#[tokio::test]
async fn readyz_notices_by_itself_that_redis_is_down_and_that_it_is_back() {
    let (mut redis, world, _vera) = signed_in().await;
    assert_eq!(readiness(&world.server).await.0, 200);
    redis.stop();
    eventually("/readyz to notice", PATIENCE, async || {
        (readiness(&world.server).await.0 == 503).then_some(())
    })
    .await;
    redis.start_again().await;
    eventually("/readyz to notice", PATIENCE, async || {
        (readiness(&world.server).await.0 == 200).then_some(())
    })
    .await;
}

/// A Redis that takes connections and never answers must not hold requests for ever.
#[tokio::test]
async fn a_redis_that_hangs_is_as_good_as_down() {
    let (redis, world, vera) = signed_in().await;
    redis.signal("STOP");
    vera.get("/api/v1/me")
        .await
        .is_problem(503, "store-unavailable");
    raid_into(Sim::id("viewer_vera"), 1)
        .accepted(&world.server)
        .await;
    redis.signal("CONT");
    eventually("the session to be found again", PATIENCE, async || {
        is_in(&vera).await.then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_server_that_finds_no_redis_says_so_and_ends() {
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let sim = Sim::start().await;
    let folder = tempfile::tempdir().unwrap();
    let url = format!("redis://:secret-password@{free}");
    let exit = Program::server_with(&sim, folder.path())
        .env("REDIS_URL", url)
        .ends()
        .await;
    assert_eq!(exit.code, Some(1), "{}", exit.stderr);
    assert!(exit.stderr.contains("REDIS_URL"), "{}", exit.stderr);
    assert!(!exit.stderr.contains("secret-password"), "{}", exit.stderr);
}

#[tokio::test]
async fn a_revoked_session_is_revoked_wherever_it_is_kept() {
    let (redis, world, vera) = signed_in().await;
    let phone = world.server.log_in("viewer_vera").await;
    assert_eq!(redis.keys().await, 2);
    let live = phone.live("").await;
    assert_eq!(vera.delete("/api/v1/me/grant").await.status, 204);
    live.ends().await;
    for browser in [&vera, &phone] {
        browser
            .get("/api/v1/me")
            .await
            .is_problem(401, "unauthenticated");
    }
    assert_eq!(
        redis.keys().await,
        0,
        "a session that is found to be over is deleted"
    );
}
