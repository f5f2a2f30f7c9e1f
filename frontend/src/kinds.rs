//! A set of kinds of events.

use wire::Kind;

/// Any number of kinds. Where it filters, none means all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kinds(u16);

impl Kinds {
    /// No kind.
    pub const NONE: Self = Self(0);

    const fn bit(kind: Kind) -> u16 {
        1 << kind as u16
    }

    /// It has no kind.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// It has this kind.
    pub const fn contains(self, kind: Kind) -> bool {
        self.0 & Self::bit(kind) != 0
    }

    /// Adds a kind.
    pub const fn insert(&mut self, kind: Kind) {
        self.0 |= Self::bit(kind);
    }

    /// The set with this kind if it was without, without if it had it.
    #[must_use]
    pub const fn toggled(self, kind: Kind) -> Self {
        Self(self.0 ^ Self::bit(kind))
    }

    /// Its kinds, in the order pages show them.
    pub fn iter(self) -> impl Iterator<Item = Kind> {
        Kind::ALL
            .into_iter()
            .filter(move |kind| self.contains(*kind))
    }
}

impl FromIterator<Kind> for Kinds {
    fn from_iter<I: IntoIterator<Item = Kind>>(kinds: I) -> Self {
        let mut set = Self::NONE;
        kinds.into_iter().for_each(|kind| set.insert(kind));
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_goes_in_and_out_and_leaves_the_others() {
        let raids = Kinds::NONE.toggled(Kind::Raid);
        assert_eq!(raids.iter().collect::<Vec<_>>(), [Kind::Raid]);
        let both = raids.toggled(Kind::Sub);
        assert!(both.contains(Kind::Raid) && both.contains(Kind::Sub));
        assert_eq!(both.toggled(Kind::Sub), raids);
        assert!(raids.toggled(Kind::Raid).is_empty());
    }

    #[test]
    fn each_kind_has_a_place_of_its_own() {
        let all: Kinds = Kind::ALL.into_iter().collect();
        assert_eq!(all.iter().collect::<Vec<_>>(), Kind::ALL);
        assert_eq!(Kinds::NONE.iter().count(), 0);
    }
}
