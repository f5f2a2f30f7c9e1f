//! What a process uses, as `/proc` tells it.

use std::time::Duration;

use anyhow::Context as _;

/// CPU time and memory of a process.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    /// Of all its threads, those that ended too.
    pub(crate) cpu: Duration,
    /// Resident memory.
    pub(crate) resident_kib: u64,
}

impl Usage {
    /// Of the process with this id.
    ///
    /// # Errors
    /// When there is none, or no `/proc`.
    pub(crate) fn of(id: u32) -> anyhow::Result<Self> {
        let read = |name: &str| std::fs::read_to_string(format!("/proc/{id}/{name}"));
        let stat = read("stat").context("the process is gone")?;
        let ticks = cpu_ticks(&stat).context("/proc/PID/stat cannot be read")?;
        // Exact, where VmRSS lags by some pages per thread.
        let memory = read("smaps_rollup").or_else(|_| read("status"))?;
        let resident_kib = kib(&memory, "Rss:")
            .or_else(|| kib(&memory, "VmRSS:"))
            .context("/proc/PID/smaps_rollup cannot be read")?;
        let per_second = rustix::param::clock_ticks_per_second().max(1);
        Ok(Self {
            cpu: Duration::from_micros(ticks * 1_000_000 / per_second),
            resident_kib,
        })
    }

    /// Resident memory in MiB.
    pub(crate) fn resident_mib(&self) -> f64 {
        self.resident_kib as f64 / 1024.0
    }
}

/// User and system time; the name in brackets before them may hold anything.
fn cpu_ticks(stat: &str) -> Option<u64> {
    let (_, after_name) = stat.rsplit_once(") ")?;
    let mut fields = after_name.split(' ').skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

fn kib(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_time_is_found_behind_any_name() {
        let stat = "12 (a) b) S 1 12 12 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 4 0 100 1 2";
        assert_eq!(cpu_ticks(stat), Some(300));
        assert_eq!(cpu_ticks("12 (a"), None);
    }

    #[test]
    fn memory_is_found_in_both_files() {
        assert_eq!(
            kib("Rss:               1234 kB\nPss: 5 kB", "Rss:"),
            Some(1234)
        );
        assert_eq!(kib("VmPeak: 1 kB\nVmRSS:\t   77 kB\n", "VmRSS:"), Some(77));
        assert_eq!(kib("", "Rss:"), None);
    }

    #[test]
    fn this_process_can_be_read() {
        let usage = Usage::of(std::process::id()).unwrap();
        assert!(usage.resident_kib > 0);
    }
}
