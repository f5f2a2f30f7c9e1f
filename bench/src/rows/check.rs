//! What a copied row must hold, and whether it does.

use anyhow::{Context as _, ensure};
use rand::RngExt as _;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::{Rows, VARIANTS};
use crate::script::{Channel, Notice};
use crate::store::{Store, compare_amount};

/// Characters at the beginning of a message id that tell the copy.
const COPY: usize = 8;

/// The part of a message id that copies have in common with their original.
pub(super) fn shared_part(message_id: &str) -> &str {
    message_id.get(COPY..).unwrap_or_default()
}

/// A streamer of copies; variant 0 is the original.
pub(super) fn broadcaster(original: &Channel, variant: u64) -> Channel {
    let Channel { id, login, name } = original;
    let name = name.clone();
    if variant == 0 {
        return original.clone();
    }
    Channel {
        id: format!("{id}{variant:03}"),
        login: format!("{login}_{variant}"),
        name,
    }
}

impl Rows {
    /// Compares random rows, field by field, with what they must hold; answers how many.
    ///
    /// # Errors
    /// With the first difference.
    pub(crate) async fn compare(
        &self,
        store: &Store,
        count: usize,
        dice: &mut StdRng,
    ) -> anyhow::Result<usize> {
        let (stored, newest) = (store.count().await?, store.newest().await?);
        ensure!(
            stored == self.count(),
            "{stored} events are stored, not {}",
            self.count()
        );
        for _ in 0..count {
            // Ids have no holes, as nothing was sent twice.
            let id = dice.random_range(1..=newest);
            let row = store.row(id).await?;
            self.compare_one(&row)
                .with_context(|| format!("event {id}"))?;
        }
        Ok(count)
    }

    fn compare_one(&self, row: &SqliteRow) -> anyhow::Result<()> {
        let message_id: &str = row.try_get("message_id")?;
        let number = self.numbers.get(shared_part(message_id));
        let notice = self.script.notice(*number.context("nobody sent it")?);
        let original = notice.message_id();
        let copy = if message_id == original {
            0
        } else {
            u64::from_str_radix(message_id.get(..COPY).unwrap_or_default(), 16)?
        };
        ensure!(copy <= self.copies, "copy {copy} was not made");
        let channel = broadcaster(notice.channel, copy % VARIANTS);
        compare_event(row, &notice, &channel, (copy > 0).then_some(copy))
    }
}

/// Compares what a copy has in common with its first event, and the channel it happened in.
pub(super) fn compare_event(
    row: &SqliteRow,
    notice: &Notice<'_>,
    channel: &Channel,
    copy: Option<u64>,
) -> anyhow::Result<()> {
    let (event_type, version) = notice.kind.type_name();
    for (column, expected) in [
        ("event_type", event_type),
        ("version", version),
        ("broadcaster_id", &channel.id),
        ("broadcaster_login", &channel.login),
        ("broadcaster_name", &channel.name),
    ] {
        let stored: &str = row.try_get(column)?;
        ensure!(stored == expected, "{column} is {stored}, not {expected}");
    }
    compare_amount(row, notice.amount())?;
    let payload: Value = serde_json::from_str(row.try_get("payload")?)?;
    let mut expected = notice.event()?;
    if let Some(copy) = copy {
        expected["copy"] = json!(copy);
    }
    ensure!(payload == expected, "payload is {payload}, not {expected}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_of_other_streamers_and_the_first_variant_is_the_original() {
        let channel = Channel {
            id: "12".to_owned(),
            login: "mira".to_owned(),
            name: "Mira".to_owned(),
        };
        assert_eq!(broadcaster(&channel, 0).id, "12");
        let copy = broadcaster(&channel, 7);
        assert_eq!((copy.id.as_str(), copy.login.as_str()), ("12007", "mira_7"));
        // The same, told as what is added to the original's.
        let added = broadcaster(&Channel::default(), 7);
        assert_eq!((added.id.as_str(), added.login.as_str()), ("007", "_7"));
        assert_eq!(broadcaster(&Channel::default(), 0).id, "");
    }
}
