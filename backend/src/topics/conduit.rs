//! Our conduit: made once, kept by id, used again after a restart. No other is ever touched.

use crate::shards::SHARDS;
use crate::store::{self, Store};
use crate::twitch;

const META: &str = "conduit-id";

/// Why there is no conduit.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    /// Twitch refused, or could not be asked.
    #[error(transparent)]
    Twitch(#[from] twitch::Error),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// The conduit we have had, whether or not Twitch still has it.
pub(super) async fn remembered(store: &Store) -> Result<Option<String>, store::Error> {
    store.meta(META).await
}

/// Our conduit with all its shards: the one we have had, if Twitch still has it, else a new one.
pub(super) async fn ensure(store: &Store, twitch: &twitch::Client) -> Result<String, Error> {
    let listed = twitch.conduits().await?;
    if let Some(ours) = remembered(store).await?
        && let Some(conduit) = listed.into_iter().find(|conduit| conduit.id == ours)
    {
        if usize::try_from(conduit.shard_count).is_ok_and(|count| count < SHARDS) {
            twitch.resize_conduit(&ours, SHARDS).await?;
        }
        return Ok(ours);
    }
    let conduit = twitch.create_conduit(SHARDS).await?;
    if let Err(error) = store.set_meta(META, &conduit.id).await {
        // Unremembered it would stay behind and count against the limit of five.
        if let Err(error) = twitch.delete_conduit(&conduit.id).await {
            tracing::warn!(%error, conduit = conduit.id, "could not delete a conduit that could not be remembered");
        }
        return Err(error.into());
    }
    tracing::info!(conduit = conduit.id, "made a conduit");
    Ok(conduit.id)
}
