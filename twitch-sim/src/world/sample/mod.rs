//! A full default event of every subscription type and version, for those who
//! order one. What the order already says (who, how many, which notice) is
//! heeded, so that the sentences in the event agree with its fields.

mod chat;
mod moderation;
mod objects;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::dice::Dice;
use super::payload::chat::Badge;
use super::payload::text::Message;
use super::payload::{
    Money, bits, channel, charity, goal, hype_train, points, poll, prediction, shared_chat, stream,
    subscription,
};
use super::room::Room;
use super::{Channel, Person, lines};

/// The version that is current for a type.
pub(crate) fn newest_version(event_type: &str) -> &'static str {
    match event_type {
        "channel.update"
        | "channel.follow"
        | "channel.moderate"
        | "channel.channel_points_automatic_reward_redemption.add"
        | "channel.hype_train.begin"
        | "channel.hype_train.progress"
        | "channel.hype_train.end"
        | "automod.message.hold"
        | "automod.message.update" => "2",
        _ => "1",
    }
}

/// What a sample is made of.
pub(crate) struct Sample<'a> {
    pub(crate) people: &'a [Person],
    pub(crate) host: &'a Person,
    pub(crate) channel: &'a Channel,
    pub(crate) room: &'a Room,
    /// Who acts, and somebody else.
    pub(crate) actor: &'a Person,
    pub(crate) color: &'a str,
    pub(crate) badges: Vec<Badge>,
    pub(crate) other: &'a Person,
    /// Another channel.
    pub(crate) neighbour: &'a Person,
    pub(crate) moderator: &'a Person,
    pub(crate) dice: &'a mut Dice,
    pub(crate) now: Timestamp,
    /// The fields the order gives.
    pub(crate) given: &'a Map<String, Value>,
}

impl<'a> Sample<'a> {
    /// The default event, or nothing for a type we do not know.
    pub(crate) fn event(&mut self, event_type: &str, version: &str) -> Option<Value> {
        self.public(event_type, version)
            .or_else(|| self.chat(event_type))
            .or_else(|| self.support(event_type))
            .or_else(|| self.points(event_type, version))
            .or_else(|| self.contest(event_type))
            .or_else(|| self.moderation(event_type, version))
            .or_else(|| self.automod(event_type, version))
            .or_else(|| self.elsewhere(event_type))
    }

    fn public(&mut self, event_type: &str, version: &str) -> Option<Value> {
        let host = self.host;
        Some(match event_type {
            "stream.online" => stream::online(host, &self.dice.digits(11), self.now),
            "stream.offline" => {
                let current = self.channel.stream.as_ref().map(|stream| stream.id.clone());
                let id = current.unwrap_or_else(|| self.dice.digits(11));
                stream::offline(host, &id)
            }
            "channel.update" => channel::update(host, self.channel, version),
            "channel.raid" => channel::raid(self.neighbour, host, self.dice.between(12, 900)),
            "channel.shared_chat.begin" | "channel.shared_chat.update" => {
                shared_chat::session(host, host, &self.dice.uuid(), &[host, self.neighbour])
            }
            "channel.shared_chat.end" => shared_chat::end(host, host, &self.dice.uuid()),
            "channel.follow" => channel::follow(host, self.actor, self.now),
            "channel.ad_break.begin" => channel::ad_break(host, host, 60, false, self.now),
            "channel.shoutout.create" => {
                channel::shoutout_create(host, self.moderator, self.neighbour, 86, self.now)
            }
            "channel.shoutout.receive" => {
                channel::shoutout_receive(host, self.neighbour, 954, self.now)
            }
            _ => return None,
        })
    }

    fn support(&mut self, event_type: &str) -> Option<Value> {
        let (host, actor) = (self.host, self.actor);
        let campaign = self.campaign();
        Some(match event_type {
            "channel.subscribe" | "channel.subscription.end" => {
                subscription::subscribe(host, actor, "1000", false)
            }
            "channel.subscription.gift" => {
                let total = self.number(&["total"]).unwrap_or(5);
                let all = Some(total + 37);
                subscription::gift(host, self.unless_anonymous(), total, "1000", all)
            }
            "channel.subscription.message" => {
                let message = self.message(&["Still here LUL"], None);
                subscription::message(host, actor, &self.resub(), &message)
            }
            "channel.cheer" => {
                let bits = self.number(&["bits"]).unwrap_or(100);
                let text = self.message(lines::CHEERS, Some(bits)).text();
                channel::cheer(host, self.unless_anonymous(), bits, &text)
            }
            "channel.bits.use" => {
                let bits = self.number(&["bits"]).unwrap_or(100);
                let message = self.message(lines::CHEERS, Some(bits));
                bits::spend(host, actor, bits, &bits::Use::Cheer, Some(&message))
            }
            "channel.custom_power_up_redemption.add" => {
                let (title, bits, prompt) = lines::POWER_UPS[0];
                let power_up = bits::CustomPowerUp {
                    id: self.dice.uuid(),
                    title,
                    bits,
                    prompt,
                };
                let id = self.dice.uuid();
                bits::custom_power_up_redemption(host, actor, &id, &power_up, "Mum", self.now)
            }
            "channel.charity_campaign.donate" => {
                let amount = Money {
                    value: 1500,
                    currency: "USD",
                };
                charity::donate(host, actor, &self.dice.uuid(), &campaign, &amount)
            }
            "channel.charity_campaign.start" => charity::start(host, &campaign, self.now),
            "channel.charity_campaign.progress" => charity::progress(host, &campaign),
            "channel.charity_campaign.stop" => charity::stop(host, &campaign, self.now),
            "channel.goal.begin" | "channel.goal.progress" => goal::progress(host, &self.goal()),
            "channel.goal.end" => goal::end(host, &self.goal(), self.now),
            _ => return None,
        })
    }

