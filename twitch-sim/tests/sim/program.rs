//! The program: what it prints, how it stops, how it fails.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

fn twitch_sim() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_twitch-sim"));
    command
        .current_dir(std::env::temp_dir())
        .env_remove("SIM_BIND_ADDR")
        .env_remove("SIM_PUBLIC_URL")
        .env("RUST_LOG", "off");
    command
}

#[test]
fn it_says_where_it_listens_prints_settings_a_shell_can_load_and_stops_cleanly() {
    let mut child = twitch_sim()
        .args(["--sim-bind-addr", "127.0.0.1:0", "--quiet"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap);
    let first = lines.next().unwrap();
    let port = first
        .strip_prefix("listening on http://127.0.0.1:")
        .unwrap()
        .to_owned();
    let block: Vec<String> = lines.by_ref().take(9).collect();

    let taken = twitch_sim()
        .env("SIM_BIND_ADDR", format!("127.0.0.1:{port}"))
        .output()
        .unwrap();
    assert_eq!(taken.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&taken.stderr).contains("SIM_BIND_ADDR"));

    let pid = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(lines.count(), 0);

    let file = std::env::temp_dir().join(format!("twitch-sim-settings-{port}"));
    std::fs::write(&file, block.join("\n")).unwrap();
    let script = "set -a; . \"$0\"; env | grep -E '^TWITCH_(CLIENT_ID|EVENTSUB_WS_URL)=' | sort";
    let shell = Command::new("sh")
        .args(["-eu", "-c", script])
        .arg(&file)
        .output()
        .unwrap();
    std::fs::remove_file(&file).unwrap();
    let said = String::from_utf8_lossy(&shell.stdout);
    let expected = format!(
        "TWITCH_CLIENT_ID=demo-client\nTWITCH_EVENTSUB_WS_URL=ws://localhost:{port}/eventsub/ws\n"
    );
    assert_eq!(said, expected);
}

#[test]
fn bad_settings_end_it_with_2() {
    for arguments in [
        ["--sim-bind-addr", "nowhere"],
        ["--time-scale", "x"],
        ["--no-such-flag", "1"],
    ] {
        let output = twitch_sim().args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!output.stderr.is_empty());
    }
}
