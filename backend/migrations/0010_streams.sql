-- Streams that were seen: when each began, and the most viewers at any look at Twitch's list (null: it was never looked
-- at). When it ended, and what happened in it, is told by the events.
CREATE TABLE streams (
    broadcaster_id TEXT NOT NULL,
    stream_id      TEXT NOT NULL,
    started_at     BIGINT NOT NULL,
    peak_viewers   BIGINT,
    PRIMARY KEY (broadcaster_id, stream_id)
);
CREATE INDEX streams_by_start ON streams (broadcaster_id, started_at);
-- When a streamer's streams began and ended, found among all that happened between.
CREATE INDEX events_stream_marks ON events (broadcaster_id, id) WHERE event_type IN ('stream.online', 'stream.offline');
CREATE VIEW stream_marks AS SELECT id, broadcaster_id, event_type, occurred_at, received_at, payload FROM events
WHERE event_type IN ('stream.online', 'stream.offline');
INSERT INTO streams (broadcaster_id, stream_id, started_at)
SELECT broadcaster_id, payload ->> '$.id', MIN(occurred_at) FROM stream_marks
WHERE event_type = 'stream.online' AND CASE WHEN json_valid(payload) THEN payload ->> '$.id' END IS NOT NULL
GROUP BY broadcaster_id, payload ->> '$.id';
