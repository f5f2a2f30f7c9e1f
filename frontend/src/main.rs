//! Mounts the app; everything else is in the library, where it can be tested.

fn main() {
    yew::Renderer::<frontend::App>::new().render();
}
