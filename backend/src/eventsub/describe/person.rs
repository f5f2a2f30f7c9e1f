//! A person or channel as a payload names it: any part may be missing.

use wire::UserRef;

/// What a summary calls somebody who did not want to be named.
pub(super) const ANONYMOUS: &str = "An anonymous viewer";

/// Somebody; without any part, nobody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) id: Option<String>,
    pub(super) login: Option<String>,
    pub(super) name: Option<String>,
}

impl Person {
    pub(super) fn is_nobody(&self) -> bool {
        self.id.is_none() && self.called().is_none()
    }

    /// The name, for a summary. An id is never one.
    pub(super) fn called(&self) -> Option<&str> {
        self.name.as_deref().or(self.login.as_deref())
    }

    /// The name to open a sentence with, or what to say of nobody.
    pub(super) fn or<'a>(&'a self, nobody: &'a str) -> &'a str {
        match self.called() {
            Some(name) => name,
            None if self.id.is_some() => "Someone",
            None => nobody,
        }
    }

    /// The name to open a sentence with.
    pub(super) fn or_someone(&self) -> &str {
        self.called().unwrap_or("Someone")
    }

    /// The name inside a sentence.
    pub(super) fn whom(&self) -> &str {
        self.called().unwrap_or("someone")
    }

    /// The first of two who is anybody.
    pub(super) fn or_else(self, other: impl FnOnce() -> Self) -> Self {
        if self.is_nobody() { other() } else { self }
    }

    /// Fills what is missing while the id is.
    pub(super) fn completed_by(self, other: impl FnOnce() -> Self) -> Self {
        if self.id.is_some() {
            return self;
        }
        let other = other();
        Self {
            id: other.id,
            login: self.login.or(other.login),
            name: self.name.or(other.name),
        }
    }

    pub(super) fn is_same_as(&self, other: &Self) -> bool {
        self.id.is_some() && self.id == other.id
    }

    /// What events carry: needs an id, makes the best of missing names.
    pub(super) fn into_reference(self) -> Option<UserRef> {
        let id = self.id?;
        let called = self.name.or_else(|| self.login.clone());
        let display_name = called.unwrap_or_else(|| id.clone());
        let login = self.login.as_deref().unwrap_or(&display_name);
        Some(UserRef {
            login: login.to_lowercase(),
            id,
            display_name,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(id: &str, login: &str, name: &str) -> Person {
        let part = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Person {
            id: part(id),
            login: part(login),
            name: part(name),
        }
    }

    #[test]
    fn missing_names_are_made_of_what_is_there() {
        let names = |person: Person| {
            let user = person.into_reference()?;
            Some((user.login, user.display_name))
        };
        let pair = |login: &str, name: &str| Some((login.to_owned(), name.to_owned()));
        assert_eq!(names(person("1", "Pip", "PIP")), pair("pip", "PIP"));
        assert_eq!(names(person("1", "", "PIP")), pair("pip", "PIP"));
        assert_eq!(names(person("1", "Pip", "")), pair("pip", "Pip"));
        assert_eq!(names(person("1", "", "")), pair("1", "1"));
        assert_eq!(names(person("", "pip", "Pip")), None);
    }

    #[test]
    fn an_id_is_never_a_name() {
        assert_eq!(person("1", "", "").or(ANONYMOUS), "Someone");
        assert_eq!(person("", "", "").or(ANONYMOUS), ANONYMOUS);
        assert_eq!(person("1", "", "").whom(), "someone");
    }
}
