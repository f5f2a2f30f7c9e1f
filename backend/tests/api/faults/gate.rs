//! Stands between the server and one of Twitch's hosts: passes on what it is asked, says what that was, and
//! misbehaves as hosts and networks do, below HTTP too.

mod fault;
mod wire;

use std::net::{SocketAddr, TcpListener as StdListener};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::Url;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{broadcast, watch};
use tokio_util::task::TaskTracker;

pub(super) use self::fault::Fault;
use self::wire::{Request, answer, frame, text_frame};
use crate::support::{Running, Sim};

/// Frames that a test may put into a socket before its gate writes them.
const INJECTED: usize = 64;

/// What a gate was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) method: String,
    /// Without the query.
    pub(super) path: String,
    pub(super) body: String,
}

#[derive(Debug)]
struct Rule {
    method: Option<&'static str>,
    prefix: String,
    /// What the body must hold.
    body: &'static str,
    fault: Fault,
}

struct Shared {
    upstream: Mutex<String>,
    own: String,
    theirs: String,
    rules: Mutex<Vec<Rule>>,
    asked: Mutex<Vec<Asked>>,
    remembered: Mutex<Vec<u8>>,
    /// Counts the times that all faults were ended.
    mended: watch::Sender<u64>,
    holds_frames: watch::Sender<bool>,
    injected: broadcast::Sender<String>,
    bends: Mutex<Option<Bend>>,
}

/// What becomes of a frame of Twitch on its way.
type Bend = Box<dyn Fn(Value) -> Value + Send>;

/// The gate; it closes when it is dropped.
pub(super) struct Gate {
    address: SocketAddr,
    shared: Arc<Shared>,
    _running: Running,
}

impl Gate {
    /// Before a simulator, its paths unchanged.
    pub(super) fn before(sim: &Sim) -> Self {
        let gate = Self::start("127.0.0.1:0", "", "");
        gate.leads_to(sim);
        gate
    }

    /// At this address: what is below `own` here is below `theirs` behind it.
    pub(super) fn start(address: &str, own: &str, theirs: &str) -> Self {
        let listener = StdListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            upstream: Mutex::default(),
            own: own.to_owned(),
            theirs: theirs.to_owned(),
            rules: Mutex::default(),
            asked: Mutex::default(),
            remembered: Mutex::default(),
            mended: watch::Sender::default(),
            holds_frames: watch::Sender::default(),
            injected: broadcast::Sender::new(INJECTED),
            bends: Mutex::default(),
        });
        let serving = Arc::clone(&shared);
        let running = Running::start("gate", move |stop| async move {
            listener.set_nonblocking(true)?;
            let listener = TcpListener::from_std(listener)?;
            let tasks = TaskTracker::new();
            let accept = async {
                while let Ok((stream, _)) = listener.accept().await {
                    let shared = Arc::clone(&serving);
                    // A connection that breaks is the business of those at its ends.
                    tasks.spawn(async move { shared.serve(stream).await.ok() });
                }
            };
            stop.run_until_cancelled(accept).await;
            Ok(())
        });
        Self {
            address,
            shared,
            _running: running,
        }
    }

    /// Passes on to this simulator.
    pub(super) fn leads_to(&self, sim: &Sim) {
        let url = Url::parse(sim.url()).unwrap();
        *self.shared.upstream.lock().unwrap() = format!("127.0.0.1:{}", url.port().unwrap());
    }

    /// Its address with a path.
    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The same for a socket.
    pub(super) fn ws_url(&self, path: &str) -> String {
        format!("ws://{}{path}", self.address)
    }

    /// Misbehaves so whenever a path with this beginning is asked for, until mended.
    pub(super) fn fails(&self, prefix: &str, fault: Fault) {
        self.add(None, prefix, "", fault);
    }

    /// The same for one method alone.
    pub(super) fn fails_at(&self, method: &'static str, prefix: &str, fault: Fault) {
        self.add(Some(method), prefix, "", fault);
    }

    /// The same for viewers' new tokens, and not for those of the app, which come from the same address.
    pub(super) fn fails_at_refresh(&self, fault: Fault) {
        let body = "grant_type=refresh_token";
        self.add(Some("POST"), "/oauth2/token", body, fault);
    }

    fn add(&self, method: Option<&'static str>, prefix: &str, body: &'static str, fault: Fault) {
        self.shared.rules.lock().unwrap().push(Rule {
            method,
            prefix: prefix.to_owned(),
            body,
            fault,
        });
    }

    /// Ends all faults, and lets go what was held.
    pub(super) fn mend(&self) {
        self.shared.rules.lock().unwrap().clear();
        *self.shared.bends.lock().unwrap() = None;
        self.shared.holds_frames.send_replace(false);
        self.shared.mended.send_modify(|times| *times += 1);
    }

    /// Sockets open, and nothing comes over them until mended.
    pub(super) fn hold_frames(&self) {
        self.shared.holds_frames.send_replace(true);
    }

    /// Twitch says this on every open socket.
    pub(super) fn inject(&self, frame: &str) {
        let sockets = self.shared.injected.send(frame.to_owned());
        assert!(sockets.unwrap() > 0, "no socket is open");
    }

    /// Frames of sockets arrive bent so, until mended.
    pub(super) fn bends(&self, bend: impl Fn(Value) -> Value + Send + 'static) {
        *self.shared.bends.lock().unwrap() = Some(Box::new(bend));
    }

    /// What it was asked so far.
    pub(super) fn asked(&self) -> Vec<Asked> {
        self.shared.asked.lock().unwrap().clone()
    }

    /// How often a method was asked of a path that begins so.
    pub(super) fn count(&self, method: &str, prefix: &str) -> usize {
        let fits = |one: &&Asked| one.method == method && one.path.starts_with(prefix);
        self.asked().iter().filter(fits).count()
    }
}

