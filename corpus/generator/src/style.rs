//! How a page is worded and dressed: each field one choice, independent of the others.
//!
//! A random number stream goes in, a [`Style`] comes out. Each choice is the ordinary one more often
//! than not, so that a random page has a handful of oddities rather than all at once.

use crate::form::Edition;
use crate::layout::Layout;
use crate::rng::Rng;

/// Declares an enum and the list of its variants, the ordinary choice first.
macro_rules! choices {
    ($(#[$meta:meta])* $name:ident { $($(#[$note:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$note])* $variant),+ }

        impl $name {
            /// Every choice, the ordinary one first.
            pub const ALL: &[$name] = &[$($name::$variant),+];
        }
    };
}

choices!(
    /// How sub-rows are numbered: `1.`, `1. `, `1、`, `1．`.
    Numbering { Dot, DotBlank, Comma, WideDot }
);
choices!(
    /// How items are numbered: `（一）`, `(一)`, `（一） `.
    Brackets { Wide, Narrow, WideBlank }
);
choices!(
    /// The width of punctuation: all wide, all narrow, or wide prose with narrow tables.
    Punctuation { Wide, Narrow, NarrowTables }
);
choices!(
    /// The quotes around 三安全一稳定.
    Quotes { Curly, Straight, None, Spaced }
);
choices!(
    /// The script of the whole text; the last two differ in regional forms (強製, 複議, 於).
    Script { Simplified, Traditional, TraditionalOther }
);
choices!(
    /// The digits of figures in tables.
    Digits { Ascii, Wide, Thousands }
);
choices!(
    /// Measure words in cells: none, in the tables of section 二, in all tables.
    Units { None, Disclosure, All }
);
choices!(
    /// What stands behind an amount of money; amounts in 元 are ten thousand times as large.
    Money { Bare, Wan, WanYuan, Yuan }
);
choices!(
    /// How a change is signed: `-5`, `+5`, `增5 减5`, `增加5 减少5`; 0 is `+(0)` in the second.
    Signs { Minus, Plus, Word, LongWord }
);
choices!(
    /// What stands in a cell without a number, in place of a 0.
    Gap { Zero, Blank, Slash, Hyphen, Dash, None, NotApplicable }
);
choices!(
    /// The line over a block of section 二: 第二十条第（一）项, with a blank inside, or without the second 第.
    Captions { Official, Blank, Short }
);
choices!(
    /// The word for totals: 总计, 总 计, 合计.
    TotalWord { Official, Spaced, Sum }
);
choices!(
    /// The numbers of headings: `一、`, `一 、`, `一.`, none.
    HeadingNumber { Official, Spaced, Dot, None }
);
choices!(
    /// Headings as they are, with blanks inside, or broken over two lines.
    HeadingShape { Whole, Spaced, Broken }
);
choices!(
    /// The words of the title; the last two pages have none, with and without a sentence that stands in.
    TitleForm {
        IssuerYear, YearIssuer, Annual, YearAnnual, Blanks, TwoLines, TwoLinesLate, About, IssuerAbout,
        ChineseYear, Short, NoGovernment, BareYear, Stated, Missing
    }
);
choices!(
    /// Lines with page numbers between rows, for the layouts of PDF text.
    PageNumbers { None, Hyphens, Dashes, Words }
);
choices!(
    /// What was lost or moved. The number of the section is in [`Style::damaged`].
    Damage { None, Swapped, SectionLost, HeadingLost }
);

/// All choices of one page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Style {
    pub numbering: Numbering,
    pub brackets: Brackets,
    pub punctuation: Punctuation,
    pub quotes: Quotes,
    pub script: Script,
    pub digits: Digits,
    pub units: Units,
    pub money: Money,
    pub signs: Signs,
    pub gap: Gap,
    /// How many of a hundred zeros become gaps.
    pub gap_share: u8,
    pub captions: Captions,
    pub total_word: TotalWord,
    pub heading_number: HeadingNumber,
    pub heading_shape: HeadingShape,
    pub title: TitleForm,
    pub page_numbers: PageNumbers,
    pub damage: Damage,
    /// Which section is damaged: 0 is 一. A swap exchanges it with the next one.
    pub damaged: usize,
    /// Zeros at the end of the fee's fraction.
    pub fee_zeros: bool,
    /// Table 四 as three rows with labels, rather than one row of fifteen.
    pub review_rows: bool,
    /// （六）其他处理 as one row under the form of 2021.
    pub closed_in_one: bool,
    /// 本年新 twice, the rest of both heads lost (form of 2019).
    pub cut_header: bool,
    /// 行政规范性文件 and 规范性文件 exchanged.
    pub other_documents: bool,
    /// Heads with a blank inside: `结果 维持`.
    pub blank_heads: bool,
    /// The head 总计 in the first of the three header rows.
    pub total_on_top: bool,
    /// Other words for headings.
    pub other_headings: bool,
    /// Navigation, dates and buttons before and after the report.
    pub furniture: bool,
    /// Kangxi radicals in place of ordinary characters.
    pub radicals: bool,
    /// Invisible characters in the prose.
    pub invisible: bool,
    /// Lines end in carriage return and newline.
    pub crlf: bool,
    /// No-break spaces around figures.
    pub no_break: bool,
    /// A sentence between a heading and its table.
    pub lead_in: bool,
    /// A note after a table.
    pub notes: bool,
    /// An empty row at the end of the table of applications, for the layouts that show rows.
    pub empty_row: bool,
    /// A remark behind one figure, in its cell.
    pub remark: bool,
    /// A long definition in two labels.
    pub definitions: bool,
    /// Sentences that repeat figures of the tables.
    pub statements: bool,
    /// Empty lines between paragraphs.
    pub airy: bool,
    /// Prose broken at the width of a page, in PDF text.
    pub wrapped: bool,
}

