//! Metadata as an object, or as the JSON text of one.

use std::collections::BTreeMap;
use std::fmt;

use orders_wire::Text;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use serde_with::{DeserializeAs, SerializeAs, serde_as};

type Pairs = BTreeMap<String, Option<String>>;

/// The adapter: an object, its JSON text, `""` or null. Written as an object.
pub(crate) struct Metadata;

#[serde_as]
#[derive(Deserialize, Serialize)]
#[serde(transparent)]
struct Object(#[serde_as(as = "BTreeMap<_, Text>")] Pairs);

impl<'de> DeserializeAs<'de, Option<Pairs>> for Metadata {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Pairs>, D::Error> {
        deserializer.deserialize_any(ObjectOrText)
    }
}

impl SerializeAs<Option<Pairs>> for Metadata {
    fn serialize_as<S: Serializer>(pairs: &Option<Pairs>, s: S) -> Result<S::Ok, S::Error> {
        pairs.serialize(s)
    }
}

struct ObjectOrText;

impl<'de> Visitor<'de> for ObjectOrText {
    type Value = Option<Pairs>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object, or the JSON text of one")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Option<Pairs>, A::Error> {
        Object::deserialize(MapAccessDeserializer::new(map)).map(|object| Some(object.0))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Option<Pairs>, E> {
        if text.is_empty() {
            return Ok(None);
        }
        let object: Option<Object> = orders_wire::decode_text(text).map_err(E::custom)?;
        Ok(object.map(|object| object.0))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Option<Pairs>, E> {
        Ok(None)
    }
}
