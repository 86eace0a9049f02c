//! Pages as a whole: same recipe, same bytes; and the cells that a page shows are its facts, in order.
//!
//! The reader here knows nothing of labels. It splits a page at blanks and pipes and keeps the pieces that are
//! wholly a value. That is far from a parser, but enough to prove that no figure is lost, doubled or changed.

use std::collections::HashSet;

use gongkai_corpus::{
    Damage, Edition, Fact, Gap, Layout, PageNumbers, Recipe, Rng, Script, Size, Style, TitleForm, write,
};

#[test]
fn every_recipe_gives_the_same_page_again() {
    for seed in 0..200 {
        let recipe = Recipe::random(seed);
        assert_eq!(recipe, Recipe::random(seed));
        let (one, two) = (write(&recipe), write(&recipe));
        assert_eq!(one, two);
        assert_eq!(one.truth.to_json(), two.truth.to_json());
    }
}

#[test]
fn facts_are_those_of_the_form() {
    for seed in 0..400 {
        let recipe = Recipe::random(seed);
        let facts = write(&recipe).truth.facts;
        let closed = recipe.edition == Edition::Gid2021 && recipe.style.closed_in_one;
        let expected = match recipe.edition {
            Edition::Gid2021 => 200 + if closed { 7 } else { 0 },
            Edition::Gid2019 => 198,
        };
        assert_eq!(facts.len(), expected, "seed {seed}");
        let places: HashSet<_> = facts.iter().map(|fact| (fact.table, fact.row, fact.column)).collect();
        assert_eq!(places.len(), facts.len(), "seed {seed}");
        for fact in &facts {
            assert_eq!(fact.value.is_some(), fact.kind == "number", "seed {seed} {fact:?}");
        }
    }
}

#[test]
fn every_layout_shows_every_figure_of_a_plain_page() {
    for layout in Layout::ALL.iter().copied() {
        for edition in Edition::ALL.iter().copied() {
            for seed in 0..12 {
                let recipe = Recipe::plain(seed, edition, layout);
                agrees(&recipe);
                let truth = write(&recipe).truth;
                assert_eq!((truth.status, truth.sections.len()), ("complete", 6));
            }
        }
    }
}

#[test]
fn every_layout_shows_every_figure_of_a_random_page() {
    for layout in Layout::ALL.iter().copied() {
        for seed in 0..80 {
            let mut recipe = Recipe::random(seed);
            recipe.layout = layout;
            recipe.size = Size::Short;
            // These put numbers outside tables in cells of their own, or tables in another order.
            recipe.style.furniture = false;
            recipe.style.page_numbers = PageNumbers::None;
            if recipe.style.title == TitleForm::Blanks {
                recipe.style.title = TitleForm::IssuerYear;
            }
            if recipe.style.damage == Damage::Swapped {
                recipe.style.damage = Damage::None;
            }
            agrees(&recipe);
        }
    }
}

#[test]
fn sums_hold_in_the_facts_of_a_page() {
    for seed in 0..300 {
        let recipe = Recipe::random(seed);
        let facts = write(&recipe).truth.facts;
        let rows: Vec<&str> =
            facts.iter().filter(|f| f.table == "applications" && f.column == "total").map(|f| f.row).collect();
        let at = |row: &str, column: &str| -> i64 {
            let fact = facts.iter().find(|f| f.table == "applications" && f.row == row && f.column == column);
            fact.and_then(|f| f.value.as_ref()).map_or(0, |value| value.parse().expect("a count is whole"))
        };
        for column in ["natural_person", "other", "total"] {
            let outcomes: i64 = rows[2..rows.len() - 2].iter().map(|row| at(row, column)).sum();
            assert_eq!(outcomes, at("outcome_total", column), "seed {seed}");
            assert_eq!(
                at("new_received", column) + at("carried_in", column),
                at("outcome_total", column) + at("carried_out", column)
            );
        }
    }
}

#[test]
fn lost_parts_are_told() {
    let mut recipe = Recipe::plain(3, Edition::Gid2021, Layout::Tab);
    recipe.style.damage = Damage::SectionLost;
    recipe.style.damaged = 2;
    let truth = write(&recipe).truth;
    assert_eq!(truth.status, "partial");
    assert!(!truth.sections.contains(&"applications"));
    assert_eq!(truth.fact("applications", "granted", "total").map(|fact| fact.kind), Some("missing"));

    recipe.style.damage = Damage::HeadingLost;
    recipe.style.damaged = 0;
    let truth = write(&recipe).truth;
    assert_eq!((truth.status, truth.sections.len()), ("partial", 5));
    assert!(truth.facts.iter().all(|fact| fact.kind == "number"));

    recipe.style = Style { title: TitleForm::Missing, ..Style::plain() };
    let sample = write(&recipe);
    assert_eq!((sample.truth.title, sample.truth.year), (None, None));
    assert!(!sample.text.contains("20"));
}

