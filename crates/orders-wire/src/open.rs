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

    /// The known variant of the same word in another case (`FAILURE` is `failure`), else the variant itself. For
    /// whoever decides something by a word; the variant itself keeps the word as it was sent.
    #[must_use]
    fn in_any_case(&self) -> Self {
        let word = self.as_str();
        let known = Self::WORDS
            .iter()
            .find(|known| known.eq_ignore_ascii_case(word));
        Self::from_word(
            known
                .copied()
                .filter(|_| !Self::WORDS.contains(&word))
                .unwrap_or(word),
        )
    }
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

/// As [`Word`], for words that are numbers: written as a JSON number where it is a whole one.
#[derive(Debug)]
pub struct NumberWord(());

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

impl<'de, T: OpenEnum> DeserializeAs<'de, Option<T>> for NumberWord {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
        read(deserializer)
    }
}

impl<T: OpenEnum> SerializeAs<Option<T>> for NumberWord {
    fn serialize_as<S: Serializer>(word: &Option<T>, s: S) -> Result<S::Ok, S::Error> {
        let number = word.as_ref().and_then(|word| {
            let number = word.as_str().parse::<i64>().ok()?;
            (number.to_string() == word.as_str()).then_some(number)
        });
        match number {
            Some(number) => s.serialize_i64(number),
            None => Word::serialize_as(word, s),
        }
    }
}

#[cfg(test)]
#[allow(unreachable_pub, reason = "the macro makes public methods")]
mod tests {
    use serde::{Deserialize, Serialize};
    use serde_with::serde_as;

    use super::*;

    crate::open_enum! {
        /// How a payment ended.
        enum End {
            /// Well.
            Success = "success",
            /// The first number.
            One = "1",
            /// A word in another script.
            Gift = "赠品",
        }
    }

    #[test]
    fn a_word_in_another_case_is_the_same_word_and_keeps_its_text() {
        for word in ["success", "SUCCESS", "Success"] {
            let read = End::from(word);
            assert_eq!(read.as_str(), word);
            assert_eq!(read.in_any_case(), End::Success);
        }
        for word in ["successes", "", "Ｓuccess"] {
            let read = End::from(word);
            assert_eq!(read.in_any_case(), read, "{word}");
        }
        assert_eq!(End::Gift.in_any_case(), End::Gift);
    }

    #[serde_as]
    #[derive(Debug, Deserialize, Serialize)]
    struct Numbered {
        #[serde_as(as = "NumberWord")]
        end: Option<End>,
    }

    #[test]
    fn a_number_that_is_a_word_stays_a_number() {
        for (json, written) in [
            (r#"{"end":1}"#, r#"{"end":1}"#),
            (r#"{"end":"1"}"#, r#"{"end":1}"#),
            (r#"{"end":-7}"#, r#"{"end":-7}"#),
            (r#"{"end":1.0}"#, r#"{"end":"1.0"}"#),
            (r#"{"end":"new"}"#, r#"{"end":"new"}"#),
            (r#"{"end":null}"#, r#"{"end":null}"#),
        ] {
            let read: Numbered = crate::decode_text(json).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), written);
        }
    }
}
