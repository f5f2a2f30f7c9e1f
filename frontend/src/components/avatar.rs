//! A person's picture, or the first letter of the name on a colour of its own.

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

/// Properties of [`Avatar`].
#[derive(Properties, PartialEq)]
pub struct AvatarProps {
    pub name: AttrValue,
    /// Address of the picture; empty when there is none.
    pub url: AttrValue,
    pub size: AvatarSize,
}

/// Decoration beside a name that is written out, so it has no text of its own.
#[component]
pub fn Avatar(props: &AvatarProps) -> Html {
    let failed_url = use_state(|| None::<AttrValue>);
    let shows_picture = !props.url.is_empty() && failed_url.as_ref() != Some(&props.url);
    let onerror = {
        let failed_url = failed_url.clone();
        let url = props.url.clone();
        Callback::from(move |_| failed_url.set(Some(url.clone())))
    };
    html! {
        <span
            class={classes!("avatar", props.size.class(), hue_class(&props.name))}
            aria-hidden="true"
        >
            { initial(&props.name) }
            if shows_picture {
                <img src={props.url.clone()} alt="" decoding="async" {onerror} />
            }
        </span>
    }
}

/// The colour class of a name, the same wherever it is shown.
pub fn hue_class(name: &str) -> String {
    let sum = name
        .chars()
        .flat_map(char::to_lowercase)
        .fold(0_u32, |sum, letter| {
            sum.wrapping_mul(31).wrapping_add(letter as u32)
        });
    format!("hue-{}", sum % HUES)
}

fn initial(name: &str) -> String {
    name.chars()
        .find(|letter| letter.is_alphanumeric())
        .map_or_else(|| "?".into(), |letter| letter.to_uppercase().collect())
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
