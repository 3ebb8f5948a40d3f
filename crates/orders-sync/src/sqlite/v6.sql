-- Compact rows: one number an order, times in milliseconds, the text in a table of its own. Views show them as before.

-- The accounts. key is their number in this file; orders and changes count what follows.
CREATE TABLE accounts (
    key      INTEGER PRIMARY KEY,
    provider TEXT NOT NULL,
    account  TEXT NOT NULL,
    -- The number of the newest row of order_rows, within the account.
    orders   INTEGER NOT NULL DEFAULT 0,
    -- The number of the newest change, within the account: what readers follow.
    changes  INTEGER NOT NULL DEFAULT 0,
    UNIQUE (provider, account)
);
INSERT INTO accounts (provider, account)
SELECT provider, account FROM orders UNION SELECT provider, account FROM checkpoints ORDER BY 1, 2;

-- One row an order: what the mapping made of its newest text, and when it came. Times are milliseconds since 1970, UTC.
CREATE TABLE order_rows (
    -- The account's key times 2^40, and a number within the account.
    key                 INTEGER PRIMARY KEY,
    account             INTEGER NOT NULL REFERENCES accounts (key),
    -- The vendor's id; of an order without one: no-id/ and its identity, or content: and a hash.
    id                  TEXT NOT NULL,
    number              TEXT,
    merchant_reference  TEXT,
    parent_id           TEXT,
    program_id          TEXT,
    -- What identifies an order beside its id, where the vendor has such a thing.
    identity            TEXT,
    kind                TEXT NOT NULL,
    created_at          INTEGER,
    -- The offset from UTC in which created_at came, in seconds.
    created_offset      INTEGER,
    updated_at          INTEGER,
    paid_at             INTEGER,
    cancelled_at        INTEGER,
    settled_at          INTEGER,
    -- The word of the common vocabulary, and the vendor's own.
    payment             TEXT,
    payment_native      TEXT,
    fulfillment         TEXT,
    fulfillment_native  TEXT,
    commission          TEXT,
    commission_native   TEXT,
    closed              INTEGER,
    taxes_included      INTEGER,
    terminal            INTEGER NOT NULL,
    customer_id         TEXT,
    customer_email      TEXT,
    -- Sums: exact text in major units, currency, minor units. NULL: not known.
    total               TEXT,
    total_currency      TEXT,
    total_minor         INTEGER,
    charged             TEXT,
    charged_currency    TEXT,
    charged_minor       INTEGER,
    money_back          TEXT,
    money_back_currency TEXT,
    money_back_minor    INTEGER,
    net                 TEXT,
    net_currency        TEXT,
    net_minor           INTEGER,
    -- The version of the mapping that read the text; 0: from before versions were counted.
    mapping             INTEGER NOT NULL,
    -- A hash of all that it made of the text: where it differs, the row is written anew.
    view_hash           INTEGER NOT NULL,
    -- SHA-256 of the text.
    content_hash        BLOB NOT NULL,
    first_seen_at       INTEGER NOT NULL,
    changed_at          INTEGER NOT NULL,
    seen_at             INTEGER NOT NULL,
    -- The attempt at a list that showed it last.
    mark                INTEGER,
    -- Since when the vendor no longer has it.
    gone_at             INTEGER,
    -- A reading that should have shown the order did not: when that reading began. The order is looked up next.
    unshown_at          INTEGER,
    -- Since when the order is doubted: when the first reading that did not show it was settled, when that reading began,
    -- and when the last such reading began.
    doubted_at          INTEGER,
    doubted_from        INTEGER,
    absent_at           INTEGER,
    UNIQUE (account, id)
);

-- The exact text of each order, as the vendor sent it.
CREATE TABLE order_texts (
    key INTEGER PRIMARY KEY,
    raw TEXT NOT NULL
);

