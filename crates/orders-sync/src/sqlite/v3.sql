-- A gap has a number, the path of the value that failed, and may be accepted by the user.
CREATE TABLE gaps_3 (
    id              INTEGER PRIMARY KEY,
    provider        TEXT NOT NULL,
    account         TEXT NOT NULL,
    -- The slice, the order or the record, JSON.
    missing         TEXT NOT NULL,
    kind            TEXT NOT NULL,
    path            TEXT,
    reason          TEXT NOT NULL,
    first_at        TEXT NOT NULL,
    last_at         TEXT NOT NULL,
    tries           INTEGER NOT NULL,
    -- When it was read after all; NULL: still missing.
    filled_at       TEXT,
    -- When the user accepted it, and why; NULL: open.
    accepted_at     TEXT,
    accepted_reason TEXT,
    UNIQUE (provider, account, missing)
);
INSERT INTO gaps_3 (provider, account, missing, kind, reason, first_at, last_at, tries, filled_at)
SELECT provider, account, missing, kind, reason, first_at, last_at, tries, filled_at FROM gaps ORDER BY first_at, missing;
DROP TABLE gaps;
ALTER TABLE gaps_3 RENAME TO gaps;

-- The records that came and could not be read, each with its newest text.
CREATE TABLE unreadable (
    provider      TEXT NOT NULL,
    account       TEXT NOT NULL,
    -- The id of the order; else content: and the hash of the text.
    key           TEXT NOT NULL,
    id            TEXT,
    -- The time of the order, where it could be read: UTC, RFC 3339 with milliseconds.
    time          TEXT,
    path          TEXT NOT NULL,
    reason        TEXT NOT NULL,
    -- The exact text that the vendor sent.
    raw           TEXT NOT NULL,
    -- SHA-256 of raw, hex.
    content_hash  TEXT NOT NULL,
    -- The slice that showed it, JSON; NULL: a look-up.
    slice         TEXT,
    -- The run that saw it last.
    run           INTEGER NOT NULL,
    first_seen_at TEXT NOT NULL,
    seen_at       TEXT NOT NULL,
    -- When the order was read after all, or its slice no longer showed the record; NULL: neither.
    closed_at     TEXT,
    -- The scan that saw it last.
    mark          INTEGER,
    PRIMARY KEY (provider, account, key)
);
CREATE INDEX unreadable_open ON unreadable (provider, account) WHERE closed_at IS NULL;
