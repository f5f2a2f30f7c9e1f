//! The real programs as processes: their output, their signals, their exit codes.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::browser::{Browser, client};
use super::server::at_simulator;
use super::sim::Sim;
use super::wait::{PATIENCE, eventually};

/// How a program ended.
#[derive(Debug)]
pub(crate) struct Exit {
    /// None when a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A running program. It is killed when dropped.
pub(crate) struct Program {
    child: Child,
    stdout: Arc<Mutex<String>>,
    stderr: Arc<Mutex<String>>,
}

/// A program to be started: nothing of this process's environment reaches it.
pub(crate) struct Start {
    command: Command,
}

impl Start {
    /// Sets an environment variable.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Unsets one.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Adds arguments.
    pub(crate) fn args(mut self, args: &[&str]) -> Self {
        self.command.args(args);
        self
    }

    /// Has it started by another program, which is given its path and arguments.
    pub(crate) fn under(self, mut other: Command) -> Self {
        other
            .arg(self.command.get_program())
            .args(self.command.get_args());
        other.env_clear();
        for (name, value) in self.command.get_envs() {
            if let Some(value) = value {
                other.env(name, value);
            }
        }
        other.current_dir(self.command.get_current_dir().unwrap());
        Self { command: other }
    }

    /// Starts it.
    pub(crate) fn start(mut self) -> Program {
        let mut child = self
            .command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let stdout = gather(child.stdout.take().unwrap());
        let stderr = gather(child.stderr.take().unwrap());
        Program {
            child,
            stdout,
            stderr,
        }
    }

    /// Starts it and waits until it ends by itself.
    pub(crate) async fn ends(self) -> Exit {
        self.start().exit().await
    }
}

impl Program {
    /// The server, with this folder as its working directory and nothing set.
    pub(crate) fn server(folder: &Path) -> Start {
        Self::at(
            PathBuf::from(env!("CARGO_BIN_EXE_streamer-event-server")),
            folder,
        )
    }

    /// The server with this simulator for Twitch, data in `folder/data`, on a free port.
    pub(crate) fn server_with(sim: &Sim, folder: &Path) -> Start {
        let start = Self::server(folder)
            .env("BIND_ADDR", "127.0.0.1:0")
            .env("DATA_DIR", folder.join("data"));
        at_simulator(sim.url())
            .into_iter()
            .fold(start, |start, (name, value)| start.env(name, value))
    }

    fn at(path: PathBuf, folder: &Path) -> Start {
        let mut command = Command::new(path);
        command.env_clear().current_dir(folder);
        Start { command }
    }

    /// The address it says it listens on.
    pub(crate) async fn address(&mut self) -> String {
        eventually(
            "the line that says where it listens",
            PATIENCE,
            async || {
                let said = self.stdout.lock().unwrap().clone();
                let address = said
                    .lines()
                    .find_map(|line| line.strip_prefix("listening on http://"));
                if address.is_none()
                    && let Some(status) = self.child.try_wait().unwrap()
                {
                    panic!(
                        "the program ended with {status}: {}",
                        self.stderr.lock().unwrap()
                    );
                }
                address.map(str::to_owned)
            },
        )
        .await
    }

    /// A browser for it, once it listens.
    pub(crate) async fn browser(&mut self) -> Browser {
        let address = self.address().await;
        let (_, port) = address.rsplit_once(':').unwrap();
        Browser::new(&format!("http://localhost:{port}"), client())
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// `kill -9`, and waits until it is gone.
    pub(crate) async fn kill(mut self) -> Exit {
        self.child.kill().unwrap();
        self.exit().await
    }

    /// Asks it to stop, and waits until it has.
    pub(crate) async fn terminate(self) -> Exit {
        self.signal("TERM");
        self.exit().await
    }

    /// Sends a signal by name.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args([&format!("-{name}"), &self.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
    }

    /// Waits until it ends by itself.
    pub(crate) async fn exit(mut self) -> Exit {
        let status = eventually(
            "the program's end",
            PATIENCE + Duration::from_secs(10),
            async || self.child.try_wait().unwrap(),
        )
        .await;
        // The ends of both streams may come a moment after the process's.
        eventually("the end of its output", PATIENCE, async || {
            (Arc::strong_count(&self.stdout) == 1 && Arc::strong_count(&self.stderr) == 1)
                .then_some(())
        })
        .await;
        let text = |stream: &Mutex<String>| stream.lock().unwrap().clone();
        Exit {
            code: status.code(),
            stdout: text(&self.stdout),
            stderr: text(&self.stderr),
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Lets this process, and the programs it starts from now on, have so many files open at once.
pub(crate) fn open_files(count: u32) {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
    let line = limits
        .lines()
        .find(|line| line.starts_with("Max open files"));
    let soft = line.unwrap().split_whitespace().nth(3).unwrap();
    if soft.parse().is_ok_and(|soft: u32| soft >= count) || soft == "unlimited" {
        return;
    }
    let id = std::process::id().to_string();
    let allowed = Command::new("prlimit")
        .args(["--pid", &id, &format!("--nofile={count}:")])
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&allowed.stderr).into_owned();
    assert!(allowed.status.success(), "{count} open files: {error}");
}

/// Reads a stream to its end on a thread of its own.
fn gather(stream: impl std::io::Read + Send + 'static) -> Arc<Mutex<String>> {
    let text = Arc::new(Mutex::new(String::new()));
    let shared = Arc::clone(&text);
    std::thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut line = Vec::new();
        while reader
            .read_until(b'\n', &mut line)
            .is_ok_and(|read| read > 0)
        {
            shared
                .lock()
                .unwrap()
                .push_str(&String::from_utf8_lossy(&line));
            line.clear();
        }
    });
    text
}
