//! What people write: chat lines, messages with subs and cheers, polls, rules.

/// Custom rewards of every channel: title, cost, prompt ("" = needs no text).
pub(crate) const REWARDS: &[(&str, i64, &str)] = &[
    ("Hydrate!", 300, ""),
    ("Posture check", 250, ""),
    ("Pick the next song", 1500, "Which one?"),
    ("Ask me anything", 900, "Your question"),
    ("Name the next thing", 2500, "A name, please"),
    ("Dad joke", 500, ""),
    ("Hat of shame for ten minutes", 4000, ""),
    ("Send a postcard", 12_000, "What should it say?"),
];

/// Answers to rewards that ask for a text.
pub(crate) const REWARD_INPUTS: &[&str] = &[
    "the sea shanty one again please",
    "what was the first thing you ever broke on stream?",
    "call it Gerald",
    "do you ever get tired of the view?",
    "something with a theremin",
    "hello from a very rainy bus stop",
    "Sir Reginald von Wobble",
    "how do you remember all of this?",
    "la que cantaste el martes",
    "プリンちゃん 🍮",
];

pub(crate) const CHAT: &[&str] = &[
    "that was so close",
    "hello everyone, what did I miss?",
    "first time catching this live, hi!",
    "LUL",
    "NotLikeThis NotLikeThis",
    "wait, go back, what was that on the left",
    "I had to look away",
    "my cat just sat on the keyboddddddd",
    "so calm tonight, perfect for finishing my essay",
    "I came for the tea and stayed for the chaos",
    "PogChamp PogChamp PogChamp",
    "can confirm, I was the cup",
    "this is the way",
    "no way that works",
    "it worked??",
    "told you so",
    "is that legal",
    "taking notes, please slow down a little",
    "greetings from Lisbon <3",
    "gm from a train somewhere in Norway",
    "the audio is lovely today",
    "is the audio a bit quiet for anyone else?",
    "sounds fine here",
    "I can't believe you remembered my question from last week",
    "have you tried turning it off and on again Kappa",
    "my grandmother says hi and that you should eat something",
    "SeemsGood",
    "bleedPurple bleedPurple",
    "ok that transition was smooth",
    "brb kettle",
    "back, what did I miss",
    "the suspense",
    "three years I have watched this and it still gets me",
    "HeyGuys new here",
    "welcome in!",
    "chat, be nice to the new people :)",
    "I would have gone the other way",
    "no spoilers please",
    "that is definitely load-bearing",
    "it's not a bug, it's a lifestyle",
    "who left the window open, I can hear the rain and it's great",
    "let them cook",
    "screenshotting this",
    "my dog barked at exactly the right moment",
    "DinoDance DinoDance",
    "ok one more and then I really go to bed",
    "it is 4 am, no regrets",
    "the colours in this are unreal",
    "is there a word for this feeling? asking for a friend",
    "I made soup and now I have soup and this, perfect evening",
    "that little pause before it happened, chef's kiss",
    "somebody clip that please",
    "clipped",
    "my internet dropped at the worst possible second",
    "the bot is at it again",
    "TakeNRG you can do it",
    "GivePLZ one more",
    "so who is winning?",
    "physics: optional",
    "I have no idea what is going on but I am invested",
    "good night everyone, see you on Thursday",
    "😂😂😂",
    "🐙🐙🐙",
    "👀",
    "F",
    "o7",
    "+1",
];

/// Lines that answer somebody; `{who}` is the display name.
pub(crate) const REPLIES: &[&str] = &[
    "@{who} same here",
    "@{who} you were right, I take it all back",
    "@{who} they explained it at the start, it's in the clip",
    "@{who} Kappa",
    "@{who} welcome back!",
    "@{who} I'll allow it",
    "@{who} three sugars, please",
    "@{who} source?",
];

/// What viewers who arrived with a raid write; `{who}` raided.
pub(crate) const RAID_LINES: &[&str] = &[
    "raid from {who}! HeyGuys",
    "{who} sent us <3",
    "hello from the {who} raid",
    "hi hi hi, coming over from {who}",
    "what are we watching?",
    "lovely place you have here",
];

pub(crate) const CHEERS: &[&str] = &[
    "that last corner was unreal",
    "take my bits, buy a new kettle",
    "for the octopus fund",
    "worth it",
    "happy streamiversary!",
    "made my whole week, thank you <3",
    "for the blooper reel",
    "feliz cumpleaños atrasado 🎂",
    "we believe",
    "one more round?",
];

