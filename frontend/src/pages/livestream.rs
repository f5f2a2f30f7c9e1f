//! The livestream page: watch, read the chat and see events as they happen.

mod about;
mod events;
mod feed_source;
mod filter;
mod info;
mod skeleton;
mod stage;
mod subscribing;
mod tabs;
mod target;

use wire::{Kind, Subscription};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::app::Route;
use crate::browser::{use_interval, use_on_return, use_title};
use crate::components::link::PageLink;
use crate::components::states::{Empty, LoadFailed};
use crate::live::{LiveItem, use_live, use_live_state};
use crate::remote::{Remote, RemoteHandle, use_remote};
use skeleton::StageSkeleton;
use stage::Stage;
use target::{Resolved, use_target};

/// How often the number of viewers is asked for while the page is seen.
const REFRESH_MS: u32 = 60_000;

/// Properties of [`Livestream`].
#[derive(Properties, PartialEq)]
pub struct LivestreamProps {
    /// Whose stream; none leads to the first of the viewer's streamers.
    pub login: Option<AttrValue>,
}

/// Finds out whose page it is.
#[component]
pub fn Livestream(props: &LivestreamProps) -> Html {
    let subscriptions = use_remote((), |api, ()| async move { api.subscriptions().await });
    use_upkeep(&subscriptions);
    match &props.login {
        Some(login) => html! { <OneStream login={login.clone()} {subscriptions} /> },
        None => html! { <FirstStream {subscriptions} /> },
    }
}

/// Keeps the live states true: at each change, on return, and from time to time.
#[hook]
fn use_upkeep(subscriptions: &RemoteHandle<Vec<Subscription>>) {
    let reload = subscriptions.on_retry();
    use_interval(Some(REFRESH_MS), reload.clone());
    use_on_return(reload.clone());
    {
        // The stream begins anew after a session that ended or a server that
        // was away; at the first time the list is just being asked for.
        let generation = use_live_state().generation;
        let reload = reload.clone();
        use_effect_with(generation, move |generation| {
            if *generation > 1 {
                reload.emit(());
            }
        });
    }
    use_live(Callback::from(move |item| {
        let is_news = match item {
            LiveItem::Event(event) => event.kind == Kind::Stream,
            LiveItem::Status(status) => status.live.is_some(),
            LiveItem::Gap(_) => true,
        };
        if is_news {
            reload.emit(());
        }
    }));
}

#[derive(Properties)]
struct SubscriptionsProps {
    #[prop_or_default]
    login: AttrValue,
    subscriptions: RemoteHandle<Vec<Subscription>>,
}

/// A handle cannot be compared; its owner renders only when it has changed.
impl PartialEq for SubscriptionsProps {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

/// `/livestream`: on to somebody who is live, else to the first there is.
#[component]
fn FirstStream(props: &SubscriptionsProps) -> Html {
    use_title("Livestream");
    match props.subscriptions.get() {
        Remote::Loading => html! { <StageSkeleton /> },
        Remote::Failed(error) => html! {
            <div class="page narrow">
                <h1 class="only-read">{ "Livestream" }</h1>
                <LoadFailed
                    what="Your streamers"
                    error={error.clone()}
                    on_retry={props.subscriptions.on_retry()}
                />
            </div>
        },
        Remote::Ready(entries) => match first_to_watch(entries) {
            Some(login) => html! {
                <>
                    <Redirect<Route> to={Route::LivestreamOf { login }} />
                    <StageSkeleton />
                </>
            },
            None => html! {
                <div class="page narrow">
                    <h1 class="only-read">{ "Livestream" }</h1>
                    <Empty title="No streamers yet.">
                        <p>{ "Subscribe to a streamer to watch the stream and see events as they happen." }</p>
                        <PageLink class="btn primary" to={Route::Home}>{ "Find streamers" }</PageLink>
                    </Empty>
                </div>
            },
        },
    }
}

fn first_to_watch(entries: &[Subscription]) -> Option<String> {
    let live = entries.iter().find(|entry| entry.live.is_some());
    live.or(entries.first())
        .map(|entry| entry.broadcaster.login.clone())
}

/// `/livestream/{login}`
#[component]
fn OneStream(props: &SubscriptionsProps) -> Html {
    let known = props.subscriptions.get();
    let (resolved, retry_target) = use_target(&props.login, known);
    let name = match &resolved {
        Resolved::Found(target) => target.broadcaster.display_name.clone(),
        Resolved::Unknown => "Not found".into(),
        Resolved::Loading | Resolved::Failed(_) => "Livestream".into(),
    };
    use_title(&name);
    match resolved {
        Resolved::Loading => html! { <StageSkeleton /> },
        Resolved::Failed(error) => {
            let on_retry = match known {
                Remote::Failed(_) => props.subscriptions.on_retry(),
                Remote::Loading | Remote::Ready(_) => retry_target,
            };
            html! {
                <div class="page narrow">
                    <h1 class="only-read">{ "Livestream" }</h1>
                    <LoadFailed what="The stream" {error} {on_retry} />
                </div>
            }
        }
        Resolved::Unknown => html! {
            <div class="page narrow">
                <h1 class="only-read">{ "Not found" }</h1>
                <Empty title={format!("Twitch knows no streamer called “{}”.", props.login)}>
                    <p>{ "The name may have changed, or there is a slip in the address." }</p>
                    <PageLink class="btn primary" to={Route::Home}>{ "Find streamers" }</PageLink>
                </Empty>
            </div>
        },
        Resolved::Found(target) => html! {
            <Stage
                {target}
                subscriptions={props.subscriptions.clone()}
                entries={known.ready().cloned().unwrap_or_default()}
            />
        },
    }
}
