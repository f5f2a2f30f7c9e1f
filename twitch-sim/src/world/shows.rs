//! What each broadcaster does on stream: categories, and titles that change in
//! a way a viewer would believe (a round, a depth, an attempt goes up).

/// One part of a show. In titles `{n}` is the running number.
#[derive(Debug)]
pub(crate) struct Segment {
    pub(crate) category_id: &'static str,
    pub(crate) category: &'static str,
    pub(crate) titles: &'static [&'static str],
    /// Where `{n}` begins (again after `last`), and the least and most it grows by.
    pub(crate) first: i64,
    pub(crate) last: i64,
    pub(crate) step: (i64, i64),
    pub(crate) labels: &'static [&'static str],
}

const fn part(
    category: (&'static str, &'static str),
    titles: &'static [&'static str],
    (first, last): (i64, i64),
    step: (i64, i64),
    labels: &'static [&'static str],
) -> Segment {
    Segment {
        category_id: category.0,
        category: category.1,
        titles,
        first,
        last,
        step,
        labels,
    }
}

type Category = (&'static str, &'static str);
const CHATTING: Category = ("509658", "Just Chatting");
const CHESS: Category = ("743", "Chess");
const PUZZLE: Category = ("12453", "Grand Puzzle");
const NIGHTMARES: Category = ("494131", "Little Nightmares");
const MAKERS: Category = ("509673", "Makers & Crafting");
const OUTDOORS: Category = ("509672", "Travel & Outdoors");
const SCIENCE: Category = ("509670", "Science & Technology");
const ANIMALS: Category = ("272263131", "Animals, Aquariums, and Zoos");
const ART: Category = ("509660", "Art");
const FOOD: Category = ("509667", "Food & Drink");
const MUSIC: Category = ("26936", "Music");
const RETRO: Category = ("27284", "Retro");
const CODING: Category = ("1469308723", "Software and Game Development");
const MINECRAFT: Category = ("27471", "Minecraft");
const CELESTE: Category = ("492535", "Celeste");
const SPIRE: Category = ("496902", "Slay the Spire");
const RACING: Category = ("19554", "Gran Turismo");
const FLIPPER: Category = ("498000", "House Flipper");
const ASMR: Category = ("509659", "ASMR");
const TALK: Category = ("417752", "Talk Shows & Podcasts");

