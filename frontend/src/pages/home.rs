//! The front page of somebody signed in: the streamers, who is live, add, remove.

mod list;
mod parts;
mod removal;

use yew::prelude::*;

use crate::browser::{use_interval, use_on_return, use_title};
use crate::components::icon::{Glyph, icon};
use crate::components::import_dialog::ImportDialog;
use crate::components::states::load_failed;
use crate::components::subscribe_box::SubscribeBox;
use crate::hooks::{use_effect_with, use_mut_ref, use_state_eq};
use crate::live::{LiveItem, use_live};
use crate::remote::{Remote, RemoteHandle};
use crate::session::use_session;
use crate::subscriptions::use_subscriptions;
use crate::toasts::use_toasts;
use crate::unread::{use_marks, use_unread};
use parts::{Cards, render_bones, render_no_streamers, render_streamers};
use removal::use_removal;
use wire::Subscription;

/// How often the live states are asked for while the page is seen.
const REFRESH_MS: u32 = 60_000;
/// How often while Twitch has something to confirm.
const SETTLING_MS: u32 = 5_000;

/// The viewer's streamers.
#[component]
pub fn Home() -> Html {
    use_title("Streamers");
    let subscriptions = use_subscriptions();
    use_upkeep(&subscriptions);
    let removal = use_removal(&subscriptions);
    let toasts = use_toasts();
    let unread = use_unread();
    let marks = use_marks();
    let is_importing = use_state_eq(bool::default);

    let on_subscribed = {
        let (subscriptions, unread) = (subscriptions.clone(), unread.clone());
        Callback::from(move |entry: Subscription| {
            unread.add(&entry);
            toasts.say(format!("Subscribed to {}.", entry.broadcaster.display_name));
            subscriptions.change(move |held| list::with(held, entry));
        })
    };
    let open_import = {
        let is_importing = is_importing.clone();
        Callback::from(move |_: MouseEvent| is_importing.set(true))
    };
    let close_import = {
        let is_importing = is_importing.clone();
        let subscriptions = subscriptions.clone();
        Callback::from(move |any: bool| {
            is_importing.set(false);
            if any {
                subscriptions.reload();
            }
        })
    };
    let content = match subscriptions.get() {
        Remote::Loading => render_bones(),
        Remote::Failed(error) => load_failed("Your streamers", error, &subscriptions.on_retry()),
        Remote::Ready(entries) => {
            let (live, offline) = list::arrange(entries, removal.hidden());
            if live.is_empty() && offline.is_empty() {
                render_no_streamers(open_import.clone())
            } else {
                let on_mark_all = Callback::from(move |()| marks.mark_all());
                let cards = Cards {
                    unread: &unread,
                    failed: removal.failed(),
                    on_remove: removal.on_remove(),
                    on_mark_all,
                };
                render_streamers(&live, &offline, &cards)
            }
        }
    };
    html! {
        <div class="page">
            <h1 class="only-read">{ "Your streamers" }</h1>
            <div class="bar">
                <SubscribeBox {on_subscribed} />
                <button type="button" class="btn tall" onclick={open_import}>
                    { icon(Glyph::Import) }
                    { "Import my follows" }
                </button>
            </div>
            { content }
            if *is_importing {
                <ImportDialog on_close={close_import} />
            }
        </div>
    }
}

/// Keeps the list true: with each event, on return, and from time to time.
#[hook]
fn use_upkeep(subscriptions: &RemoteHandle<Vec<Subscription>>) {
    let session = use_session();
    let settling = subscriptions
        .get()
        .ready()
        .is_some_and(|entries| list::is_settling(entries));
    let reload = {
        let subscriptions = subscriptions.clone();
        let may_ask = !session.has_ended() && session.is_reachable();
        Callback::from(move |()| {
            if may_ask {
                subscriptions.reload();
            }
        })
    };
    use_interval(
        Some(if settling { SETTLING_MS } else { REFRESH_MS }),
        reload.clone(),
    );
    use_on_return(reload.clone());
    {
        // Back after a session that ended or a server that was away.
        let is_up = !session.has_ended() && session.is_reachable();
        let was_up = use_mut_ref(|| is_up);
        let reload = reload.clone();
        use_effect_with(is_up, move |is_up| {
            if *is_up && !was_up.replace(*is_up) {
                reload.emit(());
            }
            was_up.replace(*is_up);
        });
    }
    let subscriptions = subscriptions.clone();
    use_live(Callback::from(move |item| match item {
        LiveItem::Event(event) => {
            let asks = list::changes_the_stream(&event);
            subscriptions.change(move |held| list::with_event(held, &event));
            if asks {
                reload.emit(());
            }
        }
        LiveItem::Status(status) => {
            if status.live.is_some() {
                reload.emit(());
            }
        }
        LiveItem::Gap(_) => reload.emit(()),
        // The counts have a store of their own.
        LiveItem::Read(_) => {}
    }));
}
