-- A reading that should have shown the order did not: when that reading began. The order is looked up next.
ALTER TABLE orders ADD COLUMN unshown_at TEXT;
-- Since when the order is doubted: when the first reading that did not show it was settled, the vendor's word included;
-- when that reading began; and when the last such reading began.
ALTER TABLE orders ADD COLUMN doubted_at TEXT;
ALTER TABLE orders ADD COLUMN doubted_from TEXT;
ALTER TABLE orders ADD COLUMN absent_at TEXT;
CREATE INDEX orders_unshown ON orders (provider, account, id) WHERE unshown_at IS NOT NULL;
CREATE INDEX orders_doubted ON orders (provider, account, id) WHERE doubted_at IS NOT NULL;

-- What a window of update times should show.
CREATE INDEX orders_updated ON orders (provider, account, updated_at);
