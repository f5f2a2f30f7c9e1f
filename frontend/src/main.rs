//! The bundle that the Livestream page's addresses load: that page alone, so
//! that it is there soonest. Everything else is in the library, where it can be tested.

fn main() {
    frontend::start(frontend::pages::livestream_alone);
}
