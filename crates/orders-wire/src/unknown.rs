//! Fields that a type does not know.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_ignored::Path;

use crate::decode::DecodeError;

/// The fields of a JSON text that `T` does not read, as paths without indices (`refunds[].new_field`), each with how
/// often it occurs. Costs a second decode, and nothing where it is not called.
///
/// ```
/// use orders_wire::unknown_fields;
///
/// orders_wire::object! {
///     /// An order.
///     pub struct Order {
///         /// Its id.
///         pub id: Option<String>,
///     }
/// }
///
/// # fn main() -> Result<(), orders_wire::DecodeError> {
/// let fields = unknown_fields::<Vec<Order>>(r#"[{"id": 1, "colour": "red"}, {"id": 2, "colour": "blue"}]"#)?;
/// assert_eq!(fields.into_iter().collect::<Vec<_>>(), [("[].colour".to_owned(), 2)]);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`DecodeError`] where the text is no `T` at all.
pub fn unknown_fields<'de, T: Deserialize<'de>>(
    text: &'de str,
) -> Result<BTreeMap<String, usize>, DecodeError> {
    let mut fields = BTreeMap::new();
    let mut note = |path: Path<'_>| *fields.entry(name(&path)).or_default() += 1;
    let deserializer = &mut serde_json::Deserializer::from_str(text);
    match serde_ignored::deserialize::<_, _, T>(deserializer, &mut note) {
        Ok(_) => Ok(fields),
        Err(error) => Err(crate::decode::decode_text::<T>(text)
            .err()
            .unwrap_or_else(|| DecodeError::new(String::new(), error.to_string()))),
    }
}

fn name(path: &Path<'_>) -> String {
    match path {
        Path::Root => String::new(),
        Path::Seq { parent, .. } => format!("{}[]", name(parent)),
        Path::Map { parent, key } => match name(parent) {
            outer if outer.is_empty() => key.clone(),
            outer => format!("{outer}.{key}"),
        },
        Path::Some { parent }
        | Path::NewtypeStruct { parent }
        | Path::NewtypeVariant { parent } => name(parent),
    }
}
