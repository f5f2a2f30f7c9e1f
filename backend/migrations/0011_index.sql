-- What lists, searches and statistics go by is a file of its own now, made from the events and behind them: those who
-- record need not wait for it. It is told to be of this database by the database's id.
DROP TABLE feed;
DROP TABLE search;
DROP TABLE tally;
DELETE FROM meta WHERE key IN ('filed', 'indexed');
INSERT INTO meta (key, value) VALUES ('database-id', lower(hex(randomblob(16))));
