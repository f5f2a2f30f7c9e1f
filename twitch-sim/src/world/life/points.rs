//! Channel points and power-ups.

use std::sync::Arc;

use jiff::Timestamp;

use crate::world::payload::bits;
use crate::world::payload::chat::Extras;
use crate::world::payload::points::{self, Automatic, Redemption, Reward};
use crate::world::payload::text::Message;
use crate::world::{Happening, World, later, lines};

/// What every channel offers without the broadcaster's doing.
const AUTOMATIC: &[Automatic] = &[
    Automatic {
        kind: "send_highlighted_message",
        cost: 100,
        emote: None,
    },
    Automatic {
        kind: "single_message_bypass_sub_mode",
        cost: 200,
        emote: None,
    },
    Automatic {
        kind: "random_sub_emote_unlock",
        cost: 280,
        emote: Some(("emotesv2_3b9d5c1e7a2f4c60b8e1d94f5a6c7e08", "miraTea")),
    },
    Automatic {
        kind: "chosen_sub_emote_unlock",
        cost: 280,
        emote: Some(("emotesv2_5e7a1b3c9d2f46809c4b6a8d7e0f2135", "kiteUp")),
    },
    Automatic {
        kind: "chosen_modified_sub_emote_unlock",
        cost: 380,
        emote: Some((
            "emotesv2_c84e2a6f1b7d4935a0e9f3d2b1c6875a_SG",
            "danaDive_SG",
        )),
    },
];

const REDEEMED: &str = "channel.channel_points_custom_reward_redemption.add";
const DECIDED: &str = "channel.channel_points_custom_reward_redemption.update";

impl World {
    /// Somebody redeems a reward, which is fulfilled or refused a while later.
    pub(crate) fn redemption(
        &mut self,
        host: usize,
        at: Timestamp,
        with_text: bool,
        out: &mut Vec<Happening>,
    ) {
        let people = Arc::clone(&self.people);
        let fitting: Vec<Reward> = self.rooms[host]
            .rewards
            .iter()
            .filter(|reward| reward.needs_text == with_text && reward.is_enabled)
            .cloned()
            .collect();
        let Some(reward) = fitting.get(self.dice.index(fitting.len())) else {
            return;
        };
        let who = self.anybody(host);
        let input = if with_text {
            self.dice.text(lines::REWARD_INPUTS)
        } else {
            ""
        };
        let id = self.dice.uuid();
        let mut redemption = Redemption {
            id: &id,
            user: &people[who],
            input,
            status: "unfulfilled",
            reward,
            at,
        };
        let event = points::redemption(&people[host], &redemption);
        self.tell(host, REDEEMED, event, out);
        if with_text {
            let message = Message::parse(input, &people, false);
            let extras = Extras {
                reward_id: Some(&reward.id),
                ..Extras::default()
            };
            for (host, event) in self.chat_events(host, who, &message, &extras) {
                self.tell(host, "channel.chat.message", event, out);
            }
        }
        redemption.status = if self.dice.chance(0.85) {
            "fulfilled"
        } else {
            "canceled"
        };
        let event = points::redemption(&people[host], &redemption);
        let wait = self.dice.within(8.0, 60.0);
        self.plan(host, DECIDED, event, later(at, wait));
    }

    pub(crate) fn automatic_reward(
        &mut self,
        host: usize,
        at: Timestamp,
        out: &mut Vec<Happening>,
    ) {
        let people = Arc::clone(&self.people);
        let Some(reward) = self.dice.pick(AUTOMATIC) else {
            return;
        };
        let who = self.anybody(host);
        let message = reward
            .emote
            .is_none()
            .then(|| Message::parse(self.dice.text(lines::CHAT), &people, false));
        let id = self.dice.uuid();
        let event = points::automatic(
            &people[host],
            &people[who],
            &id,
            &reward,
            message.as_ref(),
            at,
            "2",
        );
        self.tell(
            host,
            "channel.channel_points_automatic_reward_redemption.add",
            event,
            out,
        );
        let Some(message) = message else {
            return;
        };
        let extras = Extras {
            message_type: Some(if reward.kind == "send_highlighted_message" {
                "channel_points_highlighted"
            } else {
                "channel_points_sub_only"
            }),
            ..Extras::default()
        };
        for (host, event) in self.chat_events(host, who, &message, &extras) {
            self.tell(host, "channel.chat.message", event, out);
        }
    }

    /// Bits for an effect instead of a cheer.
    pub(crate) fn power_up(&mut self, host: usize, at: Timestamp, out: &mut Vec<Happening>) {
        let people = Arc::clone(&self.people);
        let who = self.anybody(host);
        let (broadcaster, user) = (&people[host], &people[who]);
        if self.dice.chance(0.6) {
            let kind = self
                .dice
                .text(&["message_effect", "gigantify_an_emote", "celebration"]);
            let text = match kind {
                "message_effect" => self.dice.text(lines::CHEERS),
                _ => "LUL",
            };
            let message = Message::parse(text, &people, false);
            let cost = self.dice.pick(&[20, 30, 40, 50]).unwrap_or(30);
            let what = bits::Use::PowerUp(kind);
            let event = bits::spend(broadcaster, user, cost, &what, Some(&message));
            self.tell(host, "channel.bits.use", event, out);
            return;
        }
        let (title, cost, prompt) = self
            .dice
            .pick(lines::POWER_UPS)
            .unwrap_or(lines::POWER_UPS[0]);
        let power_up = bits::CustomPowerUp {
            id: self.dice.uuid(),
            title,
            bits: cost,
            prompt,
        };
        let input = if prompt.is_empty() {
            ""
        } else {
            self.dice.text(lines::REWARD_INPUTS)
        };
        let id = self.dice.uuid();
        let event = bits::custom_power_up_redemption(broadcaster, user, &id, &power_up, input, at);
        self.tell(host, "channel.custom_power_up_redemption.add", event, out);
        let what = bits::Use::CustomPowerUp(title, &power_up.id);
        let event = bits::spend(broadcaster, user, cost, &what, None);
        self.tell(host, "channel.bits.use", event, out);
    }

    /// The broadcaster adds, changes or removes a reward.
    pub(crate) fn reward_change(&mut self, host: usize, out: &mut Vec<Happening>) {
        let people = Arc::clone(&self.people);
        let broadcaster = &people[host];
        let id = self.dice.uuid();
        let room = &mut self.rooms[host];
        let extra = room
            .rewards
            .iter()
            .position(|reward| reward.title == lines::EXTRA_REWARD);
        let index = self.dice.index(room.rewards.len());
        match (self.dice.index(2), extra) {
            (0, None) => {
                let reward = Reward {
                    id,
                    title: lines::EXTRA_REWARD,
                    cost: 750,
                    prompt: "",
                    needs_text: false,
                    is_enabled: true,
                };
                let event = points::reward(broadcaster, &reward);
                room.rewards.push(reward);
                self.tell(host, "channel.channel_points_custom_reward.add", event, out);
            }
            (0, Some(extra)) => {
                let event = points::reward(broadcaster, &room.rewards.remove(extra));
                self.tell(
                    host,
                    "channel.channel_points_custom_reward.remove",
                    event,
                    out,
                );
            }
            _ => {
                let Some(reward) = room.rewards.get_mut(index) else {
                    return;
                };
                reward.cost = reward.cost * self.dice.between(80, 130) / 100 / 10 * 10 + 10;
                let event = points::reward(broadcaster, reward);
                self.tell(
                    host,
                    "channel.channel_points_custom_reward.update",
                    event,
                    out,
                );
            }
        }
    }
}
