//! `gongkai-corpus OUT_DIR --count N --seed S`: writes synthetic reports and their truth into a folder.

// The one place of the generator that touches the world.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use gongkai_corpus::{Edition, Encoding, FaultKind, Layout, Recipe, Rng, Size, Style, encode, fits, write};

const USAGE: &str = "\
usage: gongkai-corpus OUT_DIR [--count N] [--seed S] [--layout NAME] [--edition ID]
                      [--size short|typical|BYTES] [--encoding NAME] [--plain]
                      [--statements] [--faults KIND|random]

Writes NAME.txt and NAME.facts.json for the seeds S to S+N-1; what is not given is chosen by the seed.
A page that an encoding cannot hold is written in UTF-8.";

fn main() -> ExitCode {
    let outcome = Options::read(std::env::args().skip(1)).and_then(|options| match options {
        Some(options) => run(&options),
        None => {
            println!("{}", help());
            Ok(())
        }
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("gongkai-corpus: {message}\n{USAGE}");
            ExitCode::from(2)
        }
    }
}

/// What was asked for on the command line.
struct Options {
    folder: PathBuf,
    count: u64,
    seed: u64,
    layout: Option<Layout>,
    edition: Option<Edition>,
    size: Option<Size>,
    encoding: Encoding,
    plain: bool,
    statements: bool,
    faults: Faults,
}

/// The mistakes to make.
#[derive(Clone, Copy)]
enum Faults {
    None,
    Random,
    Of(FaultKind),
}

impl Options {
    /// Reads the arguments; nothing when help was asked for.
    fn read(args: impl Iterator<Item = String>) -> Result<Option<Self>, String> {
        let mut options = Options {
            folder: PathBuf::new(),
            count: 100,
            seed: 1,
            layout: None,
            edition: None,
            size: None,
            encoding: Encoding::Utf8,
            plain: false,
            statements: false,
            faults: Faults::None,
        };
        let mut args = args;
        while let Some(arg) = args.next() {
            let mut value = || args.next().ok_or_else(|| format!("{arg} needs a value"));
            let bad = |value: String| format!("`{value}` is no value for {arg}");
            match arg.as_str() {
                "--help" | "-h" => return Ok(None),
                "--plain" => options.plain = true,
                "--statements" => options.statements = true,
                "--faults" => {
                    options.faults = value().and_then(|v| match FaultKind::from_name(&v) {
                        Some(kind) => Ok(Faults::Of(kind)),
                        None if v == "random" => Ok(Faults::Random),
                        None => Err(bad(v)),
                    })?;
                }
                "--count" => options.count = value().and_then(|v| v.parse().map_err(|_| bad(v)))?,
                "--seed" => options.seed = value().and_then(|v| v.parse().map_err(|_| bad(v)))?,
                "--layout" => {
                    options.layout = Some(value().and_then(|v| Layout::from_name(&v).ok_or_else(|| bad(v)))?);
                }
                "--edition" => {
                    options.edition = Some(value().and_then(|v| Edition::from_id(&v).ok_or_else(|| bad(v)))?);
                }
                "--encoding" => {
                    options.encoding = value().and_then(|v| Encoding::from_name(&v).ok_or_else(|| bad(v)))?;
                }
                "--size" => options.size = Some(value().and_then(|v| size(&v).ok_or_else(|| bad(v)))?),
                _ if arg.starts_with('-') || !options.folder.as_os_str().is_empty() => {
                    return Err(format!("unknown argument `{arg}`"));
                }
                _ => options.folder = PathBuf::from(&arg),
            }
        }
        if options.folder.as_os_str().is_empty() {
            return Err("OUT_DIR is missing".to_owned());
        }
        Ok(Some(options))
    }

    /// The recipe of one seed.
    fn recipe(&self, seed: u64) -> Recipe {
        let mut recipe = Recipe::random(seed);
        if self.plain {
            recipe.style = Style::plain();
            recipe.size = Size::Typical;
        }
        recipe.style.statements |= self.statements;
        recipe.faults = match self.faults {
            Faults::None => Vec::new(),
            Faults::Random => FaultKind::random(&mut Rng::named(seed, "kinds")),
            Faults::Of(kind) => vec![kind],
        };
        recipe.layout = self.layout.unwrap_or(recipe.layout);
        recipe.edition = self.edition.unwrap_or(recipe.edition);
        recipe.size = self.size.unwrap_or(recipe.size);
        recipe
    }
}

fn run(options: &Options) -> Result<(), String> {
    let told = |error: std::io::Error| format!("{}: {error}", options.folder.display());
    fs::create_dir_all(&options.folder).map_err(told)?;
    for step in 0..options.count {
        let seed = options.seed.wrapping_add(step);
        let sample = write(&options.recipe(seed));
        let truth = &sample.truth;
        let name = format!("{seed:06}-{}-{}", truth.layout, truth.grammar);
        let fitting = fits(&sample.text, options.encoding);
        let bytes = encode(&sample.text, if fitting { options.encoding } else { Encoding::Utf8 });
        fs::write(options.folder.join(format!("{name}.txt")), bytes).map_err(told)?;
        fs::write(options.folder.join(format!("{name}.facts.json")), truth.to_json()).map_err(told)?;
    }
    Ok(())
}

fn size(text: &str) -> Option<Size> {
    match text {
        "short" => Some(Size::Short),
        "typical" => Some(Size::Typical),
        _ => text.parse().ok().map(Size::Long),
    }
}

/// The usage with the names that options take.
fn help() -> String {
    let names = |list: Vec<&str>| list.join(" ");
    format!(
        "{USAGE}\n\nlayouts: {}\neditions: {}\nencodings: {}\nfaults: {}",
        names(Layout::ALL.iter().map(|layout| layout.name()).collect()),
        names(Edition::ALL.iter().map(|edition| edition.id()).collect()),
        names(Encoding::ALL.iter().map(|encoding| encoding.name()).collect()),
        names(FaultKind::ALL.iter().map(|kind| kind.name()).collect()),
    )
}
