//! What each kind of finding means in a few words, for lists of kinds.

use super::Lang;
use crate::report::{Code, Severity};

/// The word for a severity.
pub fn severity(severity: Severity, lang: Lang) -> &'static str {
    match (severity, lang) {
        (_, Lang::En) => severity.name(),
        (Severity::Error, Lang::Zh) => "错误",
        (Severity::Warning, Lang::Zh) => "警告",
        (Severity::Note, Lang::Zh) => "提示",
    }
}

/// What findings of that kind mean, whatever page they are on.
pub fn meaning(code: Code, lang: Lang) -> &'static str {
    let (english, chinese) = words(code);
    if lang == Lang::Zh { chinese } else { english }
}

fn words(code: Code) -> (&'static str, &'static str) {
    match code {
        Code::BytesReplaced => ("wrong bytes were replaced while decoding", "解码时替换了错误字节"),
        Code::CharactersLost => ("characters were lost in an earlier conversion", "此前的转换丢失了字符"),
        Code::Mojibake => ("the text was decoded wrongly and saved", "文本曾被错误解码后保存"),
        Code::Empty => ("there is nothing to read", "没有可读的内容"),
        Code::TooLarge => ("the input is larger than the limit", "输入超过上限"),
        Code::NotAReport => ("no grammar fits", "没有适用的格式"),
        Code::Markup => ("the text is HTML source", "文本是 HTML 源码"),
        Code::TitleMissing => ("there is no title", "没有标题"),
        Code::IssuerMissing => ("it is not said whose report it is", "未说明是哪个机关的报告"),
        Code::YearMissing => ("it is not said which year the report is for", "未说明是哪一年度的报告"),
        Code::YearFromText => ("the year is not in the title", "标题中没有年份"),
        Code::YearDiffers => ("title and period name different years", "标题与统计期限的年份不同"),
        Code::EditionDoubtful => ("the page holds marks of two editions", "有两种格式的栏目"),
        Code::EditionOfOtherYear => ("the edition is not the one of the year", "格式与年度不符"),
        Code::RuleBroken => ("a rule does not hold", "规则不成立"),
        Code::BalanceBroken => {
            ("what came in is not what was settled and carried on", "第一项加第二项之和，不等于第三项加第四项之和")
        }
        Code::OutcomesDiffer => ("the total of outcomes is not their sum", "办理结果总计不等于各项之和"),
        Code::ApplicantsDiffer => ("a row's total is not the sum of its columns", "行总计不等于各列之和"),
        Code::ResultsDiffer => ("a total is not the sum of its results", "总计不等于各项结果之和"),
        Code::NotACount => ("a count is below zero or not whole", "数量为负数或不是整数"),
        Code::NoCompetence => ("rules made by a body that can't make any", "没有规章制定权的机关制定规章"),
        Code::ReviewsAlone => ("reviews or lawsuits without applications", "没有申请却有复议、诉讼"),
        Code::DecisionsAsStock => ("decisions that look like a stock of items", "处理决定数量疑为项目总数"),
        Code::StatementDiffers => ("a figure in the text is not that of the table", "文字与表格数据不一致"),
        Code::PartsDiffer => ("parts in the text do not make their whole", "文字中各分项之和与总数不符"),
        Code::ShareWrong => ("a percentage in the text is wrong", "文字中的百分比有误"),
        Code::CarriedDiffers => {
            ("what was carried in is not what last year carried on", "上年结转与上年报告的结转下年度不一致")
        }
        Code::StockDiffers => {
            ("what is in force does not follow from last year", "现行有效件数与上年报告及本年增减不符")
        }
        Code::ReportTwice => ("a second report of one body and year", "同一机关同一年度有两份报告"),
        Code::TotalJumps => ("a total is ten times last year's, or a tenth", "总数与上年相差十倍"),
        Code::SectionEmpty => ("a section says nothing", "应写明的部分没有内容"),
        Code::MatterUnmentioned => ("a section does not say what the form asks for", "没有写明格式要求的事项"),
        Code::SectionMissing => ("a section was not found", "未找到某部分"),
        Code::SectionMoved => ("a section stands in another place", "某部分位置不同"),
        Code::HeadingNear => ("a heading was read by a near match", "标题为近似匹配"),
        Code::TableMissing => ("a table was not found", "未找到表格"),
        Code::TableEmpty => ("a table has no figure", "表格没有数据"),
        Code::TableElsewhere => ("a table stands outside its section", "表格不在其所属部分"),
        Code::RowMissing => ("a row was not found", "未找到某行"),
        Code::RowTwice => ("a row stands there twice", "某行重复出现"),
        Code::RowNear => ("a row's label was read by a near match", "行名为近似匹配"),
        Code::RowsByOrder => ("labels and figures were joined by their order", "栏目与数据按顺序对应"),
        Code::ColumnsMoved => ("the columns stand in another order", "各列顺序不同"),
        Code::ColumnMissing => ("the header lacks columns", "表头缺少列"),
        Code::HeaderUnclear => ("the header does not tell the columns", "表头不能说明各列"),
        Code::FiguresTooMany => ("more figures than columns", "数据多于列"),
        Code::FiguresTooFew => ("fewer figures than columns", "数据少于列"),
        Code::TextForFigure => ("text stands where a figure should", "应为数据处是文字"),
        Code::FigureMerged => ("one figure is merged over several columns", "一个数据合并于多列"),
        Code::FiguresWithoutRow => ("figures belong to no row", "数据不属于任何一行"),
        Code::UnitUnclear => ("a figure's unit can't be converted", "数据的单位不能换算"),
    }
}
