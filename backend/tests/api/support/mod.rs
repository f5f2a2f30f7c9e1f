//! The harness: a simulated Twitch and a server in this process, browsers that talk HTTP to them, and the real
//! program as a process. Everything is found by its address; nothing reaches into the server.

mod browser;
mod disk;
mod live;
mod program;
mod running;
mod server;
mod sim;
mod tap;
mod wait;
mod webhook;

use backend::clock::Clock;
use backend::timings::Timings;

pub(crate) use browser::{Answer, Ask, Browser};
pub(crate) use disk::{Disk, set_immutable};
pub(crate) use live::{Block, LiveReader};
pub(crate) use program::{Exit, Program, Start, open_files};
pub(crate) use running::Running;
pub(crate) use server::{Server, Setup, brisk, movable_clock};
pub(crate) use sim::Sim;
pub(crate) use tap::Tap;
pub(crate) use wait::{PATIENCE, eventually};
pub(crate) use webhook::{EVENTSUB_SECRET, Message, sign};

/// A quiet simulator and a server that knows it.
pub(crate) struct World {
    /// First, so that it stops before its Twitch does.
    pub(crate) server: Server,
    pub(crate) sim: Sim,
}

impl World {
    /// With default settings.
    pub(crate) async fn start() -> Self {
        Self::with(&[]).await
    }

    /// With these settings over the defaults; an empty value unsets one.
    pub(crate) async fn with(settings: &[(&'static str, &str)]) -> Self {
        Self::tuned(settings, Clock::system(), brisk()).await
    }

    /// With settings, a clock and timers of the test's own.
    pub(crate) async fn tuned(
        settings: &[(&'static str, &str)],
        clock: Clock,
        timings: Timings,
    ) -> Self {
        Self::over(Sim::start().await, settings, clock, timings)
    }

    /// Over a simulator of the test's own.
    pub(crate) fn over(
        sim: Sim,
        settings: &[(&'static str, &str)],
        clock: Clock,
        timings: Timings,
    ) -> Self {
        let server = Server::start(&sim, Setup::new(settings, clock, timings));
        Self { server, sim }
    }
}
