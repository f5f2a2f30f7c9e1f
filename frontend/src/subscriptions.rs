//! The viewer's subscriptions, as the pages that list them ask for them.

use wire::Subscription;
use yew::functional::hook;

use crate::remote::{RemoteHandle, use_remote};
use crate::shared::use_shared;

/// The list; each answer also renews what is known to be unread.
#[hook]
pub fn use_subscriptions() -> RemoteHandle<Vec<Subscription>> {
    let unread = use_shared().unread;
    use_remote((), move |api, ()| {
        let unread = unread.clone();
        async move { unread.list(&api).await }
    })
}
