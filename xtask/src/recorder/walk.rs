//! The walk itself: serde's questions, answered.

use std::cell::RefCell;

use orders_wire::hint;
use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::notes::{Answer, Notes, Read, Refusal};
use crate::json::join;

/// Serde's results, beside the tasks' own.
type Answered<T> = std::result::Result<T, Refusal>;

/// One place in the walk.
pub(super) struct Recorder<'a> {
    path: String,
    /// The structs around this place: a type that holds itself would be walked forever.
    owners: Vec<&'static str>,
    notes: &'a RefCell<Notes>,
}

impl<'a> Recorder<'a> {
    pub(super) fn new(path: &str, notes: &'a RefCell<Notes>) -> Self {
        Self {
            path: path.to_owned(),
            owners: Vec::new(),
            notes,
        }
    }

    fn below(&self, path: String) -> Self {
        Self {
            path,
            owners: self.owners.clone(),
            notes: self.notes,
        }
    }

    fn answer(&self) -> Answer {
        let mut notes = self.notes.borrow_mut();
        notes.last.clone_from(&self.path);
        let tried = notes.refused.get(&self.path).copied().unwrap_or(0);
        Answer::ALL[tried.min(Answer::ALL.len() - 1)]
    }
}

impl<'de> Deserializer<'de> for Recorder<'_> {
    type Error = Refusal;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Answered<V::Value> {
        match self.answer() {
            Answer::Nothing => visitor.visit_unit(),
            Answer::Text => visitor.visit_borrowed_str("1"),
            Answer::Number => visitor.visit_u64(1),
            Answer::Truth => visitor.visit_bool(true),
            Answer::EmptyObject => visitor.visit_map(Fields::none(&self)),
            Answer::EmptyList => visitor.visit_seq(Elements {
                left: 0,
                parent: &self,
            }),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Answered<V::Value> {
        self.answer();
        visitor.visit_bool(true)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Answered<V::Value> {
        match self.answer() {
            Answer::Nothing => visitor.visit_borrowed_str("1"),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Answered<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Answered<V::Value> {
        if self.notes.borrow().refused.contains_key(&self.path) {
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Answered<V::Value> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Answered<V::Value> {
        if name == hint::LIST || name == hint::ONE_OR_MANY {
            return self.deserialize_seq(visitor);
        }
        if name == hint::OBJECT {
            return visitor.visit_some(self);
        }
        if name == hint::SCALAR {
            let text = self.answer().json();
            return visitor.visit_map(RawText {
                name: Some(name),
                text,
            });
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Answered<V::Value> {
        visitor.visit_seq(Elements {
            left: 1,
            parent: &self,
        })
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, count: usize, visitor: V) -> Answered<V::Value> {
        visitor.visit_seq(Elements {
            left: count,
            parent: &self,
        })
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Answered<V::Value> {
        self.answer();
        visitor.visit_map(Fields::none(&self))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Answered<V::Value> {
        if self.owners.contains(&name) {
            return visitor.visit_map(Fields::none(&self));
        }
        self.owners.push(name);
        let reads = fields.iter().map(|field| Read {
            owner: name,
            path: join(&self.path, field),
        });
        self.notes.borrow_mut().read.extend(reads);
        visitor.visit_map(Fields {
            rest: fields,
            ..Fields::none(&self)
        })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Answered<V::Value> {
        self.answer();
        let first = variants.first().copied().unwrap_or_default();
        visitor.visit_enum(first.into_deserializer())
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Answered<V::Value> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit_struct tuple_struct identifier
    }
}

/// The fields of a struct, one after the other.
struct Fields<'r, 'a> {
    rest: &'static [&'static str],
    current: String,
    parent: &'r Recorder<'a>,
}

impl<'r, 'a> Fields<'r, 'a> {
    fn none(parent: &'r Recorder<'a>) -> Self {
        Self {
            rest: &[],
            current: String::new(),
            parent,
        }
    }
}

impl<'de> MapAccess<'de> for Fields<'_, '_> {
    type Error = Refusal;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Answered<Option<K::Value>> {
        while let Some((field, rest)) = self.rest.split_first() {
            self.rest = rest;
            self.current = join(&self.parent.path, field);
            let mut notes = self.parent.notes.borrow_mut();
            if notes.twins.contains(&self.current) {
                continue;
            }
            notes.last.clone_from(&self.current);
            drop(notes);
            return seed
                .deserialize(BorrowedStrDeserializer::new(field))
                .map(Some);
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Answered<V::Value> {
        seed.deserialize(self.parent.below(self.current.clone()))
    }
}

/// So many elements of a list.
struct Elements<'r, 'a> {
    left: usize,
    parent: &'r Recorder<'a>,
}

impl<'de> SeqAccess<'de> for Elements<'_, '_> {
    type Error = Refusal;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Answered<Option<T::Value>> {
        let Some(left) = self.left.checked_sub(1) else {
            return Ok(None);
        };
        self.left = left;
        let element = self.parent.below(format!("{}[]", self.parent.path));
        seed.deserialize(element).map(Some)
    }
}

/// The text of a value, in the form in which serde_json hands it over.
struct RawText {
    name: Option<&'static str>,
    text: &'static str,
}

impl<'de> MapAccess<'de> for RawText {
    type Error = Refusal;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Answered<Option<K::Value>> {
        let name = self.name.take().map(BorrowedStrDeserializer::new);
        name.map(|name| seed.deserialize(name)).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Answered<V::Value> {
        seed.deserialize(BorrowedStrDeserializer::new(self.text))
    }
}
