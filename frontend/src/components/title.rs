//! The title of a page that has no other state.

use yew::prelude::*;

use crate::browser::use_title;

/// Properties of [`Title`].
#[derive(Properties, PartialEq)]
pub struct TitleProps {
    pub text: &'static str,
}

/// Draws nothing; the browser's tab says it.
#[component]
pub fn Title(props: &TitleProps) -> Html {
    use_title(props.text);
    Html::default()
}
