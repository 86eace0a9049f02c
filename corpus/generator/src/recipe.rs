//! What to write: a seed and the choices that make a page, and what comes of it.

use crate::faults::FaultKind;
use crate::form::Edition;
use crate::layout::Layout;
use crate::rng::Rng;
use crate::style::Style;
use crate::truth::Truth;

/// How much prose a page has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Size {
    /// A sentence or two in each section.
    Short,
    /// About six thousand bytes in all.
    Typical,
    /// About so many bytes in all.
    Long(usize),
}

/// All that determines a page. The same recipe gives the same bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipe {
    pub seed: u64,
    pub edition: Edition,
    pub layout: Layout,
    pub style: Style,
    pub size: Size,
    /// Mistakes to make, one after another; one that the page has no place for is left out.
    pub faults: Vec<FaultKind>,
}

impl Recipe {
    /// A recipe with everything chosen by the seed, and no mistakes.
    pub fn random(seed: u64) -> Self {
        let mut rng = Rng::named(seed, "recipe");
        Recipe {
            seed,
            edition: rng.mostly(70, Edition::ALL),
            layout: rng.pick(Layout::ALL),
            style: Style::random(&mut rng),
            size: match rng.below(20) {
                0..6 => Size::Short,
                6..19 => Size::Typical,
                _ => Size::Long(20_000 + rng.below(80_000)),
            },
            faults: Vec::new(),
        }
    }

    /// A plain page of one edition and layout.
    pub fn plain(seed: u64, edition: Edition, layout: Layout) -> Self {
        Recipe { seed, edition, layout, style: Style::plain(), size: Size::Typical, faults: Vec::new() }
    }
}

/// A page and its truth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    pub text: String,
    pub truth: Truth,
}
