//! Samples of `channel.chat.*` and `channel.chat_settings.update`.

use serde_json::Value;

use super::Sample;
use crate::world::lines;
use crate::world::payload::Money;
use crate::world::payload::chat::{self, Badge, Extras, Settings, Source, Speaker};
use crate::world::payload::notice::{self, Notice};
use crate::world::payload::subscription::Resub;
use crate::world::payload::text::Message;

impl<'a> Sample<'a> {
    pub(super) fn chat(&mut self, event_type: &str) -> Option<Value> {
        let (host, actor) = (self.host, self.actor);
        let id = self.dice.uuid();
        Some(match event_type {
            "channel.chat.message" => {
                let bits = self.number(&["cheer", "bits"]);
                let message = self.message(lines::CHAT, bits);
                let extras = Extras {
                    cheer_bits: bits,
                    ..Extras::default()
                };
                chat::message(host, &self.speaker(), &id, &message, &extras, None)
            }
            "channel.chat.notification" => self.notification(&id),
            "channel.chat.message_delete" => chat::message_delete(host, actor, &id),
            "channel.chat.clear_user_messages" => chat::clear_user_messages(host, actor),
            "channel.chat.clear" => chat::clear(host),
            "channel.chat_settings.update" => {
                let settings = Settings {
                    slow_seconds: Some(10),
                    ..Settings::default()
                };
                chat::settings_update(host, &settings)
            }
            "channel.chat.user_message_hold" => {
                let message = self.message(lines::HELD_LINES, None);
                chat::user_message(host, actor, &id, &message, None)
            }
            "channel.chat.user_message_update" => {
                let message = self.message(lines::HELD_LINES, None);
                chat::user_message(host, actor, &id, &message, Some("approved"))
            }
            _ => return None,
        })
    }

    fn notification(&mut self, id: &str) -> Value {
        let wanted = self
            .given
            .get("notice_type")
            .and_then(Value::as_str)
            .unwrap_or("resub")
            .to_owned();
        let plain = wanted.strip_prefix("shared_chat_").unwrap_or(&wanted);
        let notice = self.notice(plain, &wanted);
        let message = match (self.given_text(), plain) {
            (Some(text), _) => Message::parse(&text, self.people, false),
            (None, "announcement") => self.message(lines::ANNOUNCEMENTS, None),
            (None, "watch_streak") => self.message(lines::STREAK_LINES, None),
            (None, "resub") => self.message(lines::RESUBS, None),
            (None, _) => Message::default(),
        };
        let speaker = self.unless_anonymous().map(|_| self.speaker());
        let source_id = self.dice.uuid();
        let badges: [Badge; 0] = [];
        let source = (plain != wanted).then_some(Source {
            broadcaster: self.neighbour,
            message_id: &source_id,
            badges: &badges,
        });
        let mut event = notice::notification(
            self.host,
            speaker.as_ref(),
            id,
            &notice,
            &message,
            source.as_ref(),
        );
        event["notice_type"] = wanted.into();
        event
    }

    fn notice(&mut self, plain: &str, wanted: &str) -> Notice {
        let (host, actor, other) = (self.host, self.actor, self.other);
        let count = |sample: &Self, key| sample.number(&[wanted, key]);
        let tier = match self
            .given
            .get(wanted)
            .and_then(|object| object.get("sub_tier"))
            .and_then(Value::as_str)
        {
            Some("2000") => "2000",
            Some("3000") => "3000",
            Some(_) | None => "1000",
        };
        let gifter = self.unless_anonymous();
        match plain {
            "sub" => notice::sub(actor, tier, false),
            "resub" => {
                let resub = Resub {
                    cumulative_months: count(self, "cumulative_months").unwrap_or(15),
                    streak_months: count(self, "streak_months"),
                    tier,
                    ..self.resub()
                };
                notice::resub(actor, &resub, None)
            }
            "sub_gift" => notice::sub_gift(gifter, other, tier, Some(12), None),
            "community_sub_gift" => {
                let total = count(self, "total").unwrap_or(5);
                let all = count(self, "cumulative_total").unwrap_or(total + 37);
                notice::community_sub_gift(
                    host,
                    gifter,
                    &self.dice.digits(20),
                    total,
                    tier,
                    Some(all),
                )
            }
            "gift_paid_upgrade" => notice::gift_paid_upgrade(actor, Some(other)),
            "prime_paid_upgrade" => notice::prime_paid_upgrade(actor, tier),
            "pay_it_forward" => notice::pay_it_forward(actor, Some(other), None),
            "raid" => notice::raid(actor, count(self, "viewer_count").unwrap_or(318)),
            "unraid" => notice::unraid(),
            "announcement" => notice::announcement("PRIMARY"),
            "bits_badge_tier" => {
                notice::bits_badge_tier(actor, count(self, "tier").unwrap_or(1000))
            }
            "charity_donation" => {
                let amount = Money {
                    value: self.number(&[wanted, "amount", "value"]).unwrap_or(1500),
                    currency: "USD",
                };
                notice::charity_donation(actor, lines::CHARITIES[0].0, &amount)
            }
            "watch_streak" => notice::watch_streak(actor, count(self, "streak_count").unwrap_or(5)),
            "modiversary" => notice::modiversary(count(self, "months").unwrap_or(24)),
            // A notice nobody has heard of: the sentence alone.
            _ => Notice {
                kind: "unknown",
                object: Value::Null,
                system_message: format!("{} did something new!", actor.display_name),
            },
        }
    }

    fn speaker(&self) -> Speaker<'a> {
        Speaker {
            person: self.actor,
            color: self.color,
            badges: self.badges.clone(),
        }
    }
}
