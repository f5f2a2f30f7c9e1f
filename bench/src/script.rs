//! What is sent: notification number so-and-so is always the same, so that what was stored can be compared with it.

use std::io::Write as _;

use serde_json::Value;

use crate::message_id;

/// A channel that things happen in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Channel {
    /// Twitch's id.
    pub(crate) id: String,
    /// In lower case.
    pub(crate) login: String,
    /// As its owner writes it.
    pub(crate) name: String,
}

/// Streamers that the simulator knows, so that one can subscribe to them.
pub(crate) const CAST: [(&str, &str, &str); 6] = [
    ("700100200", "mira_plays", "Mira_Plays"),
    ("431904427", "kiteflyer", "kiteflyer"),
    ("128776034", "deepseadana", "DeepSeaDana"),
    ("555000111", "late_owl", "Late_Owl"),
    ("263390118", "pixel_baker", "pixel_baker"),
    ("88213407", "ostrich_op", "Ostrich_Op"),
];

/// The channels of the cast first, then made-up ones.
pub(crate) fn channels(count: usize) -> Vec<Channel> {
    (0..count)
        .map(|n| match CAST.get(n) {
            Some((id, login, name)) => Channel {
                id: (*id).to_owned(),
                login: (*login).to_owned(),
                name: (*name).to_owned(),
            },
            None => Channel {
                id: (1_000_000_000 + n).to_string(),
                login: format!("streamer_{n}"),
                name: format!("Streamer_{n}"),
            },
        })
        .collect()
}

/// A type of notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `channel.raid`, seen by everyone.
    Raid,
    /// `channel.chat.notification` of a resub, seen by everyone; has a key of its own.
    Resub,
    /// `channel.chat.message` with a cheer, seen by everyone; has a key of its own.
    ChatCheer,
    /// `channel.cheer`, for the broadcaster alone.
    Cheer,
    /// `channel.follow`, for the broadcaster alone.
    Follow,
    /// A redemption of channel points, for the broadcaster alone; has a key of its own.
    Redemption,
}

impl Kind {
    /// Twitch's name and version of it.
    pub(crate) fn type_name(self) -> (&'static str, &'static str) {
        match self {
            Self::Raid => ("channel.raid", "1"),
            Self::Resub => ("channel.chat.notification", "1"),
            Self::ChatCheer => ("channel.chat.message", "1"),
            Self::Cheer => ("channel.cheer", "1"),
            Self::Follow => ("channel.follow", "2"),
            Self::Redemption => ("channel.channel_points_custom_reward_redemption.add", "1"),
        }
    }
}

/// All types.
pub(crate) const ALL: &[Kind] = &[
    Kind::Raid,
    Kind::Resub,
    Kind::ChatCheer,
    Kind::Cheer,
    Kind::Follow,
    Kind::Redemption,
];

/// Those that every viewer may see.
pub(crate) const PUBLIC: &[Kind] = &[Kind::Raid, Kind::Resub, Kind::ChatCheer];

/// All that may be sent in a run.
#[derive(Debug)]
pub(crate) struct Script {
    /// Two runs with the same one send the same.
    pub(crate) seed: u64,
    /// Where it happens.
    pub(crate) channels: Vec<Channel>,
    /// What happens.
    pub(crate) kinds: &'static [Kind],
}

/// One notification.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Notice<'a> {
    /// By which it is told from others.
    pub(crate) number: u64,
    /// Its message id.
    seed: u64,
    dice: u64,
    /// What happens.
    pub(crate) kind: Kind,
    /// Where.
    pub(crate) channel: &'a Channel,
}

impl Script {
    /// The notification of a number; channels take turns.
    pub(crate) fn notice(&self, number: u64) -> Notice<'_> {
        let dice = message_id::mix(self.seed ^ message_id::mix(number));
        Notice {
            number,
            seed: self.seed,
            dice,
            kind: self.kinds[below(dice, self.kinds.len())],
            channel: &self.channels[below(number, self.channels.len())],
        }
    }
}

fn below(number: u64, most: usize) -> usize {
    usize::try_from(number % most as u64).unwrap_or_default()
}

