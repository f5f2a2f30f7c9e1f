-- Message ids seen, found by the id alone: a note is one look into one tree. The span of time (36 hours each) in which
-- an id came tells when it has outlived its time.
CREATE TABLE seen_ids (
    message_id TEXT PRIMARY KEY NOT NULL,
    generation BIGINT NOT NULL
) WITHOUT ROWID;
INSERT INTO seen_ids (message_id, generation) SELECT message_id, MAX(generation) FROM seen_messages GROUP BY message_id;
DROP TABLE seen_messages;
ALTER TABLE seen_ids RENAME TO seen_messages;
