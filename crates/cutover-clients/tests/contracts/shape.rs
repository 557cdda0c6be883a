//! Which properties a type reads, asked of the type itself: a `Deserialize` names its fields to whom it reads from.

use std::cell::Cell;
use std::collections::BTreeMap;

use serde::de::value::{Error, StrDeserializer};
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};

/// The fields that are read at each place; a place is the way of properties that leads there.
pub(crate) type Shape = BTreeMap<Vec<&'static str>, &'static [&'static str]>;

/// The shape of a type. A property whose type reads whatever comes ends the way.
pub(crate) fn shape_of<T: DeserializeOwned>() -> Shape {
    let mut shape = Shape::new();
    let mut open = vec![Vec::new()];
    while let Some(way) = open.pop() {
        let fields = Cell::new(None);
        let _ = T::deserialize(Probe {
            way: &way,
            fields: &fields,
        });
        if let Some(fields) = fields.get() {
            open.extend(fields.iter().map(|field| [way.as_slice(), &[*field]].concat()));
            shape.insert(way, fields);
        }
    }
    shape
}

/// Leads a type along one way and notes the fields it asks for at the end; then it fails.
#[derive(Clone, Copy)]
struct Probe<'a> {
    way: &'a [&'static str],
    fields: &'a Cell<Option<&'static [&'static str]>>,
}

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("the end of the way"))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if self.way.is_empty() {
            self.fields.set(Some(fields));
            return Err(Error::custom("the end of the way"));
        }
        visitor.visit_map(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        tuple tuple_struct map enum identifier ignored_any
    }
}

impl<'de> SeqAccess<'de> for Probe<'_> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        seed.deserialize(*self).map(Some)
    }
}

impl<'de> MapAccess<'de> for Probe<'_> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        let key: StrDeserializer<'_, Error> = self.way[0].into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        self.way = &self.way[1..];
        seed.deserialize(*self)
    }
}