impl Shared {
    async fn serve(&self, mut client: TcpStream) -> std::io::Result<()> {
        client.set_nodelay(true)?;
        let request = Request::read(&mut client).await?;
        let path = request.target().split('?').next().unwrap_or_default();
        self.asked.lock().unwrap().push(Asked {
            method: request.method().to_owned(),
            path: path.to_owned(),
            body: String::from_utf8_lossy(&request.body).into_owned(),
        });
        let mut mended = self.mended.subscribe();
        match self.fault_at(&request, path) {
            None => self.pass(&request, client).await,
            Some(Fault::Held) => {
                mended.changed().await.ok();
                self.pass(&request, client).await
            }
            Some(Fault::Nothing) => {
                // Until the other side has had enough.
                client.read_to_end(&mut Vec::new()).await.map(drop)
            }
            Some(Fault::Garbage) => client.write_all(b"\x00\xff not HTTP at all\r\n\r\n").await,
            Some(Fault::Slow) => {
                let head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000000\r\n\r\n";
                client.write_all(head).await?;
                let mut beat = tokio::time::interval(Duration::from_millis(20));
                loop {
                    beat.tick().await;
                    client.write_all(b" ").await?;
                }
            }
            Some(Fault::Endless) => {
                client
                    .write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n")
                    .await?;
                loop {
                    client.write_all(&[b' '; 16 * 1024]).await?;
                }
            }
            Some(Fault::Lost) => {
                let answer = self.ask(&request).await?;
                *self.remembered.lock().unwrap() = answer;
                Ok(())
            }
            Some(Fault::Swallowed) => {
                let answer = self.ask(&request).await?;
                *self.remembered.lock().unwrap() = answer;
                client.read_to_end(&mut Vec::new()).await.map(drop)
            }
            Some(Fault::Altered) => {
                let target = format!("{}&altered=1", request.target());
                let line = format!("{} {target} HTTP/1.1", request.method());
                self.pass(&Request { line, ..request }, client).await
            }
            Some(Fault::Remembered) => {
                let answer = self.remembered.lock().unwrap().clone();
                client.write_all(&answer).await
            }
            Some(Fault::Says(body)) => {
                let headers = [("content-type", "application/json".to_owned())];
                client.write_all(&answer(200, &headers, &body)).await
            }
            Some(Fault::Status(code, headers)) => {
                let body = format!(
                    r#"{{"error":"On Demand","status":{code},"message":"a fault of the test"}}"#
                );
                client.write_all(&answer(code, &headers, &body)).await
            }
        }
    }

