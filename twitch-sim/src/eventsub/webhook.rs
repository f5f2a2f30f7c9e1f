//! Webhook delivery: signed POSTs, challenges, retries, and the end of a callback that fails too often.
//!
//! Messages of one subscription start in order, on one of a few lanes; a retry leaves the lane, so that
//! a failing callback holds nobody up for longer than one time limit.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use rand::RngExt;
use sha2::Sha256;
use tokio::sync::{Semaphore, mpsc};

use super::conduits::ShardKey;
use super::message::{Kind, Message};
use super::revoke;
use super::subscriptions::{Status, Transport};
use crate::address::is_loopback;
use crate::journal::DeliveryNo;
use crate::state::Sim;

const LANES: usize = 16;
/// Messages that may wait on a lane; more are dropped and the log says so.
const LANE_MESSAGES: usize = 16_384;
/// Requests that may be under way at once, retries counted.
const MAX_UNDER_WAY: usize = 64;
/// How long a receiver may take, on Twitch's clock; really no less than [`LEAST_PATIENCE`].
const PATIENCE: Duration = Duration::from_secs(10);
const LEAST_PATIENCE: Duration = Duration::from_secs(1);
/// The pauses before the second, third and fourth try; Twitch's are not known.
const PAUSES: [Duration; 3] = [
    Duration::from_secs(2),
    Duration::from_secs(10),
    Duration::from_secs(30),
];
/// So many messages given up in a row end a subscription.
pub(crate) const MAX_FAILED_MESSAGES: u32 = 10;

/// What led to the callback.
#[derive(Clone, Debug)]
pub(super) enum Via {
    Subscription,
    Shard(ShardKey),
}

/// One message to one callback.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub(super) message: Message,
    pub(super) callback: String,
    pub(super) secret: String,
    pub(super) via: Via,
    pub(super) number: DeliveryNo,
}

/// The lanes and the client they share.
#[derive(Debug)]
pub(crate) struct Couriers {
    lanes: Vec<mpsc::Sender<Job>>,
    client: reqwest::Client,
    patience: Duration,
    under_way: Arc<Semaphore>,
}

/// The other ends of the lanes, for [`start`].
pub(crate) struct Lanes(Vec<mpsc::Receiver<Job>>);

impl Couriers {
    pub(crate) fn new(time_scale: f64) -> anyhow::Result<(Self, Lanes)> {
        let patience = PATIENCE.div_f64(time_scale).max(LEAST_PATIENCE);
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(patience)
            .user_agent("twitch-sim")
            .build()?;
        let (lanes, ends) = (0..LANES).map(|_| mpsc::channel(LANE_MESSAGES)).unzip();
        let couriers = Self {
            lanes,
            client,
            patience,
            under_way: Arc::new(Semaphore::new(MAX_UNDER_WAY)),
        };
        Ok((couriers, Lanes(ends)))
    }

    /// Hands a message over; false if its lane is full.
    pub(super) fn send(&self, job: Job) -> bool {
        let mut hasher = DefaultHasher::new();
        job.message.subscription_id.hash(&mut hasher);
        let lane = usize::try_from(hasher.finish() % LANES as u64).unwrap_or_default();
        self.lanes[lane].try_send(job).is_ok()
    }

    /// Sends once. `Err` says what went wrong.
    async fn post(&self, job: &Job, retry: usize) -> Result<(u16, String), String> {
        let message = &job.message;
        let body = message.body.to_string();
        let signature = signature(
            &job.secret,
            &message.id,
            &message.timestamp,
            body.as_bytes(),
        );
        let _permit = self
            .under_way
            .acquire()
            .await
            .map_err(|closed| closed.to_string())?;
        let response = self
            .client
            .post(&job.callback)
            .header("Content-Type", "application/json")
            .header("Twitch-Eventsub-Message-Id", &message.id)
            .header("Twitch-Eventsub-Message-Retry", retry.to_string())
            .header("Twitch-Eventsub-Message-Type", message.kind.name())
            .header("Twitch-Eventsub-Message-Signature", signature)
            .header("Twitch-Eventsub-Message-Timestamp", &message.timestamp)
            .header("Twitch-Eventsub-Subscription-Type", &message.event_type)
            .header("Twitch-Eventsub-Subscription-Version", &message.version)
            .body(body)
            .send()
            .await
            .map_err(|error| self.explain(&error))?;
        let status = response.status().as_u16();
        let answer = response
            .text()
            .await
            .map_err(|error| self.explain(&error))?;
        Ok((status, answer))
    }

    fn explain(&self, error: &reqwest::Error) -> String {
        match error.is_timeout() {
            true => format!("no answer within {:?}", self.patience),
            false if error.is_connect() => "cannot connect".to_owned(),
            false => "no proper answer".to_owned(),
        }
    }
}

/// Starts a task for each lane.
pub(crate) fn start(sim: &Arc<Sim>, lanes: Lanes) {
    for mut lane in lanes.0 {
        let sim = Arc::clone(sim);
        sim.tracker.clone().spawn(async move {
            loop {
                let job = tokio::select! {
                    () = sim.shutdown.cancelled() => return,
                    job = lane.recv() => job,
                };
                let Some(job) = job else { return };
                tokio::select! {
                    () = sim.shutdown.cancelled() => return,
                    done = attempt(&sim, &job, 0) => if !done {
                        let later = Arc::clone(&sim);
                        sim.tracker.spawn(async move {
                            tokio::select! {
                                () = later.shutdown.cancelled() => {}
                                () = retry(&later, job) => {}
                            }
                        });
                    },
                }
            }
        });
    }
}

