//! Happenings to order: a full default event with the caller's fields laid over
//! it. The world then agrees with what was told, so that Helix does too.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::cast::CAST;
use super::payload::{BROADCASTER, with};
use super::sample::{Sample, newest_version};
use super::{Happening, Person, Stream, World, life};

impl World {
    /// Makes one event happen now in a channel, named by login or id. `event`
    /// holds fields to lay over the default ones; of a person the id or the
    /// login is enough. A type nobody knows gets those fields and the channel.
    ///
    /// # Errors
    ///
    /// Says so when there is no such channel, or `event` is not an object.
    pub fn happen(
        &mut self,
        event_type: &str,
        version: Option<&str>,
        broadcaster: &str,
        event: Option<Value>,
        now: Timestamp,
    ) -> Result<Happening, String> {
        let host = self
            .index_of(broadcaster)
            .filter(|at| *at < self.channels.len())
            .ok_or_else(|| format!("there is no channel called {broadcaster:?}"))?;
        let given = match event {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(map)) => map,
            Some(Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) => {
                return Err("`event` must be a JSON object".to_owned());
            }
        };
        let version = version.unwrap_or_else(|| newest_version(event_type));
        if event_type == "channel.update" {
            // Two updates in a row should tell something new each.
            self.rooms[host].move_on(
                CAST[host].login,
                &mut self.channels[host],
                &mut self.sample_dice,
            );
        }
        let mut event = self.sample(host, event_type, version, &given, now);
        if event_type == "channel.raid" {
            self.turn_raid(host, &mut event, &given);
        }
        lay_over(&mut event, Value::Object(given), &self.people);
        tidy_anonymous(&mut event);
        self.agree_with(host, event_type, &event, now);
        Ok(Happening {
            event_type: event_type.to_owned(),
            version: version.to_owned(),
            broadcaster_id: self.people[host].id.clone(),
            event,
        })
    }

    fn sample(
        &mut self,
        host: usize,
        event_type: &str,
        version: &str,
        given: &Map<String, Value>,
        now: Timestamp,
    ) -> Value {
        let people = Arc::clone(&self.people);
        let actor = ["user", "chatter_user"]
            .iter()
            .find_map(|role| named(given, role, &people))
            .unwrap_or_else(|| self.sample_other(&[host]));
        let other = self.sample_other(&[host, actor]);
        let neighbour = ["from_broadcaster_user", "source_broadcaster_user"]
            .iter()
            .find_map(|role| named(given, role, &people))
            .unwrap_or_else(|| self.sample_neighbour(host));
        let room = &self.rooms[host];
        let mut sample = Sample {
            people: &people,
            host: &people[host],
            channel: &self.channels[host],
            room,
            actor: &people[actor],
            color: life::color(actor),
            badges: room.badges(actor, host),
            other: &people[other],
            neighbour: &people[neighbour],
            moderator: &people[room.moderators.first().copied().unwrap_or(host)],
            dice: &mut self.sample_dice,
            now,
            given,
        };
        sample
            .event(event_type, version)
            .unwrap_or_else(|| with(&[(BROADCASTER, Some(&people[host]))], json!({})))
    }

    /// Somebody who is none of `but`.
    fn sample_other(&mut self, but: &[usize]) -> usize {
        loop {
            let at = self.sample_dice.index(self.people.len());
            if !but.contains(&at) {
                return at;
            }
        }
    }

    /// Another broadcaster.
    fn sample_neighbour(&mut self, host: usize) -> usize {
        loop {
            let at = self.sample_dice.index(self.channels.len());
            if at != host {
                return at;
            }
        }
    }

    /// A raid ordered with one end only: the channel is the other end.
    fn turn_raid(&self, host: usize, event: &mut Value, given: &Map<String, Value>) {
        const FROM: &str = "from_broadcaster_user";
        const TO: &str = "to_broadcaster_user";
        let from = named(given, FROM, &self.people);
        let to = named(given, TO, &self.people);
        let host_sends = from == Some(host) || to.is_some_and(|to| to != host);
        if !host_sends {
            return;
        }
        let neighbour = event[format!("{FROM}_id")].clone();
        let target = to
            .or_else(|| neighbour.as_str().and_then(|id| self.index_of(id)))
            .filter(|target| *target != host)
            .or_else(|| (0..self.channels.len()).find(|at| *at != host));
        *event = with(
            &[
                (FROM, Some(&self.people[host])),
                (TO, target.map(|at| &self.people[at])),
            ],
            event.clone(),
        );
    }

    /// Makes live state, titles and names what the event says they are.
    fn agree_with(&mut self, host: usize, event_type: &str, event: &Value, now: Timestamp) {
        let text = |key: &str| event.get(key).and_then(Value::as_str).map(str::to_owned);
        let subject = text("broadcaster_user_id")
            .and_then(|id| self.index_of(&id))
            .filter(|at| *at < self.channels.len())
            .unwrap_or(host);
        match event_type {
            "stream.online" => {
                let started_at = text("started_at").and_then(|at| at.parse().ok());
                self.began_by_order(
                    subject,
                    Stream {
                        id: text("id").unwrap_or_default(),
                        started_at: started_at.unwrap_or(now),
                        viewer_count: CAST[subject].viewers,
                    },
                    now,
                );
            }
            "stream.offline" => self.ended_by_order(subject, now),
            "channel.update" => {
                let channel = &mut self.channels[subject];
                let set = |slot: &mut String, key| {
                    if let Some(text) = text(key) {
                        *slot = text;
                    }
                };
                set(&mut channel.title, "title");
                set(&mut channel.language, "language");
                set(&mut channel.category_id, "category_id");
                set(&mut channel.category_name, "category_name");
                if let Some(labels) = event["content_classification_labels"].as_array() {
                    channel.content_classification_labels = labels
                        .iter()
                        .filter_map(Value::as_str)
                        .map(str::to_owned)
                        .collect();
                }
                self.rooms[subject].last_public = now;
            }
            "user.update" => {
                let person = &mut Arc::make_mut(&mut self.people)[host];
                self.by_login.remove(&person.login);
                person.login = text("user_login").unwrap_or_default();
                person.display_name = text("user_name").unwrap_or_default();
                person.description = text("description").unwrap_or_default();
                self.by_login.insert(person.login.clone(), host);
            }
            _ => {}
        }
    }
}

