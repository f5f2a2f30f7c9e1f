//! Every duration the program waits for, in one value that tests shorten.

use std::time::Duration;

/// All timers. The defaults are those of a real server.
#[derive(Debug, Clone)]
pub struct Timings {
    /// Longest wait for an answer of Twitch.
    pub twitch_timeout: Duration,
    /// First pause after a failure; doubles, with jitter.
    pub backoff_first: Duration,
    /// Longest pause after repeated failures.
    pub backoff_longest: Duration,
    /// Keepalive interval asked of Twitch's WebSocket: 10 s to 600 s.
    pub eventsub_keepalive: Duration,
    /// How long a second of Twitch's keepalive interval lasts.
    pub eventsub_second: Duration,
    /// Silence beyond the keepalive interval after which a socket is given up.
    pub eventsub_slack: Duration,
    /// Pause between two full comparisons of wanted and enabled topics.
    pub reconcile_every: Duration,
    /// Pause between two looks at who is live.
    pub live_poll_every: Duration,
    /// Twitch demands that tokens are validated hourly.
    pub validate_every: Duration,
    /// Pause between two signs of life on a live stream; the contract promises 15 s.
    pub heartbeat_every: Duration,
    /// Pause between two notes that the program runs: a gap over a stop of the server begins at the last one.
    pub alive_every: Duration,
    /// Pause between two sweeps of expired rows.
    pub sweep_every: Duration,
    /// Pause between two looks for events that are older than they may become.
    pub retain_every: Duration,
    /// A socket that served this long counts as stable: the next pause is the first one again.
    pub eventsub_stable_after: Duration,
    /// Pause between two looks whether Twitch still has our sockets as shards.
    pub shard_check_every: Duration,
    /// How long changes gather before topics are compared.
    pub topics_debounce: Duration,
    /// First pause before a look whether Twitch has confirmed a webhook; doubles.
    pub topics_pending_check: Duration,
    /// Longest pause before a topic that Twitch refuses is tried again.
    pub topics_retry_longest: Duration,
    /// How long an online or offline event counts more than what a look at the streams says.
    pub live_event_trust: Duration,
    /// Pause between looks for the title of a stream that has just begun.
    pub live_details_every: Duration,
    /// How old names and avatars of broadcasters may become.
    pub profiles_every: Duration,
    /// Longest wait for others to take over what a viewer who leaves carries.
    pub hand_over: Duration,
    /// Longest wait of a message to be recorded; Twitch wants its answer within a few seconds.
    pub record_wait: Duration,
    /// How long answers tell clients to close their connections before the server closes them.
    pub farewell: Duration,
    /// Longest wait for requests in flight when stopping.
    pub drain: Duration,
}

impl Default for Timings {
    fn default() -> Self {
        Self {
            twitch_timeout: Duration::from_secs(10),
            backoff_first: Duration::from_millis(500),
            backoff_longest: Duration::from_secs(60),
            eventsub_keepalive: Duration::from_secs(30),
            eventsub_second: Duration::from_secs(1),
            eventsub_slack: Duration::from_secs(10),
            reconcile_every: Duration::from_secs(180),
            live_poll_every: Duration::from_secs(60),
            validate_every: Duration::from_secs(3600),
            heartbeat_every: Duration::from_secs(10),
            alive_every: Duration::from_secs(4),
            sweep_every: Duration::from_secs(600),
            retain_every: Duration::from_secs(15),
            eventsub_stable_after: Duration::from_secs(10),
            shard_check_every: Duration::from_secs(60),
            topics_debounce: Duration::from_millis(100),
            topics_pending_check: Duration::from_millis(500),
            topics_retry_longest: Duration::from_secs(3600),
            live_event_trust: Duration::from_secs(120),
            live_details_every: Duration::from_secs(10),
            profiles_every: Duration::from_secs(24 * 3600),
            hand_over: Duration::from_secs(5),
            record_wait: Duration::from_secs(5),
            farewell: Duration::from_millis(500),
            drain: Duration::from_secs(8),
        }
    }
}
