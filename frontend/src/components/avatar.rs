//! A person's picture, or the first letter of the name on a colour of its own.

use web_sys::HtmlElement;
use yew::prelude::*;

/// How many colours there are, see `.hue-0` and on in `layout.css`.
const HUES: u32 = 12;

/// How large it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AvatarSize {
    /// In bars and lists.
    Small,
    /// On cards.
    Medium,
    /// On the account page.
    Large,
}

impl AvatarSize {
    const fn class(self) -> &'static str {
        match self {
            Self::Small => "a28",
            Self::Medium => "a44",
            Self::Large => "a64",
        }
    }
}

/// Decoration beside a name that is written out, so it has no text of its own.
/// The address of the picture is empty when there is none.
pub fn avatar(name: &str, url: &str, size: AvatarSize) -> Html {
    html! {
        <span
            class={classes!("avatar", size.class(), hue_class(name))}
            aria-hidden="true"
        >
            { initial(name) }
            if !url.is_empty() {
                // Keyed: another address is another picture, which may be there.
                <img
                    key={url}
                    src={url.to_owned()}
                    alt=""
                    decoding="async"
                    onerror={hide_broken()}
                />
            }
        </span>
    }
}

/// Takes away a picture that cannot be shown; what is behind it stays.
pub fn hide_broken() -> Callback<Event> {
    Callback::from(|event: Event| {
        if let Some(picture) = event.target_dyn_into::<HtmlElement>() {
            picture.set_hidden(true);
        }
    })
}

/// The colour class of a name, the same wherever it is shown.
pub fn hue_class(name: &str) -> String {
    let sum = name
        .chars()
        .map(|letter| letter.to_ascii_lowercase())
        .fold(0_u32, |sum, letter| {
            sum.wrapping_mul(31).wrapping_add(letter as u32)
        });
    format!("hue-{}", sum % HUES)
}

fn initial(name: &str) -> String {
    name.chars()
        .find(|letter| letter.is_ascii_alphanumeric() || !letter.is_ascii())
        .map_or_else(|| "?".into(), |letter| letter.to_ascii_uppercase().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_colour_whatever_its_case() {
        assert_eq!(hue_class("Mira_Plays"), hue_class("mira_plays"));
        assert_ne!(hue_class("mira_plays"), hue_class("kiteflyer"));
    }

    #[test]
    fn the_initial_is_the_first_letter_or_digit() {
        assert_eq!(initial("_kite"), "K");
        assert_eq!(initial("雪"), "雪");
        assert_eq!(initial(""), "?");
    }
}