    fn points(&mut self, event_type: &str, version: &str) -> Option<Value> {
        let (host, actor) = (self.host, self.actor);
        let reward = self.room.rewards.first()?.clone();
        let id = self.dice.uuid();
        let mut redemption = points::Redemption {
            id: &id,
            user: actor,
            input: "",
            status: "unfulfilled",
            reward: &reward,
            at: self.now,
        };
        Some(match event_type {
            "channel.channel_points_custom_reward.add"
            | "channel.channel_points_custom_reward.update"
            | "channel.channel_points_custom_reward.remove" => points::reward(host, &reward),
            "channel.channel_points_custom_reward_redemption.add" => {
                points::redemption(host, &redemption)
            }
            "channel.channel_points_custom_reward_redemption.update" => {
                redemption.status = "fulfilled";
                points::redemption(host, &redemption)
            }
            "channel.channel_points_automatic_reward_redemption.add" => {
                let automatic = points::Automatic {
                    kind: "send_highlighted_message",
                    cost: 100,
                    emote: None,
                };
                let message = self.message(lines::CHAT, None);
                points::automatic(
                    host,
                    actor,
                    &id,
                    &automatic,
                    Some(&message),
                    self.now,
                    version,
                )
            }
            _ => return None,
        })
    }

    fn contest(&mut self, event_type: &str) -> Option<Value> {
        let (host, now) = (self.host, self.now);
        Some(match event_type {
            "channel.poll.begin" => poll::begin(host, &self.poll()),
            "channel.poll.progress" => poll::progress(host, &self.poll()),
            "channel.poll.end" => poll::end(host, &self.poll(), "completed", now),
            "channel.prediction.begin" => prediction::begin(host, &self.prediction()),
            "channel.prediction.progress" => prediction::progress(host, &self.prediction()),
            "channel.prediction.lock" => prediction::lock(host, &self.prediction(), now),
            "channel.prediction.end" => {
                let mut prediction = self.prediction();
                for predictor in &mut prediction.outcomes[0].top {
                    predictor.won = Some(predictor.used * 2);
                }
                prediction::end(host, &prediction, Some(0), now)
            }
            "channel.hype_train.begin" => hype_train::begin(host, &self.train()),
            "channel.hype_train.progress" => hype_train::progress(host, &self.train()),
            "channel.hype_train.end" => hype_train::end(host, &self.train(), now),
            _ => return None,
        })
    }

    /// Who is meant to have done it; nobody if the order says anonymous.
    fn unless_anonymous(&self) -> Option<&'a Person> {
        let anonymous = ["is_anonymous", "chatter_is_anonymous"]
            .iter()
            .any(|key| self.given.get(*key) == Some(&Value::Bool(true)));
        (!anonymous).then_some(self.actor)
    }

    /// The number the order gives under these nested keys.
    fn number(&self, keys: &[&str]) -> Option<i64> {
        let (first, rest) = keys.split_first()?;
        let mut value = self.given.get(*first)?;
        for key in rest {
            value = value.get(*key)?;
        }
        value.as_i64()
    }

    /// The text the order gives, either as `message` or within it.
    fn given_text(&self) -> Option<String> {
        let message = self.given.get("message")?;
        let text = message.get("text").unwrap_or(message);
        text.as_str().map(str::to_owned)
    }

    /// The order's text, else one of `lines`, with a cheermote if bits are cheered.
    fn message(&mut self, lines: &[&'static str], bits: Option<i64>) -> Message {
        let text = self.given_text().unwrap_or_else(|| {
            let line = self.dice.text(lines);
            bits.map_or_else(|| line.to_owned(), |bits| format!("Cheer{bits} {line}"))
        });
        Message::parse(&text, self.people, bits.is_some())
    }
}
