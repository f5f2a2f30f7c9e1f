-- Whose index it is, up to which event all are filed, and up to which they were taken out again.
CREATE TABLE progress (
    database_id TEXT NOT NULL,
    filed       BIGINT NOT NULL,
    dropped     BIGINT NOT NULL
);

-- Every streamer's events in order, with what lists are filtered by.
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
    part_key         TEXT,
    same_as          BIGINT,
    PRIMARY KEY (broadcaster_id, id)
) WITHOUT ROWID;
-- Those of a kind that is rare among them.
CREATE INDEX feed_kinds ON feed (broadcaster_id, visibility, kind, id, amount_value);
-- The few that reach an amount, among those of about half a million cursors each: all that is filed goes to few pages.
CREATE INDEX feed_amounts ON feed (broadcaster_id, visibility, id >> 19, amount_value, kind)
    WHERE amount_value IS NOT NULL;
-- The parts of one happening, which are listed as one row.
CREATE INDEX feed_parts ON feed (part_key) WHERE part_key IS NOT NULL;

-- The words of each event under its id, each with the streamer's id before it: what is common among all streamers is
-- rare enough in one. The words come as they are to be found, so the tokenizer has nothing to do but to cut at spaces.
-- Neither text nor places of words are kept. Whoever did it is in it like a word, see search.rs.
CREATE VIRTUAL TABLE search USING fts5 (
    words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);
-- The words of one filing make one segment; segments are merged less often than by default, since they are written
-- again each time.
INSERT INTO search (search, rank) VALUES ('hashsize', 8388608);
INSERT INTO search (search, rank) VALUES ('automerge', 8);
-- While nothing comes, two are enough to be merged.
INSERT INTO search (search, rank) VALUES ('usermerge', 2);

-- The lowest and the highest cursor of the events of each hour since 1970, see hours.rs.
CREATE TABLE hours (
    hour  INTEGER PRIMARY KEY,
    first BIGINT NOT NULL,
    last  BIGINT NOT NULL
);

-- How many events of each streamer there are in each quarter of an hour of a UTC day (days since 1970), by kind and
-- visibility: six bytes for each sum, see tally.rs. Eight days come first, so that filing writes to few pages, then a
-- streamer's days, which are read together.
CREATE TABLE tally (
    eight_days     BIGINT NOT NULL,
    broadcaster_id TEXT NOT NULL,
    day            BIGINT NOT NULL,
    counts         BLOB NOT NULL,
    PRIMARY KEY (eight_days, broadcaster_id, day)
) WITHOUT ROWID;
