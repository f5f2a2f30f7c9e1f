//! A program that was started here: its address, its signals, its end. Nothing of it is left when it is dropped.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::usage::Usage;

/// A start or a stop that takes longer than this has failed, unless more is said to be needed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// How often a program is asked whether it has ended.
const POLL: Duration = Duration::from_millis(2);

/// Lines that a program may be ahead of its reader; then it waits.
const LINES: usize = 64;

/// What a program inherits; settings of the person who measures must not leak in. `scripts/test.sh` finds what was
/// left running by `TEST_RUN`.
const INHERITED: [&str; 4] = ["PATH", "HOME", "TMPDIR", "TEST_RUN"];

/// How a program is started.
#[derive(Debug)]
pub(crate) struct Start<'a> {
    /// The file.
    pub(crate) path: PathBuf,
    /// Its working directory, where its log goes too.
    pub(crate) folder: &'a Path,
    /// Its arguments.
    pub(crate) args: &'a [&'a str],
    /// Its environment.
    pub(crate) settings: &'a [(String, String)],
    /// How long it may take until it listens.
    pub(crate) patience: Duration,
}

/// A process that does not outlive its owner.
#[derive(Debug)]
pub(crate) struct Owned(Child);

impl Owned {
    /// Starts it.
    ///
    /// # Errors
    /// When it cannot be started.
    pub(crate) fn start(command: &mut Command) -> std::io::Result<Self> {
        command.spawn().map(Self)
    }

    /// Waits until it ends.
    ///
    /// # Errors
    /// When that takes too long.
    pub(crate) async fn exit(&mut self, within: Duration) -> anyhow::Result<ExitStatus> {
        let begin = Instant::now();
        loop {
            if let Some(status) = self.0.try_wait()? {
                return Ok(status);
            }
            ensure!(begin.elapsed() < within, "it does not end");
            tokio::time::sleep(POLL).await;
        }
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A running program; it is killed when dropped.
#[derive(Debug)]
pub(crate) struct Program {
    process: Owned,
    id: u32,
    lines: mpsc::Receiver<String>,
    log: PathBuf,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

impl Program {
    /// Starts it and waits until it says where it listens.
    ///
    /// # Errors
    /// With the end of its log, when it ends instead.
    pub(crate) async fn start(start: Start<'_>) -> anyhow::Result<Self> {
        let name = start
            .path
            .file_name()
            .and_then(OsStr::to_str)
            .unwrap_or("program");
        let log = start.folder.join(format!("{name}.log"));
        let file = File::options().create(true).append(true).open(&log)?;
        let inherited = INHERITED
            .iter()
            .filter_map(|name| Some((*name, std::env::var_os(name)?)));
        let mut command = Command::new(&start.path);
        command
            .args(start.args)
            .env_clear()
            .envs(inherited)
            .envs(start.settings.iter().map(|(name, value)| (name, value)))
            .current_dir(start.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(file);
        let mut process = Owned::start(&mut command)
            .with_context(|| format!("cannot start {}: run make build", start.path.display()))?;
        let stdout = process.0.stdout.take().context("it has no output")?;
        let mut program = Self {
            id: process.0.id(),
            process,
            lines: lines_of(stdout),
            log,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
        };
        program.address = program
            .line_within(start.patience, |line| {
                line.strip_prefix("listening on http://")?.parse().ok()
            })
            .await?;
        Ok(program)
    }

    /// The first thing that is found in the lines it prints from now on.
    pub(crate) async fn line<T>(
        &mut self,
        find: impl FnMut(&str) -> Option<T>,
    ) -> anyhow::Result<T> {
        self.line_within(PATIENCE, find).await
    }

    async fn line_within<T>(
        &mut self,
        patience: Duration,
        mut find: impl FnMut(&str) -> Option<T>,
    ) -> anyhow::Result<T> {
        let search = async {
            while let Some(line) = self.lines.recv().await {
                if let Some(found) = find(&line) {
                    return Ok(found);
                }
            }
            bail!("the program ended")
        };
        let found = timeout(patience, search).await;
        let found = found.unwrap_or_else(|_| bail!("the program says nothing"));
        found.with_context(|| self.last_words())
    }

    /// The end of its log.
    pub(crate) fn last_words(&self) -> String {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let mut last: Vec<&str> = log.lines().rev().take(10).collect();
        last.reverse();
        format!("{} ends with:\n{}", self.log.display(), last.join("\n"))
    }

    /// What it has used so far.
    ///
    /// # Errors
    /// When it is gone.
    pub(crate) fn usage(&self) -> anyhow::Result<Usage> {
        Usage::of(self.id).with_context(|| self.last_words())
    }

    /// `kill -9`, and waits until it is gone.
    ///
    /// # Errors
    /// When it had ended by itself.
    pub(crate) fn kill(mut self) -> anyhow::Result<()> {
        if let Some(status) = self.process.0.try_wait()? {
            bail!("it had ended with {status}; {}", self.last_words());
        }
        // Dropping does the rest.
        Ok(self.process.0.kill()?)
    }

    /// SIGTERM; [`Self::exit`] waits for the end.
    ///
    /// # Errors
    /// When it is gone.
    pub(crate) fn terminate(&self) -> anyhow::Result<()> {
        let id = i32::try_from(self.id).ok().and_then(Pid::from_raw);
        kill_process(id.context("it has no id")?, Signal::TERM)?;
        Ok(())
    }

    /// Waits until it ends.
    ///
    /// # Errors
    /// When it takes too long; then it is killed.
    pub(crate) async fn exit(mut self) -> anyhow::Result<ExitStatus> {
        let status = self.process.exit(PATIENCE).await;
        status.with_context(|| self.last_words())
    }

    /// SIGTERM, and waits; anything but exit code 0 is an error.
    ///
    /// # Errors
    /// When it does not end well.
    pub(crate) async fn stop(self) -> anyhow::Result<()> {
        self.terminate()?;
        let last_words = self.last_words();
        let status = self.exit().await?;
        ensure!(status.success(), "it ended with {status}; {last_words}");
        Ok(())
    }
}

/// What it prints, line by line; read on a thread of its own, which ends with the program.
fn lines_of(stdout: ChildStdout) -> mpsc::Receiver<String> {
    let (sender, lines) = mpsc::channel(LINES);
    std::thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            // Who no longer listens must not hold the program up, so all is read.
            drop(sender.blocking_send(line));
        }
    });
    lines
}
