//! Query strings and forms as Twitch reads them: repeated parameters, opaque cursors, pages of 1–100.

use serde_json::{Value, json};

use crate::error::ApiError;

/// The most ids or names one call may ask for.
pub(crate) const MAX_IDS: usize = 100;
const MAX_PAGE: usize = 100;

/// The parameters of a query string or form body, in order, decoded.
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    pub(crate) fn parse(encoded: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(encoded).into_owned().collect())
    }

    /// The first value of a parameter; an empty one counts as absent.
    pub(crate) fn one(&self, name: &str) -> Option<&str> {
        self.values(name).next()
    }

    /// Every value of a repeated parameter.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.values(name).collect()
    }

    fn values<'a, 'n>(&'a self, name: &'n str) -> impl Iterator<Item = &'a str> + use<'a, 'n> {
        let named = move |(key, value): &&(String, String)| key == name && !value.is_empty();
        self.0.iter().filter(named).map(|(_, value)| value.as_str())
    }

    /// Like [`Query::all`], refused when there are more than [`MAX_IDS`].
    pub(crate) fn ids(&self, name: &str) -> Result<Vec<&str>, ApiError> {
        let values = self.all(name);
        if values.len() > MAX_IDS {
            return Err(ApiError::bad_request(format!(
                "The number of {name} query parameters must not exceed {MAX_IDS}"
            )));
        }
        Ok(values)
    }

    /// Cuts the page that `first`, `after` and `before` ask for out of a whole list.
    pub(crate) fn page<T>(&self, all: Vec<T>, default_first: usize) -> Result<Page<T>, ApiError> {
        let first = match self.one("first") {
            None => default_first,
            Some(first) => first
                .parse()
                .ok()
                .filter(|first| (1..=MAX_PAGE).contains(first))
                .ok_or_else(|| {
                    ApiError::bad_request("The parameter \"first\" was malformed: the value must be between 1 and 100")
                })?,
        };
        let total = all.len();
        let start = match (self.one("after"), self.one("before")) {
            (Some(after), _) => position(after, "after")?,
            (None, Some(before)) => position(before, "before")?.saturating_sub(first),
            (None, None) => 0,
        };
        let items: Vec<T> = all.into_iter().skip(start).take(first).collect();
        let end = start + items.len();
        Ok(Page {
            cursor: (end < total).then(|| cursor(end)),
            items,
        })
    }
}

/// One page of a list.
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    cursor: Option<String>,
}

impl<T> Page<T> {
    /// The `pagination` member: empty on the last page.
    pub(crate) fn pagination(&self) -> Value {
        match &self.cursor {
            Some(cursor) => json!({ "cursor": cursor }),
            None => json!({}),
        }
    }
}

/// Cursors are opaque: hexadecimal, so that nobody is tempted to count.
fn cursor(offset: usize) -> String {
    hex::encode(format!("at:{offset}"))
}

fn position(cursor: &str, parameter: &str) -> Result<usize, ApiError> {
    hex::decode(cursor)
        .ok()
        .and_then(|bytes| {
            String::from_utf8(bytes)
                .ok()?
                .strip_prefix("at:")?
                .parse()
                .ok()
        })
        .ok_or_else(|| {
            ApiError::bad_request(format!(
                "The parameter \"{parameter}\" was malformed: invalid cursor"
            ))
        })
}
