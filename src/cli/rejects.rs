//! Inputs that gave no report: kept in a file (`--rejects`), and how many of them a run bears (`--max-rejects`, `--on-reject`).
//!
//! They are those that can't be read, and those that are no report (`unrecognized`). They are taken in the order of the inputs, so
//! that a run ends at the same one for any number of jobs. A share is judged when all inputs were read, since only then is it known.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::{Args, ValueEnum};

use super::failure::Failure;
use crate::sink::Target;

#[derive(Args)]
pub(super) struct Options {
    /// Write the inputs that can't be read or are no report to this file, as JSON Lines
    #[arg(long = "rejects", value_name = "FILE", value_parser = file)]
    pub(super) file: Option<PathBuf>,
    /// Bear at most so many of them, or such a share of all inputs (`5%`) [default: any number]
    #[arg(long = "max-rejects", value_name = "N|P%")]
    most: Option<Most>,
    /// Go on after such an input, or end the run at the first one
    #[arg(long, value_name = "WHAT", default_value = "skip")]
    on_reject: OnReject,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OnReject {
    Skip,
    Fail,
}

/// How many rejects a run bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Most {
    /// So many.
    Count(u64),
    /// A share of all inputs, in millionths.
    Share(u32),
}

/// The rejects of a run.
pub(super) struct Rejects {
    file: Option<(PathBuf, Target)>,
    most: Option<Most>,
    first_ends: bool,
    count: u64,
}

/// More inputs were rejected than the run bears.
#[derive(Debug)]
pub(super) struct TooMany {
    /// How many.
    pub(super) count: u64,
    /// What was borne; none where the first one ends the run.
    pub(super) most: Option<Most>,
    /// The input that was one too many, or the number of all inputs.
    pub(super) at: At,
    /// Where they are listed.
    pub(super) listed: Option<PathBuf>,
}

/// When a run has too many rejects.
#[derive(Debug)]
pub(super) enum At {
    /// At this input.
    Input(String),
    /// At the end, after so many inputs.
    End(u64),
}

impl Rejects {
    /// Begins the file, where one was asked for.
    pub(super) fn open(options: &Options) -> Result<Rejects, Failure> {
        let file = options.file.as_deref().map(|path| Target::create(path).map(|target| (path.to_owned(), target)));
        Ok(Rejects {
            file: file.transpose()?,
            most: options.most,
            first_ends: options.on_reject == OnReject::Fail,
            count: 0,
        })
    }

    /// Whether lines are wanted.
    pub(super) fn listed(&self) -> bool {
        self.file.is_some()
    }

    /// Whether so many more are borne, as far as that is known before the last input.
    pub(super) fn bear(&self, more: usize) -> bool {
        let count = self.count.saturating_add(more as u64);
        let is_enough = match self.most {
            Some(Most::Count(most)) => count <= most,
            Some(Most::Share(_)) | None => true,
        };
        if self.first_ends { more == 0 } else { is_enough }
    }

    /// Takes the next one: its name for people, and its line (see [`crate::wire::Reject`]), which is needed only where lines are
    /// wanted. Fails where it is one too many.
    pub(super) fn take(&mut self, name: &str, line: &[u8]) -> Result<(), Failure> {
        self.count += 1;
        if let Some((_, file)) = &mut self.file {
            file.write(&[line])?;
        }
        let most = self.most.filter(|_| !self.first_ends);
        let too_many = self.first_ends || matches!(most, Some(Most::Count(most)) if self.count > most);
        if too_many { Err(self.too_many(most, At::Input(name.to_owned()))) } else { Ok(()) }
    }

    /// After the last input: whether there were too many among `inputs`.
    pub(super) fn judge(&self, inputs: u64) -> Result<(), Failure> {
        match self.most {
            Some(Most::Share(share)) if u128::from(self.count) * 1_000_000 > u128::from(share) * u128::from(inputs) => {
                Err(self.too_many(self.most, At::End(inputs)))
            }
            _ => Ok(()),
        }
    }

    /// Puts the file in its place, also where the run was ended by what stands in it.
    pub(super) fn keep(self) -> Result<(), Failure> {
        self.file.map_or(Ok(()), |(_, file)| file.finish(true)).map_err(Failure::Sink)
    }

    fn too_many(&self, most: Option<Most>, at: At) -> Failure {
        let listed = self.file.as_ref().map(|(path, _)| path.clone());
        Failure::TooManyRejects(TooMany { count: self.count, most, at, listed })
    }
}

