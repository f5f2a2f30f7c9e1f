//! Events as lines of CSV (RFC 4180), which spreadsheets can be given without harm.

use wire::{Event, Visibility};

/// What the columns are called.
pub(super) const HEAD: &str = "id,occurred_at,received_at,kind,type,broadcaster_id,broadcaster_login,broadcaster_name,\
    actor_id,actor_login,actor_name,summary,amount_value,amount_unit,amount_decimals,text,visibility,message_id,\
    group_kind,group_id,group_total,same_as\r\n";

/// Adds an event as a line.
pub(super) fn write(line: &mut Vec<u8>, event: &Event) {
    let (actor, amount) = (event.actor.as_ref(), event.amount.as_ref());
    let visibility = match event.visibility {
        Visibility::Public => "public",
        Visibility::Broadcaster => "broadcaster",
    };
    let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    let value = number(amount.map(|amount| amount.value));
    let decimals = number(amount.and_then(|amount| amount.decimals).map(i64::from));
    let group = event.group.as_ref();
    let total = number(group.and_then(|group| group.total));
    let cells = [
        event.id.as_str(),
        &event.occurred_at,
        &event.received_at,
        event.kind.as_str(),
        &event.event_type,
        &event.broadcaster.id,
        &event.broadcaster.login,
        &event.broadcaster.display_name,
        actor.map(|actor| actor.id.as_str()).unwrap_or_default(),
        actor.map(|actor| actor.login.as_str()).unwrap_or_default(),
        actor
            .map(|actor| actor.display_name.as_str())
            .unwrap_or_default(),
        &event.summary,
        &value,
        amount
            .map(|amount| amount.unit.as_str())
            .unwrap_or_default(),
        &decimals,
        event.text.as_deref().unwrap_or_default(),
        visibility,
        event.message_id.as_deref().unwrap_or_default(),
        group.map(|group| group.kind.as_str()).unwrap_or_default(),
        group.map(|group| group.id.as_str()).unwrap_or_default(),
        &total,
        event.same_as.as_deref().unwrap_or_default(),
    ];
    for (n, cell) in cells.into_iter().enumerate() {
        if n > 0 {
            line.push(b',');
        }
        write_cell(line, cell);
    }
    line.extend_from_slice(b"\r\n");
}

/// Adds a cell. One that a spreadsheet would take for a formula gets an apostrophe before it, by which spreadsheets
/// know text; a number is what it is.
fn write_cell(line: &mut Vec<u8>, cell: &str) {
    let may_be_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let apostrophe = match may_be_formula && cell.parse::<i64>().is_err() {
        true => "'",
        false => "",
    };
    if !cell.contains(['"', ',', '\r', '\n', ' ', '\t', ';', '\'']) && apostrophe.is_empty() {
        line.extend_from_slice(cell.as_bytes());
        return;
    }
    line.push(b'"');
    line.extend_from_slice(apostrophe.as_bytes());
    line.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
    line.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_formulas_are_text() {
        for (cell, written) in [
            ("", ""),
            ("plain", "plain"),
            ("-5", "-5"),
            ("two words", "\"two words\""),
            ("say \"hi\", you\r\n", "\"say \"\"hi\"\", you\r\n\""),
            ("=1+1", "\"'=1+1\""),
            (
                "=HYPERLINK(\"http://x\",\"y\")",
                "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"",
            ),
            ("+cmd", "\"'+cmd\""),
            ("-2+3", "\"'-2+3\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\t=1", "\"'\t=1\""),
            ("\r=1", "\"'\r=1\""),
            ("猫🎉", "猫🎉"),
        ] {
            let mut line = Vec::new();
            write_cell(&mut line, cell);
            assert_eq!(String::from_utf8(line).unwrap(), written, "{cell:?}");
        }
    }
}
