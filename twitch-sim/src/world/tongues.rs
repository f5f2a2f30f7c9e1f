//! Chat lines in other languages, and who speaks which.

use super::cast::CAST;

/// Of people outside the cast one in this many speaks something else.
const FOREIGN_SHARE: usize = 9;

const TONGUES: &[(&str, &[&str])] = &[
    (
        "de",
        &[
            "Moin zusammen, Kaffee ist fertig ☕",
            "das war knapp 😅",
            "Grüße aus dem Zug, mal wieder Verspätung",
            "ich hab's doch gesagt",
            "so schön ruhig hier heute Abend",
            "noch eine Runde bitte",
            "wie macht ihr das nur?",
        ],
    ),
    (
        "es",
        &[
            "hola a todos desde Valparaíso 🌊",
            "buenas noches, llego tarde como siempre",
            "¡qué bonito quedó eso!",
            "jajaja no puede ser",
            "otra vez, otra vez",
            "mi perro también está mirando",
            "me quedo cinco minutos más y ya",
        ],
    ),
    (
        "fr",
        &[
            "bonsoir tout le monde, j'ai apporté du fromage 🧀",
            "c'était pas loin !",
            "je découvre la chaîne, c'est super",
            "on se croirait en vacances",
            "allez, une dernière",
            "mdr le timing",
        ],
    ),
    (
        "pt",
        &[
            "boa noite, chat ❤️",
            "kkkkkkk não acredito",
            "essa foi por pouco",
            "trouxe pão de queijo pra todo mundo",
            "melhor live da semana",
            "só mais uma, prometo",
        ],
    ),
    (
        "ja",
        &[
            "VoHiYo こんばんは！",
            "今日も楽しい配信ありがとう",
            "かわいい〜 🐈",
            "すごい！！",
            "初見です、よろしくお願いします",
            "お茶いれてきます 🍵",
            "草",
        ],
    ),
    (
        "ko",
        &[
            "안녕하세요! 오늘도 화이팅",
            "ㅋㅋㅋㅋㅋ",
            "와 대박",
            "처음 왔어요, 반가워요",
            "잠깐 커피 마시고 올게요 ☕",
            "오늘 분위기 너무 좋다",
        ],
    ),
    (
        "ar",
        &[
            "مساء الخير للجميع",
            "هذا رائع جدًا 👏",
            "أول مرة أشاهد البث، تحياتي من عمّان",
            "ههههه لا أصدق",
            "الصوت واضح اليوم، شكرًا",
            "مرة أخرى من فضلك 🙏",
        ],
    ),
    (
        "cs",
        &[
            "zdravím z Brna 👋",
            "to bylo o fous",
            "ještě jednou!",
            "jdu si udělat čaj",
        ],
    ),
];

/// What somebody may say in their own language instead of English: the one of
/// the channel, or the one they speak anyway.
pub(crate) fn lines_of(person: usize, channel_language: &str) -> &'static [&'static str] {
    let language = match CAST.get(person) {
        _ if channel_language != "en" => channel_language,
        Some(role) => role.language,
        None if person.is_multiple_of(FOREIGN_SHARE) => {
            TONGUES[person / FOREIGN_SHARE % TONGUES.len()].0
        }
        None => "en",
    };
    TONGUES
        .iter()
        .find(|(one, _)| *one == language)
        .map_or(&[], |(_, lines)| *lines)
}
