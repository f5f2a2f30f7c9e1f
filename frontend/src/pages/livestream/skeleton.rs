//! Grey shapes of the livestream page while it is not known whose it is.

use yew::prelude::*;

use crate::components::feed_states::event_bones;
use crate::components::states::loading;

/// The stage without anything on it.
pub(super) fn render_skeleton() -> Html {
    let shapes = html! {
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
                        { event_bones() }
                    </div>
                    <div class="panel stage-chat"><header /></div>
                </div>
    };
    html! {
        <>
            <h1 class="only-read">{ "Livestream" }</h1>
            { loading("the stream", shapes) }
        </>
    }
}
