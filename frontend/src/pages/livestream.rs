//! The livestream page: watch, read the chat and see events as they happen.

mod about;
mod events;
mod feed_source;
mod filter;
mod info;
mod keys;
mod marking;
mod skeleton;
mod stage;
mod subscribing;
mod tabs;
mod target;

use wire::{Kind, Subscription};
use yew::prelude::*;

use crate::browser::{use_interval, use_on_return, use_title};
use crate::components::link::PageLink;
use crate::components::states::{empty, load_failed};
use crate::components::title::Title;
use crate::hooks::use_effect_with;
use crate::live::{LiveItem, use_live, use_live_state};
use crate::remote::{Remote, RemoteHandle};
use crate::route::Route;
use crate::router::use_router;
use crate::subscriptions::use_subscriptions;
use skeleton::render_skeleton;
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
    let subscriptions = use_subscriptions();
    use_upkeep(&subscriptions);
    use_first_login(&subscriptions, props.login.is_none());
    match &props.login {
        Some(login) => html! { <OneStream login={login.clone()} {subscriptions} /> },
        None => render_first(&subscriptions),
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
            LiveItem::Read(_) => false,
        };
        if is_news {
            reload.emit(());
        }
    }));
}

#[derive(Properties)]
struct OneStreamProps {
    login: AttrValue,
    subscriptions: RemoteHandle<Vec<Subscription>>,
}

/// A handle cannot be compared; its owner renders only when it has changed.
impl PartialEq for OneStreamProps {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

/// `/livestream`: on to somebody who is live, else to the first there is.
#[hook]
fn use_first_login(subscriptions: &RemoteHandle<Vec<Subscription>>, is_asked: bool) {
    let router = use_router();
    let entries = subscriptions.get().ready().filter(|_| is_asked);
    let first = entries.and_then(|entries| first_to_watch(entries));
    use_effect_with(first, move |first| {
        if let Some(login) = first.clone() {
            router.replace(&Route::LivestreamOf { login }.path());
        }
    });
}

/// `/livestream` until it is known who comes first.
fn render_first(subscriptions: &RemoteHandle<Vec<Subscription>>) -> Html {
    let content = match subscriptions.get() {
        Remote::Loading => render_skeleton(),
        Remote::Failed(error) => {
            let failed = load_failed("Your streamers", error, &subscriptions.on_retry());
            render_without_stage("Livestream", failed)
        }
        Remote::Ready(entries) => match first_to_watch(entries) {
            Some(_) => render_skeleton(),
            None => {
                let next =
                    "Subscribe to a streamer to watch the stream and see events as they happen.";
                render_without_stage("Livestream", nobody("No streamers yet.", next))
            }
        },
    };
    html! {
        <>
            <Title text="Livestream" />
            { content }
        </>
    }
}

/// The page when there is nothing to watch on it.
fn render_without_stage(heading: &'static str, content: Html) -> Html {
    html! {
        <div class="page narrow">
            <h1 class="only-read">{ heading }</h1>
            { content }
        </div>
    }
}

/// No streamer here; what to do is on the front page.
fn nobody(title: &str, next: &'static str) -> Html {
    let next = html! {
        <>
            <p>{ next }</p>
            <PageLink class="btn primary" to={Route::Home}>{ "Find streamers" }</PageLink>
        </>
    };
    empty(title, next)
}

fn first_to_watch(entries: &[Subscription]) -> Option<String> {
    let live = entries.iter().find(|entry| entry.live.is_some());
    live.or(entries.first())
        .map(|entry| entry.broadcaster.login.clone())
}

/// `/livestream/{login}`
#[component]
fn OneStream(props: &OneStreamProps) -> Html {
    let known = props.subscriptions.get();
    let (resolved, retry_target) = use_target(&props.login, known);
    let name = match &resolved {
        Resolved::Found(target) => target.broadcaster.display_name.clone(),
        Resolved::Unknown => "Not found".into(),
        Resolved::Loading | Resolved::Failed(_) => "Livestream".into(),
    };
    use_title(&name);
    match resolved {
        Resolved::Loading => render_skeleton(),
        Resolved::Failed(error) => {
            let on_retry = match known {
                Remote::Failed(_) => props.subscriptions.on_retry(),
                Remote::Loading | Remote::Ready(_) => retry_target,
            };
            render_without_stage("Livestream", load_failed("The stream", &error, &on_retry))
        }
        Resolved::Unknown => {
            let title = format!("Twitch knows no streamer called “{}”.", props.login);
            let next = "The name may have changed, or there is a slip in the address.";
            render_without_stage("Not found", nobody(&title, next))
        }
        Resolved::Found(target) => html! {
            <Stage
                {target}
                subscriptions={props.subscriptions.clone()}
                entries={known.ready().cloned().unwrap_or_default()}
            />
        },
    }
}
