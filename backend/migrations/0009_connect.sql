-- What a streamer chose to have told of the own channel, step by step ("Connect my channel"). A choice is undone here,
-- as Twitch takes no single permission back; and it ends with the grant it rests on.
CREATE TABLE channel_steps (
    viewer_id TEXT NOT NULL REFERENCES grants (viewer_id) ON DELETE CASCADE,
    step      TEXT NOT NULL,
    chosen_at BIGINT NOT NULL,
    PRIMARY KEY (viewer_id, step)
);