pub(crate) const RESUBS: &[&str] = &[
    "still here, still losing at chess",
    "another month of the calmest corner of the internet <3",
    "Still here LUL",
    "time flies like a kite",
    "my plants have grown up with this stream",
    "thank you for keeping me company through exam season",
    "wer hätte das gedacht, schon so lange dabei 🎉",
    "une année de plus, à la vôtre",
    "いつもありがとうございます",
    "here's to the next one bleedPurple",
    "",
    "",
    "",
];

pub(crate) const ANNOUNCEMENTS: &[&str] = &[
    "Tournament sign-ups close in ten minutes",
    "Schedule change: tomorrow we start an hour later",
    "The clip channel has a new home, see the panels below",
    "Please keep spoilers out of chat until the credits",
    "Merch restock on Friday. Yes, the mug too.",
    "New emotes are live, be gentle with them",
    "Charity total so far is in the panel below, thank you all <3",
];

pub(crate) const ANNOUNCEMENT_COLORS: &[&str] = &["PRIMARY", "BLUE", "GREEN", "ORANGE", "PURPLE"];

pub(crate) const STREAK_LINES: &[&str] = &[
    "not missing a single one this month",
    "my streak is longer than my attention span",
    "here again!",
    "five in a row and counting",
    "",
];

pub(crate) const GIFS: &[&str] = &["excited", "happy dance", "slow clap", "confused cat", "tea"];

/// Polls: title and choices.
pub(crate) const POLLS: &[(&str, &[&str])] = &[
    (
        "Next opening?",
        &["Queen's Gambit", "Caro-Kann", "Bongcloud"],
    ),
    (
        "What do we do after the break?",
        &["Keep going", "Something new", "Questions"],
    ),
    (
        "Name for the octopus",
        &["Gerald", "Inkling", "Madame Ploof", "Eight-Ball"],
    ),
    ("Which colour for the tail?", &["Orange", "Teal", "Stripes"]),
    (
        "Is a hot dog a sandwich?",
        &["Yes", "No", "Please stop asking"],
    ),
    ("Music or silence?", &["Music", "Silence"]),
    ("How confident are we?", &["Very", "A bit", "NotLikeThis"]),
];

/// Predictions: title and outcomes.
pub(crate) const PREDICTIONS: &[(&str, &[&str])] = &[
    ("Win this one?", &["Yes", "No"]),
    ("Done before the hour?", &["Easily", "Never"]),
    ("How many tries?", &["One", "Two to five", "We lost count"]),
    ("Will it fly?", &["It flies", "It lands in a tree"]),
    ("Something alive in the next 50 m?", &["Yes", "Only mud"]),
];

/// Goals: type, description, how far away the target is.
pub(crate) const GOALS: &[(&str, &str, i64)] = &[
    ("subscription_count", "Subs for the new camera", 12),
    ("new_subscription", "New subs today: karaoke!", 8),
    ("follow", "Followers for a face cam", 15),
];

/// Charities: name, description, website.
pub(crate) const CHARITIES: &[(&str, &str, &str)] = &[
    (
        "Reef & Kelp Trust",
        "Restores kelp forests and reefs with local divers.",
        "https://reef-and-kelp.example/",
    ),
    (
        "Lantern Library Fund",
        "Brings books and reading lamps to mountain villages.",
        "https://lantern-library.example/",
    ),
    (
        "Open Sky Air Ambulance",
        "Flies doctors to places without roads.",
        "https://open-sky.example/",
    ),
];

pub(crate) const BAN_REASONS: &[&str] = &[
    "spam",
    "link after two warnings",
    "spoilers",
    "",
    "advertising followers",
    "shouting",
];

pub(crate) const DELETED_LINES: &[&str] = &[
    "buy followers at totally-real dot example",
    "SPOILER: the butler",
    "CHECK MY CHANNEL CHECK MY CHANNEL",
];

pub(crate) const WARNINGS: &[&str] = &[
    "Please no backseat driving",
    "Keep it in the topic, thanks",
    "Last reminder about links",
];

pub(crate) const RULES: &[&str] = &["Be kind", "No spoilers", "No advertising"];

pub(crate) const UNBAN_REQUESTS: &[&str] = &[
    "It was my little brother, sorry!",
    "I misread the room. I will behave.",
    "I think the filter got me by mistake?",
];

pub(crate) const UNBAN_ANSWERS: &[&str] = &[
    "Welcome back, second chances are free",
    "Not this time",
    "Fine, but no more links",
];

pub(crate) const HELD_LINES: &[&str] = &[
    "this boss is an absolute donkey",
    "what the duck was that",
    "go away, gravity",
];

pub(crate) const POWER_UPS: &[(&str, i64, &str)] = &[
    ("Confetti cannon", 150, "For whom?"),
    ("Turn the lights teal", 80, ""),
];

/// A reward that comes and goes.
pub(crate) const EXTRA_REWARD: &str = "Choose my next teacup";
