//! In which role a payload names somebody: the keys of the person's id, login and name.

/// The three keys of one role. They are written out at compile time, for they are
/// looked up several times in every notification.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Role {
    pub(super) id: &'static str,
    pub(super) login: &'static str,
    pub(super) name: &'static str,
}

macro_rules! role {
    ($prefix:literal) => {
        Role {
            id: concat!($prefix, "_id"),
            login: concat!($prefix, "_login"),
            name: concat!($prefix, "_name"),
        }
    };
}

impl Role {
    pub(super) const USER: Self = role!("user");
    pub(super) const CHATTER: Self = role!("chatter_user");
    pub(super) const MODERATOR: Self = role!("moderator_user");
    pub(super) const TARGET: Self = role!("target_user");
    pub(super) const RECIPIENT: Self = role!("recipient_user");
    pub(super) const GIFTER: Self = role!("gifter_user");
    pub(super) const REQUESTER: Self = role!("requester_user");
    pub(super) const BROADCASTER: Self = role!("broadcaster_user");
    /// As charity campaigns and one page on ad breaks spell it.
    pub(super) const BROADCASTER_IN_SHORT: Self = role!("broadcaster");
    pub(super) const HOST: Self = role!("host_broadcaster_user");
    /// The channel of a shared chat in which something was written.
    pub(super) const SOURCE: Self = role!("source_broadcaster_user");
    pub(super) const FROM: Self = role!("from_broadcaster_user");
    pub(super) const TO: Self = role!("to_broadcaster_user");
}
