//! Titles: an issuer, a year and a form of title in; the lines on the page and their truth out.

use crate::form::Edition;
use crate::rng::Rng;
use crate::style::TitleForm;

/// Who reports on which year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    pub issuer: String,
    pub year: u16,
}

impl Subject {
    /// What the body calls itself in its own report.
    pub fn calls_itself(&self) -> &'static str {
        let endings = [
            ("局", "我局"),
            ("街道办事处", "我街道"),
            ("镇", "我镇"),
            ("镇人民政府", "我镇"),
            ("乡", "我乡"),
            ("乡人民政府", "我乡"),
            ("市", "我市"),
            ("县", "我县"),
            ("区", "我区"),
        ];
        endings.iter().find(|(ending, _)| self.issuer.ends_with(ending)).map_or("本机关", |(_, name)| name)
    }

    /// The area around a body that is only a part of it: the county of its bureau, or of a township.
    pub fn larger_area(&self) -> Option<&'static str> {
        let kinds = [("县", "县"), ("区", "区"), ("市", "市")];
        if self.issuer.ends_with('局') {
            return kinds.iter().find(|(kind, _)| self.issuer.contains(kind)).map(|(_, kind)| *kind);
        }
        self.is_of_a_township().then_some("县")
    }

    /// Whether it is a township, a town or a street office.
    fn is_of_a_township(&self) -> bool {
        let stem = self.issuer.trim_end_matches("人民政府");
        stem.ends_with(['镇', '乡']) || stem.ends_with("街道办事处")
    }

    /// Whether the law gives it the power to make rules, or leaves it open. Townships have none, nor have bureaus of
    /// counties and districts.
    pub fn may_make_rules(&self) -> bool {
        let of_a_county = self.issuer.ends_with('局') && self.issuer.contains(['县', '区']);
        !self.is_of_a_township() && !of_a_county
    }
}

/// A title as printed; no lines when the page has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Title {
    pub lines: Vec<String>,
    /// A sentence that names issuer and year in place of a title.
    pub sentence: Option<String>,
}

const STEMS: [&str; 12] =
    ["青禾", "澄湖", "岩溪", "云堤", "望渚", "白石", "松坪", "柳湾", "南屏", "清泉", "石桥", "金沙岭"];
const KINDS: [&str; 7] = ["市", "县", "区", "镇", "乡", "街道", "市人民政府"];
const BUREAUS: [&str; 9] =
    ["教育局", "水利局", "财政局", "民政局", "农业农村局", "卫生健康局", "市场监督管理局", "人民政府", "统计局"];

/// Picks a made-up issuer and a year that fits the edition.
pub fn subject(rng: &mut Rng, edition: Edition) -> Subject {
    let stem = rng.pick(&STEMS);
    let kind = rng.pick(&KINDS);
    let mut issuer = format!("{stem}{kind}");
    if matches!(kind, "市" | "县" | "区") && rng.chance(60) {
        issuer.push_str(rng.pick(&BUREAUS));
    } else if kind == "街道" {
        issuer.push_str("办事处");
    } else if matches!(kind, "镇" | "乡") && rng.chance(50) {
        issuer.push_str("人民政府");
    }
    let year = match edition {
        Edition::Gid2021 => rng.pick(&[2021, 2022, 2023, 2024, 2025]),
        Edition::Gid2019 => rng.pick(&[2019, 2020]),
    };
    Subject { issuer, year }
}

/// The title of a report in one of its forms.
pub fn title(subject: &Subject, form: TitleForm) -> Title {
    let Subject { issuer, year } = subject;
    let report = "政府信息公开工作年度报告";
    let one = |line: String| Title { lines: vec![line], sentence: None };
    match form {
        TitleForm::IssuerYear => one(format!("{issuer}{year}年{report}")),
        TitleForm::YearIssuer => one(format!("{year}年{issuer}{report}")),
        TitleForm::Annual => one(format!("{issuer}{year}年度{report}")),
        TitleForm::YearAnnual => one(format!("{year}年度{issuer}{report}")),
        TitleForm::Blanks => one(format!("{issuer} {year} 年{report}")),
        TitleForm::TwoLines => Title { lines: vec![issuer.clone(), format!("{year}年{report}")], sentence: None },
        TitleForm::TwoLinesLate => Title {
            lines: vec![format!("{issuer}{year}年政府"), "信息公开工作年度报告".to_owned()],
            sentence: None,
        },
        TitleForm::About => one(format!("关于{issuer}{year}年度政府信息公开工作情况的报告")),
        TitleForm::IssuerAbout => one(format!("{issuer}关于{year}年度政府信息公开工作的年度报告")),
        TitleForm::ChineseYear => one(format!("{issuer}{}年{report}", chinese(*year))),
        TitleForm::Short => one(format!("{issuer}{year}年政府信息公开年报")),
        TitleForm::NoGovernment => one(format!("{issuer}{year}年信息公开工作年度报告")),
        TitleForm::BareYear => one(format!("{issuer}{year}{report}")),
        TitleForm::Stated => Title {
            lines: Vec::new(),
            sentence: Some(format!("本报告由{issuer}编制，所列数据的统计期限为{year}年1月1日至{year}年12月31日。")),
        },
        TitleForm::Missing => Title { lines: Vec::new(), sentence: None },
    }
}

fn chinese(year: u16) -> String {
    let digits = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    year.to_string().bytes().map(|byte| digits[usize::from(byte - b'0')]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_may_be_in_chinese() {
        let subject = Subject { issuer: "澄湖县".to_owned(), year: 2024 };
        assert_eq!(title(&subject, TitleForm::ChineseYear).lines, ["澄湖县二〇二四年政府信息公开工作年度报告"]);
    }
}