/// The parts of a broadcaster's show, played in turn.
#[rustfmt::skip]
pub(crate) fn show(login: &str) -> &'static [Segment] {
    const MIRA: &[Segment] = &[
        part(CHESS, &["Rated games with chat, game {n}", "Chat picks the opening · game {n}", "Rated games with chat, then puzzles · game {n}", "Blitz, no takebacks · game {n}"], (1, 9999), (1, 1), &[]),
        part(PUZZLE, &["Cosy puzzles · room {n} of 80", "Cosy puzzles and peppermint tea · room {n} of 80", "No hints! Room {n} of 80"], (11, 80), (1, 2), &[]),
        part(CHATTING, &["Tea break, your questions · {n} answered", "Kettle is on · question {n}"], (3, 9999), (1, 4), &[]),
        part(NIGHTMARES, &["Hiding under tables · {n} deaths so far", "I am not scared, you are scared · {n} deaths", "Chapter two, lights off · {n} deaths"], (4, 9999), (1, 3), &["MatureGame"]),
    ];
    const KITE: &[Segment] = &[
        part(MAKERS, &["Building a kite that records its own flight · step {n}", "Sewing ripstop, badly · seam {n}", "Soldering the flight logger · step {n} of 60"], (7, 60), (1, 2), &[]),
        part(OUTDOORS, &["Test flight! {n} m of line out", "Wind is up, hat is gone · {n} m of line out", "Live from the dunes · {n} m of line out"], (35, 480), (6, 22), &[]),
        part(CHATTING, &["Reading the flight log together · page {n}", "Where did it land? Theory {n}"], (1, 9999), (1, 2), &[]),
    ];
    const DANA: &[Segment] = &[
        part(SCIENCE, &["ROV dive 212: the cold seep · {n} m", "Down, down, down · {n} m on dive 212", "ROV dive 212 · {n} m and still sinking", "Something blinked at {n} m"], (118, 1900), (9, 41), &[]),
        part(ANIMALS, &["Name that octopus · {n} suggestions", "Feeding time in the wet lab · tank {n}", "Tube worms up close · sample {n}"], (5, 9999), (1, 6), &[]),
        part(TALK, &["Ask a marine biologist · question {n}", "Why is it always dark down there · question {n}"], (2, 9999), (1, 3), &[]),
    ];
    const OWL: &[Segment] = &[
        part(CELESTE, &["Any% until the sun comes up · attempt {n}", "Attempt {n}, hands still warm", "New route, old mistakes · attempt {n}"], (41, 9999), (1, 3), &[]),
        part(CHATTING, &["Cooling down, {n} bpm", "Post-run snacks and split {n}"], (88, 130), (1, 4), &[]),
    ];
    const OSTRICH: &[Segment] = &[
        part(CHATTING, &["Head out of the sand, hour {n}", "Reading your worst ideas · number {n}"], (1, 9999), (1, 2), &["ProfanityVulgarity"]),
        part(FLIPPER, &["House {n} and I already miss the first", "Painting wall {n} the wrong colour"], (2, 9999), (1, 1), &[]),
    ];
    const BAKER: &[Segment] = &[
        part(FOOD, &["Sourdough, fold {n}", "Croissants from scratch · layer {n}", "Oven spring watch · minute {n}"], (2, 90), (1, 4), &[]),
        part(ART, &["16×16 loaves · sprite {n}", "Pixel bakery tileset · tile {n}"], (9, 9999), (1, 3), &[]),
    ];
    const KAUZ: &[Segment] = &[
        part(MAKERS, &["Nistkasten Nummer {n}", "Wir bauen ein Vogelhaus · Schraube {n}"], (12, 9999), (1, 3), &[]),
        part(CHATTING, &["Kaffee und Fragen · Tasse {n}"], (2, 12), (1, 1), &[]),
    ];
    const LUNA: &[Segment] = &[
        part(ART, &["Un bosque que no existe · árbol {n}", "Tinta y luna llena · página {n}"], (21, 9999), (1, 3), &[]),
    ];
    const NEKO: &[Segment] = &[
        part(ANIMALS, &["七匹の猫 ☕ おやつ{n}回目", "窓辺の猫たち 🐈 {n}回目のあくび"], (3, 9999), (1, 2), &[]),
    ];
    const LAYLA: &[Segment] = &[
        part(ART, &["أزقة المدينة القديمة · لوحة {n}", "نرسم معًا حتى الفجر · لوحة {n}"], (14, 9999), (1, 1), &[]),
    ];
    const NUAGE: &[Segment] = &[
        part(FOOD, &["Crêpes, essai n° {n}", "On rate une mayonnaise · essai n° {n}"], (3, 9999), (1, 1), &[]),
    ];
    const VOVO: &[Segment] = &[
        part(RETRO, &["Vovô contra o chefão · tentativa {n}", "Sem paciência, com café · tentativa {n}"], (17, 9999), (1, 4), &[]),
    ];
    const BYEOL: &[Segment] = &[
        part(CHATTING, &["같이 공부해요 📚 {n}교시", "50분 집중, 10분 수다 · {n}교시"], (1, 9999), (1, 1), &[]),
    ];
    const RUST: &[Segment] = &[
        part(CODING, &["Writing a tiny database · {n} tests green", "Lifetimes and cold coffee · {n} errors left", "Yak number {n}, freshly shaved"], (6, 9999), (1, 5), &[]),
    ];
    const MUSICIAN: &[Segment] = &[
        part(MUSIC, &["Slow patches for a slow evening · take {n}", "Request hour · song {n}", "Improvising on three notes · take {n}"], (1, 9999), (1, 2), &[]),
    ];
    const NORTH: &[Segment] = &[
        part(OUTDOORS, &["Aurora watch, Kp {n}", "Shovelling since breakfast · pile {n}"], (3, 9), (1, 2), &[]),
    ];
    const GAMBIT: &[Segment] = &[
        part(CHESS, &["Knitting and knights · row {n}", "Simultaneous with six viewers · round {n}"], (8, 9999), (1, 2), &[]),
    ];
    const ROGUE: &[Segment] = &[
        part(SPIRE, &["Daily climb · floor {n}", "Ascension 20, floor {n}, no healing"], (3, 56), (1, 4), &[]),
        part(MINECRAFT, &["Digging a moat for no reason · block {n}"], (900, 9999), (20, 90), &[]),
    ];
    const RACER: &[Segment] = &[
        part(RACING, &["Endurance stint · lap {n}", "Two mirrors, no brakes · lap {n}"], (12, 9999), (2, 5), &[]),
    ];
    const RESTORER: &[Segment] = &[
        part(ASMR, &["Sanding a 1930s plane · grit {n}", "Rust bath and rain sounds · bolt {n}"], (80, 2000), (20, 60), &[]),
    ];
    const STARS: &[Segment] = &[
        part(SCIENCE, &["Stacking frames of a nebula · frame {n}", "Clear skies, finally · object {n} of 40"], (4, 40), (1, 3), &[]),
    ];
    const ANYONE: &[Segment] = &[
        part(CHATTING, &["Trying out this streaming thing · take {n}", "Hello? Is this on? · take {n}"], (1, 9999), (1, 1), &[]),
    ];
    match login {
        "mira_plays" => MIRA,
        "kiteflyer" => KITE,
        "deepseadana" => DANA,
        "late_owl" => OWL,
        "ostrich_op" => OSTRICH,
        "pixel_baker" | "captain_custard" => BAKER,
        "waldkauz_tv" => KAUZ,
        "lunabosque" => LUNA,
        "neko_kissa" => NEKO,
        "layla_draws" => LAYLA,
        "petitnuage" => NUAGE,
        "vovojoga" => VOVO,
        "harubyeol" => BYEOL,
        "rustbucket_io" => RUST,
        "glasswing_fm" | "tuba_tuesdays" => MUSICIAN,
        "northlight" => NORTH,
        "grannygambit" => GAMBIT,
        "dungeon_dentist" => ROGUE,
        "turbo_tapir" => RACER,
        "moss_and_metal" => RESTORER,
        "quietquasar" => STARS,
        _ => ANYONE,
    }
}
