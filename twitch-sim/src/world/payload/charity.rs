//! `channel.charity_campaign.*`

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{BROADCASTER, Money, Person, USER, stamp, with};

#[derive(Debug, Clone)]
pub(crate) struct Campaign {
    pub(crate) id: String,
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) website: &'static str,
    pub(crate) raised: Money,
    pub(crate) target: Money,
}

/// `channel.charity_campaign.donate`
pub(crate) fn donate(
    broadcaster: &Person,
    user: &Person,
    donation_id: &str,
    campaign: &Campaign,
    amount: &Money,
) -> Value {
    let mut event = with(
        &[(BROADCASTER, Some(broadcaster)), (USER, Some(user))],
        charity(campaign),
    );
    event["id"] = donation_id.into();
    event["campaign_id"] = campaign.id.as_str().into();
    event["amount"] = amount.json();
    event
}

/// `channel.charity_campaign.start`
pub(crate) fn start(broadcaster: &Person, campaign: &Campaign, at: Timestamp) -> Value {
    let mut event = progress(broadcaster, campaign);
    event["started_at"] = stamp(at).into();
    event
}

/// `channel.charity_campaign.progress`: the channel is `broadcaster_*` here.
pub(crate) fn progress(broadcaster: &Person, campaign: &Campaign) -> Value {
    let mut event = with(&[("broadcaster", Some(broadcaster))], charity(campaign));
    event["id"] = campaign.id.as_str().into();
    event["current_amount"] = campaign.raised.json();
    event["target_amount"] = campaign.target.json();
    event
}

/// `channel.charity_campaign.stop`
pub(crate) fn stop(broadcaster: &Person, campaign: &Campaign, at: Timestamp) -> Value {
    let mut event = progress(broadcaster, campaign);
    event["stopped_at"] = stamp(at).into();
    event
}

fn charity(campaign: &Campaign) -> Value {
    json!({
        "charity_name": campaign.name,
        "charity_description": campaign.description,
        "charity_logo": "https://static-cdn.jtvnw.net/ppgf-charity-logo.png",
        "charity_website": campaign.website,
    })
}