async fn retry(sim: &Arc<Sim>, job: Job) {
    for (number, pause) in PAUSES.into_iter().enumerate() {
        tokio::time::sleep(sim.clock.real(pause)).await;
        if attempt(sim, &job, number + 1).await {
            return;
        }
    }
    give_up(sim, &job);
}

/// Tries once. True if the message needs no further try.
async fn attempt(sim: &Arc<Sim>, job: &Job, retry: usize) -> bool {
    let attempts = u32::try_from(retry).unwrap_or(u32::MAX).saturating_add(1);
    if !is_wanted(sim, job) {
        sim.state().journal.outcome(
            job.number,
            attempts - 1,
            "dropped: the subscription has ended",
        );
        return true;
    }
    let (done, outcome) = match sim.couriers.post(job, retry).await {
        Ok((status @ 200..=299, _)) => (true, format!("answered {status}")),
        Ok((status, _)) => (false, format!("refused with {status}")),
        Err(why) => (false, why),
    };
    let mut state = sim.state();
    state.journal.outcome(job.number, attempts, outcome);
    if done {
        match &job.via {
            Via::Subscription => {
                if let Some(subscription) =
                    state.subscriptions.find_mut(&job.message.subscription_id)
                {
                    subscription.failures = 0;
                }
            }
            Via::Shard(key) => {
                if let Some(shard) = state.conduits.shard_mut(key) {
                    shard.failures = 0;
                }
            }
        }
    }
    done
}

/// Notifications end with their subscription; what tells of an end does not.
fn is_wanted(sim: &Sim, job: &Job) -> bool {
    let state = sim.state();
    let subscription = state.subscriptions.find(&job.message.subscription_id);
    match job.message.kind {
        Kind::Notification => subscription.is_some_and(|one| one.status == Status::Enabled),
        Kind::Revocation | Kind::Verification => true,
    }
}

fn give_up(sim: &Arc<Sim>, job: &Job) {
    if job.message.kind != Kind::Notification {
        return;
    }
    let mut state = sim.state();
    match &job.via {
        Via::Subscription => {
            let Some(subscription) = state.subscriptions.find_mut(&job.message.subscription_id)
            else {
                return;
            };
            subscription.failures += 1;
            if subscription.failures >= MAX_FAILED_MESSAGES {
                revoke::end_subscription(
                    sim,
                    &mut state,
                    &job.message.subscription_id,
                    Status::NotificationFailuresExceeded,
                );
            }
        }
        Via::Shard(key) => {
            let Some(shard) = state.conduits.shard_mut(key) else {
                return;
            };
            shard.failures += 1;
            if shard.failures >= MAX_FAILED_MESSAGES {
                revoke::disable_shard(sim, &mut state, key, Status::NotificationFailuresExceeded);
            }
        }
    }
}

/// Asks a callback to prove that it wants this: it must answer with exactly the challenge.
/// `settle` is told whether it did.
pub(super) fn challenge(
    sim: &Arc<Sim>,
    job: Job,
    challenge: String,
    settle: impl FnOnce(&Sim, bool) + Send + 'static,
) {
    let sim = Arc::clone(sim);
    sim.tracker.clone().spawn(async move {
        let answer = tokio::select! {
            () = sim.shutdown.cancelled() => return,
            answer = sim.couriers.post(&job, 0) => answer,
        };
        let proven = matches!(&answer, Ok((200, body)) if *body == challenge);
        let outcome = match answer {
            Ok((200, _)) if proven => "answered with the challenge".to_owned(),
            Ok((200, _)) => "answered with something else than the challenge".to_owned(),
            Ok((status, _)) => format!("refused with {status}"),
            Err(why) => why,
        };
        sim.state().journal.outcome(job.number, 1, outcome);
        settle(&sim, proven);
    });
}

/// A challenge nobody can guess.
pub(super) fn new_challenge() -> String {
    hex::encode(rand::rng().random::<[u8; 24]>())
}

/// Whether an address may be a callback, and if not, why.
pub(super) fn check_callback(sim: &Sim, callback: &str, secret: &str) -> Result<(), &'static str> {
    let url = url::Url::parse(callback).map_err(|_malformed| "invalid callback")?;
    let loopback = is_loopback(&url).ok_or("invalid callback")?;
    let public = url.scheme() == "https" && url.port().is_none();
    if !(public || sim.allow_http_callbacks && loopback && matches!(url.scheme(), "http" | "https"))
    {
        return Err("invalid callback: must be https on port 443");
    }
    if !(10..=100).contains(&secret.len()) || !secret.is_ascii() {
        return Err("invalid secret: must be between 10 and 100 ASCII characters");
    }
    Ok(())
}

/// A webhook's receiver.
pub(super) fn webhook(callback: &str, secret: &str) -> Transport {
    Transport::Webhook {
        callback: callback.to_owned(),
        secret: secret.to_owned(),
    }
}

fn signature(secret: &str, id: &str, timestamp: &str, body: &[u8]) -> String {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(id.as_bytes());
    mac.update(timestamp.as_bytes());
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::signature;

    /// Computed with `openssl dgst -sha256 -hmac`.
    #[test]
    fn the_signature_covers_id_timestamp_and_body() {
        assert_eq!(
            signature(
                "s3cre7s3cre7",
                "id-1",
                "2026-11-23T08:57:42.697713263Z",
                b"{\"a\":1}"
            ),
            "sha256=67d91f519d80ab6f92ef751a522f88c93120e9aef9c92dba18734fa6490ae836"
        );
    }
}
