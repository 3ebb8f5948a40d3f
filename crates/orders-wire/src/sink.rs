//! Where a value is written to: a JSON text, or something that reads numbers first.

use std::any::type_name;

/// Whether a serializer is serde_json's writer of text, which writes a number's own characters. A serializer that is not
/// known, or is wrapped in another, counts as none: what it gets keeps every digit all the same, as text.
pub(crate) fn writes_text<S>() -> bool {
    let name = type_name::<S>();
    let name = name.strip_prefix("&mut ").unwrap_or(name);
    name.starts_with("serde_json::ser::Serializer<")
}
