use std::ffi::OsString;

use super::super::Invocation;
use super::*;

fn read(
    args: &[&str],
    environment: &[(&str, &str)],
    dotenv: &str,
) -> Result<Settings, SettingsError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(".env");
    std::fs::write(&path, dotenv).unwrap();
    let args = std::iter::once("server")
        .chain(args.iter().copied())
        .map(OsString::from)
        .collect();
    let environment = environment
        .iter()
        .map(|(n, v)| ((*n).to_owned(), OsString::from(v)))
        .collect();
    Invocation::read(Mode::Real, args, &environment, &path).map(|invocation| invocation.settings)
}

fn config(pairs: &[(&'static str, &str)]) -> Result<Config, SettingsError> {
    let mut settings = Settings::empty();
    settings.set("TWITCH_CLIENT_ID", "id");
    settings.set("TWITCH_CLIENT_SECRET", "very-secret");
    for (name, value) in pairs {
        settings.set(name, *value);
    }
    settings.config(Mode::Real, SocketAddr::from(([127, 0, 0, 1], 7001)))
}

#[test]
fn flag_beats_environment_beats_dotenv() {
    let environment = [("DATA_DIR", "from-env"), ("LOG_FORMAT", "json")];
    let dotenv = "DATA_DIR=from-file\nLOG_FORMAT=text\nRUST_LOG=debug\n";
    let settings = read(&["--data-dir", "from-flag"], &environment, dotenv).unwrap();
    assert_eq!(settings.text("DATA_DIR"), Some("from-flag"));
    assert_eq!(settings.text("LOG_FORMAT"), Some("json"));
    assert_eq!(settings.text("RUST_LOG"), Some("debug"));
}

#[test]
fn empty_is_unset_and_unknown_environment_is_ignored() {
    let settings = read(
        &[],
        &[("DATA_DIR", ""), ("WHATEVER", "1")],
        "DATA_DIR=kept\n",
    )
    .unwrap();
    assert_eq!(settings.text("DATA_DIR"), Some("kept"));
}

#[test]
fn unknown_key_in_dotenv_is_named() {
    let error = read(&[], &[], "TWITCH_CLIENT_IDD=x\n").unwrap_err();
    assert!(error.to_string().contains("TWITCH_CLIENT_IDD"), "{error}");
}

#[test]
fn secret_is_read_from_the_file_it_names() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret");
    std::fs::write(&path, "from-file\n").unwrap();
    let path = path.to_str().unwrap();
    let settings = read(&[], &[("TWITCH_CLIENT_SECRET_FILE", path)], "").unwrap();
    assert_eq!(settings.text("TWITCH_CLIENT_SECRET"), Some("from-file"));
    let both = [
        ("TWITCH_CLIENT_SECRET_FILE", path),
        ("TWITCH_CLIENT_SECRET", "x"),
    ];
    assert!(
        read(&[], &both, "")
            .unwrap_err()
            .to_string()
            .contains("both set")
    );
    let missing = [("TWITCH_CLIENT_SECRET_FILE", "/nowhere/secret")];
    assert!(
        read(&[], &missing, "")
            .unwrap_err()
            .to_string()
            .contains("TWITCH_CLIENT_SECRET_FILE")
    );
}

#[test]
fn missing_credentials_say_what_to_do() {
    let settings = Settings::empty();
    let error = settings
        .config(Mode::Real, SocketAddr::from(([127, 0, 0, 1], 7001)))
        .unwrap_err()
        .to_string();
    for part in [
        "TWITCH_CLIENT_ID",
        "TWITCH_CLIENT_SECRET",
        "developer console",
        "http://localhost:7001/auth/callback",
        "make demo",
    ] {
        assert!(error.contains(part), "{part} is missing in: {error}");
    }
}

#[test]
fn malformed_values_are_named() {
    for (name, value) in [
        ("PUBLIC_URL", "http://localhost:7001/path"),
        ("PUBLIC_URL", "ftp://localhost"),
        ("ALLOWED_ORIGINS", "*"),
        ("ALLOWED_ORIGINS", "http://localhost:8080/x"),
        ("ALLOWED_LOGINS", "bad name!"),
        ("MAX_SUBSCRIPTIONS_PER_VIEWER", "many"),
        ("DATABASE_URL", "mysql://x"),
        ("SECRET_KEY", "c2hvcnQ="),
        ("TWITCH_API_URL", "api.twitch.tv"),
        (
            "TWITCH_EVENTSUB_WS_URL",
            "https://eventsub.wss.twitch.tv/ws",
        ),
        ("EVENTSUB_TRANSPORT", "pigeon"),
        ("EVENTSUB_SECRET", "short"),
    ] {
        let error = config(&[(name, value)]).expect_err(name).to_string();
        assert!(error.contains(name), "{name}: {error}");
    }
}

#[test]
fn a_public_server_must_say_who_may_log_in() {
    let public = ("PUBLIC_URL", "https://events.example.org");
    assert!(
        config(&[public])
            .unwrap_err()
            .to_string()
            .contains("ALLOWED_LOGINS")
    );
    let anyone = config(&[public, ("ALLOWED_LOGINS", "*")]).unwrap();
    assert_eq!(anyone.allowed_logins, AllowedLogins::Anyone);
    let some = config(&[public, ("ALLOWED_LOGINS", "Mira_Plays, @kiteflyer")]).unwrap();
    assert!(
        some.allowed_logins
            .allows(&Login::from_twitch("mira_plays"))
    );
    assert!(!some.allowed_logins.allows(&Login::from_twitch("late_owl")));
}

#[test]
fn addresses_follow_their_base() {
    let config = config(&[
        ("TWITCH_ID_URL", "http://localhost:7002/oauth2"),
        ("TWITCH_API_URL", "http://localhost:7002/helix"),
    ])
    .unwrap();
    assert_eq!(
        config.twitch.authorize_url.as_str(),
        "http://localhost:7002/oauth2/authorize"
    );
    assert_eq!(
        config.twitch.eventsub_url.as_str(),
        "http://localhost:7002/helix/eventsub"
    );
    assert_eq!(
        config.public_url.redirect_uri(),
        "http://localhost:7001/auth/callback"
    );
}

#[test]
fn secrets_are_not_shown() {
    let shown = format!(
        "{:?}",
        config(&[("REDIS_URL", "redis://:hunter22@host")]).unwrap()
    );
    assert!(
        !shown.contains("very-secret") && !shown.contains("hunter22"),
        "{shown}"
    );
    let mut settings = Settings::empty();
    settings.set("TWITCH_CLIENT_SECRET", "very-secret");
    assert!(!format!("{settings:?}").contains("very-secret"));
}
