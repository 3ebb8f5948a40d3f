//! Enums that carry the word they do not know.

use serde::de::{Deserializer, Error as _};
use serde::ser::Serializer;
use serde_with::{DeserializeAs, SerializeAs};

use crate::scalar::Scalar;

/// An enum of a vendor's words that keeps a word it does not know. Made by [`open_enum!`](crate::open_enum).
pub trait OpenEnum: Sized {
    /// The words that are known, in the order of the variants.
    const WORDS: &'static [&'static str];

    /// The variant of a word; `Unknown` with the word itself where it is not known. Upper and lower case differ.
    fn from_word(word: &str) -> Self;

    /// The word as the vendor writes it.
    fn as_str(&self) -> &str;
}

/// Makes an open enum: documented variants with the vendor's words, and `Unknown(String)`.
///
/// It reads strings and numbers (`2` is the word `"2"`), writes the word, and never fails on a new one.
///
/// ```
/// orders_wire::open_enum! {
///     /// Where the order stands.
///     pub enum Status {
///         /// It is open.
///         Open = "open",
///         /// It was cancelled.
///         Cancelled = "cancelled",
///     }
/// }
/// assert_eq!(Status::from("open"), Status::Open);
/// assert_eq!(Status::from("brand new").as_str(), "brand new");
/// ```
#[macro_export]
macro_rules! open_enum {
    ($(#[$meta:meta])* $vis:vis enum $name:ident {
        $($(#[$variant_meta:meta])* $variant:ident = $word:literal),+ $(,)?
    }) => {
        $(#[$meta])*
        ///
        /// Open: a word that this version does not know is kept in `Unknown`, and never an error.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        $vis enum $name {
            $($(#[$variant_meta])* #[doc = concat!("\n\nThe vendor's word: `", $word, "`.")] $variant,)+
            /// A word that this version does not know, as sent.
            Unknown(String),
        }

        impl $crate::OpenEnum for $name {
            const WORDS: &'static [&'static str] = &[$($word),+];

            fn from_word(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)+
                    other => Self::Unknown(other.to_owned()),
                }
            }

            fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Unknown(word) => word,
                }
            }
        }

        impl $name {
            /// The word as the vendor writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                $crate::OpenEnum::as_str(self)
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                $crate::OpenEnum::from_word(word)
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(&self, s: S) -> ::std::result::Result<S::Ok, S::Error> {
                s.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(d: D) -> ::std::result::Result<Self, D::Error> {
                <$crate::Word as $crate::serde_with::DeserializeAs<'de, Self>>::deserialize_as(d)
            }
        }
    };
}

/// The word of an [`OpenEnum`], from a JSON string or number; for the enum and for an `Option` of it, where `""`,
/// `null` and an absent field are `None`.
#[derive(Debug)]
pub struct Word(());

fn read<'de, D: Deserializer<'de>, T: OpenEnum>(deserializer: D) -> Result<Option<T>, D::Error> {
    Ok(match Scalar::read(deserializer, "a word")? {
        Scalar::Null => None,
        Scalar::Bool(value) => Some(T::from_word(if value { "true" } else { "false" })),
        Scalar::Number(text) | Scalar::Text(text) => {
            (!text.is_empty()).then(|| T::from_word(&text))
        }
    })
}

impl<'de, T: OpenEnum> DeserializeAs<'de, T> for Word {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        read(deserializer)?.ok_or_else(|| D::Error::custom("expected a word, got nothing"))
    }
}

impl<'de, T: OpenEnum> DeserializeAs<'de, Option<T>> for Word {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
        read(deserializer)
    }
}

impl<T: OpenEnum> SerializeAs<T> for Word {
    fn serialize_as<S: Serializer>(word: &T, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(word.as_str())
    }
}

impl<T: OpenEnum> SerializeAs<Option<T>> for Word {
    fn serialize_as<S: Serializer>(word: &Option<T>, s: S) -> Result<S::Ok, S::Error> {
        match word {
            Some(word) => s.serialize_str(word.as_str()),
            None => s.serialize_none(),
        }
    }
}
