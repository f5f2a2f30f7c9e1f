//! Followers.

use super::Notification;
use super::draft::Draft;
use super::role::Role;

/// `channel.follow`
pub(super) fn follow(notification: &Notification<'_>) -> Draft {
    let user = notification.event.person(Role::USER);
    Draft::new(format!("{} followed", user.or_someone()))
        .at(notification.event.time("followed_at"))
        .by(user)
}
