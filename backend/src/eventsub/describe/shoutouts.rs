//! Shoutouts, given and received.

use super::Notification;
use super::draft::Draft;
use super::numbers::many;
use super::role::Role;

/// `channel.shoutout.create`
pub(super) fn create(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let moderator = event.person(Role::MODERATOR);
    let to = event.person(Role::TO);
    let summary = format!("{} gave {} a shoutout", moderator.or_someone(), to.whom());
    shoutout(notification, summary).by(moderator)
}

/// `channel.shoutout.receive`
pub(super) fn receive(notification: &Notification<'_>) -> Draft {
    let from = notification.event.person(Role::FROM);
    let summary = format!("{} gave this channel a shoutout", from.or_someone());
    shoutout(notification, summary).by(from)
}

fn shoutout(notification: &Notification<'_>, mut summary: String) -> Draft {
    let event = notification.event;
    let viewers = event.count("viewer_count");
    if let Some(viewers) = viewers {
        summary.push_str(&format!(" before {}", many(viewers, "viewer")));
    }
    Draft::new(summary)
        .amount(viewers, "viewers")
        .at(event.time("started_at"))
}
