-- Every streamer's events in order, with what lists are filtered by. Filled behind the commit, in the order of its own
-- tree: filed one by one, each event would write a page of its own. Up to which event that is done says 'filed' in meta.
CREATE TABLE feed (
    broadcaster_id   TEXT NOT NULL,
    id               BIGINT NOT NULL,
    visibility       TEXT NOT NULL,
    kind             TEXT NOT NULL,
    event_type       TEXT NOT NULL,
    amount_value     BIGINT,
    occurred_at      BIGINT NOT NULL,
    actor_id         TEXT,
    actor_login      TEXT,
    actor_name_lower TEXT,
    PRIMARY KEY (broadcaster_id, id)
) WITHOUT ROWID;
INSERT INTO feed SELECT broadcaster_id, id, visibility, kind, event_type, amount_value, occurred_at, actor_id,
    actor_login, actor_name_lower FROM events ORDER BY broadcaster_id, id;
INSERT INTO meta (key, value) SELECT 'filed', COALESCE(MAX(id), 0) FROM events;
DROP INDEX events_by_broadcaster;