INSERT INTO order_rows
SELECT a.key * 1099511627776 + row_number() OVER (PARTITION BY a.key ORDER BY o.rowid), a.key, o.id, o.number,
       o.merchant_reference, o.parent_id, o.reference ->> '$.program_id', o.key, o.kind,
       CAST(strftime('%s', o.created_at) AS INTEGER) * 1000 + CAST(substr(o.created_at, 21, 3) AS INTEGER),
       CASE WHEN o.created_at IS NULL THEN NULL WHEN substr(o.core ->> '$.created_at', -6, 1) IN ('+', '-')
           THEN (substr(o.core ->> '$.created_at', -6, 1) || '1') * (substr(o.core ->> '$.created_at', -5, 2) * 3600
               + substr(o.core ->> '$.created_at', -2, 2) * 60)
           ELSE 0 END,
       CAST(strftime('%s', o.updated_at) AS INTEGER) * 1000 + CAST(substr(o.updated_at, 21, 3) AS INTEGER),
       CAST(strftime('%s', o.paid_at) AS INTEGER) * 1000 + CAST(substr(o.paid_at, 21, 3) AS INTEGER),
       CAST(strftime('%s', o.cancelled_at) AS INTEGER) * 1000 + CAST(substr(o.cancelled_at, 21, 3) AS INTEGER),
       CAST(strftime('%s', o.settled_at) AS INTEGER) * 1000 + CAST(substr(o.settled_at, 21, 3) AS INTEGER),
       o.payment, o.payment_native, o.fulfillment, o.fulfillment_native, o.commission, o.commission_native, o.closed,
       o.taxes_included, o.terminal, o.customer_id, o.customer_email, o.total, o.total_currency, o.total_minor, o.charged,
       o.charged_currency, o.charged_minor, o.money_back, o.money_back_currency, o.money_back_minor, o.net,
       -- Lines and adjustments have rows since this version: they come when the text is read again.
       o.net_currency, o.net_minor, 0, 0, unhex(o.content_hash),
       CAST(strftime('%s', o.first_seen_at) AS INTEGER) * 1000 + CAST(substr(o.first_seen_at, 21, 3) AS INTEGER),
       CAST(strftime('%s', o.changed_at) AS INTEGER) * 1000 + CAST(substr(o.changed_at, 21, 3) AS INTEGER),
       CAST(strftime('%s', o.seen_at) AS INTEGER) * 1000 + CAST(substr(o.seen_at, 21, 3) AS INTEGER),
       o.mark,
       CAST(strftime('%s', o.gone_at) AS INTEGER) * 1000 + CAST(substr(o.gone_at, 21, 3) AS INTEGER),
       CAST(strftime('%s', o.unshown_at) AS INTEGER) * 1000 + CAST(substr(o.unshown_at, 21, 3) AS INTEGER),
       CAST(strftime('%s', o.doubted_at) AS INTEGER) * 1000 + CAST(substr(o.doubted_at, 21, 3) AS INTEGER),
       CAST(strftime('%s', o.doubted_from) AS INTEGER) * 1000 + CAST(substr(o.doubted_from, 21, 3) AS INTEGER),
       CAST(strftime('%s', o.absent_at) AS INTEGER) * 1000 + CAST(substr(o.absent_at, 21, 3) AS INTEGER)
FROM orders o JOIN accounts a ON a.provider = o.provider AND a.account = o.account;

INSERT INTO order_texts
SELECT r.key, iif(length(o.raw) = 0, o.core, o.raw) FROM order_rows r JOIN accounts a ON a.key = r.account
JOIN orders o ON o.provider = a.provider AND o.account = a.account AND o.id = r.id;

-- The amounts of the newest version of each order, but those of its lines.
CREATE TABLE amount_rows (
    key      INTEGER NOT NULL,
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
    PRIMARY KEY (key, position)
) WITHOUT ROWID;
INSERT INTO amount_rows
SELECT r.key, m.position, m.kind, m.side, m.amount, m.currency, m.minor FROM amounts m
JOIN accounts a ON a.provider = m.provider AND a.account = m.account
JOIN order_rows r ON r.account = a.key AND r.id = m.order_id;

