//! Pictures drawn from a name alone: everybody keeps their colours.

use std::fmt::Write as _;

/// Small numbers that depend on the name only (FNV-1a, then a mixing step per draw).
#[derive(Debug)]
pub(crate) struct Hand(u64);

impl Hand {
    pub(crate) fn of(name: &str) -> Self {
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(hash)
    }

    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit.max(1)
    }

    /// The first draw of every picture, so that all of a person's agree.
    fn hue(&mut self) -> u64 {
        HUES[self.index(HUES.len())]
    }

    /// An index below `len`.
    pub(crate) fn index(&mut self, len: usize) -> usize {
        usize::try_from(self.below(u64::try_from(len).unwrap_or(1))).unwrap_or(0)
    }
}

/// Hues that look well apart; an even spread would be a third greens.
const HUES: [u64; 18] = [
    262, 330, 205, 160, 40, 15, 280, 190, 305, 350, 225, 135, 25, 318, 245, 175, 52, 215,
];

/// The hue everything about a person is drawn in, in degrees.
pub(crate) fn hue(login: &str) -> u64 {
    Hand::of(login).hue()
}

/// One or two letters for a name: `mira_plays` is MP, `kiteflyer` K.
pub(crate) fn initials(login: &str) -> String {
    login
        .split(|letter: char| !letter.is_alphanumeric())
        .filter_map(|part| part.chars().next())
        .take(2)
        .flat_map(char::to_uppercase)
        .collect()
}

/// A square portrait.
pub(crate) fn avatar(login: &str) -> String {
    let mut hand = Hand::of(login);
    let hue = hand.hue();
    let (x, y) = (hand.below(220) + 40, hand.below(220) + 40);
    let (radius, turn) = (hand.below(70) + 70, hand.below(90));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 300 300\" width=\"300\" height=\"300\">\
         <defs><linearGradient id=\"g\" gradientTransform=\"rotate({turn} .5 .5)\">\
         <stop stop-color=\"hsl({hue} 62% 50%)\"/>\
         <stop offset=\"1\" stop-color=\"hsl({} 62% 34%)\"/></linearGradient></defs>\
         <rect width=\"300\" height=\"300\" fill=\"url(#g)\"/>\
         <circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"#fff\" fill-opacity=\".09\"/>\
         <circle cx=\"{}\" cy=\"{}\" r=\"46\" fill=\"#000\" fill-opacity=\".1\"/>\
         <text x=\"150\" y=\"150\" dy=\".36em\" text-anchor=\"middle\" fill=\"#fff\" font-size=\"124\" \
         font-weight=\"650\" font-family=\"system-ui,sans-serif\">{}</text></svg>",
        (hue + 46) % 360,
        300 - x,
        300 - y,
        initials(login),
    )
}

/// A still of a stream: a low sun, hills in the channel's colours, a title bar.
pub(crate) fn preview(login: &str, width: u32, height: u32) -> String {
    let mut hand = Hand::of(login);
    let hue = hand.hue();
    let sun = (
        hand.below(400) + 120,
        hand.below(120) + 70,
        hand.below(30) + 26,
    );
    let mut hills = String::new();
    for layer in 0..3_u64 {
        let base = 210 + layer * 48;
        let mut path = format!("M0 {}", base + hand.below(40));
        for step in 1..=8_u64 {
            let (x, y) = (step * 80, base - 30 + hand.below(90));
            // Writing to a string cannot fail.
            write!(path, " Q{} {} {x} {}", x - 40, y, base + hand.below(40)).unwrap_or_default();
        }
        write!(
            hills,
            "<path d=\"{path} V360 H0Z\" fill=\"hsl({} 44% {}%)\"/>",
            (hue + layer * 14) % 360,
            30 - layer * 8
        )
        .unwrap_or_default();
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 640 360\" width=\"{width}\" \
         height=\"{height}\" preserveAspectRatio=\"xMidYMid slice\">\
         <defs><linearGradient id=\"s\" x2=\"0\" y2=\"1\">\
         <stop stop-color=\"hsl({hue} 55% 24%)\"/>\
         <stop offset=\"1\" stop-color=\"hsl({} 60% 46%)\"/></linearGradient></defs>\
         <rect width=\"640\" height=\"360\" fill=\"url(#s)\"/>\
         <circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"hsl({} 90% 82%)\" fill-opacity=\".85\"/>\
         {hills}<rect x=\"20\" y=\"316\" width=\"170\" height=\"26\" rx=\"6\" fill=\"#000\" fill-opacity=\".45\"/>\
         <text x=\"32\" y=\"334\" fill=\"#fff\" font-size=\"15\" font-family=\"system-ui,sans-serif\">{}</text>\
         </svg>",
        (hue + 50) % 360,
        sun.0,
        sun.1,
        sun.2,
        (hue + 60) % 360,
        super::html::escape(login),
    )
}
