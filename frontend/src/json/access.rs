//! What is inside of lists and objects, as serde asks for it.

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use super::{RAW_VALUE, Reader, Unreadable};

/// The items of a list, its bracket passed.
pub(super) struct Items<'a, 'de>(Parts<'a, 'de>);

/// The entries of an object, its brace passed.
pub(super) struct Entries<'a, 'de>(Parts<'a, 'de>);

struct Parts<'a, 'de> {
    reader: &'a mut Reader<'de>,
    is_first: bool,
}

impl<'a, 'de> Items<'a, 'de> {
    pub(super) fn of(reader: &'a mut Reader<'de>) -> Self {
        Self(Parts {
            reader,
            is_first: true,
        })
    }
}

impl<'a, 'de> Entries<'a, 'de> {
    pub(super) fn of(reader: &'a mut Reader<'de>) -> Self {
        Self(Parts {
            reader,
            is_first: true,
        })
    }
}

impl Parts<'_, '_> {
    /// Passes what stands before the next part; there is none if it is `close`.
    fn advance(&mut self, close: u8) -> Result<bool, Unreadable> {
        let scanner = &mut self.reader.0;
        if scanner.peek() == Some(close) {
            scanner.take(close)?;
            return Ok(false);
        }
        if !std::mem::take(&mut self.is_first) {
            scanner.take(b',')?;
        }
        Ok(true)
    }
}

impl<'de> SeqAccess<'de> for Items<'_, 'de> {
    type Error = Unreadable;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Unreadable> {
        if self.0.advance(b']')? {
            seed.deserialize(&mut *self.0.reader).map(Some)
        } else {
            Ok(None)
        }
    }
}

impl<'de> MapAccess<'de> for Entries<'_, 'de> {
    type Error = Unreadable;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Unreadable> {
        if self.0.advance(b'}')? {
            seed.deserialize(&mut *self.0.reader).map(Some)
        } else {
            Ok(None)
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<S::Value, Unreadable> {
        self.0.reader.0.take(b':')?;
        seed.deserialize(&mut *self.0.reader)
    }
}

/// A value's text, in the form `serde_json` asks for it.
pub(super) struct RawEntry<'de>(pub(super) Option<&'de str>);

impl<'de> MapAccess<'de> for RawEntry<'de> {
    type Error = Unreadable;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Unreadable> {
        let key: StrDeserializer<'_, Unreadable> = RAW_VALUE.into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<S::Value, Unreadable> {
        let text: StrDeserializer<'_, Unreadable> =
            self.0.take().ok_or(Unreadable)?.into_deserializer();
        seed.deserialize(text)
    }
}

/// One of several names.
pub(super) struct Variant<'a, 'de>(pub(super) &'a mut Reader<'de>);

impl<'de> EnumAccess<'de> for Variant<'_, 'de> {
    type Error = Unreadable;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Self), Unreadable> {
        seed.deserialize(&mut *self.0).map(|name| (name, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_, 'de> {
    type Error = Unreadable;

    fn unit_variant(self) -> Result<(), Unreadable> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, _: S) -> Result<S::Value, Unreadable> {
        Err(Unreadable)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Unreadable> {
        Err(Unreadable)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Unreadable> {
        Err(Unreadable)
    }
}
