-- What is searched for, and sums for statistics. Both are filled behind the commit as 'feed' is, from text that is cut
-- into words by this program; so what is stored is put in by it, too, when it opens the database: it goes on behind the
-- event that 'indexed' in meta names, up to 'filed'.

-- The words of each event under its id, each with the streamer's id before it: what is common among all streamers is
-- rare enough in one. The words come as they are to be found, so the tokenizer has nothing to do but to cut at spaces.
-- Neither text nor places of words are kept.
CREATE VIRTUAL TABLE search USING fts5 (
    words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);
-- The words of one filing make one segment; segments are merged less often than by default, since they are written
-- again each time.
INSERT INTO search (search, rank) VALUES ('hashsize', 8388608);
INSERT INTO search (search, rank) VALUES ('automerge', 8);

-- How many events of each streamer there are in each hour of a UTC day (days since 1970), by kind and visibility: six
-- bytes for each sum, see store/tally.rs. The day comes first, so that those who record write to few pages.
CREATE TABLE tally (
    day            BIGINT NOT NULL,
    broadcaster_id TEXT NOT NULL,
    counts         BLOB NOT NULL,
    PRIMARY KEY (day, broadcaster_id)
) WITHOUT ROWID;

INSERT INTO meta (key, value) SELECT 'indexed', MIN(id) - 1 FROM events HAVING COUNT(*) > 0;
