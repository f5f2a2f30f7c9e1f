//! The program's settings: flags beat the environment beats `.env`; empty means unset.

use std::collections::HashMap;
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::Path;

use anyhow::{Context, bail, ensure};
use clap::Parser;
use twitch_sim::Options;

/// A simulated Twitch: OAuth, Helix, EventSub, player, chat and pictures.
#[derive(Debug, Parser)]
#[command(name = "twitch-sim", version)]
struct Flags {
    /// Where to listen (`SIM_BIND_ADDR`, else 127.0.0.1:7002); port 0 takes a free one.
    #[arg(long, value_name = "ADDR")]
    sim_bind_addr: Option<String>,
    /// How browsers and servers reach it (`SIM_PUBLIC_URL`, else <http://localhost:PORT>).
    #[arg(long, value_name = "URL")]
    sim_public_url: Option<String>,
    /// What the people and their activity grow from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Let nothing happen by itself.
    #[arg(long)]
    quiet: bool,
    /// Let Twitch's clocks (activity, keepalives, time limits) go N times as fast.
    #[arg(long, value_name = "N", default_value_t = 1.0)]
    time_scale: f64,
    /// Permit plain http webhook callbacks on loopback addresses.
    #[arg(long)]
    allow_http_callbacks: bool,

    /// What the app's webhooks and conduits may cost together
    #[arg(long, value_name = "POINTS", default_value_t = Options::default().app_max_total_cost)]
    app_max_total_cost: u32,
}

/// Settings that make sense.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) bind_addr: SocketAddr,
    pub(crate) log_filter: String,
    pub(crate) log_as_json: bool,
    pub(crate) options: Options,
}

impl Settings {
    /// Reads flags, environment and `.env`. Wrong flags end the program with exit code 2.
    ///
    /// # Errors
    /// Names the setting that is malformed.
    pub(crate) fn read() -> anyhow::Result<Self> {
        let flags = Flags::parse();
        let file = dot_env(Path::new(".env"))?;
        Self::from(flags, |name| {
            let set = std::env::var_os(name).map(|value| value.to_string_lossy().into_owned());
            set.filter(|value| !value.is_empty())
                .or_else(|| file.get(name).cloned())
        })
    }

    fn from(flags: Flags, environment: impl Fn(&str) -> Option<String>) -> anyhow::Result<Self> {
        let setting = |flag: Option<String>, name: &str| {
            flag.or_else(|| environment(name))
                .filter(|value| !value.is_empty())
        };
        let bind_addr = match setting(flags.sim_bind_addr, "SIM_BIND_ADDR") {
            None => SocketAddr::from(([127, 0, 0, 1], 7002)),
            Some(address) => parse_address(&address)?,
        };
        let public_url = setting(flags.sim_public_url, "SIM_PUBLIC_URL")
            .map(|url| parse_url(&url))
            .transpose()?;
        ensure!(
            flags.time_scale.is_finite() && flags.time_scale > 0.0,
            "--time-scale must be a positive number, not {}",
            flags.time_scale
        );
        let log_as_json = match environment("LOG_FORMAT").as_deref() {
            None | Some("text") => false,
            Some("json") => true,
            Some(other) => bail!("LOG_FORMAT must be text or json, not {other:?}"),
        };
        Ok(Self {
            bind_addr,
            log_filter: environment("RUST_LOG").unwrap_or_else(|| "info".to_owned()),
            log_as_json,
            options: Options {
                public_url,
                seed: flags.seed,
                quiet: flags.quiet,
                time_scale: flags.time_scale,
                allow_http_callbacks: flags.allow_http_callbacks,
                app_max_total_cost: flags.app_max_total_cost,
            },
        })
    }
}

/// The file is the server's as well, so names that are not ours are left to it.
fn dot_env(path: &Path) -> anyhow::Result<HashMap<String, String>> {
    if !path.exists() {
        return Ok(HashMap::new());
    }
    let lines = dotenvy::from_path_iter(path).context("cannot read .env")?;
    let set: Vec<(String, String)> = lines.collect::<Result<_, _>>().context("malformed .env")?;
    Ok(set
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect())
}

fn parse_address(address: &str) -> anyhow::Result<SocketAddr> {
    // A bare port listens where it does no harm.
    let full = match address.strip_prefix(':') {
        Some(port) => format!("127.0.0.1:{port}"),
        None => address.to_owned(),
    };
    full.to_socket_addrs()
        .ok()
        .and_then(|mut found| found.next())
        .with_context(|| format!("SIM_BIND_ADDR must be host:port, not {address:?}"))
}

fn parse_url(url: &str) -> anyhow::Result<String> {
    let parsed = url::Url::parse(url)
        .with_context(|| format!("SIM_PUBLIC_URL must be a URL, not {url:?}"))?;
    ensure!(
        matches!(parsed.scheme(), "http" | "https")
            && parsed.host().is_some()
            && parsed.path() == "/"
            && parsed.query().is_none()
            && parsed.fragment().is_none(),
        "SIM_PUBLIC_URL must be http(s)://host[:port] without a path, not {url:?}"
    );
    Ok(url.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(flags: &[&str], environment: &[(&str, &str)]) -> anyhow::Result<Settings> {
        let flags = Flags::try_parse_from(std::iter::once(&"twitch-sim").chain(flags))?;
        let environment: HashMap<&str, &str> = environment.iter().copied().collect();
        Settings::from(flags, |name| {
            environment.get(name).map(|value| (*value).to_owned())
        })
    }

    #[test]
    fn a_flag_beats_the_environment_and_empty_is_unset() {
        let both = read(
            &["--sim-bind-addr", "127.0.0.1:1"],
            &[("SIM_BIND_ADDR", "127.0.0.1:2")],
        )
        .unwrap();
        assert_eq!(both.bind_addr.port(), 1);
        assert_eq!(
            read(&[], &[("SIM_BIND_ADDR", "127.0.0.1:2")])
                .unwrap()
                .bind_addr
                .port(),
            2
        );
        assert_eq!(
            read(&[], &[("SIM_BIND_ADDR", "")])
                .unwrap()
                .bind_addr
                .port(),
            7002
        );
        assert_eq!(
            read(&[], &[("SIM_BIND_ADDR", ":0")])
                .unwrap()
                .bind_addr
                .to_string(),
            "127.0.0.1:0"
        );
    }

    #[test]
    fn what_makes_no_sense_is_refused_by_name() {
        for (flags, environment, name) in [
            (vec![], vec![("SIM_BIND_ADDR", "nowhere")], "SIM_BIND_ADDR"),
            (
                vec![],
                vec![("SIM_PUBLIC_URL", "http://localhost:1/path")],
                "SIM_PUBLIC_URL",
            ),
            (
                vec!["--sim-public-url", "ftp://localhost"],
                vec![],
                "SIM_PUBLIC_URL",
            ),
            (vec!["--time-scale", "0"], vec![], "--time-scale"),
            (vec!["--noise"], vec![], "--noise"),
            (vec![], vec![("LOG_FORMAT", "xml")], "LOG_FORMAT"),
        ] {
            let error = read(&flags, &environment).unwrap_err().to_string();
            assert!(error.contains(name), "{error}");
        }
    }
}
