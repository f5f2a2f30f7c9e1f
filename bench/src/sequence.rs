//! Whether a reader got exactly what the store holds: nothing missing, nothing twice, in order.

use std::collections::HashSet;

/// How a reader's events differ from those it should have got.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Differences {
    /// Stored, and never read.
    pub(crate) missing: usize,
    /// Read more than once.
    pub(crate) repeated: usize,
    /// Read after a later one.
    pub(crate) disordered: usize,
    /// Read, and not stored or not asked for.
    pub(crate) foreign: usize,
}

impl Differences {
    /// Whether there are none.
    pub(crate) fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// All of them.
    pub(crate) fn total(&self) -> usize {
        self.missing + self.repeated + self.disordered + self.foreign
    }

    /// Those of several readers.
    pub(crate) fn add(&mut self, other: &Self) {
        self.missing += other.missing;
        self.repeated += other.repeated;
        self.disordered += other.disordered;
        self.foreign += other.foreign;
    }
}

/// Compares what was read with what is stored; `stored` grows.
pub(crate) fn compare(stored: &[i64], read: &[i64]) -> Differences {
    if stored == read {
        return Differences::default();
    }
    let mut differences = Differences::default();
    let mut seen = HashSet::with_capacity(read.len());
    let mut newest = i64::MIN;
    for id in read {
        if !seen.insert(*id) {
            differences.repeated += 1;
        } else if *id < newest {
            differences.disordered += 1;
        }
        newest = newest.max(*id);
    }
    let known: HashSet<i64> = stored.iter().copied().collect();
    differences.missing = known.difference(&seen).count();
    differences.foreign = seen.difference(&known).count();
    differences
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(missing: usize, repeated: usize, disordered: usize, foreign: usize) -> Differences {
        Differences {
            missing,
            repeated,
            disordered,
            foreign,
        }
    }

    #[test]
    fn the_same_is_no_difference() {
        assert!(compare(&[1, 2, 5], &[1, 2, 5]).is_none());
        assert!(compare(&[], &[]).is_none());
    }

    #[test]
    fn each_fault_is_found_and_told_apart() {
        let stored = [1, 2, 3, 4, 5];
        for (read, expected) in [
            (&[1, 2, 4, 5][..], of(1, 0, 0, 0)),
            (&[1, 2, 3, 4], of(1, 0, 0, 0)),
            (&[1, 2, 3, 3, 4, 5], of(0, 1, 0, 0)),
            (&[1, 2, 3, 4, 5, 1], of(0, 1, 0, 0)),
            (&[1, 2, 4, 3, 5], of(0, 0, 1, 0)),
            (&[1, 2, 3, 4, 5, 9], of(0, 0, 0, 1)),
            (&[], of(5, 0, 0, 0)),
            (&[2, 1, 1, 9], of(3, 1, 1, 1)),
        ] {
            assert_eq!(compare(&stored, read), expected, "{read:?}");
        }
    }

    #[test]
    fn differences_add_up() {
        let mut all = of(1, 2, 3, 4);
        all.add(&of(1, 0, 0, 0));
        assert_eq!((all, all.total()), (of(2, 2, 3, 4), 11));
    }
}
