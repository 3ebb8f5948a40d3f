//! Unofficial client for the Linkbest affiliate API: the full order schema with exact decimals.
