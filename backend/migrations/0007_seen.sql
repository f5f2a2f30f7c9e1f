-- What has been seen, as hashes: message ids, each with the span of time (36 hours) in which it came, and what names a
-- happening, which stays as long as its event. Filled behind the commit, in the order of the hashes: put in one by one,
-- each would write a page of its own. Until then they are found in the rows of the events themselves; up to which event
-- they are all in here says 'noted' in meta.
CREATE TABLE seen (
    key        BLOB PRIMARY KEY NOT NULL,
    generation BIGINT NOT NULL
) WITHOUT ROWID;
INSERT INTO meta (key, value) VALUES ('noted', '0');
DROP INDEX events_by_natural_key;
-- The ids of stored events are noted anew from these.
DROP TABLE seen_messages;
