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
        "beta_maintenance" => "Twitch is still working on this type of event.",
        "websocket_disconnected"
        | "websocket_network_timeout"
        | "websocket_network_error"
        | "websocket_internal_error" => "The connection to Twitch that it came over broke off.",
        "websocket_failed_ping_pong"
        | "websocket_received_inbound_traffic"
        | "websocket_connection_unused"
        | "websocket_failed_to_reconnect" => "Twitch closed the connection that it came over.",
        "" => "Twitch ended it and gave no reason.",
        _ => return format!("Twitch ended it: {}.", status.replace('_', " ")),
    };
    known.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_reason_is_shown_in_twitchs_spelling() {
        for status in [
            "beta_maintenance",
            "websocket_disconnected",
            "websocket_failed_to_reconnect",
            "a_reason_of_tomorrow",
            "",
        ] {
            let reason = reason(status);
            assert!(!reason.contains('_') && reason.ends_with('.'), "{reason}");
        }
        assert_eq!(
            reason("a_reason_of_tomorrow"),
            "Twitch ended it: a reason of tomorrow."
        );
    }
}
