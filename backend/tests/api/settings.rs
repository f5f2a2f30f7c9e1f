//! The program itself: settings, exit codes, and the databases it refuses.

mod databases;
mod running;

use std::path::Path;

use crate::support::{Program, Sim};

/// All that is written to a folder.
fn is_empty(folder: &Path) -> bool {
    std::fs::read_dir(folder).unwrap().next().is_none()
}

#[tokio::test]
async fn without_credentials_it_ends_at_once_and_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    for (settings, redirect) in [
        (vec![], "http://localhost:7001/auth/callback"),
        (
            vec![("TWITCH_CLIENT_ID", "only-one")],
            "http://localhost:7001/auth/callback",
        ),
        (
            vec![("TWITCH_CLIENT_SECRET", "only-the-other")],
            "http://localhost:7001/auth/callback",
        ),
        (
            vec![("TWITCH_CLIENT_ID", "x"), ("TWITCH_CLIENT_SECRET", "")],
            "http://localhost:7001/auth/callback",
        ),
        (
            vec![("BIND_ADDR", "127.0.0.1:7999")],
            "http://localhost:7999/auth/callback",
        ),
        (
            vec![("PUBLIC_URL", "https://ev.example.org/")],
            "https://ev.example.org/auth/callback",
        ),
        (
            vec![("PUBLIC_URL", "https://ev.example.org")],
            "https://ev.example.org/auth/callback",
        ),
    ] {
        for args in [&[][..], &["serve"]] {
            let mut start = Program::server(folder.path()).args(args);
            for (name, value) in &settings {
                start = start.env(name, value);
            }
            let exit = start.ends().await;
            assert_eq!(exit.code, Some(2), "{settings:?}: {}", exit.stderr);
            for word in [
                "TWITCH_CLIENT_ID",
                "TWITCH_CLIENT_SECRET",
                "developer console",
                "https://dev.twitch.tv/console",
                "make demo",
                redirect,
            ] {
                assert!(
                    exit.stderr.contains(word),
                    "{word:?} is not in {}",
                    exit.stderr
                );
            }
            assert_eq!(exit.stdout, "", "{settings:?}");
        }
    }
    assert!(is_empty(folder.path()), "nothing was made");
}

#[tokio::test]
async fn unknown_flags_and_commands_are_named() {
    let folder = tempfile::tempdir().unwrap();
    for args in [
        &["--bind-adr", "x"][..],
        &["--twitch-client-secret", "x"],
        &["--secret-key", "x"],
        &["--database-url", "x"],
        &["serv"],
        &["--bind-addr"],
        &["doctor"],
        &["backup"],
    ] {
        let exit = Program::server(folder.path()).args(args).ends().await;
        assert_eq!(exit.code, Some(2), "{args:?}: {}", exit.stderr);
        assert!(exit.stderr.contains(args[0]), "{args:?}: {}", exit.stderr);
    }
    assert!(is_empty(folder.path()), "nothing was made");
}

#[tokio::test]
async fn help_and_version_are_told_without_any_settings() {
    let folder = tempfile::tempdir().unwrap();
    let help = Program::server(folder.path())
        .args(&["--help"])
        .ends()
        .await;
    assert_eq!(help.code, Some(0));
    for word in ["--bind-addr", "--public-url", "migrate", "_FILE"] {
        assert!(help.stdout.contains(word), "{word}: {}", help.stdout);
    }
    assert!(!help.stdout.contains("--secret-key"), "{}", help.stdout);
    let version = Program::server(folder.path())
        .args(&["--version"])
        .ends()
        .await;
    assert_eq!(version.code, Some(0));
    assert!(
        version.stdout.contains(env!("CARGO_PKG_VERSION")),
        "{}",
        version.stdout
    );
}