-- What was bought: the lines of the newest version of each order, in the vendor's order.
CREATE TABLE line_rows (
    key                 INTEGER NOT NULL,
    position            INTEGER NOT NULL,
    line_id             TEXT,
    product_id          TEXT,
    variant_id          TEXT,
    sku                 TEXT,
    title               TEXT,
    -- In units, exact text: as ordered, and what is left after returns and edits.
    quantity            TEXT,
    current_quantity    TEXT,
    -- The price of one unit; exact text, currency, minor units, as all amounts here.
    unit_price          TEXT,
    unit_price_currency TEXT,
    unit_price_minor    INTEGER,
    -- What was taken off the line.
    discount            TEXT,
    discount_currency   TEXT,
    discount_minor      INTEGER,
    -- The taxes on the line.
    tax                 TEXT,
    tax_currency        TEXT,
    tax_minor           INTEGER,
    -- The amount of the line, where the vendor sends one.
    total               TEXT,
    total_currency      TEXT,
    total_minor         INTEGER,
    -- The commission of the line.
    commission          TEXT,
    commission_currency TEXT,
    commission_minor    INTEGER,
    fulfillment         TEXT,
    fulfillment_native  TEXT,
    native_status       TEXT,
    merchant_status     TEXT,
    PRIMARY KEY (key, position)
) WITHOUT ROWID;

-- What happened to the amounts after the sale: payments back, returned goods, disputes; of the newest version.
CREATE TABLE adjustment_rows (
    key           INTEGER NOT NULL,
    position      INTEGER NOT NULL,
    adjustment_id TEXT,
    -- refund, return, discrepancy, chargeback, or the vendor's word.
    kind          TEXT NOT NULL,
    refund_id     TEXT,
    -- pending, succeeded, failed, unknown, and the vendor's word. Money moved only where a refund succeeded.
    status        TEXT,
    status_native TEXT,
    -- In the seller's currency: exact text, currency, minor units.
    amount        TEXT,
    currency      TEXT,
    minor         INTEGER,
    tax           TEXT,
    tax_currency  TEXT,
    tax_minor     INTEGER,
    at            INTEGER,
    reason        TEXT,
    PRIMARY KEY (key, position)
) WITHOUT ROWID;

-- One row a change.
CREATE TABLE history_rows (
    -- The account's key times 2^40, and the number of the change.
    seq          INTEGER PRIMARY KEY,
    key          INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    run          INTEGER NOT NULL,
    -- new, changed, remapped, doubted, gone, back.
    what         TEXT NOT NULL,
    -- What changed, JSON: [{"path","from","to"}], with the vendor's digits.
    changes      TEXT NOT NULL,
    content_hash BLOB
);
INSERT INTO history_rows
SELECT a.key * 1099511627776 + row_number() OVER (PARTITION BY a.key ORDER BY h.seq), r.key,
       CAST(strftime('%s', h.at) AS INTEGER) * 1000 + CAST(substr(h.at, 21, 3) AS INTEGER), h.run, h.what, h.changes, unhex(h.content_hash)
FROM history h JOIN accounts a ON a.provider = h.provider AND a.account = h.account
JOIN order_rows r ON r.account = a.key AND r.id = h.order_id;
UPDATE accounts SET
    orders = coalesce((SELECT max(key) FROM order_rows r WHERE r.account = accounts.key), 0) % 1099511627776,
    changes = coalesce((SELECT max(seq) FROM history_rows h WHERE h.seq / 1099511627776 = accounts.key), 0) % 1099511627776;

DROP TABLE amounts;
DROP TABLE history;
DROP TABLE orders;

CREATE INDEX history_order ON history_rows (key);
-- In the order of the rows: an order that comes later is written behind the others.
CREATE INDEX orders_open ON order_rows (account, key) WHERE NOT terminal AND gone_at IS NULL;
-- When an order was created, or first seen where that is unknown.
CREATE INDEX orders_created ON order_rows (account, coalesce(created_at, first_seen_at));
CREATE INDEX orders_updated ON order_rows (account, updated_at) WHERE updated_at IS NOT NULL;
CREATE INDEX orders_identity ON order_rows (account, identity) WHERE identity IS NOT NULL;
CREATE INDEX orders_unshown ON order_rows (account, id) WHERE unshown_at IS NOT NULL;
CREATE INDEX orders_doubted ON order_rows (account, id) WHERE doubted_at IS NOT NULL;

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
       strftime('%Y-%m-%dT%H:%M:%fZ', o.seen_at / 1000.0, 'unixepoch') AS seen_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', o.gone_at / 1000.0, 'unixepoch') AS gone_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', o.doubted_at / 1000.0, 'unixepoch') AS doubted_at
