//! The options of what holds texts: fields of JSON records, limits of archives.

use clap::Args;
use encoding_rs::Encoding;

use super::size::size;
use crate::source::{Limits, Options};

/// Options of the commands that read archives and packed files.
#[derive(Args)]
#[command(next_help_heading = "Options for archives, packed files and JSON Lines")]
pub(super) struct Inside {
    /// The field of a JSON record that holds its text; `a.b` is `b` within `a`
    #[arg(long, value_name = "FIELD", default_value = "text")]
    text_field: String,
    /// The field that holds its name [without it: the number of the line]
    #[arg(long, value_name = "FIELD", default_value = "id")]
    id_field: String,
    /// The largest text, unpacked
    #[arg(long, value_name = "SIZE", default_value = "256M", value_parser = size_of_text)]
    max_text_bytes: u64,
    /// The most that one file may unpack to, with all that is in it
    #[arg(long, value_name = "SIZE", default_value = "256G", value_parser = size)]
    max_expanded: u64,
    /// The most bytes that one byte may unpack to; counted from 16 MiB on
    #[arg(long, value_name = "N", default_value = "1000", value_parser = clap::value_parser!(u64).range(1..))]
    max_ratio: u64,
    /// How many archives and packings may stand inside each other
    #[arg(long, value_name = "N", default_value = "8")]
    max_nesting: u32,
    /// How many members the archives of one file may have
    #[arg(long, value_name = "N", default_value = "10000000")]
    max_members: u64,
}

impl Inside {
    /// `encoding`: the one that was asked for.
    pub(super) fn options(&self, encoding: Option<&'static Encoding>) -> Options {
        let limits = Limits {
            bytes: usize::try_from(self.max_text_bytes).unwrap_or(usize::MAX),
            expanded: self.max_expanded,
            ratio: self.max_ratio,
            nesting: self.max_nesting,
            members: self.max_members,
        };
        Options {
            text_field: self.text_field.clone(),
            id_field: self.id_field.clone(),
            encoding,
            limits,
            ..Options::default()
        }
    }
}

fn size_of_text(words: &str) -> Result<u64, &'static str> {
    let most = crate::Limits::MOST_BYTES as u64;
    size(words).and_then(|bytes| if bytes > most { Err("a text has at most 1G") } else { Ok(bytes) })
}
