//! How long to wait before the next attempt to connect. Pure.

/// Longest wait between two attempts.
const LONGEST_MS: f64 = 30_000.0;
/// Upper end of the first wait.
const FIRST_MS: f64 = 1_000.0;

/// The wait in milliseconds after `failures` failed attempts in a row.
///
/// Half of it is random (`random` is in 0..1): after a restart of the server
/// its readers must not all come back in the same moment. `at_least_ms` is what
/// the server asked for, and beats the upper bound.
pub(super) fn delay_ms(failures: u32, random: f64, at_least_ms: u32) -> u32 {
    let doubled = FIRST_MS * 2_f64.powi(i32::try_from(failures.min(16)).unwrap_or(16));
    let ceiling = doubled.min(LONGEST_MS);
    let wait = ceiling / 2.0 * (1.0 + random.clamp(0.0, 1.0));
    // A float to integer cast saturates; the value is between 500 and 30,000.
    (wait as u32).max(at_least_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_from_half_a_second_to_half_a_minute() {
        let shortest: Vec<u32> = (0..7).map(|n| delay_ms(n, 0.0, 0)).collect();
        assert_eq!(shortest, [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
        let longest: Vec<u32> = (0..7).map(|n| delay_ms(n, 1.0, 0)).collect();
        assert_eq!(
            longest,
            [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]
        );
    }

    #[test]
    fn many_failures_do_not_overflow() {
        assert_eq!(delay_ms(u32::MAX, 0.5, 0), 22_500);
    }

    #[test]
    fn the_server_may_ask_for_more() {
        assert_eq!(delay_ms(0, 0.0, 60_000), 60_000);
    }
}
