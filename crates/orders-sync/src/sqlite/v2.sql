-- Finds orders by their creation: what passed the horizon, and what is counted again. Version 1 read the whole table.
CREATE INDEX orders_created ON orders (provider, account, coalesce(created_at, first_seen_at));
