//! Sends messages at a steady pace and notes when each one went out.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use tokio::time::{Instant, MissedTickBehavior};

use crate::readers::Sent;
use crate::script::Script;
use crate::sender::{Letter, Sender, Signature};

/// A steady sender. It connects anew each time, as the server closes connections that were idle.
#[derive(Debug)]
pub(crate) struct Publisher {
    address: SocketAddr,
    script: Arc<Script>,
    sent: Arc<Sent>,
    /// Number of the next message.
    pub(crate) next: u64,
}

impl Publisher {
    /// To this server.
    pub(crate) fn new(address: SocketAddr, script: Arc<Script>, sent: Arc<Sent>) -> Self {
        Self {
            address,
            script,
            sent,
            next: 0,
        }
    }

    /// Sends so many a second for so long. Each must be acknowledged.
    ///
    /// # Errors
    /// When one is not.
    pub(crate) async fn publish(&mut self, per_second: f64, time: Duration) -> anyhow::Result<()> {
        let mut sender = self.connect().await?;
        let end = Instant::now() + time;
        let mut pace = tokio::time::interval(Duration::from_secs_f64(1.0 / per_second));
        pace.set_missed_tick_behavior(MissedTickBehavior::Burst);
        loop {
            pace.tick().await;
            if Instant::now() >= end {
                return Ok(());
            }
            self.send(&mut sender).await?;
        }
    }

    /// Sends the next one alone.
    ///
    /// # Errors
    /// When it is not acknowledged.
    pub(crate) async fn one(&mut self) -> anyhow::Result<()> {
        let mut sender = self.connect().await?;
        self.send(&mut sender).await
    }

    async fn connect(&self) -> anyhow::Result<Sender> {
        let sender = Sender::open(self.address, Letter::new(self.address)?).await;
        sender.ok().context("cannot connect")
    }

    async fn send(&mut self, sender: &mut Sender) -> anyhow::Result<()> {
        let notice = self.script.notice(self.next);
        self.sent.now(self.next);
        let status = sender.send(&notice, Signature::Valid).await?;
        ensure!(status == 204, "message {} was answered {status}", self.next);
        self.next += 1;
        Ok(())
    }
}
