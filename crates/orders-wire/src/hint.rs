//! The names under which the adapters request a newtype struct.
//!
//! A format that does not know them hands itself back, as serde_json does; a deserializer that only records what a
//! type can read recognises them.

/// A list that may also be null, absent, or an object whose values are the elements.
pub const LIST: &str = "orders_wire::List";

/// A list that may also be one bare element.
pub const ONE_OR_MANY: &str = "orders_wire::OneOrMany";

/// An object. A deserializer that only records gives itself to `visit_some`, and reads the struct inside.
pub const OBJECT: &str = "orders_wire::Object";

/// The name by which every scalar adapter requests the literal text of a value: serde_json's own.
pub const SCALAR: &str = crate::scalar::RAW;
