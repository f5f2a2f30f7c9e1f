//! `channel.channel_points_*`

use jiff::Timestamp;
use serde_json::{Value, json};

use super::text::Message;
use super::{BROADCASTER, Person, USER, stamp, with};

/// A reward the broadcaster made.
#[derive(Debug, Clone)]
pub(crate) struct Reward {
    pub(crate) id: String,
    pub(crate) title: &'static str,
    pub(crate) cost: i64,
    pub(crate) prompt: &'static str,
    pub(crate) needs_text: bool,
    pub(crate) is_enabled: bool,
}

/// `channel.channel_points_custom_reward.add`, `.update`, `.remove`
pub(crate) fn reward(broadcaster: &Person, reward: &Reward) -> Value {
    let image = |name: &str| {
        json!({
            "url_1x": format!("https://static-cdn.jtvnw.net/{name}-1.png"),
            "url_2x": format!("https://static-cdn.jtvnw.net/{name}-2.png"),
            "url_4x": format!("https://static-cdn.jtvnw.net/{name}-4.png"),
        })
    };
    with(
        &[(BROADCASTER, Some(broadcaster))],
        json!({
            "id": reward.id,
            "is_enabled": reward.is_enabled,
            "is_paused": false,
            "is_in_stock": true,
            "title": reward.title,
            "cost": reward.cost,
            "prompt": reward.prompt,
            "is_user_input_required": reward.needs_text,
            "should_redemptions_skip_request_queue": false,
            "max_per_stream": {"is_enabled": false, "value": 0},
            "max_per_user_per_stream": {"is_enabled": false, "value": 0},
            "global_cooldown": {"is_enabled": false, "seconds": 0},
            "background_color": "#A78BFA",
            "image": Value::Null,
            "default_image": image("custom-reward-images/default"),
            "cooldown_expires_at": Value::Null,
            "redemptions_redeemed_current_stream": Value::Null,
        }),
    )
}

/// Somebody's redemption of a custom reward.
#[derive(Debug)]
pub(crate) struct Redemption<'a> {
    pub(crate) id: &'a str,
    pub(crate) user: &'a Person,
    pub(crate) input: &'a str,
    /// `unfulfilled`, `fulfilled`, `canceled`
    pub(crate) status: &'a str,
    pub(crate) reward: &'a Reward,
    pub(crate) at: Timestamp,
}

/// `channel.channel_points_custom_reward_redemption.add`, `.update`
pub(crate) fn redemption(broadcaster: &Person, redemption: &Redemption<'_>) -> Value {
    let reward = redemption.reward;
    with(
        &[
            (BROADCASTER, Some(broadcaster)),
            (USER, Some(redemption.user)),
        ],
        json!({
            "id": redemption.id,
            "user_input": redemption.input,
            "status": redemption.status,
            "reward": {
                "id": reward.id,
                "title": reward.title,
                "cost": reward.cost,
                "prompt": reward.prompt,
            },
            "redeemed_at": stamp(redemption.at),
        }),
    )
}

/// A reward every channel has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Automatic {
    pub(crate) kind: &'static str,
    pub(crate) cost: i64,
    /// The unlocked or changed emote: id, name.
    pub(crate) emote: Option<(&'static str, &'static str)>,
}

/// `channel.channel_points_automatic_reward_redemption.add`, versions 1 and 2
pub(crate) fn automatic(
    broadcaster: &Person,
    user: &Person,
    redemption_id: &str,
    reward: &Automatic,
    message: Option<&Message>,
    at: Timestamp,
    version: &str,
) -> Value {
    let emote = reward
        .emote
        .map(|(id, name)| json!({"id": id, "name": name}));
    let fields = if version == "1" {
        let text = message.map(Message::text).unwrap_or_default();
        json!({
            "id": redemption_id,
            "reward": {"type": reward.kind, "cost": reward.cost, "unlocked_emote": emote},
            "message": {
                "text": text,
                "emotes": message.map_or(Value::Null, Message::emote_ranges),
            },
            "user_input": text,
            "redeemed_at": stamp(at),
        })
    } else {
        json!({
            "id": redemption_id,
            "reward": {"type": reward.kind, "channel_points": reward.cost, "emote": emote},
            "message": message.map(Message::json),
            "redeemed_at": stamp(at),
        })
    };
    with(
        &[(BROADCASTER, Some(broadcaster)), (USER, Some(user))],
        fields,
    )
}
