//! Lists that a vendor may also write as null, as an object, or as one bare element.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::Serializer;
use serde_with::de::DeserializeAsWrap;
use serde_with::ser::SerializeAsWrap;
use serde_with::{DeserializeAs, SerializeAs};

use crate::hint;
use crate::object::Object;

/// A list from a JSON list, `null`, an absent field, `""` or a keyed object (`{"0": .., "1": ..}`, its values in the
/// order sent). `null` elements are dropped. `A` is the adapter of the elements, [`Object`]
/// unless another is named. Written as a list.
#[derive(Debug)]
pub struct List<A = Object>(PhantomData<A>);

/// A list from a JSON list, `null`, an absent field, or one object that is the only element. Written as that object
/// where it has one element, else as a list.
#[derive(Debug)]
pub struct OneOrMany<A = Object>(PhantomData<A>);

impl<'de, T, A: DeserializeAs<'de, T>> DeserializeAs<'de, Vec<T>> for List<A> {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
        deserializer.deserialize_newtype_struct(hint::LIST, ListVisitor::<T, A, false>(PhantomData))
    }
}

impl<'de, T, A: DeserializeAs<'de, T>> DeserializeAs<'de, Vec<T>> for OneOrMany<A> {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
        let visitor = ListVisitor::<T, A, true>(PhantomData);
        deserializer.deserialize_newtype_struct(hint::ONE_OR_MANY, visitor)
    }
}

impl<T, A: SerializeAs<T>> SerializeAs<Vec<T>> for List<A> {
    fn serialize_as<S: Serializer>(list: &Vec<T>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(list.iter().map(SerializeAsWrap::<T, A>::new))
    }
}

impl<T, A: SerializeAs<T>> SerializeAs<Vec<T>> for OneOrMany<A> {
    fn serialize_as<S: Serializer>(list: &Vec<T>, serializer: S) -> Result<S::Ok, S::Error> {
        match list.as_slice() {
            [one] => A::serialize_as(one, serializer),
            _ => List::<A>::serialize_as(list, serializer),
        }
    }
}

/// A list that was written as an object has numbers for keys; any other object is something else.
pub(crate) fn numbered<E: de::Error>(key: &str) -> Result<(), E> {
    if !key.is_empty() && key.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(());
    }
    let key: String = key.chars().take(32).collect();
    Err(E::custom(format_args!(
        "expected a list, got an object with the member {key:?}"
    )))
}

/// `ONE`: an object is the only element, not a keyed list.
struct ListVisitor<T, A, const ONE: bool>(PhantomData<(T, A)>);

impl<'de, T, A: DeserializeAs<'de, T>, const ONE: bool> Visitor<'de> for ListVisitor<T, A, ONE> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, d: D) -> Result<Vec<T>, D::Error> {
        d.deserialize_any(self)
    }

    fn visit_some<D: Deserializer<'de>>(self, d: D) -> Result<Vec<T>, D::Error> {
        d.deserialize_any(self)
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<Vec<T>, S::Error> {
        let mut list = Vec::new();
        while let Some(element) = seq.next_element::<Option<DeserializeAsWrap<T, A>>>()? {
            list.extend(element.map(DeserializeAsWrap::into_inner));
        }
        Ok(list)
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Vec<T>, M::Error> {
        if ONE {
            return Ok(vec![A::deserialize_as(MapAccessDeserializer::new(map))?]);
        }
        let mut list = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            numbered(&key)?;
            let element = map.next_value::<Option<DeserializeAsWrap<T, A>>>()?;
            list.extend(element.map(DeserializeAsWrap::into_inner));
        }
        Ok(list)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Vec<T>, E> {
        Ok(Vec::new())
    }

    fn visit_none<E: de::Error>(self) -> Result<Vec<T>, E> {
        Ok(Vec::new())
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Vec<T>, E> {
        if text.is_empty() {
            Ok(Vec::new())
        } else {
            Err(E::invalid_type(de::Unexpected::Str(text), &self))
        }
    }
}
