//! A thread for what can wait, behind all that somebody waits for.

use std::sync::mpsc;
use std::thread;

use tokio::sync::oneshot;

/// By how much the thread steps back: when both cores are busy it gets a tenth of one.
/// <https://man7.org/linux/man-pages/man2/nice.2.html>
const NICE: i32 = 10;

type Job = Box<dyn FnOnce() + Send>;

/// Hands work to the thread; cheap to clone. The thread ends with the last of these.
#[derive(Debug, Clone)]
pub(super) struct Background(mpsc::Sender<Job>);

impl Background {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system gives none.
    pub(super) fn start() -> std::io::Result<Self> {
        let (sender, jobs) = mpsc::channel::<Job>();
        thread::Builder::new()
            .name("background".to_owned())
            .spawn(move || {
                if let Err(error) = rustix::process::nice(NICE) {
                    tracing::debug!(%error, "what can wait is not put behind the rest");
                }
                jobs.iter().for_each(|job| job());
            })?;
        Ok(Self(sender))
    }

    /// Runs it there, after what was handed over before; none when the thread is gone.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let (done, outcome) = oneshot::channel();
        let job = move || {
            // Whoever asked may have gone.
            drop(done.send(job()));
        };
        self.0.send(Box::new(job)).ok()?;
        outcome.await.ok()
    }
}
