//! What arrives from this streamer: a panel below the player, a tab on a
//! narrow screen.

use std::rc::Rc;

use yew::prelude::*;

use super::tabs::{PanelRole, Tab};
use super::target::{Liveness, Target};
use crate::components::time_ago::TimeAgo;
use crate::components::topic_list::{TopicList, arriving};

/// Properties of [`About`].
#[derive(Properties, PartialEq)]
pub(super) struct AboutProps {
    pub target: Rc<Target>,
    pub panel: PanelRole,
}

/// The stream in full words, and its topics.
#[component]
pub(super) fn About(props: &AboutProps) -> Html {
    let target = &props.target;
    let name = &target.broadcaster.display_name;
    html! {
        <section
            id={Tab::About.panel_id()}
            class="panel stage-about"
            role={props.panel.role}
            aria-labelledby={props.panel.labelledby.unwrap_or("about-title")}
            hidden={props.panel.is_hidden}
        >
            <header><h2 id="about-title">{ format!("About {name}") }</h2></header>
            <div class="about-body">
                if let Liveness::Streaming(stream) = &target.liveness {
                    <p class="about-title">{ &stream.title }</p>
                    <p class="muted small">
                        if !stream.category.is_empty() {
                            { format!("{} · ", stream.category) }
                        }
                        { "live since " }
                        <TimeAgo at={stream.started_at.clone()} in_words=true />
                    </p>
                }
                if target.is_subscribed {
                    { render_topics(target) }
                } else {
                    <p class="muted">
                        { format!("You are not subscribed to {name}. Subscribe to collect the events of this channel.") }
                    </p>
                }
            </div>
        </section>
    }
}

fn render_topics(target: &Target) -> Html {
    let (arrive, all) = arriving(&target.topics);
    html! {
        <>
            <h3>
                { "What arrives " }
                <span class="muted num">{ format!("{arrive} of {all}") }</span>
            </h3>
            <TopicList topics={target.topics.clone()} />
        </>
    }
}
