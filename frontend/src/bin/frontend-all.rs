//! The bundle that every other address loads: all pages.

fn main() {
    frontend::start(frontend::pages::all);
}
