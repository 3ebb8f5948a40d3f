//! Unofficial client for the SHOPLINE Admin REST API: the full order schema with exact decimals.
