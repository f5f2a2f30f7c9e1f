//! One table names every setting of the contract; those of later issues are accepted and not read yet.

/// A setting: its name and what it means. Secrets are no flags and also take `NAME_FILE`.
pub(super) struct Setting {
    pub(super) name: &'static str,
    pub(super) is_secret: bool,
    pub(super) help: &'static str,
}

const fn plain(name: &'static str, help: &'static str) -> Setting {
    Setting {
        name,
        is_secret: false,
        help,
    }
}

const fn secret(name: &'static str, help: &'static str) -> Setting {
    Setting {
        name,
        is_secret: true,
        help,
    }
}

/// Every setting.
pub(super) const SETTINGS: &[Setting] = &[
    plain("BIND_ADDR", "HTTP listener [default: 127.0.0.1:7001]"),
    plain("OPS_BIND_ADDR", "Second listener for health and metrics"),
    plain(
        "PUBLIC_URL",
        "How browsers and Twitch reach us [default: http://localhost:PORT]",
    ),
    plain(
        "ALLOWED_ORIGINS",
        "Further origins that may call the API, comma separated",
    ),
    plain(
        "ALLOWED_LOGINS",
        "Who may log in: comma separated logins, or *",
    ),
    plain(
        "MAX_SUBSCRIPTIONS_PER_VIEWER",
        "Subscriptions one viewer may have [default: 200]",
    ),
    plain(
        "DATA_DIR",
        "Where the embedded default keeps its files [default: ./data]",
    ),
    secret(
        "DATABASE_URL",
        "Database [default: sqlite:{DATA_DIR}/events.db]",
    ),
    secret("REDIS_URL", "Keeps login sessions in Redis"),
    secret("AMQP_URL", "RabbitMQ between receivers and workers"),
    plain("ROLES", "What this process does: web,worker,listener"),
    secret(
        "SECRET_KEY",
        "Base64 of at least 32 bytes; made once in DATA_DIR when absent",
    ),
    secret(
        "SECRET_KEY_PREVIOUS",
        "Key that is still accepted for reading",
    ),
    plain(
        "TWITCH_CLIENT_ID",
        "The app's id from Twitch's developer console",
    ),
    secret("TWITCH_CLIENT_SECRET", "The app's secret"),
    plain(
        "TWITCH_ID_URL",
        "Twitch's login host [default: https://id.twitch.tv/oauth2]",
    ),
    plain(
        "TWITCH_AUTHORIZE_URL",
        "Where browsers log in [default: {TWITCH_ID_URL}/authorize]",
    ),
    plain(
        "TWITCH_API_URL",
        "Helix [default: https://api.twitch.tv/helix]",
    ),
    plain(
        "TWITCH_EVENTSUB_URL",
        "EventSub's API [default: {TWITCH_API_URL}/eventsub]",
    ),
    plain(
        "TWITCH_EVENTSUB_WS_URL",
        "EventSub's WebSocket [default: wss://eventsub.wss.twitch.tv/ws]",
    ),
    plain(
        "TWITCH_PLAYER_URL",
        "Player frame [default: https://player.twitch.tv]",
    ),
    plain(
        "TWITCH_CHAT_URL",
        "Chat frame [default: https://www.twitch.tv/embed]",
    ),
    plain(
        "TWITCH_IMAGE_URL",
        "Images [default: https://static-cdn.jtvnw.net]",
    ),
    plain(
        "EVENTSUB_TRANSPORT",
        "auto, webhook, conduit or websocket [default: auto]",
    ),
    secret(
        "EVENTSUB_SECRET",
        "Signs webhooks, 10 to 100 ASCII characters; made once when absent",
    ),
    secret(
        "EVENTSUB_SECRET_PREVIOUS",
        "Webhook secret that is still accepted",
    ),
    plain("STATIC_DIR", "Files of the page instead of those built in"),
    plain(
        "RETENTION_DAYS",
        "Days that events are kept; 0 keeps all [default: 0]",
    ),
    plain(
        "RATE_LIMIT_PER_MINUTE",
        "API requests per account and minute",
    ),
    plain(
        "LIVE_CONNECTIONS_PER_CLIENT",
        "Open live streams per client",
    ),
    plain(
        "TRUSTED_PROXIES",
        "Networks whose X-Forwarded headers are believed",
    ),
    plain("ADMIN_LOGINS", "Who may administer this server"),
    plain("OTEL_EXPORTER_OTLP_ENDPOINT", "Where traces go"),
    plain("LOG_FORMAT", "text or json [default: text]"),
    plain("RUST_LOG", "What is logged [default: info]"),
    plain(
        "SIM_BIND_ADDR",
        "Simulator's listener, demo only [default: 127.0.0.1:7002]",
    ),
    plain(
        "SIM_PUBLIC_URL",
        "How browsers reach the simulator [default: http://localhost:PORT]",
    ),
];
