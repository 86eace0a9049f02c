//! Headings of the six sections: a section and a style in, the lines of its heading out.

use crate::rng::Rng;
use crate::style::{HeadingNumber, HeadingShape, Style};

/// A section of the form.
#[derive(Debug, Clone, Copy)]
pub struct Section {
    /// Its name in the output of a parser.
    pub id: &'static str,
    /// The heading of the form first, then others that authors use.
    headings: &'static [&'static str],
}

/// The six sections in the form's order.
pub const SECTIONS: [Section; 6] = [
    Section { id: "overview", headings: &["总体情况", "工作概况", "工作基本情况", "基本情况"] },
    Section {
        id: "proactive_disclosure", headings: &["主动公开政府信息情况", "行政机关主动公开政府信息情况"]
    },
    Section {
        id: "applications",
        headings: &["收到和处理政府信息公开申请情况", "行政机关收到和处理政府信息公开申请情况"],
    },
    Section {
        id: "review_litigation",
        headings: &[
            "政府信息公开行政复议、行政诉讼情况",
            "因政府信息公开工作被申请行政复议、提起行政诉讼情况",
            "政府信息公开复议诉讼情况",
        ],
    },
    Section {
        id: "problems",
        headings: &["存在的主要问题及改进情况", "政府信息公开工作存在的主要问题及改进情况", "存在问题及改进情况"],
    },
    Section { id: "other_matters", headings: &["其他需要报告的事项"] },
];

const NUMBERS: [&str; 6] = ["一", "二", "三", "四", "五", "六"];

/// The heading of a section that stands at a place (0 is the first).
pub fn heading(section: &Section, place: usize, style: &Style, rng: &mut Rng) -> Vec<String> {
    let words = if style.other_headings { rng.pick(section.headings) } else { section.headings[0] };
    let number = NUMBERS[place.min(5)];
    let mark = match style.heading_number {
        HeadingNumber::Official => format!("{number}、"),
        HeadingNumber::Spaced => format!("{number} 、"),
        HeadingNumber::Dot => format!("{number}."),
        HeadingNumber::None => String::new(),
    };
    let chars: Vec<char> = words.chars().collect();
    match style.heading_shape {
        HeadingShape::Spaced => {
            let at = 2 + rng.below(chars.len() - 3);
            let (head, rest): (String, String) = (chars[..at].iter().collect(), chars[at..].iter().collect());
            vec![format!("{mark} {head} {rest}").trim_start().to_owned()]
        }
        HeadingShape::Broken if chars.len() > 8 => {
            let at = chars.len() - 4;
            let (head, rest): (String, String) = (chars[..at].iter().collect(), chars[at..].iter().collect());
            vec![format!("{mark}{head}"), rest]
        }
        HeadingShape::Whole | HeadingShape::Broken => vec![format!("{mark}{words}")],
    }
}
