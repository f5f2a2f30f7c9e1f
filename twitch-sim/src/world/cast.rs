//! Who lives in the simulated Twitch: names, ids, languages and habits.
//!
//! Ids and logins are fixed, so that scripts and tests can rely on them; the
//! seed decides only what people do.

/// How busy a channel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Live from the start, for hours, with a crowd.
    Big,
    /// Comes and goes; live from the start.
    SmallLive,
    /// Comes and goes; offline at the start.
    SmallOffline,
    /// Chats, and hardly ever streams.
    Chatter,
}

/// One line of the cast.
#[derive(Debug)]
pub(crate) struct Role {
    pub(crate) id: &'static str,
    pub(crate) login: &'static str,
    pub(crate) display_name: &'static str,
    pub(crate) stage: Stage,
    /// Typical number of viewers when live.
    pub(crate) viewers: i64,
    pub(crate) language: &'static str,
    pub(crate) created_at: &'static str,
    pub(crate) color: &'static str,
    pub(crate) tags: &'static [&'static str],
    pub(crate) description: &'static str,
}

#[expect(
    clippy::too_many_arguments,
    reason = "one table row; the columns are named on the struct"
)]
const fn role(
    id: &'static str,
    login: &'static str,
    display_name: &'static str,
    stage: Stage,
    viewers: i64,
    language: &'static str,
    created_at: &'static str,
    color: &'static str,
    tags: &'static [&'static str],
    description: &'static str,
) -> Role {
    Role {
        id,
        login,
        display_name,
        stage,
        viewers,
        language,
        created_at,
        color,
        tags,
        description,
    }
}

use Stage::{Big, Chatter, SmallLive, SmallOffline};

