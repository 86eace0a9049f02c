//! The binary: everything is in [`gongkai::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    gongkai::cli::main()
}
