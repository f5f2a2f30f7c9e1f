//! A part of the filter that is not taken, and why. Pure.

use wire::Code;

use crate::api::Error;

/// What stands before the name in the server's words.
const BEFORE_NAME: &str = "query parameter ";

/// One name of the filter, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub name: String,
    pub reason: String,
}

impl Refusal {
    pub(super) fn new(name: &str, reason: &str) -> Self {
        Self {
            name: name.to_owned(),
            reason: reason.to_owned(),
        }
    }

    /// What the server refuses: `query parameter since: expected a time`.
    pub(super) fn of(error: &Error) -> Option<Self> {
        let Error::Problem { problem, .. } = error else {
            return None;
        };
        if problem.code != Code::InvalidQuery {
            return None;
        }
        let told = problem.detail.strip_prefix(BEFORE_NAME)?;
        let (name, reason) = told.split_once(": ")?;
        Some(Self::new(name, reason))
    }

    /// What the name is called on the page; one that has no place there is told as it is.
    pub(super) fn label(&self) -> String {
        let label = match self.name.as_str() {
            "broadcaster_id" => "The choice of streamers",
            "kind" => "The choice of kinds",
            "actor" => "The person",
            "min_amount" => "The minimum amount",
            "since" => "The beginning of the time",
            "until" => "The end of the time",
            "q" => "The search",
            name => return format!("“{name}” in the address"),
        };
        label.into()
    }

    /// The reason, if it is about this field.
    pub(super) fn at<'a>(this: Option<&'a Self>, names: &[&str]) -> Option<&'a str> {
        let refusal = this.filter(|refusal| names.contains(&refusal.name.as_str()))?;
        Some(&refusal.reason)
    }
}

#[cfg(test)]
mod tests {
    use wire::Problem;

    use super::*;

    fn refused(code: Code, detail: &str) -> Option<Refusal> {
        Refusal::of(&Error::Problem {
            problem: Box::new(Problem {
                problem_type: "about:blank".into(),
                title: "Invalid query".into(),
                status: 422,
                detail: detail.into(),
                code,
                request_id: "1".into(),
            }),
            retry_after_s: None,
        })
    }

    #[test]
    fn the_servers_words_name_the_field() {
        let told = refused(
            Code::InvalidQuery,
            "query parameter since: expected a time: RFC 3339",
        );
        assert_eq!(
            told,
            Some(Refusal::new("since", "expected a time: RFC 3339"))
        );
        assert_eq!(
            Refusal::at(told.as_ref(), &["until", "since"]),
            Some("expected a time: RFC 3339")
        );
        assert_eq!(Refusal::at(told.as_ref(), &["q"]), None);
    }

    #[test]
    fn other_errors_are_about_no_field() {
        assert_eq!(
            refused(Code::StoreUnavailable, "query parameter a: b"),
            None
        );
        assert_eq!(refused(Code::InvalidQuery, "something else"), None);
        assert_eq!(Refusal::of(&Error::Unreachable), None);
    }
}