impl Notice<'_> {
    /// Its message id.
    pub(crate) fn message_id(&self) -> String {
        message_id::of(self.seed, self.number)
    }

    /// What an event of it must show as its amount.
    pub(crate) fn amount(&self) -> Option<(i64, &'static str)> {
        let value = self.value();
        match self.kind {
            Kind::Raid => Some((value, "viewers")),
            Kind::Resub => Some((value % 120 + 1, "months")),
            Kind::ChatCheer | Kind::Cheer => Some((value, "bits")),
            Kind::Redemption => Some((value, "points")),
            Kind::Follow => None,
        }
    }

    fn value(&self) -> i64 {
        i64::try_from(self.dice >> 16 & 0xFFFF).unwrap_or_default() + 1
    }

    /// The JSON of the whole message.
    pub(crate) fn write_body(&self, body: &mut Vec<u8>) {
        let (event_type, version) = self.kind.type_name();
        let id = &self.channel.id;
        let condition = match self.kind {
            Kind::Raid => format!(r#"{{"to_broadcaster_user_id":"{id}"}}"#),
            Kind::Follow => {
                format!(r#"{{"broadcaster_user_id":"{id}","moderator_user_id":"{id}"}}"#)
            }
            Kind::Resub | Kind::ChatCheer => {
                format!(r#"{{"broadcaster_user_id":"{id}","user_id":"640172935"}}"#)
            }
            Kind::Cheer | Kind::Redemption => format!(r#"{{"broadcaster_user_id":"{id}"}}"#),
        };
        // Writing to memory cannot fail.
        _ = write!(
            body,
            r#"{{"subscription":{{"id":"8c7aa77d-b3b4-4ac6-b6b7-{:012x}","status":"enabled","type":"{event_type}","version":"{version}","condition":{condition},"transport":{{"method":"webhook","callback":"http://localhost/webhooks/twitch"}},"created_at":"2026-11-01T17:00:00.123456789Z","cost":0}},"event":"#,
            message_id::mix(self.seed) & 0xFFFF_FFFF_FFFF
        );
        self.write_event(body);
        body.push(b'}');
    }

    fn write_event(&self, body: &mut Vec<u8>) {
        let Channel { id, login, name } = self.channel;
        let (n, person, value) = (self.number, self.dice >> 40, self.value());
        let whose = format!(
            r#""broadcaster_user_id":"{id}","broadcaster_user_login":"{login}","broadcaster_user_name":"{name}""#
        );
        let who = format!(
            r#""user_id":"{person}","user_login":"person_{person}","user_name":"Person_{person}""#
        );
        let chatter = format!(
            r#""chatter_user_id":"{person}","chatter_user_login":"person_{person}","chatter_user_name":"Person_{person}""#
        );
        _ = match self.kind {
            Kind::Raid => write!(
                body,
                r#"{{"to_broadcaster_user_id":"{id}","to_broadcaster_user_login":"{login}","to_broadcaster_user_name":"{name}","from_broadcaster_user_id":"{person}","from_broadcaster_user_login":"person_{person}","from_broadcaster_user_name":"Person_{person}","viewers":{value}}}"#
            ),
            Kind::Resub => write!(
                body,
                r#"{{{whose},{chatter},"chatter_is_anonymous":false,"message_id":"line-{n}","message":{{"text":"Still here, number {n}","fragments":[]}},"notice_type":"resub","resub":{{"cumulative_months":{},"duration_months":1,"streak_months":null,"sub_tier":"1000","is_prime":false,"is_gift":false}}}}"#,
                value % 120 + 1
            ),
            Kind::ChatCheer => write!(
                body,
                r#"{{{whose},{chatter},"message_id":"line-{n}","message":{{"text":"Cheer{value} well played, number {n}","fragments":[]}},"message_type":"text","cheer":{{"bits":{value}}},"color":"","reply":null}}"#
            ),
            Kind::Cheer => write!(
                body,
                r#"{{{who},{whose},"is_anonymous":false,"message":"Cheer{value} that was event {n}","bits":{value}}}"#
            ),
            Kind::Follow => write!(
                body,
                r#"{{{who},{whose},"followed_at":"2026-11-01T17:00:00.{:09}Z"}}"#,
                n % 1_000_000_000
            ),
            Kind::Redemption => write!(
                body,
                r#"{{"id":"redemption-{n}",{whose},{who},"user_input":"","status":"unfulfilled","reward":{{"id":"92af127c-7326-4483-a52b-b0da0be61c01","title":"Hydrate","cost":{value},"prompt":"Drink"}},"redeemed_at":"2026-11-01T17:00:00.123Z"}}"#
            ),
        };
    }

    /// Twitch's `event` object, as it must be stored.
    pub(crate) fn event(&self) -> serde_json::Result<Value> {
        let mut text = Vec::new();
        self.write_event(&mut text);
        serde_json::from_slice(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script() -> Script {
        Script {
            seed: 3,
            channels: channels(20),
            kinds: ALL,
        }
    }

    #[test]
    fn every_body_is_json_of_about_the_size_of_twitchs() {
        let (script, mut total) = (script(), 0);
        for number in 0..2_000 {
            let notice = script.notice(number);
            let mut body = Vec::new();
            notice.write_body(&mut body);
            let json: Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(json["subscription"]["type"], notice.kind.type_name().0);
            assert_eq!(json["event"], notice.event().unwrap());
            total += body.len();
        }
        let mean = total / 2_000;
        assert!((520..700).contains(&mean), "{mean} bytes on average");
    }

    #[test]
    fn all_types_and_channels_occur() {
        let script = script();
        let notices: Vec<_> = (0..200).map(|n| script.notice(n)).collect();
        for kind in ALL {
            assert!(notices.iter().any(|notice| notice.kind == *kind));
        }
        let logins: std::collections::HashSet<_> =
            notices.iter().map(|n| &n.channel.login).collect();
        assert_eq!(logins.len(), 20);
    }
}
