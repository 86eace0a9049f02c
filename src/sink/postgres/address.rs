//! Where the server is, and who asks to be let in.
//!
//! In: an address (`postgres://user:password@host:port/database?parameters`), and the environment. Out: a connection. What the address
//! leaves open is found as every program of PostgreSQL finds it: PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE, PGSSLMODE,
//! PGSSLROOTCERT, PGPASSFILE, `~/.pgpass`, `~/.postgresql/root.crt`, the socket of this machine.

use std::path::{Path, PathBuf};
use std::time::Duration;

use postgres::config::{Host, SslMode};
use postgres::{Client, Config};

use super::super::Cause;
use super::{tls, words};

/// An address, with everything that it leaves open.
pub(super) struct Address {
    config: Config,
    trust: tls::Trust,
}

type Variable = fn(&str) -> Option<String>;

impl Address {
    /// Reads an address.
    pub(super) fn of(address: &str, variable: Variable) -> Result<Address, Cause> {
        let (address, own) = own_parameters(address);
        let mut config: Config = address.parse().map_err(|error| Cause::Unreachable(words(&error)))?;
        complete(&mut config, variable);
        let own = |name: &str, instead: &str| {
            let own = own.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.clone());
            own.or_else(|| variable(instead))
        };
        let home = variable("HOME").map(PathBuf::from);
        if config.get_password().is_none()
            && let Some(password) = variable("PGPASSWORD")
        {
            config.password(password);
        }
        if config.get_password().is_none() {
            let file = own("passfile", "PGPASSFILE").map(PathBuf::from);
            let file = file.or_else(|| home.as_ref().map(|home| home.join(".pgpass")));
            if let Some(password) = file.and_then(|file| kept_password(&file, &config)) {
                config.password(password);
            }
        }
        let mode = own("sslmode", "PGSSLMODE").unwrap_or_else(|| "prefer".to_owned());
        let roots = match own("sslrootcert", "PGSSLROOTCERT") {
            Some(system) if system == "system" => None,
            Some(file) => Some(PathBuf::from(file)),
            None => home.map(|home| home.join(".postgresql/root.crt")).filter(|file| file.is_file()),
        };
        let is_given = roots.is_some();
        let (mode, trust) = match mode.as_str() {
            "disable" => (SslMode::Disable, tls::Trust::Anyone),
            "allow" | "prefer" => (SslMode::Prefer, tls::Trust::Anyone),
            // Who names a root trusts whoever it signed, whatever the name.
            "require" | "verify-ca" => (SslMode::Require, tls::Trust::Signed { roots, by_name: !is_given }),
            "verify-full" => (SslMode::Require, tls::Trust::Signed { roots, by_name: true }),
            other => {
                return Err(Cause::Unreachable(format!(
                    "sslmode={other} is none of disable, allow, prefer, require, verify-ca, verify-full"
                )));
            }
        };
        config.ssl_mode(mode);
        Ok(Address { config, trust })
    }

    /// Connects.
    pub(super) fn connect(&self) -> Result<Client, Cause> {
        let connector = self.trust.connector()?;
        self.config.connect(connector).map_err(|error| match tls::distrust(&error) {
            Some(why) => Cause::Untrusted(why),
            None => Cause::Unreachable(words(&error)),
        })
    }
}

/// Takes the parameters out that the driver does not know.
fn own_parameters(address: &str) -> (String, Vec<(String, String)>) {
    const OWN: [&str; 3] = ["sslmode", "sslrootcert", "passfile"];

    // A password may hold a question mark; what follows it has a sign of equality.
    let Some((place, parameters)) = address.rsplit_once('?').filter(|_| address.contains("://")) else {
        return (address.to_owned(), Vec::new());
    };
    let mut own = Vec::new();
    let mut others = Vec::new();
    for parameter in parameters.split('&') {
        match parameter.split_once('=') {
            Some((key, value)) if OWN.contains(&key) => own.push((key.to_owned(), unescaped(value))),
            _ => others.push(parameter),
        }
    }
    let mark = if others.is_empty() { "" } else { "?" };
    (format!("{place}{mark}{}", others.join("&")), own)
}

/// The text without `%` and digits for bytes.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        let code = behind.get(..2).filter(|_| *first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        match code.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            None => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Fills in what the address leaves open, but for the password.
fn complete(config: &mut Config, variable: Variable) {
    const SOCKETS: &str = "/var/run/postgresql";
    const TIMEOUT: Duration = Duration::from_secs(30);

    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        match variable("PGHOST") {
            Some(hosts) => hosts.split(',').for_each(|host| _ = config.host(host)),
            None => {
                let port = variable("PGPORT").unwrap_or_else(|| "5432".to_owned());
                let is_here = Path::new(SOCKETS).join(format!(".s.PGSQL.{port}")).exists();
                config.host(if is_here { SOCKETS } else { "localhost" });
            }
        }
    }
    if config.get_ports().is_empty()
        && let Some(ports) = variable("PGPORT")
    {
        ports.split(',').filter_map(|port| port.parse().ok()).for_each(|port: u16| _ = config.port(port));
    }
    let user = || variable("PGUSER").or_else(|| variable("USER")).or_else(|| variable("LOGNAME"));
    if config.get_user().is_none()
        && let Some(user) = user()
    {
        config.user(&user);
    }
    if config.get_dbname().is_none()
        && let Some(name) = variable("PGDATABASE")
    {
        config.dbname(&name);
    }
    if config.get_application_name().is_none() {
        config.application_name("gongkai");
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(TIMEOUT);
    }
}

