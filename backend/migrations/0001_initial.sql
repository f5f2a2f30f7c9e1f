-- Times are unix milliseconds in UTC. Text that Twitch sends is kept as it came, secrets only encrypted or hashed.

-- Facts about this database itself: its mode, Twitch host, key check, our conduit.
CREATE TABLE meta (
    key   TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
);

-- People who have logged in. Raising session_epoch ends all their sessions, wherever these are kept.
CREATE TABLE viewers (
    id                TEXT PRIMARY KEY NOT NULL,
    login             TEXT NOT NULL,
    display_name      TEXT NOT NULL,
    profile_image_url TEXT NOT NULL,
    keep_collecting   BIGINT NOT NULL DEFAULT 1,
    session_epoch     BIGINT NOT NULL DEFAULT 0,
    created_at        BIGINT NOT NULL
);

-- What Twitch granted a viewer; both tokens are encrypted. revision rises with every change, so that a
-- refresh that lost a race sees it.
CREATE TABLE grants (
    viewer_id     TEXT PRIMARY KEY NOT NULL REFERENCES viewers (id) ON DELETE CASCADE,
    access_token  TEXT NOT NULL,
    refresh_token TEXT NOT NULL,
    scopes        TEXT NOT NULL,
    expires_at    BIGINT NOT NULL,
    -- When the person granted it; older news of a withdrawal does not concern it.
    granted_at    BIGINT NOT NULL,
    revision      BIGINT NOT NULL
);

-- Login sessions of the embedded default; with Redis they are kept there. Only a hash of the id is stored.
CREATE TABLE sessions (
    id_hash    TEXT PRIMARY KEY NOT NULL,
    state      TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Login attempts that came back, so that each state works once.
CREATE TABLE used_oauth_states (
    state_hash TEXT PRIMARY KEY NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE api_tokens (
    id         TEXT PRIMARY KEY NOT NULL,
    viewer_id  TEXT NOT NULL REFERENCES viewers (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);
CREATE INDEX api_tokens_by_viewer ON api_tokens (viewer_id);

-- Streamers somebody is or was subscribed to. The stream_* columns are null when offline.
CREATE TABLE broadcasters (
    id                   TEXT PRIMARY KEY NOT NULL,
    login                TEXT NOT NULL,
    display_name         TEXT NOT NULL,
    profile_image_url    TEXT NOT NULL,
    stream_id            TEXT,
    stream_title         TEXT,
    stream_category      TEXT,
    stream_viewers       BIGINT,
    stream_started_at    BIGINT,
    stream_thumbnail_url TEXT
);

-- A viewer's subscriptions. Events with an id above read_cursor are unread.
CREATE TABLE subscriptions (
    viewer_id      TEXT NOT NULL REFERENCES viewers (id) ON DELETE CASCADE,
    broadcaster_id TEXT NOT NULL REFERENCES broadcasters (id),
    read_cursor    BIGINT NOT NULL,
    created_at     BIGINT NOT NULL,
    PRIMARY KEY (viewer_id, broadcaster_id)
);
CREATE INDEX subscriptions_by_broadcaster ON subscriptions (broadcaster_id);

-- What the reconciler knows of each wanted topic; direction is 'in', 'out' or ''.
CREATE TABLE topics (
    broadcaster_id TEXT NOT NULL,
    event_type     TEXT NOT NULL,
    direction      TEXT NOT NULL,
    eventsub_id    TEXT,
    status         TEXT NOT NULL,
    reason         TEXT,
    updated_at     BIGINT NOT NULL,
    PRIMARY KEY (broadcaster_id, event_type, direction)
);
CREATE INDEX topics_by_eventsub_id ON topics (eventsub_id);

-- Spans in which a topic that had arrived could not; ended_at is null while one lasts.
CREATE TABLE gaps (
    broadcaster_id TEXT NOT NULL,
    event_type     TEXT NOT NULL,
    direction      TEXT NOT NULL,
    began_at       BIGINT NOT NULL,
    ended_at       BIGINT,
    PRIMARY KEY (broadcaster_id, event_type, direction, began_at)
);
-- One at a time.
CREATE UNIQUE INDEX gaps_that_last ON gaps (broadcaster_id, event_type, direction) WHERE ended_at IS NULL;
CREATE INDEX gaps_by_end ON gaps (ended_at);

-- The events. AUTOINCREMENT: an id is never given twice, even when the newest rows were deleted.
CREATE TABLE events (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id        TEXT,
    event_type        TEXT NOT NULL,
    version           TEXT NOT NULL,
    kind              TEXT NOT NULL,
    broadcaster_id    TEXT NOT NULL,
    broadcaster_login TEXT NOT NULL,
    broadcaster_name  TEXT NOT NULL,
    actor_id          TEXT,
    actor_login       TEXT,
    actor_name        TEXT,
    actor_name_lower  TEXT,
    summary           TEXT NOT NULL,
    amount_value      BIGINT,
    amount_unit       TEXT,
    amount_decimals   BIGINT,
    text              TEXT,
    occurred_at       BIGINT NOT NULL,
    received_at       BIGINT NOT NULL,
    visibility        TEXT NOT NULL,
    natural_key       TEXT,
    payload           TEXT NOT NULL
);
-- The list of a streamer, newest first.
CREATE INDEX events_by_broadcaster ON events (broadcaster_id, id);
-- One happening is stored once, whatever message ids tell it.
CREATE UNIQUE INDEX events_by_natural_key ON events (natural_key) WHERE natural_key IS NOT NULL;
-- The last channel.update of a streamer, for its 60 s rule.
CREATE INDEX events_channel_updates ON events (broadcaster_id, id) WHERE event_type = 'channel.update';

-- Message ids seen, with a lifetime of their own so that the table does not grow for ever.
CREATE TABLE seen_messages (
    message_id TEXT PRIMARY KEY NOT NULL,
    seen_at    BIGINT NOT NULL
);
CREATE INDEX seen_messages_by_time ON seen_messages (seen_at);