#[test]
fn titles_stand_in_the_page() {
    for seed in 0..400 {
        let mut recipe = Recipe::random(seed);
        recipe.style.radicals = false;
        let sample = write(&recipe);
        let joined: String = sample.text.chars().filter(|c| !c.is_whitespace()).collect();
        if let Some(title) = &sample.truth.title {
            let title: String = title.chars().filter(|c| *c != ' ').collect();
            assert!(joined.contains(&title), "seed {seed}: {title}");
            let issuer = sample.truth.issuer.as_deref().expect("a title names its issuer");
            assert!(title.contains(issuer), "seed {seed}");
        }
        let complete = sample.truth.title.is_some() && sample.truth.sections.len() == 6;
        assert_eq!(sample.truth.status == "complete", complete);
    }
}

#[test]
fn sizes_are_about_what_was_asked_for() {
    let mut recipe = Recipe::plain(9, Edition::Gid2021, Layout::Tab);
    let typical = write(&recipe).text.len();
    assert!((5000..8000).contains(&typical), "{typical}");
    recipe.size = Size::Long(100_000);
    let long = write(&recipe).text.len();
    assert!((90_000..110_000).contains(&long), "{long}");
}

#[test]
fn traditional_pages_have_no_simplified_labels() {
    let mut recipe = Recipe::plain(4, Edition::Gid2021, Layout::Pipe);
    recipe.style.script = Script::TraditionalOther;
    let text = write(&recipe).text;
    assert!(text.contains("行政強製") && text.contains("總計") && !text.contains("计"));
    recipe.style.gap = Gap::None;
    recipe.style.gap_share = 100;
    assert!(write(&recipe).text.contains("無 |"));
}

#[test]
fn random_numbers_choose_every_style() {
    let styles: Vec<Style> = (0..400).map(|seed| Style::random(&mut Rng::new(seed))).collect();
    for gap in Gap::ALL {
        assert!(styles.iter().any(|style| style.gap == *gap));
    }
    for title in TitleForm::ALL {
        assert!(styles.iter().any(|style| style.title == *title));
    }
}

/// The values that a page shows are those of its facts, in order. Blank and missing cells show nothing.
#[track_caller]
fn agrees(recipe: &Recipe) {
    let sample = write(recipe);
    let shown: Vec<Shown> =
        sample.text.split(|c: char| c.is_whitespace() || c == '|').filter_map(Shown::read).collect();
    let facts: Vec<&Fact> = sample.truth.facts.iter().filter(|f| !matches!(f.kind, "blank" | "missing")).collect();
    for (fact, shown) in facts.iter().zip(&shown) {
        let value = match shown.unit {
            "元" if fact.table == "article_20_8" => moved(&shown.value),
            _ => shown.value.clone(),
        };
        let expected = fact.value.clone().unwrap_or_else(|| fact.kind.to_owned());
        assert_eq!(value, expected, "{fact:?} in {recipe:?}\n{}", sample.text);
    }
    assert_eq!(facts.len(), shown.len(), "{recipe:?}\n{}", sample.text);
}

/// A value that a page shows: a decimal without zeros at its end, or the kind of a gap.
struct Shown {
    value: String,
    unit: &'static str,
}

impl Shown {
    fn read(piece: &str) -> Option<Shown> {
        let folded: String = piece
            .chars()
            .map(|c| match c {
                '０'..='９' => char::from_u32(c as u32 - 0xff10 + 0x30).unwrap_or(c),
                '．' => '.',
                '萬' => '万',
                '項' => '项',
                '減' => '减',
                '⽆' | '無' => '无',
                '⽤' => '用',
                '適' => '适',
                _ => c,
            })
            .filter(|c| *c != ',')
            .collect();
        let gap = |kind: &str| Some(Shown { value: kind.to_owned(), unit: "" });
        match folded.as_str() {
            "/" | "-" | "—" => return gap("dash"),
            "无" => return gap("none"),
            "不适用" => return gap("text"),
            "+(0)" => return gap("0"),
            _ => {}
        }
        let bare = folded.split(['（', '(']).next().unwrap_or("");
        let (bare, unit) = ["万元", "万", "元", "件", "项"]
            .iter()
            .find_map(|unit| bare.strip_suffix(unit).map(|rest| (rest, *unit)))
            .unwrap_or((bare, ""));
        let (sign, digits) = [("增加", ""), ("减少", "-"), ("增", ""), ("减", "-"), ("+", ""), ("-", "-")]
            .iter()
            .find_map(|(word, sign)| bare.strip_prefix(word).map(|rest| (*sign, rest)))
            .unwrap_or(("", bare));
        let fine = digits.starts_with(|c: char| c.is_ascii_digit())
            && digits.ends_with(|c: char| c.is_ascii_digit())
            && digits.chars().all(|c| c.is_ascii_digit() || c == '.');
        fine.then(|| Shown { value: format!("{sign}{}", trimmed(digits)), unit })
    }
}

fn trimmed(digits: &str) -> &str {
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits }
}

/// A decimal divided by ten thousand.
fn moved(value: &str) -> String {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let digits = format!("{whole:0>5}");
    let (head, tail) = digits.split_at(digits.len() - 4);
    let text = format!("{head}.{tail}{fraction}");
    trimmed(&text).to_owned()
}
