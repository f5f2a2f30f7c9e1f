//! A statement that is put together, with what is bound to it; and words of ours that rows hold.

use rusqlite::Row;
use rusqlite::types::{Type, Value};
use wire::{Kind, Visibility};

/// SQL text and its values, in step.
#[derive(Debug, Default)]
pub(super) struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    /// Adds text of ours; what others say is bound.
    pub(super) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    pub(super) fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.text.push('?');
        self.values.push(value.into());
        self
    }

    /// Adds `(?, ?, …)`.
    pub(super) fn bind_list(
        &mut self,
        values: impl IntoIterator<Item = impl Into<Value>>,
    ) -> &mut Self {
        for (n, value) in values.into_iter().enumerate() {
            self.push(if n == 0 { "(" } else { ", " }).bind(value);
        }
        self.push(")")
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &Value> {
        self.values.iter()
    }
}

/// The kind in a column.
pub(super) fn kind(row: &Row<'_>, column: usize) -> rusqlite::Result<Kind> {
    Kind::from_name(row.get_ref(column)?.as_str()?).ok_or_else(|| corrupt(column))
}

/// The visibility in a column. What is not public is the broadcaster's.
pub(super) fn visibility(row: &Row<'_>, column: usize) -> rusqlite::Result<Visibility> {
    Ok(match row.get_ref(column)?.as_str()? {
        "public" => Visibility::Public,
        _ => Visibility::Broadcaster,
    })
}

/// A column holds what this program never wrote.
pub(super) fn corrupt(column: usize) -> rusqlite::Error {
    let why = format!("column {column}: an unknown value");
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, why.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_in_the_order_of_their_places() {
        let mut sql = Sql::default();
        sql.push("a = ").bind(1_i64).push(" AND b IN ");
        sql.bind_list(["x".to_owned(), "y".to_owned()]);
        assert_eq!(sql.text(), "a = ? AND b IN (?, ?)");
        let values: Vec<Value> = sql.values().cloned().collect();
        assert_eq!(
            values,
            [1_i64.into(), "x".to_owned().into(), "y".to_owned().into()]
        );
    }
}
