-- What ties events together: the happening that one is a part of, as JSON for readers; another event that tells the same;
-- and whether Twitch was asked for it after an outage.
ALTER TABLE events ADD COLUMN part_of TEXT;
ALTER TABLE events ADD COLUMN same_as BIGINT;
ALTER TABLE events ADD COLUMN recovered BIGINT NOT NULL DEFAULT 0;
