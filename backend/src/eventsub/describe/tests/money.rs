//! Hype trains, goals and charity.

use serde_json::{Value, json};
use wire::Kind::{Charity, Goal, HypeTrain};

use super::case::{Case, MIRA, OWL, PIP, TIM, case};

pub(super) fn cases() -> Vec<Case> {
    [hype_trains(), goals(), charity()].concat()
}

fn hype_trains() -> Vec<Case> {
    let train = |step: &'static str, event, summary: &str| {
        case(step, event, HypeTrain, summary).version("2")
    };
    let begin = |event, summary: &str| train("channel.hype_train.begin", event, summary);
    let progress = |event, summary: &str| train("channel.hype_train.progress", event, summary);
    let end = |event, summary: &str| train("channel.hype_train.end", event, summary);
    let started = "2026-11-01T18:16:03.17Z";
    let ended = "2026-11-01T18:26:11.17Z";
    let top = json!([{"user_id": PIP.0, "user_login": PIP.1, "user_name": PIP.2, "type": "subscription", "total": 500}]);
    let channel = |who: super::case::Who| json!({"broadcaster_user_id": who.0, "broadcaster_user_login": who.1, "broadcaster_user_name": who.2});
    let participants = json!([channel(MIRA), channel(OWL)]);
    vec![
        begin(json!({"id": "1b0AsbIn", "total": 137, "progress": 137, "goal": 500, "top_contributions": top, "level": 1,
            "shared_train_participants": null, "started_at": started, "type": "regular", "is_shared_train": false}),
            "Hype train started at level 1").amount(137, "points").at(started).key("1b0AsbIn"),
        begin(json!({"id": "t2", "type": "golden_kappa", "level": null, "total": null}), "Golden Kappa hype train started").key("t2"),
        progress(json!({"id": "1b0AsbIn", "total": 700, "progress": 200, "goal": 1000, "level": 2, "type": "golden_kappa",
            "shared_train_participants": participants, "is_shared_train": true, "started_at": started}),
            "Golden Kappa hype train shared with Late_Owl is at level 2, 200 of 1,000 points to the next").amount(700, "points"),
        progress(json!({"id": "1b0AsbIn", "type": "regular", "level": 3, "goal": 0, "is_shared_train": true,
            "shared_train_participants": null}), "Hype train shared with other channels is at level 3"),
        progress(json!({"id": "1b0AsbIn", "type": "mystery_box", "goal": "?"}), "Mystery box hype train is rolling"),
        end(json!({"id": "1b0AsbIn", "total": 1900, "top_contributions": top, "level": 2, "type": "treasure",
            "shared_train_participants": null, "started_at": started, "ended_at": ended}),
            "Treasure hype train ended at level 2 with 1,900 points, led by Pip")
            .amount(1900, "points").at(ended).key("1b0AsbIn"),
        end(json!({"id": 77, "total": 900, "top_contributions": [], "level": 2, "ended_at": ended, "type": "regular"}),
            "Hype train ended at level 2 with 900 points").amount(900, "points").at(ended).key("77"),
        // Version 1, as Twitch's own tool still sends it
        train("channel.hype_train.end", json!({"id": "t1", "total": 900, "top_contributions": null, "level": 5,
            "is_golden_kappa_train": true, "ended_at": null}),
            "Golden Kappa hype train ended at level 5 with 900 points").version("1").amount(900, "points").key("t1"),
    ]
}

