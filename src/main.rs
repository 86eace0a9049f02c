//! The binary: everything is in [`gongkai::cli`].

use std::process::ExitCode;

/// A report is made of thousands of small pieces, which this allocator hands out in half the time of the C library's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    gongkai::cli::main()
}
