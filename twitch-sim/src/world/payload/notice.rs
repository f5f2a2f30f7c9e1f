//! `channel.chat.notification`: one envelope, one object per notice type.

use serde_json::{Value, json};

use super::chat::{Source, Speaker, add_source, badges};
use super::subscription::Resub;
use super::text::Message;
use super::{BROADCASTER, Money, Person, name, tier_name, with};

/// Notice types with an object of their own.
pub(crate) const NOTICES: [&str; 14] = [
    "sub",
    "resub",
    "sub_gift",
    "community_sub_gift",
    "gift_paid_upgrade",
    "prime_paid_upgrade",
    "pay_it_forward",
    "raid",
    "unraid",
    "announcement",
    "bits_badge_tier",
    "charity_donation",
    "watch_streak",
    "modiversary",
];

/// Those of them that are shown in the other channels of a shared chat.
pub(crate) const SHARED: [&str; 10] = [
    "sub",
    "resub",
    "sub_gift",
    "community_sub_gift",
    "gift_paid_upgrade",
    "prime_paid_upgrade",
    "pay_it_forward",
    "raid",
    "announcement",
    "modiversary",
];

/// One notice: its type, its object and the sentence Twitch shows for it.
#[derive(Debug, Clone)]
pub(crate) struct Notice {
    pub(crate) kind: &'static str,
    pub(crate) object: Value,
    pub(crate) system_message: String,
}

/// `channel.chat.notification`; no speaker = anonymous.
pub(crate) fn notification(
    broadcaster: &Person,
    speaker: Option<&Speaker<'_>>,
    message_id: &str,
    notice: &Notice,
    message: &Message,
    source: Option<&Source<'_>>,
) -> Value {
    let fragments = message.fragments();
    let foreign = source.is_some_and(|s| s.broadcaster.id != broadcaster.id);
    let prefix = if foreign && SHARED.contains(&notice.kind) {
        "shared_chat_"
    } else {
        ""
    };
    let key = format!("{prefix}{}", notice.kind);
    let mut event = with(
        &[
            (BROADCASTER, Some(broadcaster)),
            ("chatter_user", speaker.map(|s| s.person)),
        ],
        json!({
            "chatter_is_anonymous": speaker.is_none(),
            "color": speaker.map_or("", |s| s.color),
            "badges": speaker.map_or_else(|| json!([]), |s| badges(&s.badges)),
            "system_message": notice.system_message,
            "message_id": message_id,
            "message": {"text": message.text(), "fragments": fragments},
            "notice_type": key,
        }),
    );
    for kind in NOTICES {
        event[kind] = Value::Null;
    }
    for kind in SHARED {
        event[format!("shared_chat_{kind}")] = Value::Null;
    }
    event[key] = notice.object.clone();
    add_source(event, source)
}

pub(crate) fn sub(user: &Person, tier: &str, is_prime: bool) -> Notice {
    let how = if is_prime {
        "with Prime"
    } else {
        tier_at(tier)
    };
    Notice {
        kind: "sub",
        object: json!({"sub_tier": tier, "is_prime": is_prime, "duration_months": 1}),
        system_message: format!("{} subscribed {how}.", user.display_name),
    }
}

/// A resub; a gifter when the sub was a gift.
pub(crate) fn resub(user: &Person, resub: &Resub, gifter: Option<&Person>) -> Notice {
    let how = if resub.is_prime {
        "with Prime"
    } else {
        tier_at(resub.tier)
    };
    let months = resub.cumulative_months;
    let streak = resub.streak_months.map_or_else(String::new, |streak| {
        format!(", currently on a {streak} month streak")
    });
    let mut object = json!({
        "cumulative_months": months,
        "duration_months": resub.duration_months,
        "streak_months": resub.streak_months,
        "sub_tier": resub.tier,
        "is_prime": resub.is_prime,
        "is_gift": gifter.is_some(),
        "gifter_is_anonymous": gifter.map(|_| false),
    });
    add_person(&mut object, "gifter_user", gifter);
    Notice {
        kind: "resub",
        object,
        system_message: format!(
            "{} subscribed {how}. They've subscribed for {months} months{streak}!",
            user.display_name
        ),
    }
}

/// A single gift, or one of a community gift when its id is given.
pub(crate) fn sub_gift(
    gifter: Option<&Person>,
    recipient: &Person,
    tier: &str,
    cumulative_total: Option<i64>,
    community_gift_id: Option<&str>,
) -> Notice {
    let who = gifter.map_or("An anonymous user", |p| p.display_name.as_str());
    let total = cumulative_total.map_or_else(String::new, |total| {
        format!(" They have given {total} Gift Subs in the channel!")
    });
    let mut object = json!({
        "duration_months": 1,
        "cumulative_total": cumulative_total,
        "sub_tier": tier,
        "community_gift_id": community_gift_id,
    });
    add_person(&mut object, "recipient_user", Some(recipient));
    Notice {
        kind: "sub_gift",
        object,
        system_message: format!(
            "{who} gifted a {} sub to {}!{total}",
            tier_name(tier),
            recipient.display_name
        ),
    }
}