/// The person the fields name under a role, by id or login.
fn named(fields: &Map<String, Value>, role: &str, people: &[Person]) -> Option<usize> {
    let field = |key: &str| fields.get(&format!("{role}_{key}")).and_then(Value::as_str);
    let (id, login) = (field("id"), field("login"));
    people
        .iter()
        .position(|person| id.map_or(login == Some(person.login.as_str()), |id| person.id == id))
}

/// Lays `over` on `base`: objects merge, everything else is replaced. A person
/// named by id or login alone gets the other names too, and loses them with a
/// null.
fn lay_over(base: &mut Value, over: Value, people: &[Person]) {
    match (base, over) {
        (Value::Object(base), Value::Object(over)) => {
            let over = complete(base, over, people);
            for (key, value) in over {
                lay_over(base.entry(key).or_insert(Value::Null), value, people);
            }
        }
        (base, over) => *base = over,
    }
}

fn complete(
    base: &Map<String, Value>,
    mut over: Map<String, Value>,
    people: &[Person],
) -> Map<String, Value> {
    for role in base.keys().filter_map(|key| key.strip_suffix("_login")) {
        let keys = ["id", "login", "name"].map(|part| format!("{role}_{part}"));
        let missing = keys.iter().any(|key| !over.contains_key(key));
        if !missing || !keys.iter().any(|key| over.contains_key(key)) {
            continue;
        }
        let nobody = over.get(&keys[0]) == Some(&Value::Null);
        let person = named(&over, role, people).and_then(|at| people.get(at));
        if person.is_none() && !nobody {
            continue;
        }
        let names = person.map(|p| [&p.id, &p.login, &p.display_name]);
        for (at, key) in keys.into_iter().enumerate() {
            over.entry(key)
                .or_insert_with(|| names.map_or(Value::Null, |names| names[at].as_str().into()));
        }
    }
    over
}

/// An anonymous gift or cheer names nobody.
fn tidy_anonymous(event: &mut Value) {
    for (flag, role) in [
        ("is_anonymous", "user"),
        ("chatter_is_anonymous", "chatter_user"),
    ] {
        if event.get(flag) == Some(&Value::Bool(true)) {
            *event = with(&[(role, None)], event.take());
        }
    }
}