#[tokio::test]
async fn a_malformed_value_is_named_wherever_it_comes_from() {
    let sim = Sim::start().await;
    let folder = tempfile::tempdir().unwrap();
    for (name, value) in [
        ("BIND_ADDR", "localhost"),
        ("BIND_ADDR", "127.0.0.1:70000"),
        ("PUBLIC_URL", "localhost:7001"),
        ("PUBLIC_URL", "https://ev.example.org/app"),
        ("PUBLIC_URL", "https://ev.example.org/?a=1"),
        ("PUBLIC_URL", "ftp://ev.example.org"),
        ("PUBLIC_URL", "https://user:secret@ev.example.org"),
        ("ALLOWED_ORIGINS", "*"),
        ("ALLOWED_ORIGINS", "http://localhost:8080/path"),
        ("ALLOWED_ORIGINS", "http://localhost:8080,nonsense"),
        ("ALLOWED_LOGINS", "viewer vera"),
        ("ALLOWED_LOGINS", "viewer_vera,https://example.org/x"),
        ("MAX_SUBSCRIPTIONS_PER_VIEWER", "-1"),
        ("MAX_SUBSCRIPTIONS_PER_VIEWER", "many"),
        ("RETENTION_DAYS", "-1"),
        ("RETENTION_DAYS", "1.5"),
        ("RETENTION_DAYS", "for ever"),
        ("RETENTION_DAYS", "99999999999"),
        ("DATABASE_URL", "mysql://localhost/x"),
        ("DATABASE_URL", "sqlite:"),
        ("SECRET_KEY", "c2hvcnQ="),
        (
            "SECRET_KEY",
            "not base64 at all, though long enough to be a key",
        ),
        ("TWITCH_ID_URL", "id.twitch.tv"),
        ("TWITCH_API_URL", "file:///etc/passwd"),
        ("TWITCH_EVENTSUB_URL", "x"),
        (
            "TWITCH_EVENTSUB_WS_URL",
            "https://eventsub.wss.twitch.tv/ws",
        ),
        ("TWITCH_PLAYER_URL", "player"),
        ("TWITCH_CHAT_URL", "chat"),
        ("TWITCH_IMAGE_URL", "image"),
        ("EVENTSUB_TRANSPORT", "pigeon"),
        ("EVENTSUB_SECRET", "short"),
        ("EVENTSUB_SECRET", "not-ascii-\u{e9}-\u{e9}-\u{e9}"),
        ("LOG_FORMAT", "xml"),
        ("RUST_LOG", "backend=loud"),
    ] {
        let exit = Program::server_with(&sim, folder.path())
            .env(name, value)
            .ends()
            .await;
        assert_eq!(exit.code, Some(2), "{name}={value}: {}", exit.stderr);
        assert!(
            exit.stderr.contains(name),
            "{name}={value}: {}",
            exit.stderr
        );
        assert_eq!(exit.stdout, "", "{name}={value} before it listens");
        if name == "SECRET_KEY" || name == "EVENTSUB_SECRET" {
            assert!(
                !exit.stderr.contains(value),
                "{name} is told: {}",
                exit.stderr
            );
        }
    }
    assert!(is_empty(folder.path()), "nothing was made");
    let exit = Program::server_with(&sim, folder.path())
        .args(&["--eventsub-transport", "pigeon"])
        .ends()
        .await;
    assert_eq!(
        (exit.code, exit.stderr.contains("EVENTSUB_TRANSPORT")),
        (Some(2), true),
        "{}",
        exit.stderr
    );
}

#[tokio::test]
async fn who_may_log_in_must_be_said_where_others_can_reach_it() {
    let sim = Sim::start().await;
    let folder = tempfile::tempdir().unwrap();
    let exit = Program::server_with(&sim, folder.path())
        .env("PUBLIC_URL", "http://192.168.1.7:7001")
        .ends()
        .await;
    assert_eq!(
        (exit.code, exit.stderr.contains("ALLOWED_LOGINS")),
        (Some(2), true),
        "{}",
        exit.stderr
    );
    for allowed in ["*", "viewer_vera"] {
        let start =
            Program::server_with(&sim, folder.path()).env("PUBLIC_URL", "http://192.168.1.7:7001");
        let mut program = start.env("ALLOWED_LOGINS", allowed).start();
        program.address().await;
        assert_eq!(program.terminate().await.code, Some(0));
    }
}

