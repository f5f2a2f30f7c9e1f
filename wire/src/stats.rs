//! How many events there were.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Kind;

/// Answer of `GET /api/v1/stats`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stats {
    /// Oldest first; those in which nothing happened are left out.
    pub buckets: Vec<StatsBucket>,
    /// Events of all buckets, by kind; kinds without any are left out.
    pub totals: BTreeMap<Kind, u64>,
}

/// The events of a minute, an hour or a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatsBucket {
    /// RFC 3339, UTC: when it began.
    pub start: String,
    /// Events by kind; kinds without any are left out.
    pub counts: BTreeMap<Kind, u64>,
}
