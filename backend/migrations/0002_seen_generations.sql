-- Message ids seen, by the span of time (36 hours each) in which they came: one tree, and what has outlived its time
-- goes span by span, without an index of its own.
CREATE TABLE seen_generations (
    generation BIGINT NOT NULL,
    message_id TEXT NOT NULL,
    PRIMARY KEY (generation, message_id)
) WITHOUT ROWID;
INSERT INTO seen_generations (generation, message_id) SELECT seen_at / 129600000, message_id FROM seen_messages;
DROP TABLE seen_messages;
ALTER TABLE seen_generations RENAME TO seen_messages;