#[rustfmt::skip]
pub(crate) const CAST: &[Role] = &[
    // The three that are always busy.
    role("700100200", "mira_plays", "Mira_Plays", Big, 781, "en", "2016-12-14T20:32:28Z", "#E07A5F", &["English", "Chess", "Puzzles", "Cosy"], "Chess with chat, then puzzles. Tea is a valid strategy."),
    role("431904427", "kiteflyer", "kiteflyer", Big, 2140, "en", "2014-03-02T09:15:41Z", "#4CC3FF", &["English", "Makers", "Outdoors"], "I build kites, lose kites, and build better kites."),
    role("128776034", "deepseadana", "DeepSeaDana", Big, 12903, "en", "2013-07-21T04:58:10Z", "#3ECF8E", &["English", "Science", "Ocean", "ROV"], "Marine biologist. Live from the control van of a small robot that likes the dark."),
    // Live when the world begins, for a while.
    role("263390118", "pixel_baker", "pixel_baker", SmallLive, 164, "en", "2017-05-30T16:22:09Z", "#F3B74C", &["English", "Baking", "PixelArt"], "Sourdough by day, sprites by night."),
    role("510048872", "waldkauz_tv", "Waldkauz_TV", SmallLive, 92, "de", "2019-11-08T18:40:55Z", "#8A9A5B", &["Deutsch", "Natur", "Gemütlich"], "Vogelhäuser, Nistkästen und viel zu viel Kaffee."),
    // They come and go.
    role("555000111", "late_owl", "Late_Owl", SmallOffline, 318, "en", "2020-09-17T23:41:03Z", "#A78BFA", &["English", "Speedrun", "NightShift"], "Speedruns for people who should be asleep."),
    role("88213407", "ostrich_op", "Ostrich_Op", SmallOffline, 57, "en", "2015-01-19T11:02:37Z", "#FF7F50", &["English", "JustChatting"], "Head in the sand, hands on the keyboard."),
    role("619277540", "glasswing_fm", "Glasswing_FM", SmallOffline, 233, "en", "2020-12-01T13:27:18Z", "#5AC8C8", &["English", "Music", "Ambient"], "Modular synths, soft pads, no drops."),
    role("340915286", "lunabosque", "LunaBosque", SmallOffline, 146, "es", "2018-04-11T20:05:44Z", "#C77DFF", &["Español", "Arte"], "Dibujo bosques que no existen. Todavía."),
    role("702618835", "neko_kissa", "猫喫茶", SmallOffline, 402, "ja", "2021-06-23T10:10:10Z", "#FFB7C5", &["日本語", "ねこ", "まったり"], "七匹の猫と一杯のコーヒー。"),
    role("477103926", "layla_draws", "Layla_Draws", SmallOffline, 118, "ar", "2019-08-14T17:33:21Z", "#E9C46A", &["العربية", "رسم"], "أرسم المدن القديمة وأتحدث مع الدردشة."),
    role("226480913", "petitnuage", "PetitNuage", SmallOffline, 74, "fr", "2017-02-27T08:12:59Z", "#9AD1F5", &["Français", "Cuisine"], "Je cuisine, ça brûle, on recommence."),
    role("391150774", "vovojoga", "VovoJoga", SmallOffline, 289, "pt", "2018-10-05T21:48:02Z", "#80ED99", &["Português", "Retro"], "72 anos, 1 controle, zero paciência com chefão."),
    role("658824190", "harubyeol", "하루별", SmallOffline, 176, "ko", "2021-02-11T12:00:31Z", "#FFD166", &["한국어", "Study"], "같이 공부해요. 50분 집중, 10분 수다."),
    role("73915542", "rustbucket_io", "rustbucket_io", SmallOffline, 211, "en", "2014-10-12T15:19:46Z", "#CE6A46", &["English", "Programming", "Rust"], "The borrow checker and I are in couples therapy."),
    role("187760231", "captain_custard", "Captain_Custard", SmallOffline, 340, "en", "2016-08-03T19:55:12Z", "#FFD97D", &["English", "Cooking"], "Pudding first. Always pudding first."),
    role("582240667", "northlight", "Northlight", SmallOffline, 95, "en", "2020-07-07T05:44:28Z", "#7FDBFF", &["English", "Aurora", "Travel"], "Aurora cam, snow shovelling and stories from 69° north."),
    role("349926615", "grannygambit", "GrannyGambit", SmallOffline, 128, "en", "2018-05-16T14:36:50Z", "#D4A5A5", &["English", "Chess", "50Plus"], "I knit between moves. You should be worried."),
    role("264508399", "turbo_tapir", "Turbo_Tapir", SmallOffline, 66, "en", "2017-06-09T22:01:15Z", "#6C91BF", &["English", "Racing", "Sim"], "Three pedals, two mirrors, no brakes."),
    role("607339021", "moss_and_metal", "moss_and_metal", SmallOffline, 83, "en", "2020-10-30T16:08:39Z", "#90A955", &["English", "Crafting", "ASMR"], "Restoring rusty tools until they sing."),
    role("451187208", "quietquasar", "QuietQuasar", SmallOffline, 154, "en", "2019-06-18T03:27:07Z", "#B8B8FF", &["English", "Astronomy"], "Backyard astronomy. Please switch off your porch light."),
    role("138052976", "tuba_tuesdays", "Tuba_Tuesdays", SmallOffline, 41, "en", "2015-12-22T18:18:18Z", "#E5989B", &["English", "Music", "Brass"], "Only tubas. Only Tuesdays. (Also Fridays.)"),
    role("690412753", "dungeon_dentist", "Dungeon_Dentist", SmallOffline, 199, "en", "2021-05-02T20:45:33Z", "#84A59D", &["English", "Roguelike"], "Rinse, spit, descend."),
    // They chat.
    role("990011", "pip", "Pip", Chatter, 3, "en", "2010-06-29T12:31:00Z", "#00FF7F", &["English"], "First."),
    role("990012", "bo", "Bo", Chatter, 2, "en", "2010-06-29T12:40:00Z", "#1E90FF", &["English"], ""),
    role("810020030", "teapot_tim", "Teapot_Tim", Chatter, 6, "en", "2022-09-11T07:50:26Z", "#B22222", &["English", "Tea"], "Short and stout."),
    role("305518264", "marble_fox", "marble_fox", Chatter, 11, "en", "2018-01-25T09:09:54Z", "#FF69B4", &["English", "Pottery"], "Pots, plots and the odd stream."),
    role("417730958", "juno", "Juno", Chatter, 4, "en", "2019-03-13T13:13:13Z", "#DAA520", &["English"], "Hydration committee, chair."),
    role("522061437", "moderator_mo", "Moderator_Mo", Chatter, 2, "en", "2020-02-20T20:20:20Z", "#9ACD32", &["English"], "I read the rules so that you do not have to."),
    role("268914075", "saltedcaramelle", "SaltedCaramelle", Chatter, 5, "fr", "2017-07-14T17:07:14Z", "#D2691E", &["Français"], ""),
    role("735520186", "driftwood_dee", "Driftwood_Dee", Chatter, 7, "en", "2021-10-31T22:35:40Z", "#5F9EA0", &["English"], "Lurking from a hammock."),
    role("199043762", "bassoonbaboon", "BassoonBaboon", Chatter, 8, "en", "2016-11-05T10:26:58Z", "#8A2BE2", &["English", "Music"], "Low notes, high hopes."),
    role("844019573", "null_pointer_nell", "null_pointer_nell", Chatter, 9, "en", "2022-12-24T16:00:01Z", "#2E8B57", &["English", "Programming"], "Dereferenced with care."),
    role("356207741", "kaffeeklaus", "KaffeeKlaus", Chatter, 2, "de", "2018-06-06T06:06:06Z", "#A0522D", &["Deutsch"], "Erst Kaffee."),
    role("473860912", "sora_mame", "そらまめ", Chatter, 3, "ja", "2019-07-30T11:47:29Z", "#6495ED", &["日本語"], "豆です。"),
    role("611294038", "yusuf_k", "Yusuf_K", Chatter, 2, "ar", "2020-11-11T19:23:45Z", "#FF4500", &["العربية"], ""),
    role("154427869", "pebble_pete", "Pebble_Pete", Chatter, 1, "en", "2016-03-17T08:41:11Z", "#778899", &["English"], "Rocks."),
    role("902315548", "zuzka99", "Zuzka99", Chatter, 1, "cs", "2023-05-19T21:12:06Z", "#FF1493", &["Čeština"], "ahoj"),
    role("247781630", "the_real_gnome", "The_Real_Gnome", Chatter, 12, "en", "2017-04-01T00:00:04Z", "#228B22", &["English"], "Accept no garden imitations."),
    role("568803192", "ada_likes_trains", "ada_likes_trains", Chatter, 5, "en", "2020-06-12T14:52:33Z", "#20B2AA", &["English", "Trains"], "Hype trains count."),
    role("329465107", "brisket_brigade", "Brisket_Brigade", Chatter, 4, "en", "2018-03-08T23:17:48Z", "#CD5C5C", &["English"], "Low and slow since 2018."),
    role("795036214", "lilypad_leo", "Lilypad_Leo", Chatter, 2, "en", "2022-05-27T15:29:57Z", "#66CDAA", &["English"], ""),
    role("430612985", "captcha_failed", "captcha_failed", Chatter, 1, "en", "2019-04-22T04:04:04Z", "", &["English"], "Probably human."),
    // They log in to the demo.
    role("640172935", "viewer_vera", "Viewer_Vera", Chatter, 3, "en", "2020-11-18T12:24:16Z", "#A78BFA", &["English"], "Watches more streams than there are evenings."),
    role("587330461", "viewer_omar", "Viewer_Omar", Chatter, 2, "en", "2020-07-19T17:38:20Z", "#4682B4", &["English"], "Here for the raids."),
];

/// People who log in to the demo do nothing by themselves.
pub(crate) fn is_demo_viewer(login: &str) -> bool {
    login.starts_with("viewer_")
}

/// How many channels each of these people follows; everyone else a handful.
pub(crate) const FOLLOWS: &[(&str, usize)] = &[("viewer_vera", 36), ("viewer_omar", 28)];

/// Followed by both of the above whatever the seed.
pub(crate) const FAVOURITES: &[&str] = &[
    "mira_plays",
    "kiteflyer",
    "deepseadana",
    "late_owl",
    "pixel_baker",
    "ostrich_op",
];