pub(crate) fn community_sub_gift(
    broadcaster: &Person,
    gifter: Option<&Person>,
    id: &str,
    total: i64,
    tier: &str,
    cumulative_total: Option<i64>,
) -> Notice {
    let who = gifter.map_or("An anonymous user", |p| p.display_name.as_str());
    let cumulative_total = gifter.and(cumulative_total);
    let all = cumulative_total.map_or_else(String::new, |all| {
        format!(" They've gifted a total of {all} in the channel!")
    });
    Notice {
        kind: "community_sub_gift",
        object: json!({
            "id": id,
            "total": total,
            "sub_tier": tier,
            "cumulative_total": cumulative_total,
        }),
        system_message: format!(
            "{who} is gifting {total} {} Subs to {}'s community!{all}",
            tier_name(tier),
            broadcaster.display_name
        ),
    }
}

/// Continues a gifted sub; no gifter = it was anonymous.
pub(crate) fn gift_paid_upgrade(user: &Person, gifter: Option<&Person>) -> Notice {
    let who = gifter.map_or("an anonymous user", |p| p.display_name.as_str());
    let mut object = json!({"gifter_is_anonymous": gifter.is_none()});
    add_person(&mut object, "gifter_user", gifter);
    Notice {
        kind: "gift_paid_upgrade",
        object,
        system_message: format!(
            "{} is continuing the Gift Sub they got from {who}!",
            user.display_name
        ),
    }
}

pub(crate) fn prime_paid_upgrade(user: &Person, tier: &str) -> Notice {
    Notice {
        kind: "prime_paid_upgrade",
        object: json!({"sub_tier": tier}),
        system_message: format!(
            "{} converted from a Prime sub to a {} sub!",
            user.display_name,
            tier_name(tier)
        ),
    }
}

/// Passes a gift on; no recipient = to the whole community.
pub(crate) fn pay_it_forward(
    user: &Person,
    gifter: Option<&Person>,
    recipient: Option<&Person>,
) -> Notice {
    let from = gifter.map_or("an anonymous gifter", |p| p.display_name.as_str());
    let to = recipient.map_or("the community", |p| p.display_name.as_str());
    let mut object = json!({"gifter_is_anonymous": gifter.is_none()});
    add_person(&mut object, "gifter_user", gifter);
    add_person(&mut object, "recipient_user", recipient);
    Notice {
        kind: "pay_it_forward",
        object,
        system_message: format!(
            "{} is paying forward the Gift they got from {from} to {to}!",
            user.display_name
        ),
    }
}

pub(crate) fn raid(from: &Person, viewers: i64) -> Notice {
    let mut object = json!({
        "viewer_count": viewers,
        "profile_image_url": format!(
            "https://static-cdn.jtvnw.net/jtv_user_pictures/{}-profile_image-300x300.png",
            from.login
        ),
    });
    add_person(&mut object, "user", Some(from));
    Notice {
        kind: "raid",
        object,
        system_message: format!("{viewers} raiders from {} have joined!", from.display_name),
    }
}

pub(crate) fn unraid() -> Notice {
    Notice {
        kind: "unraid",
        object: json!({}),
        system_message: "The raid has been canceled.".to_owned(),
    }
}

pub(crate) fn announcement(color: &str) -> Notice {
    Notice {
        kind: "announcement",
        object: json!({"color": color}),
        system_message: String::new(),
    }
}

pub(crate) fn bits_badge_tier(user: &Person, tier: i64) -> Notice {
    Notice {
        kind: "bits_badge_tier",
        object: json!({"tier": tier}),
        system_message: format!("{} just earned a new {tier} Bits badge!", user.display_name),
    }
}

pub(crate) fn charity_donation(user: &Person, charity_name: &str, amount: &Money) -> Notice {
    let (whole, rest) = (amount.value / 100, amount.value % 100);
    Notice {
        kind: "charity_donation",
        object: json!({
            "charity_name": charity_name,
            "amount": {"value": amount.value, "decimal_place": 2, "currency": amount.currency},
        }),
        system_message: format!(
            "{}: Donated {} {whole}.{rest:02} to support {charity_name}",
            user.display_name, amount.currency
        ),
    }
}

pub(crate) fn watch_streak(user: &Person, streak_count: i64) -> Notice {
    Notice {
        kind: "watch_streak",
        object: json!({"streak_count": streak_count, "channel_points_awarded": 450}),
        system_message: format!(
            "{} watched {streak_count} consecutive streams and sparked a watch streak!",
            user.display_name
        ),
    }
}

/// Twitch leaves the name out of this one's sentence.
pub(crate) fn modiversary(months: i64) -> Notice {
    Notice {
        kind: "modiversary",
        object: json!({"months": months}),
        system_message: format!("is celebrating {months} months as a moderator!"),
    }
}

fn tier_at(tier: &str) -> &'static str {
    match tier {
        "2000" => "at Tier 2",
        "3000" => "at Tier 3",
        _ => "at Tier 1",
    }
}

fn add_person(object: &mut Value, role: &str, person: Option<&Person>) {
    if let Some(map) = object.as_object_mut() {
        name(map, role, person);
    }
}
