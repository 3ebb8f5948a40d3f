//! Unofficial client for the Clink billing API: the full order schema with exact decimals.
