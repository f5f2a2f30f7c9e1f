//! What arrives from this streamer: a panel below the player, a tab on a
//! narrow screen.

use yew::prelude::*;

use super::tabs::{PanelRole, Tab};
use super::target::{Liveness, Target};
use crate::components::time_ago::TimeAgo;
use crate::components::topic_list::{arriving, channel_topics};

/// The stream in full words, and its topics.
pub(super) fn render_about(target: &Target, panel: PanelRole) -> Html {
    let name = &target.broadcaster.display_name;
    html! {
        <section
            id={Tab::About.panel_id()}
            class="panel stage-about"
            role={panel.role}
            aria-labelledby={panel.labelledby.unwrap_or("about-title")}
            hidden={panel.is_hidden}
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
                } else if target.arrives_live {
                    <p class="muted">
                        { "Your own channel: what you connected in the settings arrives here. Subscribe to collect its other events, too." }
                    </p>
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
            { channel_topics(&target.topics) }
        </>
    }
}