impl Style {
    /// The page as the form has it, with nothing odd.
    pub fn plain() -> Self {
        Style {
            numbering: Numbering::Dot,
            brackets: Brackets::Wide,
            punctuation: Punctuation::Wide,
            quotes: Quotes::Curly,
            script: Script::Simplified,
            digits: Digits::Ascii,
            units: Units::None,
            money: Money::Bare,
            signs: Signs::Minus,
            gap: Gap::Zero,
            gap_share: 0,
            captions: Captions::Official,
            total_word: TotalWord::Official,
            heading_number: HeadingNumber::Official,
            heading_shape: HeadingShape::Whole,
            title: TitleForm::IssuerYear,
            page_numbers: PageNumbers::None,
            damage: Damage::None,
            damaged: 0,
            fee_zeros: false,
            review_rows: false,
            closed_in_one: false,
            cut_header: false,
            other_documents: false,
            blank_heads: false,
            total_on_top: true,
            other_headings: false,
            furniture: false,
            radicals: false,
            invisible: false,
            crlf: false,
            no_break: false,
            lead_in: false,
            notes: false,
            empty_row: false,
            remark: false,
            definitions: false,
            statements: false,
            airy: true,
            wrapped: false,
        }
    }

    /// A mix of choices.
    pub fn random(rng: &mut Rng) -> Self {
        Style {
            numbering: rng.mostly(40, Numbering::ALL),
            brackets: rng.mostly(50, Brackets::ALL),
            punctuation: rng.mostly(40, Punctuation::ALL),
            quotes: rng.mostly(50, Quotes::ALL),
            script: rng.mostly(85, Script::ALL),
            digits: rng.mostly(85, Digits::ALL),
            units: rng.mostly(85, Units::ALL),
            money: rng.mostly(80, Money::ALL),
            signs: rng.mostly(50, Signs::ALL),
            gap: rng.mostly(60, Gap::ALL),
            gap_share: rng.pick(&[100, 100, 50, 15]),
            captions: rng.mostly(75, Captions::ALL),
            total_word: rng.mostly(75, TotalWord::ALL),
            heading_number: rng.mostly(75, HeadingNumber::ALL),
            heading_shape: rng.mostly(80, HeadingShape::ALL),
            title: rng.mostly(30, TitleForm::ALL),
            page_numbers: rng.mostly(30, PageNumbers::ALL),
            damage: rng.mostly(82, Damage::ALL),
            damaged: rng.below(6),
            fee_zeros: rng.chance(20),
            review_rows: rng.chance(15),
            closed_in_one: rng.chance(12),
            cut_header: rng.chance(50),
            other_documents: rng.chance(15),
            blank_heads: rng.chance(25),
            total_on_top: rng.chance(50),
            other_headings: rng.chance(25),
            furniture: rng.chance(50),
            radicals: rng.chance(10),
            invisible: rng.chance(8),
            crlf: rng.chance(15),
            no_break: rng.chance(12),
            lead_in: rng.chance(20),
            notes: rng.chance(20),
            empty_row: rng.chance(10),
            remark: rng.chance(10),
            definitions: rng.chance(10),
            statements: rng.chance(50),
            airy: rng.chance(70),
            wrapped: rng.chance(60),
        }
    }

    /// The style with every choice mended that would leave the place or the meaning of a figure in doubt
    /// under this layout: a page must be readable with certainty.
    pub fn settled(&self, layout: Layout, edition: Edition) -> Self {
        let mut style = self.clone();
        if style.gap == Gap::Blank && !layout.keeps_blanks() {
            style.gap = Gap::Slash;
        }
        // A row of nothing but hyphens is the rule under the head of a Markdown table.
        if style.gap == Gap::Hyphen && layout == Layout::Markdown {
            style.gap = Gap::Slash;
        }
        if !layout.is_pdf() {
            style.page_numbers = PageNumbers::None;
            style.wrapped = false;
        }
        // Three figures with gaps at both ends, `- 59 -`, look like a page number or a negative where blanks alone part them.
        let threes = edition == Edition::Gid2019 || style.definitions;
        if matches!(style.gap, Gap::Hyphen | Gap::Dash) && threes && (layout.is_pdf() || layout == Layout::OneLine) {
            style.gap = Gap::Slash;
        }
        // A page number between dashes must not look like a row of gaps.
        if matches!(style.gap, Gap::Hyphen | Gap::Dash) && style.page_numbers != PageNumbers::None {
            style.page_numbers = PageNumbers::Words;
        }
        // In one line nothing but its number tells a heading from a sentence.
        if layout == Layout::OneLine {
            style.heading_number = HeadingNumber::Official;
            style.heading_shape = HeadingShape::Whole;
            style.crlf = false;
            if matches!(style.title, TitleForm::TwoLines | TitleForm::TwoLinesLate | TitleForm::Blanks) {
                style.title = TitleForm::IssuerYear;
            }
        }
        if matches!(layout, Layout::Markdown | Layout::MarkdownRows) && style.heading_shape == HeadingShape::Broken {
            style.heading_shape = HeadingShape::Whole;
        }
        match edition {
            Edition::Gid2019 => style.closed_in_one = false,
            Edition::Gid2021 => style.cut_header = false,
        }
        // A page that must not tell its year must not show dates either.
        if style.title == TitleForm::Missing {
            style.furniture = false;
        }
        // Only the three middle sections have tables whose heading can be lost.
        if style.damage == Damage::HeadingLost {
            style.damaged = 1 + style.damaged % 3;
        }
        if style.damage == Damage::Swapped {
            style.damaged %= 5;
        }
        style
    }
}
