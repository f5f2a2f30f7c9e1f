//! Grey shapes of the livestream page while it is not known whose it is.

use yew::prelude::*;

use crate::components::feed_states::EventBones;
use crate::components::states::Loading;

/// The stage without anything on it.
#[component]
pub(super) fn StageSkeleton() -> Html {
    html! {
        <>
            <h1 class="only-read">{ "Livestream" }</h1>
            <Loading what="the stream">
                <div class="stage stage-skeleton">
                    <div class="stage-left">
                        <div class="player" />
                        <div class="info">
                            <span class="bone bone-avatar" />
                            <span class="info-words">
                                <span class="bone bone-line long" />
                                <span class="bone bone-line" />
                            </span>
                        </div>
                    </div>
                    <div class="panel stage-events">
                        <header class="events-bar" />
                        <EventBones />
                    </div>
                    <div class="panel stage-chat"><header /></div>
                </div>
            </Loading>
        </>
    }
}
