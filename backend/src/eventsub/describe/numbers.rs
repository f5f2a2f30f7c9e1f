//! Numbers as people write them: counts, money, spans of time.

use std::fmt;

use wire::Amount;

use super::fields::Fields;

/// A count with separators: 12,345.
pub(super) fn thousands(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut written = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        written.push('-');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    written
}

/// "1 viewer", "318 viewers".
pub(super) fn many(number: i64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", thousands(number))
}

/// " for 300 points", or nothing.
pub(super) fn phrase(before: &str, number: Option<i64>, noun: &str) -> String {
    number.map_or_else(String::new, |number| {
        format!(" {before} {}", many(number, noun))
    })
}

/// "30 seconds", "10 minutes", "1 hour", "14 days": the largest unit that fits
/// without telling something else.
pub(super) fn span(seconds: i64) -> String {
    const HOUR: i64 = 60;
    const DAY: i64 = 24 * HOUR;
    if seconds < 60 {
        return many(seconds.max(0), "second");
    }
    let minutes = seconds.saturating_add(30) / 60;
    if minutes < 2 * HOUR && minutes % HOUR != 0 {
        many(minutes, "minute")
    } else if minutes < 2 * DAY && minutes % DAY != 0 {
        many((minutes + HOUR / 2) / HOUR, "hour")
    } else {
        many((minutes + DAY / 2) / DAY, "day")
    }
}

/// A sum of money in minor units.
pub(super) struct Money {
    value: i64,
    decimals: u8,
    currency: String,
}

impl Money {
    /// Reads `{value, decimal_places, currency}`; Twitch spells the second in two ways.
    /// Without all three the sum would be a guess, so there is none.
    pub(super) fn of(fields: Fields<'_>) -> Option<Self> {
        /// No currency has more than four.
        const MOST_DECIMALS: i64 = 4;
        let decimals = fields
            .count("decimal_places")
            .or_else(|| fields.count("decimal_place"))
            .filter(|decimals| *decimals <= MOST_DECIMALS)?;
        let currency = fields.token("currency").to_ascii_uppercase();
        let is_code = currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_alphabetic());
        is_code.then_some(Self {
            value: fields.count("value")?,
            decimals: u8::try_from(decimals).ok()?,
            currency,
        })
    }

    pub(super) fn amount(&self) -> Amount {
        Amount {
            value: self.value,
            unit: self.currency.clone(),
            decimals: Some(self.decimals),
        }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = 10_i64.pow(u32::from(self.decimals));
        write!(f, "{}", thousands(self.value / scale))?;
        if self.decimals > 0 {
            let width = usize::from(self.decimals);
            write!(f, ".{:0width$}", self.value % scale)?;
        }
        write!(f, " {}", self.currency)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn counts_are_grouped_and_numbered() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(1_000), "1,000");
        assert_eq!(thousands(i64::MIN), "-9,223,372,036,854,775,808");
        assert_eq!(many(1, "bit"), "1 bit");
        assert_eq!(many(12_345, "bit"), "12,345 bits");
    }

    #[test]
    fn money_needs_value_decimals_and_currency() {
        let read = |value: serde_json::Value| {
            Money::of(Fields::of(&(&value).into())).map(|money| money.to_string())
        };
        let written = |text: &str| Some(text.to_owned());
        let usd = json!({"value": 123_405, "decimal_places": 2, "currency": "USD"});
        assert_eq!(read(usd), written("1,234.05 USD"));
        let yen = json!({"value": "500", "decimal_place": 0, "currency": "jpy"});
        assert_eq!(read(yen), written("500 JPY"));
        assert_eq!(read(json!({"value": 1, "currency": "USD"})), None);
        assert_eq!(
            read(json!({"value": 1, "decimal_places": 2, "currency": "$"})),
            None
        );
        assert_eq!(
            read(json!({"value": 1, "decimal_places": 99, "currency": "USD"})),
            None
        );
        assert_eq!(read(json!(null)), None);
    }

    #[test]
    fn spans_take_the_unit_a_person_would() {
        let cases = [
            (1, "1 second"),
            (30, "30 seconds"),
            (600, "10 minutes"),
            (599, "10 minutes"),
            (3_600, "1 hour"),
            (5_400, "90 minutes"),
            (86_400, "1 day"),
            (1_209_600, "14 days"),
            (-5, "0 seconds"),
        ];
        for (seconds, written) in cases {
            assert_eq!(span(seconds), written, "{seconds}");
        }
        assert!(span(i64::MAX).ends_with(" days"));
    }
}