FROM order_rows o JOIN accounts a ON a.key = o.account JOIN order_texts t ON t.key = o.key;

-- Those that the vendor has, as far as is known.
CREATE VIEW current_orders AS SELECT * FROM orders WHERE gone_at IS NULL;

CREATE VIEW amounts AS
SELECT a.provider, a.account, o.id AS order_id, m.position, m.kind, m.side, m.amount, m.currency, m.minor
FROM amount_rows m JOIN order_rows o ON o.key = m.key JOIN accounts a ON a.key = o.account;

CREATE VIEW order_lines AS
SELECT a.provider, a.account, o.id AS order_id, l.position, l.line_id, l.product_id, l.variant_id, l.sku, l.title,
       l.quantity, l.current_quantity, l.unit_price, l.unit_price_currency, l.unit_price_minor,
       l.discount, l.discount_currency, l.discount_minor,
       l.tax, l.tax_currency, l.tax_minor,
       l.total, l.total_currency, l.total_minor,
       l.commission, l.commission_currency, l.commission_minor,
       l.fulfillment, l.fulfillment_native, l.native_status, l.merchant_status
FROM line_rows l JOIN order_rows o ON o.key = l.key JOIN accounts a ON a.key = o.account;

CREATE VIEW adjustments AS
SELECT a.provider, a.account, o.id AS order_id, j.position, j.adjustment_id, j.kind, j.refund_id, j.status,
       j.status_native, j.amount, j.currency, j.minor, j.tax, j.tax_currency, j.tax_minor,
       strftime('%Y-%m-%dT%H:%M:%fZ', j.at / 1000.0, 'unixepoch') AS at, j.reason
FROM adjustment_rows j JOIN order_rows o ON o.key = j.key JOIN accounts a ON a.key = o.account;

-- What happened to the orders, by the account's own number of the change: a reader goes on behind the greatest it has seen.
CREATE VIEW history AS
SELECT a.provider, a.account, h.seq % 1099511627776 AS seq, o.id AS order_id,
       strftime('%Y-%m-%dT%H:%M:%fZ', h.at / 1000.0, 'unixepoch') AS at, h.run, h.what, h.changes,
       iif(h.content_hash IS NULL, NULL, lower(hex(h.content_hash))) AS content_hash
FROM history_rows h JOIN order_rows o ON o.key = h.key JOIN accounts a ON a.key = o.account;

-- Commissions that are not settled, nor invalid: as estimated, and as confirmed.
CREATE VIEW open_commissions AS
SELECT a.provider, a.account, o.id, o.program_id, o.commission,
       strftime('%Y-%m-%dT%H:%M:%fZ', o.created_at / 1000.0, 'unixepoch') AS created_at,
       e.amount AS estimated, e.currency AS estimated_currency, e.minor AS estimated_minor,
       c.amount AS confirmed, c.currency AS confirmed_currency, c.minor AS confirmed_minor
FROM order_rows o JOIN accounts a ON a.key = o.account
LEFT JOIN amount_rows e ON e.key = o.key AND e.kind = 'commission_estimated'
LEFT JOIN amount_rows c ON c.key = o.key AND c.kind = 'commission_confirmed'
WHERE o.commission IS NOT NULL AND NOT o.terminal AND o.gone_at IS NULL;

-- What was charged, by the day (UTC) of the payment and by currency. not_summed: orders whose amount has no minor units.
CREATE VIEW payments_by_day AS
SELECT a.provider, a.account, date(o.paid_at / 1000, 'unixepoch') AS day, o.charged_currency AS currency,
       count(*) AS orders, sum(o.charged_minor) AS charged_minor, count(*) - count(o.charged_minor) AS not_summed
FROM order_rows o JOIN accounts a ON a.key = o.account
WHERE o.paid_at IS NOT NULL AND o.charged IS NOT NULL AND o.gone_at IS NULL
GROUP BY 1, 2, 3, 4;