/// The password that a password file has for this place. A file that others may read is left alone, as everywhere.
fn kept_password(file: &Path, config: &Config) -> Option<String> {
    if !is_private(file) {
        return None;
    }
    let host = match config.get_hosts().first() {
        Some(Host::Tcp(host)) => host.clone(),
        #[cfg(unix)]
        Some(Host::Unix(_)) => "localhost".to_owned(),
        None => config.get_hostaddrs().first()?.to_string(),
    };
    let port = config.get_ports().first().copied().unwrap_or(5432).to_string();
    let user = config.get_user()?;
    let wanted = [&*host, &*port, config.get_dbname().unwrap_or(user), user];
    let lines = std::fs::read_to_string(file).ok()?;
    lines.lines().filter(|line| !line.starts_with('#')).find_map(|line| {
        let mut fields = parted(line).into_iter();
        let fits = wanted.iter().all(|wanted| fields.next().is_some_and(|field| field == "*" || field == *wanted));
        fields.next().filter(|_| fits)
    })
}

#[cfg(unix)]
fn is_private(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(file).is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o077 == 0)
}

#[cfg(not(unix))]
fn is_private(file: &Path) -> bool {
    file.is_file()
}

/// The fields of a line; `\` takes the meaning from what follows it.
fn parted(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        let letter = match letter {
            ':' => {
                fields.push(String::new());
                continue;
            }
            '\\' => letters.next(),
            other => Some(other),
        };
        if let Some(last) = fields.last_mut() {
            last.extend(letter);
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_that_the_driver_does_not_know() {
        #[track_caller]
        fn check(address: &str, rest: &str, own: &str) {
            let (got, parameters) = own_parameters(address);
            let parameters: Vec<String> = parameters.iter().map(|(key, value)| format!("{key}={value}")).collect();
            assert_eq!((got.as_str(), parameters.join(" ").as_str()), (rest, own));
        }
        check("postgres://h/d", "postgres://h/d", "");
        check("postgres://h/d?sslmode=require", "postgres://h/d", "sslmode=require");
        check(
            "postgres://h/d?a=b&sslrootcert=%2Fx%20y%2Froot.crt&c=d",
            "postgres://h/d?a=b&c=d",
            "sslrootcert=/x y/root.crt",
        );
        check("postgres://u:p?q@h/d", "postgres://u:p?q@h/d", "");
        check("postgres://u:p?q@h/d?sslmode=100%", "postgres://u:p?q@h/d", "sslmode=100%");
        check("host=h sslmode=require", "host=h sslmode=require", "");
    }

    #[test]
    fn what_an_address_leaves_open() {
        #[track_caller]
        fn check(address: &str, expected: &str) {
            let variable: Variable = |name| {
                let value = match name {
                    "PGHOST" => "db.example",
                    "PGPORT" => "5433",
                    "PGUSER" => "me",
                    "PGPASSWORD" => "secret",
                    "PGDATABASE" => "reports",
                    _ => return None,
                };
                Some(value.to_owned())
            };
            let config = Address::of(address, variable).expect("an address").config;
            let hosts: Vec<String> = config.get_hosts().iter().map(|host| format!("{host:?}")).collect();
            let password = config.get_password().map(String::from_utf8_lossy).unwrap_or_default();
            let (user, name) = (config.get_user().unwrap_or_default(), config.get_dbname().unwrap_or_default());
            let got = format!(
                "{} {:?} {user} {password} {name} {:?}",
                hosts.join(" "),
                config.get_ports(),
                config.get_ssl_mode()
            );
            assert_eq!(got, expected);
        }
        check("postgres://", "Tcp(\"db.example\") [5433] me secret reports Prefer");
        check("postgres://you:own@other:1/d?sslmode=verify-full", "Tcp(\"other\") [1] you own d Require");
        check("postgres:///d?host=/run/x&sslmode=disable", "Unix(\"/run/x\") [5433] me secret d Disable");
    }

    #[test]
    fn lines_of_a_password_file() {
        assert_eq!(parted(r"a:*:x\:y:\\:p w"), ["a", "*", "x:y", r"\", "p w"]);
        assert_eq!(parted(""), [""]);
    }
}
