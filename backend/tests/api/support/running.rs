//! Something that runs on a thread and a runtime of its own, so that a test neither drives it nor holds it up.

use std::sync::mpsc;

use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::wait::{PATIENCE, within};

/// Stops when it is dropped, which waits until its thread has let go of everything.
pub(crate) struct Running {
    shutdown: CancellationToken,
    ended: oneshot::Receiver<anyhow::Result<()>>,
    /// Nothing is ever sent: its other end goes with the thread.
    gone: mpsc::Receiver<()>,
}

impl Running {
    /// Runs what `make` makes of the stop signal.
    pub(crate) fn start<F, M>(name: &str, make: M) -> Self
    where
        F: Future<Output = anyhow::Result<()>>,
        M: FnOnce(CancellationToken) -> F + Send + 'static,
    {
        let shutdown = CancellationToken::new();
        let (sender, ended) = oneshot::channel();
        let (here, gone) = mpsc::sync_channel(0);
        let stop = shutdown.clone();
        let run = move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()
                .unwrap();
            let outcome = runtime.block_on(make(stop));
            if let Err(error) = &outcome {
                complain(error);
            }
            drop(runtime);
            // A test that is over does not listen.
            drop(sender.send(outcome));
            drop(here);
        };
        std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(run)
            .unwrap();
        Self {
            shutdown,
            ended,
            gone,
        }
    }

    /// Stops it and tells how it ended.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        self.shutdown.cancel();
        within("the stop", &mut self.ended).await.unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.shutdown.cancel();
        // What does not stop in time is left behind; the tests of the stop itself would tell.
        _ = self.gone.recv_timeout(PATIENCE);
    }
}

#[expect(clippy::print_stderr, reason = "the test that fails of it shows why")]
fn complain(error: &anyhow::Error) {
    let thread = std::thread::current();
    eprintln!("{} ended: {error:#}", thread.name().unwrap_or_default());
}
