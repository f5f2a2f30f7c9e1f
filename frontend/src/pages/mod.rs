//! One module a page. Pages ask the server and hand what they get to components.

pub mod home;
pub mod livestream;
pub mod not_found;
pub mod settings;
pub mod signed_out;
