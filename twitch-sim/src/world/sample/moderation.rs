//! Samples of what moderators, `AutoMod`, accounts and apps do.

use jiff::SignedDuration;
use serde_json::Value;

use super::Sample;
use crate::world::payload::moderate::{self, Action};
use crate::world::payload::{app, automod, moderation, user};
use crate::world::{later, lines};

impl Sample<'_> {
    pub(super) fn moderation(&mut self, event_type: &str, version: &str) -> Option<Value> {
        let (host, actor, moderator, now) = (self.host, self.actor, self.moderator, self.now);
        Some(match event_type {
            "channel.ban" => {
                let until = later(now, SignedDuration::from_mins(10));
                moderation::ban(host, moderator, actor, "spam", now, Some(until))
            }
            "channel.unban" => moderation::unban(host, moderator, actor),
            "channel.moderate" => moderate::moderate(host, moderator, &self.action(), version),
            "channel.moderator.add"
            | "channel.moderator.remove"
            | "channel.vip.add"
            | "channel.vip.remove"
            | "channel.warning.acknowledge" => moderation::role(host, actor),
            "channel.unban_request.create" => {
                let (id, text) = (self.dice.uuid(), lines::UNBAN_REQUESTS[0]);
                moderation::unban_request_create(host, actor, &id, text, now)
            }
            "channel.unban_request.resolve" => {
                let (id, text) = (self.dice.uuid(), Some(lines::UNBAN_ANSWERS[0]));
                let by = Some(moderator);
                moderation::unban_request_resolve(host, by, actor, &id, text, "approved")
            }
            "channel.warning.send" => {
                let reason = Some(lines::WARNINGS[0]);
                moderation::warning_send(host, moderator, actor, reason, None)
            }
            "channel.suspicious_user.message" => {
                let (id, message) = (self.dice.uuid(), self.message(lines::CHAT, None));
                moderation::suspicious_message(host, actor, &id, &message)
            }
            "channel.suspicious_user.update" => {
                moderation::suspicious_update(host, moderator, actor, "active_monitoring")
            }
            "channel.shield_mode.begin" => moderation::shield_begin(host, moderator, now),
            "channel.shield_mode.end" => moderation::shield_end(host, moderator, now),
            _ => return None,
        })
    }

    fn action(&mut self) -> Action {
        let (actor, now) = (self.actor, self.now);
        let wanted = self.given.get("action").and_then(Value::as_str);
        match wanted.unwrap_or("timeout") {
            "ban" => Action::ban(actor, "spam"),
            "unban" => Action::person("unban", actor),
            "untimeout" => Action::person("untimeout", actor),
            "mod" => Action::person("mod", actor),
            "unmod" => Action::person("unmod", actor),
            "vip" => Action::person("vip", actor),
            "unvip" => Action::person("unvip", actor),
            "unraid" => Action::person("unraid", self.neighbour),
            "raid" => Action::raid(self.neighbour, 92),
            "delete" => Action::delete(actor, &self.dice.uuid(), lines::DELETED_LINES[0]),
            "slow" => Action::slow(10),
            "followers" => Action::followers(10),
            "warn" => Action::warn(actor, Some(lines::WARNINGS[0]), None),
            "approve_unban_request" => Action::unban_request(actor, true, lines::UNBAN_ANSWERS[0]),
            "deny_unban_request" => Action::unban_request(actor, false, lines::UNBAN_ANSWERS[1]),
            "timeout" => {
                let until = later(now, SignedDuration::from_mins(10));
                Action::timeout(actor, "spam", until)
            }
            // The caller's word replaces it; such an action has no object.
            _ => Action::plain("clear"),
        }
    }

    pub(super) fn automod(&mut self, event_type: &str, version: &str) -> Option<Value> {
        let (host, actor, moderator, now) = (self.host, self.actor, self.moderator, self.now);
        let message = self.message(lines::HELD_LINES, None);
        let id = self.dice.uuid();
        let held = automod::Held {
            user: actor,
            message_id: &id,
            message: &message,
            category: "aggressive",
            level: 1,
            at: now,
        };
        Some(match event_type {
            "automod.message.hold" => automod::hold(host, &held, version),
            "automod.message.update" => {
                automod::update(host, moderator, &held, "approved", version)
            }
            "automod.settings.update" => automod::settings(host, moderator, 2),
            "automod.terms.update" => {
                automod::terms(host, moderator, "add_blocked", &["totally-real"])
            }
            _ => return None,
        })
    }

    /// Types that concern a person or an app; the person is the named one.
    pub(super) fn elsewhere(&mut self, event_type: &str) -> Option<Value> {
        let (host, now) = (self.host, self.now);
        Some(match event_type {
            "user.update" => user::update(host),
            "user.whisper.message" => user::whisper(
                self.actor,
                host,
                &self.dice.uuid(),
                "psst, good luck tonight",
            ),
            "user.authorization.grant" | "user.authorization.revoke" => {
                user::authorization(host, "demo-client")
            }
            "conduit.shard.disabled" => {
                app::shard_disabled(&self.dice.uuid(), &self.dice.hex(22), now)
            }
            "extension.bits_transaction.create" => {
                app::bits_transaction(host, self.actor, &self.dice.uuid(), "demo-extension")
            }
            "drop.entitlement.grant" => {
                let category = (
                    self.channel.category_id.as_str(),
                    self.channel.category_name.as_str(),
                );
                let (id, campaign) = (self.dice.uuid(), self.dice.uuid());
                app::entitlement(host, &id, "9001", category, &campaign, now)
            }
            _ => return None,
        })
    }
}
