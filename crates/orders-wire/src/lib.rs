//! Serde adapters that read vendor JSON exactly: decimals by their digits, open enums, tolerant ids, times and lists, and the raw record.
