//! The parts pages are made of. They render what they are given; what they ask
//! the server for, they ask through a hook of their own.

pub mod account_menu;
pub mod avatar;
pub mod banners;
pub mod chat_frame;
pub mod confirm_dialog;
pub mod connection_badge;
pub mod copy_button;
pub mod dialog;
pub mod embed_frame;
pub mod event_details;
pub mod event_parts;
pub mod event_row;
pub mod feed_list;
pub mod feed_states;
pub mod filter_chips;
pub mod icon;
pub mod import_dialog;
pub mod kind_icon;
pub mod link;
pub mod login_button;
pub mod marking;
pub mod notice;
pub mod player;
pub mod popover;
pub mod recap;
pub mod states;
pub mod stream_switcher;
pub mod streamer_card;
pub mod subscribe_box;
pub mod time_ago;
pub mod title;
pub mod toast;
pub mod top_bar;
pub mod topic_list;
