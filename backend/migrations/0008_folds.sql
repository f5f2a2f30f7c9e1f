-- Parts of one happening are listed as one row. They are found by their key, which is made of what 'part_of' says; like
-- the rest of the feed, it is filed behind the commit.
ALTER TABLE events ADD COLUMN part_key TEXT GENERATED ALWAYS AS (
    json_extract(part_of, '$.kind') || ':' || json_extract(part_of, '$.broadcaster_id') || ':' || json_extract(part_of, '$.id')
) VIRTUAL;
ALTER TABLE feed ADD COLUMN part_key TEXT;
ALTER TABLE feed ADD COLUMN same_as BIGINT;
CREATE INDEX feed_parts ON feed (part_key) WHERE part_key IS NOT NULL;
-- What tells the same as an event and came later.
CREATE INDEX events_twins ON events (same_as) WHERE same_as IS NOT NULL;
