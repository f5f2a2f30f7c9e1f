//! Why Twitch ended one of its subscriptions, in words for viewers.

/// The status with which Twitch ended a subscription; an open set.
pub fn reason(status: &str) -> String {
    let known = match status {
        "webhook_callback_verification_failed" => "Twitch could not reach this server's webhook.",
        "notification_failures_exceeded" => "Twitch could not deliver to this server too often.",
        "authorization_revoked" => "The permission it needs was withdrawn.",
        "user_removed" => "The channel no longer exists.",
        "version_removed" => "Twitch no longer offers this type of event.",
        "moderator_removed" => "It needs a moderator of the channel.",
        "chat_user_banned" => "The reading account is banned from this chat.",
        "conduit_deleted" => "Twitch deleted the conduit it came over.",
        _ => return format!("Twitch ended it ({status})."),
    };
    known.to_owned()
}
