-- What an order comes to, what was charged for it, what was paid back, and what is left of the charge: exact text,
-- currency, minor units. NULL: not known. An older row gets them when its text is read again.
ALTER TABLE orders ADD COLUMN total TEXT;
ALTER TABLE orders ADD COLUMN total_currency TEXT;
ALTER TABLE orders ADD COLUMN total_minor INTEGER;
ALTER TABLE orders ADD COLUMN charged TEXT;
ALTER TABLE orders ADD COLUMN charged_currency TEXT;
ALTER TABLE orders ADD COLUMN charged_minor INTEGER;
ALTER TABLE orders ADD COLUMN money_back TEXT;
ALTER TABLE orders ADD COLUMN money_back_currency TEXT;
ALTER TABLE orders ADD COLUMN money_back_minor INTEGER;
ALTER TABLE orders ADD COLUMN net TEXT;
ALTER TABLE orders ADD COLUMN net_currency TEXT;
ALTER TABLE orders ADD COLUMN net_minor INTEGER;

-- The version of the mapping that read core from raw; 0: from before versions were counted.
ALTER TABLE orders ADD COLUMN mapping INTEGER NOT NULL DEFAULT 0;

-- What identifies an order beside its id, where the vendor has such a thing: the same in appearances without an id.
ALTER TABLE orders ADD COLUMN key TEXT;
CREATE INDEX orders_key ON orders (provider, account, key) WHERE key IS NOT NULL;
