//! Many write while others read by cursor: nobody sees a cursor and later a smaller one, or misses an event.

use futures_util::future::{join, join_all};

use super::{FIVE, each, open, raid, take, whole_list};
use crate::support::{Browser, World};

const WRITERS: u64 = 8;
const EACH: u64 = 40;
const ALL: usize = (WRITERS * EACH) as usize;

async fn write(world: &World, writer: u64) {
    for n in 0..EACH {
        let login = FIVE[((writer + n) % 5) as usize];
        raid(world, login, writer * EACH + n).await;
    }
}

/// Follows the list by cursor until it has read so many events; answers their cursors.
async fn follow(viewer: &Browser) -> Vec<String> {
    let mut cursors: Vec<String> = Vec::new();
    while cursors.len() < ALL {
        let after = cursors.last().map_or("0", String::as_str);
        let page = viewer.events(&format!("after={after}&limit=7")).await;
        cursors.extend(each(&page, "id").into_iter().map(str::to_owned));
    }
    cursors
}

/// Reads live, and comes back after every few events; answers their cursors.
async fn come_and_go(viewer: &Browser, stay: usize) -> Vec<String> {
    let mut cursors: Vec<String> = Vec::new();
    while cursors.len() < ALL {
        let after = cursors.last().map_or("0", String::as_str);
        let mut live = viewer.live(&format!("after={after}")).await;
        let events = take(&mut live, stay.min(ALL - cursors.len())).await;
        live.cut();
        cursors.extend(each(&events, "id").into_iter().map(str::to_owned));
    }
    cursors
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_by_cursor_see_every_event_once_and_in_order_while_many_write() {
    let (world, vera) = open().await;
    for login in FIVE {
        vera.subscribe(login).await;
    }
    let writers = join_all((0..WRITERS).map(|writer| write(&world, writer)));
    let readers = join(
        join_all([follow(&vera), follow(&vera)]),
        join_all([1, 3, 17, ALL].map(|stay| come_and_go(&vera, stay))),
    );
    let (_, (listed, streamed)) = join(writers, readers).await;
    let stored: Vec<String> = each(&whole_list(&vera, "").await, "id")
        .into_iter()
        .map(str::to_owned)
        .collect();
    assert_eq!(stored.len(), ALL);
    for seen in listed.iter().chain(&streamed) {
        assert_eq!(*seen, stored);
    }
}
