//! Types that concern an app, not a channel: conduits, extensions, drops.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{BROADCASTER, Person, USER, stamp, with};

/// `conduit.shard.disabled`
pub(crate) fn shard_disabled(conduit_id: &str, session_id: &str, at: Timestamp) -> Value {
    json!({
        "conduit_id": conduit_id,
        "shard_id": "0",
        "status": "websocket_disconnected",
        "transport": {
            "method": "websocket",
            "session_id": session_id,
            "connected_at": stamp(at),
            "disconnected_at": stamp(at),
        },
    })
}

/// `extension.bits_transaction.create`
pub(crate) fn bits_transaction(
    broadcaster: &Person,
    user: &Person,
    transaction_id: &str,
    client_id: &str,
) -> Value {
    with(
        &[(BROADCASTER, Some(broadcaster)), (USER, Some(user))],
        json!({
            "id": transaction_id,
            "extension_client_id": client_id,
            "product": {
                "name": "Confetti",
                "sku": "confetti_small",
                "bits": 50,
                "in_development": false,
            },
        }),
    )
}

/// `drop.entitlement.grant`: one member of the body's `events` array.
pub(crate) fn entitlement(
    user: &Person,
    id: &str,
    organization_id: &str,
    category: (&str, &str),
    campaign_id: &str,
    at: Timestamp,
) -> Value {
    json!({
        "id": id,
        "data": with(
            &[(USER, Some(user))],
            json!({
                "organization_id": organization_id,
                "category_id": category.0,
                "category_name": category.1,
                "campaign_id": campaign_id,
                "entitlement_id": format!("{id}-entitlement"),
                "benefit_id": "74c52265-e214-48a6-91b9-23b6014e8041",
                "created_at": stamp(at),
            }),
        ),
    })
}
