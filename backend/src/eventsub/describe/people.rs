//! Who becomes or stops being a moderator or VIP.

use super::Notification;
use super::draft::Draft;
use super::role::Role;

/// `channel.moderator.add`
pub(super) fn moderator_add(notification: &Notification<'_>) -> Draft {
    role(notification, "became a moderator")
}

/// `channel.moderator.remove`
pub(super) fn moderator_remove(notification: &Notification<'_>) -> Draft {
    role(notification, "is no longer a moderator")
}

/// `channel.vip.add`
pub(super) fn vip_add(notification: &Notification<'_>) -> Draft {
    role(notification, "became a VIP")
}

/// `channel.vip.remove`
pub(super) fn vip_remove(notification: &Notification<'_>) -> Draft {
    role(notification, "is no longer a VIP")
}

/// Twitch tells whose role it is, not who changed it.
fn role(notification: &Notification<'_>, happened: &str) -> Draft {
    let user = notification.event.person(Role::USER);
    Draft::new(format!("{} {happened}", user.or_someone())).by(user)
}
