-- What the vendors push, which orders are due because of it, and what was forgotten.

-- The number of the newest push, within the account.
ALTER TABLE accounts ADD COLUMN pushes INTEGER NOT NULL DEFAULT 0;
-- The salt of the hashes in tombstones, hexadecimal; NULL: nothing was forgotten.
ALTER TABLE accounts ADD COLUMN salt TEXT;

-- From when the stored version is: when the request was sent that showed it last; of a pushed one, when it happened, 0 where
-- the vendor does not say. NULL: stored before this schema.
ALTER TABLE order_rows ADD COLUMN as_of INTEGER;
-- When the stored version was pushed. NULL: a pull has shown it.
ALTER TABLE order_rows ADD COLUMN pushed_at INTEGER;
-- When the push came that makes the order due: the next pull requests it. NULL: it is not due by a push.
ALTER TABLE order_rows ADD COLUMN due_at INTEGER;
CREATE INDEX orders_due ON order_rows (account, id) WHERE due_at IS NOT NULL;

-- What the vendors pushed, each push once.
CREATE TABLE pushes (
    provider    TEXT NOT NULL,
    account     TEXT NOT NULL,
    -- Counts the pushes of the account, in the order in which they came.
    seq         INTEGER NOT NULL,
    -- The vendor's idempotency key; unread/ and the SHA-256 of the bytes, where it could not be read.
    key         TEXT NOT NULL,
    -- What happened, in the vendor's word; empty where it sends none.
    event       TEXT NOT NULL,
    -- The order that it is about.
    order_id    TEXT,
    -- When it happened, where the vendor says so.
    at          TEXT,
    received_at TEXT NOT NULL,
    -- The body or the query, byte for byte: text where it is UTF-8, else a blob.
    raw         TEXT NOT NULL,
    -- applied (what followed from it was done), waiting (not yet, or nothing is known to follow), unread.
    state       TEXT NOT NULL,
    -- What was done, what it waits for, or why it could not be read.
    reason      TEXT NOT NULL,
    -- What happened to the amounts of the order, in the common vocabulary (JSON).
    adjustment  TEXT,
    -- The version of the mapping that read it.
    mapping     INTEGER NOT NULL,
    PRIMARY KEY (provider, account, key)
);
CREATE INDEX pushes_order ON pushes (provider, account, order_id) WHERE order_id IS NOT NULL;
CREATE INDEX pushes_seq ON pushes (provider, account, seq);

-- Orders that were forgotten: one that comes again is not stored.
CREATE TABLE tombstones (
    account  INTEGER NOT NULL REFERENCES accounts (key),
    -- Salted SHA-256 of the order's id, and of what identifies it beside the id; hexadecimal.
    id_hash  TEXT NOT NULL,
    key_hash TEXT,
    -- The attempt at a list that showed it last.
    mark     INTEGER,
    PRIMARY KEY (account, id_hash)
) WITHOUT ROWID;
CREATE INDEX tombstones_key ON tombstones (account, key_hash) WHERE key_hash IS NOT NULL;

DROP VIEW current_orders;
DROP VIEW orders;
-- The orders, to be read: the newest version of each, those that are gone included. Times are UTC, RFC 3339 with milliseconds.
CREATE VIEW orders AS
SELECT a.provider, a.account, o.id, o.number, o.merchant_reference, o.parent_id, o.program_id, o.identity, o.kind,
       strftime('%Y-%m-%dT%H:%M:%fZ', o.created_at / 1000.0, 'unixepoch') AS created_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', o.updated_at / 1000.0, 'unixepoch') AS updated_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', o.paid_at / 1000.0, 'unixepoch') AS paid_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', o.cancelled_at / 1000.0, 'unixepoch') AS cancelled_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', o.settled_at / 1000.0, 'unixepoch') AS settled_at,
       o.payment, o.payment_native, o.fulfillment, o.fulfillment_native, o.commission, o.commission_native, o.closed,
       o.taxes_included, o.terminal, o.customer_id, o.customer_email,
       o.total, o.total_currency, o.total_minor,
       o.charged, o.charged_currency, o.charged_minor,
       o.money_back, o.money_back_currency, o.money_back_minor,
       o.net, o.net_currency, o.net_minor,
       t.raw, lower(hex(o.content_hash)) AS content_hash, o.mapping, o.mark,
       strftime('%Y-%m-%dT%H:%M:%fZ', o.first_seen_at / 1000.0, 'unixepoch') AS first_seen_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', o.changed_at / 1000.0, 'unixepoch') AS changed_at,
       -- 0: no pull has shown it yet.
       strftime('%Y-%m-%dT%H:%M:%fZ', nullif(o.seen_at, 0) / 1000.0, 'unixepoch') AS seen_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', o.gone_at / 1000.0, 'unixepoch') AS gone_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', o.doubted_at / 1000.0, 'unixepoch') AS doubted_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', nullif(o.as_of, 0) / 1000.0, 'unixepoch') AS as_of,
       strftime('%Y-%m-%dT%H:%M:%fZ', o.pushed_at / 1000.0, 'unixepoch') AS pushed_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', o.due_at / 1000.0, 'unixepoch') AS due_at
FROM order_rows o JOIN accounts a ON a.key = o.account JOIN order_texts t ON t.key = o.key;

-- Those that the vendor has, as far as is known.
CREATE VIEW current_orders AS SELECT * FROM orders WHERE gone_at IS NULL;