fn dotenv(folder: &Path, text: &str) {
    std::fs::write(folder.join(".env"), text).unwrap();
}

#[tokio::test]
async fn dotenv_may_hold_settings_and_nothing_else() {
    let sim = Sim::start().await;
    let folder = tempfile::tempdir().unwrap();
    for (text, name) in [
        ("BIND_ADR=127.0.0.1:1\n", "BIND_ADR"),
        ("PATH=/bin\n", "PATH"),
        ("BIND_ADDR_FILE=/etc/hostname\n", "BIND_ADDR_FILE"),
        (
            "MAX_SUBSCRIPTIONS_PER_VIEWER=x\n",
            "MAX_SUBSCRIPTIONS_PER_VIEWER",
        ),
        ("this is no setting\n", ".env"),
    ] {
        dotenv(folder.path(), text);
        let exit = Program::server_with(&sim, folder.path()).ends().await;
        assert_eq!(exit.code, Some(2), "{text}: {}", exit.stderr);
        assert!(exit.stderr.contains(name), "{text}: {}", exit.stderr);
    }
    // Settings of later versions are known; so are comments, quotes, and names of secrets' files.
    dotenv(
        folder.path(),
        "# a comment\n\nRETENTION_DAYS=30\nRATE_LIMIT_PER_MINUTE=\nexport LOG_FORMAT='json'\nSECRET_KEY_FILE=\n",
    );
    let mut program = Program::server_with(&sim, folder.path()).start();
    program.address().await;
    assert_eq!(program.terminate().await.code, Some(0));
}

#[tokio::test]
async fn a_flag_beats_the_environment_which_beats_dotenv() {
    let sim = Sim::start().await;
    let folder = tempfile::tempdir().unwrap();
    dotenv(
        folder.path(),
        "TWITCH_PLAYER_URL=http://from.dotenv\nTWITCH_CHAT_URL=http://from.dotenv\nTWITCH_IMAGE_URL=http://from.dotenv\n",
    );
    let start = Program::server_with(&sim, folder.path())
        .env("TWITCH_PLAYER_URL", "http://from.environment");
    // Empty is as good as unset; names nobody knows do not matter in the environment.
    let start = start
        .env("TWITCH_CHAT_URL", "http://from.environment")
        .env("TWITCH_IMAGE_URL", "")
        .env("BIND_ADR", "x");
    let mut program = start
        .args(&["serve", "--twitch-player-url", "http://from.flag"])
        .start();
    let config = program.browser().await.get("/api/v1/config").await.ok();
    assert_eq!(config["player_url"], "http://from.flag");
    assert_eq!(config["chat_url"], "http://from.environment");
    assert_eq!(config["image_url"], "http://from.dotenv");
}

#[tokio::test]
async fn a_secret_may_be_in_a_file() {
    let sim = Sim::start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("client-secret");
    let start = || {
        Program::server_with(&sim, folder.path())
            .without("TWITCH_CLIENT_SECRET")
            .env("TWITCH_CLIENT_SECRET_FILE", &file)
    };
    let exit = start().ends().await;
    assert_eq!(
        (exit.code, exit.stderr.contains("TWITCH_CLIENT_SECRET_FILE")),
        (Some(2), true),
        "{}",
        exit.stderr
    );
    std::fs::write(&file, format!("{}\n", twitch_sim::CLIENT_SECRET)).unwrap();
    let exit = start()
        .env("TWITCH_CLIENT_SECRET", "and directly")
        .ends()
        .await;
    assert_eq!(
        (exit.code, exit.stderr.contains("both")),
        (Some(2), true),
        "{}",
        exit.stderr
    );
    assert!(!exit.stderr.contains("and directly"), "{}", exit.stderr);
    let mut program = start().start();
    program.browser().await.log_in("viewer_vera").await;
}
