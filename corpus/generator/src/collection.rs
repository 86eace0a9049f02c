//! Many reports as they stand together: which pages a collection has, where each is filed, and from whose web site it is.
//!
//! In: a seed, a number of reports, a number of sites. Out: a [`Slot`] for each report, and the [`Report`] of a place. With sites,
//! what a web system decides (layout, style, encoding, names of files) is the same for all reports of a site, and what its
//! author decides is not. A few sites publish most of the reports, as one city's system does for its hundreds of bodies.

use rayon::prelude::*;

use crate::encode::{Encoding, encode, fits};
use crate::faults::FaultKind;
use crate::form::Edition;
use crate::layout::Layout;
use crate::page::write;
use crate::recipe::{Recipe, Size};
use crate::rng::Rng;
use crate::style::Style;
use crate::title::{Subject, subject};
use crate::truth::Truth;

/// What all pages of a collection have in common; the rest is chosen by seed, or by site.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    pub layout: Option<Layout>,
    pub edition: Option<Edition>,
    pub size: Option<Size>,
    /// UTF-8 where neither this nor a site says otherwise, and for pages that an encoding cannot hold.
    pub encoding: Option<Encoding>,
    /// Ordinary words and dress only.
    pub plain: bool,
    /// Sentences that speak of the figures, on all pages.
    pub statements: bool,
    pub faults: Faults,
}

/// The mistakes to make.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Faults {
    #[default]
    None,
    /// Chosen by the seed.
    Random,
    Of(FaultKind),
}

impl Choices {
    /// The recipe of one page, where `own` is what its seed and site would make of it.
    pub fn applied(&self, own: Recipe) -> Recipe {
        let mut recipe = own;
        if self.plain {
            recipe.style = Style::plain();
            recipe.size = Size::Typical;
        }
        recipe.style.statements |= self.statements;
        recipe.faults = match self.faults {
            Faults::None => Vec::new(),
            Faults::Random => FaultKind::random(&mut Rng::named(recipe.seed, "kinds")),
            Faults::Of(kind) => vec![kind],
        };
        recipe.layout = self.layout.unwrap_or(recipe.layout);
        recipe.edition = self.edition.unwrap_or(recipe.edition);
        recipe.size = self.size.unwrap_or(recipe.size);
        recipe
    }
}

/// A number of reports. The same collection gives the same bytes.
#[derive(Debug, Clone)]
pub struct Collection {
    /// The first seed; report by report it goes up by one.
    pub seed: u64,
    pub reports: u64,
    /// How many sites they come from; 0 for a style of its own for each report.
    pub sites: usize,
    pub choices: Choices,
}

/// Where a report is filed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    /// With `/` between its parts: `site-007/2023/000123.txt`.
    pub path: String,
    pub seed: u64,
    site: Option<usize>,
}

/// A report as bytes, with its truth.
#[derive(Debug, Clone)]
pub struct Report {
    pub slot: Slot,
    /// Where it was on the web.
    pub url: String,
    pub text: String,
    /// The text in the encoding of its site.
    pub bytes: Vec<u8>,
    pub encoding: Encoding,
    pub truth: Truth,
}

impl Collection {
    /// A collection without sites and further choices.
    pub fn new(seed: u64, reports: u64) -> Self {
        Collection { seed, reports, sites: 0, choices: Choices::default() }
    }

    /// Its slots as a walk through the folders meets them: in the order of the paths, byte by byte.
    pub fn in_folders(&self) -> Vec<Slot> {
        let mut slots: Vec<Slot> = self.as_crawled().collect();
        slots.sort();
        slots
    }

