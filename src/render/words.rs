//! The sentence of each kind of finding.

use super::rules;
use crate::grammar::Grammar;
use crate::report::{Code, Finding};

/// The language of messages. Data is never translated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Chinese.
    Zh,
}

/// The finding as a sentence. `grammar` is the one that the report was bound to.
pub fn message(finding: &Finding, grammar: Option<&Grammar>, lang: Lang) -> String {
    if let Some(message) = rules::message(finding, grammar, lang) {
        return message;
    }
    let words = Words { finding, grammar, lang };
    match lang {
        Lang::En => words.english(),
        Lang::Zh => words.chinese(),
    }
}

struct Words<'f> {
    finding: &'f Finding,
    grammar: Option<&'f Grammar>,
    lang: Lang,
}

impl Words<'_> {
    fn found(&self) -> &str {
        self.finding.found.as_deref().unwrap_or("")
    }

    fn expected(&self) -> &str {
        self.finding.expected.as_deref().unwrap_or("")
    }

    /// The form's own words for what the finding is about: section, table, row, column.
    fn subject(&self) -> String {
        let Some(grammar) = self.grammar else { return String::new() };
        if let Some(section) = self.finding.section.and_then(|id| grammar.sections.get(usize::from(id))) {
            return section.headings.first().map(|label| label.shown.clone()).unwrap_or_default();
        }
        let Some(table) = self.finding.table.and_then(|id| grammar.tables.get(usize::from(id))) else {
            return String::new();
        };
        let table_words = table
            .captions
            .first()
            .or_else(|| grammar.sections.get(usize::from(table.section)).and_then(|s| s.headings.first()));
        let row = self.finding.row.and_then(|id| table.rows.get(usize::from(id))).and_then(|row| row.labels.first());
        let column = self
            .finding
            .column
            .and_then(|id| table.columns.get(usize::from(id)))
            .and_then(|column| column.labels.first());
        let of = |parts: Vec<&str>| parts.join(if self.lang == Lang::Zh { "，" } else { ", " });
        of([row, column]
            .into_iter()
            .flatten()
            .chain(row.is_none().then_some(table_words).flatten())
            .map(|label| label.shown.as_str())
            .collect())
    }

    fn english(&self) -> String {
        let (subject, found, expected) = (self.subject(), self.found(), self.expected());
        match self.finding.code {
            Code::BytesReplaced => format!("{found} wrong bytes were replaced while decoding"),
            Code::CharactersLost => {
                format!("the text holds {found} replacement characters that an earlier conversion left")
            }
            Code::Mojibake => {
                "the text was once decoded wrongly (UTF-8 read as GBK) and saved; get the original page".to_owned()
            }
            Code::Empty => "there is nothing to read".to_owned(),
            Code::TooLarge => format!("the input has {found} bytes, more than the limit of {expected}"),
            Code::NotAReport => {
                "no grammar fits this text: it does not look like an annual report on open government".to_owned()
            }
            Code::Markup => "the text looks like HTML source; convert the page to text for a sound reading".to_owned(),
            Code::TitleMissing => "there is no title".to_owned(),
            Code::IssuerMissing => "the text does not say plainly whose report it is".to_owned(),
            Code::YearMissing => "the text does not say plainly which year the report is for".to_owned(),
            Code::YearFromText => format!("the year {found} is not in the title; it was taken from the text"),
            Code::YearDiffers => format!("the title says {expected}, the reporting period says {found}"),
            Code::EditionDoubtful => {
                format!("the tables have labels of two editions; {expected} was taken, {found} is also there")
            }
            Code::EditionOfOtherYear => {
                format!("the tables follow {found}, although {expected} is the edition of that year")
            }
            Code::SectionMissing => format!("the section “{subject}” was not found"),
            Code::SectionMoved => format!("the section “{subject}” stands in another place than in the form"),
            Code::HeadingNear => format!("the heading “{found}” was read as “{expected}”"),
            Code::TableMissing => format!("the table “{subject}” was not found"),
            Code::TableEmpty => format!("the table “{subject}” has its labels but no figure"),
            Code::TableElsewhere => format!("the table “{subject}” stands outside its section"),
            Code::RowMissing => format!("the row “{subject}” was not found"),
            Code::RowTwice => format!("the row “{subject}” stands there a second time; the first one was taken"),
            Code::RowNear => format!("the label “{found}” was read as “{expected}”"),
            Code::RowsByOrder => {
                format!("labels and figures of “{subject}” stand apart and were joined by their order")
            }
            Code::ColumnsMoved => {
                format!("the columns of “{subject}” stand in another order than in the form: {found}")
            }
            Code::ColumnMissing => format!("the header of “{subject}” names only {found}"),
            Code::HeaderUnclear => {
                format!("the header of “{subject}” does not say which figure belongs to which column")
            }
            Code::FiguresTooMany => format!("“{subject}” has {found} figures for {expected} columns; none was taken"),
            Code::FiguresTooFew => format!(
                "“{subject}” has {found} figures for {expected} columns, and nothing says which they are; none was taken"
            ),
            Code::TextForFigure => format!("“{subject}”: “{found}” stands where a figure should"),
            Code::FigureMerged => format!("“{subject}”: the one figure {found} is merged over several columns"),
            Code::FiguresWithoutRow => format!("these figures belong to no row of the form: {found}"),
            Code::UnitUnclear => format!("“{subject}”: “{found}” can't be brought to {expected}"),
            Code::Unreadable => "the input can't be read".to_owned(),
            Code::Changed => "the file was written to while it was read".to_owned(),
            Code::TextTooLarge => "the text is larger than `--max-text-bytes`".to_owned(),
            Code::ExpandsTooFar => "the file unpacks to more than `--max-expanded`".to_owned(),
            Code::RatioTooHigh => "the file unpacks to more than `--max-ratio` times its size".to_owned(),
            Code::NestedTooDeep => "more archives stand inside each other than `--max-nesting`".to_owned(),
            Code::TooManyMembers => "the file has more members than `--max-members`".to_owned(),
            Code::Damaged => "the packed file or archive is damaged".to_owned(),
            Code::CutShort => "the packed file or archive ends too soon".to_owned(),
            Code::Encrypted => "it is encrypted".to_owned(),
            Code::Unsupported => "this kind is not supported".to_owned(),
            Code::NoRecord => "the line is no record with a text".to_owned(),
            Code::Defect => "internal error, please report it".to_owned(),
            _ => format!("“{subject}”: {found} stands there, {expected} is expected"),
        }
    }

    fn chinese(&self) -> String {
        let (subject, found, expected) = (self.subject(), self.found(), self.expected());
        match self.finding.code {
            Code::BytesReplaced => format!("解码时替换了 {found} 处错误字节"),
            Code::CharactersLost => format!("文本中有 {found} 个此前转换遗留的替换字符"),
            Code::Mojibake => "文本曾被错误解码（UTF-8 误读为 GBK）后保存，请取得原始网页".to_owned(),
            Code::Empty => "没有可读的内容".to_owned(),
            Code::TooLarge => format!("输入有 {found} 字节，超过上限 {expected}"),
            Code::NotAReport => "没有适用的格式：看来不是政府信息公开工作年度报告".to_owned(),
            Code::Markup => "文本像是 HTML 源码，请先将网页转换为纯文本".to_owned(),
            Code::TitleMissing => "没有标题".to_owned(),
            Code::IssuerMissing => "文本没有明确说明是哪个机关的报告".to_owned(),
            Code::YearMissing => "文本没有明确说明是哪一年度的报告".to_owned(),
            Code::YearFromText => format!("标题中没有年份，{found} 年取自正文"),
            Code::YearDiffers => format!("标题为 {expected} 年，统计期限为 {found} 年"),
            Code::EditionDoubtful => format!("表格中有两种格式的栏目；取 {expected}，另有 {found}"),
            Code::EditionOfOtherYear => format!("表格为 {found} 格式，而该年度应为 {expected}"),
            Code::SectionMissing => format!("未找到“{subject}”部分"),
            Code::SectionMoved => format!("“{subject}”部分的位置与格式不同"),
            Code::HeadingNear => format!("标题“{found}”按“{expected}”读取"),
            Code::TableMissing => format!("未找到“{subject}”的表格"),
            Code::TableEmpty => format!("“{subject}”的表格有栏目而无数据"),
            Code::TableElsewhere => format!("“{subject}”的表格不在其所属部分"),
            Code::RowMissing => format!("未找到“{subject}”一行"),
            Code::RowTwice => format!("“{subject}”一行重复出现，取第一次"),
            Code::RowNear => format!("“{found}”按“{expected}”读取"),
            Code::RowsByOrder => format!("“{subject}”的栏目与数据分离，按顺序对应"),
            Code::ColumnsMoved => format!("“{subject}”各列顺序与格式不同：{found}"),
            Code::ColumnMissing => format!("“{subject}”的表头只有 {found}"),
            Code::HeaderUnclear => format!("“{subject}”的表头不能说明各数据属于哪一列"),
            Code::FiguresTooMany => format!("“{subject}”有 {found} 个数据，而只有 {expected} 列，均未采用"),
            Code::FiguresTooFew => {
                format!("“{subject}”只有 {found} 个数据，应有 {expected} 列，无法判断属于哪一列，均未采用")
            }
            Code::TextForFigure => format!("“{subject}”：应为数据处是“{found}”"),
            Code::FigureMerged => format!("“{subject}”：一个数据 {found} 合并于多列"),
            Code::FiguresWithoutRow => format!("这些数据不属于格式中的任何一行：{found}"),
            Code::UnitUnclear => format!("“{subject}”：“{found}”不能换算为{expected}"),
            Code::Unreadable => "输入无法读取".to_owned(),
            Code::Changed => "读取期间文件被改动".to_owned(),
            Code::TextTooLarge => "文本超过 `--max-text-bytes`".to_owned(),
            Code::ExpandsTooFar => "文件解压后超过 `--max-expanded`".to_owned(),
            Code::RatioTooHigh => "文件解压倍数超过 `--max-ratio`".to_owned(),
            Code::NestedTooDeep => "归档嵌套超过 `--max-nesting`".to_owned(),
            Code::TooManyMembers => "成员超过 `--max-members`".to_owned(),
            Code::Damaged => "压缩文件或归档损坏".to_owned(),
            Code::CutShort => "压缩文件或归档提前结束".to_owned(),
            Code::Encrypted => "已加密".to_owned(),
            Code::Unsupported => "不支持这种类型".to_owned(),
            Code::NoRecord => "这一行不是含有文本的记录".to_owned(),
            Code::Defect => "程序内部错误，请报告".to_owned(),
            _ => format!("“{subject}”：为 {found}，应为 {expected}"),
        }
    }
}
