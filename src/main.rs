//! tmp
use std::io::{Read, Write};
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let mut bytes = Vec::new();
    if args[2] == "-" { std::io::stdin().read_to_end(&mut bytes).unwrap(); } else { bytes = std::fs::read(&args[2]).unwrap(); }
    let g = gongkai::grammar::Grammars::built_in();
    let r = gongkai::parse(&bytes, &g, &gongkai::Limits::default());
    let o = gongkai::wire::Options { pretty: !args.contains(&"--compact".to_string()), provenance: args.contains(&"--provenance".to_string()), ..Default::default() };
    let mut s = gongkai::wire::Source::new(args[2].clone()); s.bytes = bytes.len() as u64;
    let mut out = Vec::new();
    gongkai::wire::write(&r, &g, &s, &o, &mut out); out.push(b'\n');
    std::io::stdout().write_all(&out).unwrap();
}
