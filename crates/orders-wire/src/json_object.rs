//! The types of JSON objects: one form for all of a vendor's.

/// Makes the type of a vendor's JSON object: each member may be absent or null, and is read by the adapter that the table
/// names for its type.
///
/// | Type of the member | Adapter |
/// |---|---|
/// | `Option<String>` | [`Text`](crate::Text) |
/// | `Option<bool>` | [`Flag`](crate::Flag) |
/// | `Option<DateTime<FixedOffset>>` | [`IsoTime`](crate::IsoTime) |
/// | `Option<DateTime<Utc>>` | [`EpochMillis`](crate::EpochMillis) |
/// | `Option<NaiveDateTime>` | [`LocalTime`](crate::LocalTime) |
/// | any other | that of its own attribute `#[serde_as(as = "..")]`, or serde's |
///
/// A member that is none, and a list that is empty, are not written. The type is `#[non_exhaustive]`, with `Clone`,
/// `Default`, `Eq`, `Hash`, `Deserialize` and `Serialize`. Its `Debug` shows every member; or, where `debug(..)` follows, only
/// those that are named, for an object that holds personal data: by value, and behind a semicolon how many a list has.
///
/// ```
/// orders_wire::object! {
///     /// An order.
///     #[serde(rename_all = "camelCase")]
///     pub struct Order {
///         /// Its id.
///         pub order_id: Option<String>,
///         /// What it comes to.
///         #[serde_as(as = "orders_wire::Exact")]
///         pub total: Option<rust_decimal::Decimal>,
///         /// The buyer's address.
///         pub email: Option<String>,
///     }
///     debug(order_id, total)
/// }
///
/// let order: Order = orders_wire::decode(br#"{"orderId": 12345678901234567890123456, "email": "a@b.example"}"#)?;
/// assert_eq!(format!("{order:?}"), r#"Order { order_id: Some("12345678901234567890123456"), total: None, .. }"#);
/// # Ok::<(), orders_wire::DecodeError>(())
/// ```
#[macro_export]
macro_rules! object {
    ($(#[$meta:meta])* $vis:vis struct $name:ident { $($members:tt)* } debug($($shown:ident),* $(; $($counted:ident),+)?)) => {
        $crate::object! { @type $(#[$meta])* $vis struct $name { $($members)* } }

        impl ::std::fmt::Debug for $name {
            /// Without personal data: the rest is read from the fields.
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(stringify!($name))
                    $(.field(stringify!($shown), &self.$shown))*
                    $($(.field(stringify!($counted), &self.$counted.len()))+)?
                    .finish_non_exhaustive()
            }
        }
    };
    ($(#[$meta:meta])* $vis:vis struct $name:ident { $($members:tt)* }) => {
        $crate::object! { @type #[derive(Debug)] $(#[$meta])* $vis struct $name { $($members)* } }
    };
    (@type $(#[$meta:meta])* $vis:vis struct $name:ident { $($members:tt)* }) => {
        #[$crate::serde_with::apply(
            crate = "::orders_wire::serde_with",
            Option<String> => #[serde_as(as = "::orders_wire::Text")],
            Option<bool> => #[serde_as(as = "::orders_wire::Flag")],
            Option<DateTime<FixedOffset>> => #[serde_as(as = "::orders_wire::IsoTime")],
            Option<DateTime<Utc>> => #[serde_as(as = "::orders_wire::EpochMillis")],
            Option<NaiveDateTime> => #[serde_as(as = "::orders_wire::LocalTime")],
            Vec => #[serde(skip_serializing_if = "Vec::is_empty")],
        )]
        #[$crate::serde_with::skip_serializing_none]
        #[$crate::serde_with::serde_as(crate = "::orders_wire::serde_with")]
        #[derive(Clone, Default, PartialEq, Eq, Hash, $crate::serde::Deserialize, $crate::serde::Serialize)]
        #[serde(default, crate = "::orders_wire::serde")]
        #[non_exhaustive]
        $(#[$meta])*
        $vis struct $name { $($members)* }
    };
}