    /// Its slots as a crawler meets them: all sites mixed.
    pub fn as_crawled(&self) -> impl Iterator<Item = Slot> + '_ {
        let sizes = sizes(self.sites);
        (0..self.reports).map(move |step| {
            let seed = self.seed.wrapping_add(step);
            let site = site(seed, &sizes);
            let recipe = self.recipe(seed, site);
            let path = match site {
                None => format!("{seed:06}-{}-{}.txt", recipe.layout.name(), recipe.edition.id()),
                Some(site) => {
                    // The page is about the same body and year: see `write`.
                    let subject = subject(&mut Rng::named(seed, "subject"), recipe.edition);
                    let name = self.site(site).names.name(seed, &subject);
                    format!("{}/{}/{name}", self.folder(site), subject.year)
                }
            };
            Slot { path, seed, site }
        })
    }

    /// The reports of slots, one after another, made on all cores.
    pub fn reports<'a>(&'a self, slots: impl Iterator<Item = Slot> + 'a) -> impl Iterator<Item = Report> + 'a {
        const AT_ONCE: usize = 256;
        let mut slots = slots;
        std::iter::from_fn(move || {
            let batch: Vec<Slot> = slots.by_ref().take(AT_ONCE).collect();
            let made: Vec<Report> = batch.into_par_iter().map(|slot| self.report(slot)).collect();
            (!made.is_empty()).then_some(made)
        })
        .flatten()
    }

    /// The report of one place.
    pub fn report(&self, slot: Slot) -> Report {
        let sample = write(&self.recipe(slot.seed, slot.site));
        let wanted = slot.site.map_or(Encoding::Utf8, |site| self.site(site).encoding);
        let wanted = self.choices.encoding.unwrap_or(wanted);
        let encoding = if fits(&sample.text, wanted) { wanted } else { Encoding::Utf8 };
        let url = match slot.site {
            None => format!("https://reports.example/{:06}.txt", slot.seed),
            Some(site) => format!("https://{}.example/zwgk/{:06}.txt", self.folder(site), slot.seed),
        };
        let bytes = encode(&sample.text, encoding);
        Report { slot, url, text: sample.text, bytes, encoding, truth: sample.truth }
    }

    /// What is written at a place. An author's slips and the length are those of the seed, whatever the site.
    fn recipe(&self, seed: u64, site: Option<usize>) -> Recipe {
        let mut recipe = Recipe::random(seed);
        if let Some(site) = site {
            let Site { layout, style, .. } = self.site(site);
            let own = recipe.style;
            recipe.layout = layout;
            recipe.style = Style {
                damage: own.damage,
                damaged: own.damaged,
                statements: own.statements,
                remark: own.remark,
                fee_zeros: own.fee_zeros,
                ..style
            };
        }
        self.choices.applied(recipe)
    }

    fn folder(&self, site: usize) -> String {
        let width = self.sites.saturating_sub(1).to_string().len().max(3);
        format!("site-{site:0width$}")
    }

    fn site(&self, site: usize) -> Site {
        // Sites do not depend on the first seed: two parts of one collection have the same.
        let mut rng = Rng::named(site as u64, "site");
        Site {
            layout: rng.pick(Layout::ALL),
            style: Style::random(&mut rng),
            encoding: match rng.below(20) {
                0..16 => Encoding::Utf8,
                16..19 => Encoding::Gb18030,
                _ => rng.pick(&[Encoding::Utf8Bom, Encoding::Utf16Le, Encoding::Big5]),
            },
            names: rng.pick(Names::ALL),
        }
    }
}

/// What a web system decides.
struct Site {
    layout: Layout,
    style: Style,
    encoding: Encoding,
    names: Names,
}

/// How a site names its files.
#[derive(Clone, Copy)]
enum Names {
    Number,
    /// `t20240131_000123`, as of one widespread system.
    Dated,
    Words,
    /// Longer than a tar's plain header holds.
    Long,
}

impl Names {
    const ALL: &[Names] = &[Names::Number, Names::Number, Names::Dated, Names::Words, Names::Long];

    fn name(self, seed: u64, subject: &Subject) -> String {
        let Subject { issuer, year } = subject;
        match self {
            Names::Number => format!("{seed:06}.txt"),
            Names::Dated => format!("t{}01{:02}_{seed:06}.txt", year + 1, 1 + seed % 31),
            Names::Words => format!("{issuer}{year}年年报 {seed:06}.txt"),
            Names::Long => format!("关于{issuer}{year}年度政府信息公开工作情况的报告（公开发布稿）-{seed:06}.txt"),
        }
    }
}

/// How large the sites are: the sums of their weights up to each. The weight of the k-th site is one k-th of the first one's.
fn sizes(sites: usize) -> Vec<u64> {
    let weights = (1..=sites as u64).map(|rank| 1_000_000_000 / rank);
    weights
        .scan(0, |sum, weight| {
            *sum += weight;
            Some(*sum)
        })
        .collect()
}

/// The site of a report.
fn site(seed: u64, sizes: &[u64]) -> Option<usize> {
    let all = *sizes.last()?;
    let at = Rng::named(seed, "site of").next_u64() % all;
    Some(sizes.partition_point(|sum| *sum <= at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_sites_have_most_reports() {
        let sizes = sizes(500);
        let mut counts = vec![0; 500];
        for seed in 0..50_000 {
            counts[site(seed, &sizes).expect("a site")] += 1;
        }
        assert!((7000..7800).contains(&counts[0]), "{}", counts[0]);
        assert!(counts[..50].iter().sum::<u32>() > 30_000);
        assert!(counts.iter().filter(|count| **count > 0).count() > 490);
        assert_eq!(site(7, &[]), None);
    }
}
