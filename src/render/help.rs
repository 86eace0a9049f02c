//! What to do about a finding: the cells that would explain it, or where to look.

use super::{Lang, names};
use crate::grammar::Grammar;
use crate::report::{Blame, Blamed, Code, Finding, Looks};

/// One sentence, where there is something to say.
pub fn help(finding: &Finding, grammar: Option<&Grammar>, lang: Lang) -> Option<String> {
    match (&finding.blame, grammar) {
        (Some(blame), Some(grammar)) if !blame.cells.is_empty() => Some(blamed(blame, grammar, lang)),
        _ => advice(finding.code, lang).map(str::to_owned),
    }
}

/// `A is probably 12, not 21 (two digits swapped): this one figure explains 3 findings`.
fn blamed(blame: &Blame, grammar: &Grammar, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let cells: Vec<String> = blame.cells.iter().map(|cell| probably(cell, grammar, lang)).collect();
    let cells = cells.join(if zh { "；" } else { "; " });
    let looks = match blame.looks.map(|looks| looks_like(looks, lang)) {
        Some(words) if zh => format!("（{words}）"),
        Some(words) => format!(" ({words})"),
        None => String::new(),
    };
    let (count, explains) = (blame.cells.len(), blame.explains.max(1));
    let explains = match (zh, count, explains) {
        (false, 1, 1) => "this one figure would explain it".to_owned(),
        (false, 1, _) => format!("this one figure explains {explains} findings"),
        (false, _, 1) => format!("these {count} figures together would explain it"),
        (false, ..) => format!("these {count} figures together explain {explains} findings"),
        (true, 1, 1) => "改此一处即可".to_owned(),
        (true, 1, _) => format!("此一处可解释 {explains} 个发现"),
        (true, _, 1) => format!("同时改此 {count} 处即可"),
        (true, ..) => format!("此 {count} 处合起来可解释 {explains} 个发现"),
    };
    let others = match (zh, blame.others) {
        (_, 0) => String::new(),
        (false, others) => format!("; the likeliest of {} explanations as short", others + 1),
        (true, others) => format!("；同样简短的解释共 {} 种，此为最可能者", others + 1),
    };
    if zh { format!("{cells}{looks}：{explains}{others}") } else { format!("{cells}{looks}: {explains}{others}") }
}

fn probably(blamed: &Blamed, grammar: &Grammar, lang: Lang) -> String {
    let Blamed { found, mended, .. } = blamed;
    let cell = names::cell(grammar, blamed.cell, lang);
    match lang {
        Lang::En => format!("{cell} is probably {mended}, not {found}"),
        Lang::Zh => format!("“{cell}”很可能应为 {mended}，而非 {found}"),
    }
}

fn looks_like(looks: Looks, lang: Lang) -> &'static str {
    match (looks, lang) {
        (Looks::DigitsSwapped, Lang::En) => "two digits swapped",
        (Looks::DigitsSwapped, Lang::Zh) => "两位数字颠倒",
        (Looks::DigitLost, Lang::En) => "a digit lost",
        (Looks::DigitLost, Lang::Zh) => "漏写一位数字",
        (Looks::DigitAdded, Lang::En) => "a digit too many",
        (Looks::DigitAdded, Lang::Zh) => "多写一位数字",
        (Looks::DigitWrong, Lang::En) => "one digit mistaken",
        (Looks::DigitWrong, Lang::Zh) => "写错一位数字",
        (Looks::ColumnShifted, Lang::En) => "it stands in a neighbouring column",
        (Looks::ColumnShifted, Lang::Zh) => "填入了相邻的列",
        (Looks::CellsSwapped, Lang::En) => "two figures changed places",
        (Looks::CellsSwapped, Lang::Zh) => "两个数据填反",
        (Looks::TotalNotUpdated, Lang::En) => "the total was not updated",
        (Looks::TotalNotUpdated, Lang::Zh) => "总计未随分项更新",
    }
}

/// What to do where nobody can be blamed.
fn advice(code: Code, lang: Lang) -> Option<&'static str> {
    let (english, chinese) = match code {
        Code::NoCompetence => (
            "if normative documents are meant, the figure belongs to the row 行政规范性文件",
            "若指行政规范性文件，应填入“行政规范性文件”一行",
        ),
        Code::StatementDiffers => {
            ("mend the text or the table, whichever is not what the records say", "请按台账核对，改正文字或表格")
        }
        Code::CarriedDiffers | Code::StockDiffers => {
            ("if last year's figures were restated, say so in the report", "若上年数据已调整，请在报告中说明")
        }
        Code::ReportTwice => ("keep the one that was published last", "请保留最后发布的一份"),
        Code::SectionEmpty => ("name the problems and how they are being mended", "请写明存在的主要问题及改进情况"),
        _ => return None,
    };
    Some(if lang == Lang::Zh { chinese } else { english })
}