fn goals() -> Vec<Case> {
    let goal = |step: &'static str, event, summary: &str| case(step, event, Goal, summary);
    let started = "2026-11-01T18:00:00Z";
    vec![
        goal(
            "channel.goal.begin",
            json!({"id": "g1", "type": "follow", "description": "Road to 1k", "current_amount": 90,
            "target_amount": 1000, "started_at": started}),
            "Follower goal “Road to 1k” started: 90 of 1,000",
        )
        .at(started)
        .key("g1"),
        goal(
            "channel.goal.begin",
            json!({"id": "g2", "type": "new_follower_joy", "current_amount": null}),
            "New follower joy goal started",
        )
        .key("g2"),
        goal(
            "channel.goal.progress",
            json!({"id": "g3", "type": "new_subscription_count", "description": "",
            "current_amount": 12, "target_amount": 50, "started_at": started}),
            "New sub goal is at 12 of 50",
        )
        .amount(12, "subs"),
        goal(
            "channel.goal.progress",
            json!({"id": "g3", "type": "subscription_count", "current_amount": 3, "target_amount": null}),
            "Sub goal is at 3",
        )
        .amount(3, "subs"),
        goal(
            "channel.goal.progress",
            json!({"id": "g3", "type": "new_subscription", "current_amount": 1}),
            "New sub goal is at 1",
        )
        .amount(1, "subs"),
        goal(
            "channel.goal.progress",
            json!({"id": "g3", "type": null}),
            "Goal moved on",
        ),
        goal(
            "channel.goal.end",
            json!({"id": "g4", "type": "new_bit", "description": null, "is_achieved": true,
            "current_amount": 5000, "target_amount": 5000, "ended_at": "2026-11-01T18:19:00Z"}),
            "Bits goal was reached: 5,000 of 5,000",
        )
        .amount(5000, "bits")
        .at("2026-11-01T18:19:00Z")
        .key("g4"),
        goal(
            "channel.goal.end",
            json!({"id": "g5", "type": "subscription", "is_achieved": false, "current_amount": 12,
            "target_amount": 50}),
            "Sub goal ended at 12 of 50",
        )
        .amount(12, "subs")
        .key("g5"),
        goal(
            "channel.goal.end",
            json!({"id": "g6", "type": "new_cheerer"}),
            "New cheerer goal ended",
        )
        .key("g6"),
    ]
}

fn charity() -> Vec<Case> {
    let usd = |value: i64| json!({"value": value, "decimal_places": 2, "currency": "USD"});
    let donate = |amount: Value, name: Value, summary: &str| {
        let event = json!({"id": "d1", "campaign_id": "c1", "charity_name": name, "charity_logo": null, "amount": amount});
        case("channel.charity_campaign.donate", event, Charity, summary)
    };
    let campaign = |step: &'static str, event, summary: &str| case(step, event, Charity, summary);
    let help = json!("Quiet Harbour");
    vec![
        donate(usd(500), help.clone(), "Pip donated 5.00 USD to Quiet Harbour").by("user", PIP).money(500, 2, "USD"),
        donate(json!({"value": 12_345, "decimal_places": 0, "currency": "JPY"}), help.clone(),
            "Teapot_Tim donated 12,345 JPY to Quiet Harbour").by("user", TIM).money(12_345, 0, "JPY"),
        donate(json!(null), json!(null), "An anonymous viewer donated to charity"),
        campaign("channel.charity_campaign.start", json!({"id": "c1", "charity_name": help, "current_amount": usd(0),
            "target_amount": usd(150_000), "started_at": "2026-11-01T18:00:00Z"}),
            "Charity campaign for Quiet Harbour started, 1,500.00 USD to raise")
            .money(0, 2, "USD").at("2026-11-01T18:00:00Z").key("c1"),
        campaign("channel.charity_campaign.start", json!({"id": "c2", "charity_name": ""}), "The charity campaign started").key("c2"),
        campaign("channel.charity_campaign.progress", json!({"id": "c1", "charity_name": "Quiet Harbour",
            "current_amount": usd(26_000), "target_amount": usd(150_000)}),
            "Charity campaign for Quiet Harbour has raised 260.00 USD of 1,500.00 USD").money(26_000, 2, "USD"),
        campaign("channel.charity_campaign.progress", json!({"id": "c1", "current_amount": {"value": 1}}),
            "The charity campaign moved on"),
        campaign("channel.charity_campaign.stop", json!({"id": "c1", "charity_name": "Quiet Harbour",
            "current_amount": usd(145_000), "target_amount": null, "stopped_at": "2026-11-01T18:19:00Z"}),
            "Charity campaign for Quiet Harbour ended with 1,450.00 USD raised")
            .money(145_000, 2, "USD").at("2026-11-01T18:19:00Z").key("c1"),
        campaign("channel.charity_campaign.stop", json!({"id": "c1", "charity_name": 5}), "The charity campaign ended").key("c1"),
    ]
}