    fn fault_at(&self, request: &Request, path: &str) -> Option<Fault> {
        let body = String::from_utf8_lossy(&request.body);
        let rules = self.rules.lock().unwrap();
        let rule = rules.iter().find(|rule| {
            path.starts_with(&rule.prefix)
                && rule.method.is_none_or(|method| method == request.method())
                && body.contains(rule.body)
        });
        rule.map(|rule| rule.fault.clone())
    }

    async fn connect(&self, request: &Request) -> std::io::Result<TcpStream> {
        let upstream = self.upstream.lock().unwrap().clone();
        let mut server = TcpStream::connect(upstream).await?;
        server.set_nodelay(true)?;
        let below = request.target().strip_prefix(&self.own);
        let target = match below {
            Some(below) => format!("{}{below}", self.theirs),
            None => request.target().to_owned(),
        };
        server.write_all(&request.to_bytes(&target)).await?;
        Ok(server)
    }

    async fn ask(&self, request: &Request) -> std::io::Result<Vec<u8>> {
        let mut answer = Vec::new();
        let mut server = self.connect(request).await?;
        server.read_to_end(&mut answer).await?;
        Ok(answer)
    }

    async fn pass(&self, request: &Request, mut client: TcpStream) -> std::io::Result<()> {
        if request.is_upgrade() {
            let injected = self.injected.subscribe();
            let server = self.connect(request).await?;
            return self.join(client, server, injected).await;
        }
        let answer = self.ask(request).await?;
        client.write_all(&answer).await
    }

    /// Passes frames on until one side ends, which ends the other as well.
    async fn join(
        &self,
        client: TcpStream,
        server: TcpStream,
        mut injected: broadcast::Receiver<String>,
    ) -> std::io::Result<()> {
        let (mut from_client, mut to_client) = client.into_split();
        let (from_server, mut to_server) = server.into_split();
        let up = async {
            tokio::io::copy(&mut from_client, &mut to_server)
                .await
                .map(drop)
        };
        let down = self.frames(from_server, &mut to_client, &mut injected);
        tokio::select! {
            outcome = up => outcome,
            outcome = down => outcome,
        }
    }

    fn bent(&self, frame: Vec<u8>) -> Vec<u8> {
        let bends = self.bends.lock().unwrap();
        let start = frame.iter().position(|byte| *byte == b'{');
        match (bends.as_ref(), start) {
            (Some(bend), Some(start)) if frame[0] == 0x81 => {
                let said = serde_json::from_slice(&frame[start..]).unwrap();
                text_frame(&bend(said).to_string())
            }
            _ => frame,
        }
    }

    async fn frames(
        &self,
        mut from: OwnedReadHalf,
        to: &mut OwnedWriteHalf,
        injected: &mut broadcast::Receiver<String>,
    ) -> std::io::Result<()> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(from.read_u8().await?);
        }
        to.write_all(&head).await?;
        let mut held = self.holds_frames.subscribe();
        // Reading goes on beside the writing: a frame that has begun is read to its end.
        let (frames, mut read) = tokio::sync::mpsc::channel(INJECTED);
        let reading = async {
            while let Ok(read) = frame(&mut from).await {
                if frames.send(read).await.is_err() {
                    break;
                }
            }
            drop(frames);
            // A connection that has ended has ended for those behind the gate too: what is held is lost with it.
            if !*self.holds_frames.borrow() {
                std::future::pending::<()>().await;
            }
        };
        let writing = async {
            loop {
                held.wait_for(|held| !held).await.ok();
                tokio::select! {
                    frame = read.recv() => match frame {
                        Some(frame) => {
                            held.wait_for(|held| !held).await.ok();
                            to.write_all(&self.bent(frame)).await?;
                        }
                        None => return Ok(()),
                    },
                    Ok(text) = injected.recv() => to.write_all(&text_frame(&text)).await?,
                }
            }
        };
        tokio::select! {
            () = reading => Ok(()),
            outcome = writing => outcome,
        }
    }
}