impl TooMany {
    /// What is said of it.
    pub(super) fn words(&self, zh: bool) -> String {
        let TooMany { count, most, at, listed } = self;
        let many = |count: u64| format!("{count} input{}", if count == 1 { "" } else { "s" });
        let why = match (most, at, zh) {
            (None, At::Input(name), true) => format!("{name} 没有得到报告，运行到此结束（--on-reject fail）"),
            (None, At::Input(name), false) => format!("{name} gave no report, which ends the run (--on-reject fail)"),
            (Some(most), At::Input(name), true) => {
                format!("已有 {count} 个输入没有得到报告，超过 --max-rejects {most}，运行到 {name} 结束")
            }
            (Some(most), At::Input(name), false) => {
                format!("{} gave no report, more than --max-rejects {most}: the run ends at {name}", many(*count))
            }
            (_, At::End(inputs), true) => {
                format!("{inputs} 个输入中有 {count} 个没有得到报告，超过 --max-rejects {}", Shown(most))
            }
            (_, At::End(inputs), false) => {
                format!("{count} of {} gave no report, more than --max-rejects {}", many(*inputs), Shown(most))
            }
        };
        let listed = listed.as_deref().map(Path::display);
        match (zh, listed) {
            (true, Some(file)) => format!("{why}；明细见 {file}。请处理这些输入或放宽限制，再运行同一命令"),
            (true, None) => format!("{why}。请处理这些输入或放宽限制，再运行同一命令"),
            (false, Some(file)) => {
                format!("{why}; see {file}, mend them or allow more, and run the same command again")
            }
            (false, None) => format!("{why}; mend them or allow more, and run the same command again"),
        }
    }
}

struct Shown<'m>(&'m Option<Most>);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_ref().map_or(Ok(()), |most| most.fmt(f))
    }
}

impl FromStr for Most {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Most, &'static str> {
        let Some(share) = text.strip_suffix('%') else {
            return text.parse().map(Most::Count).map_err(|_| "use a number such as 100, or a share such as 5%");
        };
        let (whole, fraction) = share.split_once('.').unwrap_or((share, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || whole.len() > 3 || fraction.len() > 4 || !digits(whole) || !digits(fraction) {
            return Err("use a share such as 5% or 0.25%");
        }
        match format!("{whole}{fraction:0<4}").parse() {
            Ok(millionths) if millionths <= 1_000_000 => Ok(Most::Share(millionths)),
            _ => Err("a share is at most 100%"),
        }
    }
}

/// As it is given.
impl fmt::Display for Most {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Most::Count(count) => write!(f, "{count}"),
            Most::Share(share) => write!(f, "{}%", f64::from(*share) / 10_000.0),
        }
    }
}

fn file(name: &str) -> Result<PathBuf, &'static str> {
    if name == "-" { Err("give a file; standard output is for reports") } else { Ok(PathBuf::from(name)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits() {
        #[track_caller]
        fn check(text: &str, expected: Option<(Most, &str)>) {
            let most = text.parse::<Most>().ok();
            assert_eq!(most.map(|most| (most, most.to_string())), expected.map(|(most, text)| (most, text.to_owned())));
        }
        check("0", Some((Most::Count(0), "0")));
        check("10", Some((Most::Count(10), "10")));
        check("5%", Some((Most::Share(50_000), "5%")));
        check("0.25%", Some((Most::Share(2_500), "0.25%")));
        check("0.0001%", Some((Most::Share(1), "0.0001%")));
        check("100%", Some((Most::Share(1_000_000), "100%")));
        check("100.0001%", None);
        check("-1", None);
        check("%", None);
        check("1.5", None);
        check("+5%", None);
        check("many", None);
    }

    #[test]
    fn runs_end_where_there_are_too_many() {
        #[track_caller]
        fn check(most: &str, first_ends: bool, rejects: u64, inputs: u64, ends_at: Option<&str>) {
            let most = most.parse().ok();
            let mut all = Rejects { file: None, most, first_ends, count: 0 };
            let at_an_input = ends_at.is_some_and(|at| at != "end");
            assert_eq!(all.bear(rejects as usize), !at_an_input);
            let taken = (1..=rejects).try_for_each(|number| all.take(&number.to_string(), b""));
            let ended = taken.and_then(|()| all.judge(inputs)).err();
            let at = ended.map(|failure| match failure {
                Failure::TooManyRejects(TooMany { at: At::Input(name), .. }) => name,
                _ => "end".to_owned(),
            });
            assert_eq!(at.as_deref(), ends_at);
        }
        check("", false, 100, 100, None);
        check("", true, 3, 100, Some("1"));
        check("50", true, 3, 100, Some("1"));
        check("", true, 0, 100, None);
        check("0", false, 3, 100, Some("1"));
        check("2", false, 2, 100, None);
        check("2", false, 3, 100, Some("3"));
        check("5%", false, 5, 100, None);
        check("5%", false, 6, 100, Some("end"));
        check("0%", false, 1, 1_000_000, Some("end"));
        check("100%", false, 7, 7, None);
        check("33.3333%", false, 1, 3, Some("end"));
        check("33.3334%", false, 1, 3, None);
    }
}
