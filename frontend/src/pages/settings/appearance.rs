//! Dark, light, or as the system has it.

use yew::prelude::*;

use super::section;
use crate::hooks::use_state_eq;
use crate::theme::Theme;

/// Three radio buttons; the choice shows at once.
#[hook]
pub(super) fn use_appearance() -> Html {
    let chosen = use_state_eq(Theme::stored);
    let choose = {
        let chosen = chosen.clone();
        move |theme: Theme| {
            let chosen = chosen.clone();
            Callback::from(move |_: Event| {
                theme.choose();
                chosen.set(theme);
            })
        }
    };
    let content = html! {
        <>
            <fieldset class="radios" aria-labelledby="theme">
                for theme in Theme::ALL {
                    <label class="radio" key={theme.key()}>
                        <input
                            type="radio"
                            name="theme"
                            value={theme.key()}
                            checked={*chosen == theme}
                            onchange={choose(theme)}
                        />
                        <span>{ theme.label() }</span>
                    </label>
                }
            </fieldset>
            <p class="muted small">{ "Kept in this browser." }</p>
        </>
    };
    section("Theme", "theme", content)
}
