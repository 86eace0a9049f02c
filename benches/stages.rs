//! Throughput of each stage and of the whole chain. What is measured, and numbers: benches/README.md.

use std::hint::black_box;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use gongkai::grammar::Grammars;
use gongkai::text::{Decoded, decode};
use gongkai::{Limits, bind, check, layout, parse, wire};
use gongkai_corpus::{Edition, Layout, Recipe, Size, write};

/// The pages by name: about 4, 6 and 95 kilobytes, of which the tables have nearly four.
const SIZES: &[(&str, Size)] = &[("short", Size::Short), ("typical", Size::Typical), ("long", Size::Long(100_000))];
const LAYOUTS: &[Layout] = &[Layout::Tab, Layout::PipeCells, Layout::Pdf];

fn page(layout: Layout, size: Size) -> String {
    write(&Recipe { size, ..Recipe::plain(1, Edition::Gid2021, layout) }).text
}

/// Lines and cells, as `parse` has them made.
fn outlined(decoded: &Decoded<'_>, then: impl FnOnce(&layout::Outline<'_>)) {
    match layout::without_markup(&decoded.text) {
        Some(plain) => then(&layout::outline(&plain, Some(&decoded.text))),
        None => then(&layout::outline(&decoded.text, None)),
    }
}

fn stages(criterion: &mut Criterion) {
    let grammars = Grammars::built_in();
    for (name, size) in SIZES {
        let text = page(Layout::Tab, *size);
        let mut group = criterion.benchmark_group(*name);
        group.throughput(Throughput::Bytes(text.len() as u64));
        let bytes = text.as_bytes();
        group.bench_function("decode", |bench| bench.iter(|| decode(black_box(bytes), None)));
        let decoded = decode(bytes, None);
        group.bench_function("layout", |bench| {
            bench.iter(|| outlined(black_box(&decoded), |outline| _ = black_box(outline.lines.len())))
        });
        outlined(&decoded, |outline| {
            group.bench_function("bind", |bench| bench.iter(|| bind::bind(black_box(&decoded), outline, &grammars)));
        });
        let unchecked = parse(bytes, &grammars, &Limits { check: false, ..Limits::default() });
        let grammar = unchecked.grammar.and_then(|index| grammars.list().get(index)).expect("a grammar");
        group.bench_function("check", |bench| {
            bench.iter_batched_ref(|| unchecked.clone(), |report| check::check(report, grammar), BatchSize::SmallInput)
        });
        let report = parse(bytes, &grammars, &Limits::default());
        let (source, options) = (wire::Source::new("page.txt"), wire::Options::default());
        let mut out = Vec::new();
        group.bench_function("encode", |bench| {
            bench.iter(|| {
                out.clear();
                wire::write(black_box(&report), &grammars, &source, &options, &mut out);
            });
        });
        group.finish();
    }
}

fn whole(criterion: &mut Criterion) {
    let grammars = Grammars::built_in();
    let (source, options) = (wire::Source::new("page.txt"), wire::Options::default());
    let mut group = criterion.benchmark_group("whole");
    for (name, size) in SIZES {
        for layout in LAYOUTS {
            let text = page(*layout, *size);
            group.throughput(Throughput::Bytes(text.len() as u64));
            let mut out = Vec::new();
            group.bench_function(BenchmarkId::new(*name, layout.name()), |bench| {
                bench.iter(|| {
                    out.clear();
                    let report = parse(black_box(text.as_bytes()), &grammars, &Limits::default());
                    wire::write(&report, &grammars, &source, &options, &mut out);
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, stages, whole);
criterion_main!(benches);
