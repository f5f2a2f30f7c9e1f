//! Which addresses are on this machine.

use url::{Host, Url};

/// The host is `localhost` or a loopback address; `None` if there is no host at all.
pub(crate) fn is_loopback(url: &Url) -> Option<bool> {
    Some(match url.host()? {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    })
}
