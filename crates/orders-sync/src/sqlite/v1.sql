-- One row an order: the newest version.
CREATE TABLE orders (
    provider           TEXT NOT NULL,
    account            TEXT NOT NULL,
    id                 TEXT NOT NULL,
    number             TEXT,
    merchant_reference TEXT,
    parent_id          TEXT,
    kind               TEXT NOT NULL,
    -- Times are UTC, RFC 3339 with milliseconds, so that they sort; the offset as sent is in core.
    created_at         TEXT,
    updated_at         TEXT,
    paid_at            TEXT,
    cancelled_at       TEXT,
    settled_at         TEXT,
    -- Our word, and the vendor's own.
    payment            TEXT,
    payment_native     TEXT,
    fulfillment        TEXT,
    fulfillment_native TEXT,
    commission         TEXT,
    commission_native  TEXT,
    closed             INTEGER,
    taxes_included     INTEGER,
    terminal           INTEGER NOT NULL,
    customer_id        TEXT,
    customer_email     TEXT,
    -- What the vendor needs to find the order again, JSON.
    reference          TEXT NOT NULL,
    -- The order in the common vocabulary, JSON.
    core               TEXT NOT NULL,
    -- The exact text that the vendor sent.
    raw                TEXT NOT NULL,
    -- SHA-256 of raw, hex.
    content_hash       TEXT NOT NULL,
    first_seen_at      TEXT NOT NULL,
    changed_at         TEXT NOT NULL,
    seen_at            TEXT NOT NULL,
    -- Since when the vendor no longer has it.
    gone_at            TEXT,
    -- The pass that saw it last.
    mark               INTEGER,
    PRIMARY KEY (provider, account, id)
);
CREATE INDEX orders_open ON orders (provider, account, id) WHERE terminal = 0 AND gone_at IS NULL;

-- The amounts of the newest version.
CREATE TABLE amounts (
    provider TEXT NOT NULL,
    account  TEXT NOT NULL,
    order_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    -- grand, subtotal, tax, commission_estimated, current:<field>, adjustment:refund, ...
    kind     TEXT NOT NULL,
    -- single, or one side of a pair: shop, presentment.
    side     TEXT NOT NULL,
    -- Major units, exactly as sent: never read it as a float.
    amount   TEXT NOT NULL,
    currency TEXT NOT NULL,
    -- Minor units; NULL where ISO 4217 does not know the currency, a digit would be cut off, or it does not fit.
    minor    INTEGER,
    PRIMARY KEY (provider, account, order_id, position)
) WITHOUT ROWID;

-- One row a change.
CREATE TABLE history (
    seq          INTEGER PRIMARY KEY,
    provider     TEXT NOT NULL,
    account      TEXT NOT NULL,
    order_id     TEXT NOT NULL,
    at           TEXT NOT NULL,
    run          INTEGER NOT NULL,
    -- new, changed, gone, back.
    what         TEXT NOT NULL,
    -- What changed, JSON: [{"path","from","to"}], with the vendor's digits.
    changes      TEXT NOT NULL,
    content_hash TEXT
);
CREATE INDEX history_order ON history (provider, account, order_id, seq);

-- Where each account's pull stands.
CREATE TABLE checkpoints (
    provider   TEXT NOT NULL,
    account    TEXT NOT NULL,
    state      TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (provider, account)
) WITHOUT ROWID;

-- What could not be read.
CREATE TABLE gaps (
    provider  TEXT NOT NULL,
    account   TEXT NOT NULL,
    -- The slice or the order, JSON.
    missing   TEXT NOT NULL,
    kind      TEXT NOT NULL,
    reason    TEXT NOT NULL,
    first_at  TEXT NOT NULL,
    last_at   TEXT NOT NULL,
    tries     INTEGER NOT NULL,
    -- When it was read after all; NULL: still missing.
    filled_at TEXT,
    PRIMARY KEY (provider, account, missing)
);

CREATE TABLE runs (
    id         INTEGER PRIMARY KEY,
    provider   TEXT NOT NULL,
    account    TEXT NOT NULL,
    started_at TEXT NOT NULL,
    -- NULL: still at work, or killed.
    ended_at   TEXT,
    outcome    TEXT,
    -- The summary, JSON.
    summary    TEXT
);
CREATE INDEX runs_account ON runs (provider, account, id);
