//! The two official forms as data: an edition in; its tables, rows and columns out, in the form's order.

/// Which form a report follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Edition {
    /// The form of 2021, for the report years 2021 and after.
    Gid2021,
    /// The form of 2019, for the report years 2019 and 2020.
    Gid2019,
}

impl Edition {
    /// Both editions.
    pub const ALL: &[Edition] = &[Edition::Gid2021, Edition::Gid2019];

    /// The name of the grammar that reads this form.
    pub fn id(self) -> &'static str {
        match self {
            Edition::Gid2021 => "gid-2021",
            Edition::Gid2019 => "gid-2019",
        }
    }

    /// The edition of that name.
    pub fn from_id(id: &str) -> Option<Self> {
        Edition::ALL.iter().copied().find(|edition| edition.id() == id)
    }
}

/// A column of figures.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name in the output of a parser.
    pub id: &'static str,
    /// Its head in the form.
    pub label: &'static str,
    /// The measure word that authors add to a figure; empty where none would be natural.
    pub unit: &'static str,
}

/// Where the label of a row stands.
#[derive(Debug, Clone, Copy)]
pub enum Place {
    /// A label without a number.
    Plain(&'static str),
    /// `一、…` over all label columns.
    Top(&'static str, &'static str),
    /// `（一）…` within `三、本年度办理结果`.
    Item(&'static str, &'static str),
    /// `1.…` within the item named first.
    Sub(&'static str, &'static str, usize, &'static str),
}

/// A row of figures.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Its name in the output of a parser.
    pub id: &'static str,
    /// Its label.
    pub place: Place,
}

/// A table of a form.
#[derive(Debug, Clone)]
pub struct Form {
    /// Its name in the output of a parser.
    pub id: &'static str,
    /// The line over the block, for the blocks of section 二.
    pub caption: &'static str,
    /// Its columns of figures.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Row>,
}

/// The label over the outcomes.
pub const OUTCOMES: &str = "三、本年度办理结果";
/// The note in the corner of the table of applications.
pub const NOTE: &str = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）";
/// The rows that the form of 2021 has in place of the one row `closed`.
pub const CLOSED: [&str; 3] = ["closed_no_correction", "closed_fee_unpaid", "closed_other"];

/// All tables of an edition, in order.
pub fn tables(edition: Edition) -> Vec<Form> {
    let mut forms = match edition {
        Edition::Gid2021 => article_20_of_2021(),
        Edition::Gid2019 => article_20_of_2019(),
    };
    forms.push(Form { id: "applications", caption: "", columns: applicants(), rows: applications(edition) });
    forms.push(Form { id: "review_litigation", caption: "", columns: results(), rows: reviews() });
    forms
}

fn article_20_of_2021() -> Vec<Form> {
    let decisions = vec![column("decisions", "本年处理决定数量", "件")];
    vec![
        Form {
            id: "article_20_1",
            caption: "第二十条第（一）项",
            columns: vec![
                column("issued", "本年制发件数", "件"),
                column("repealed", "本年废止件数", "件"),
                column("in_force", "现行有效件数", "件"),
            ],
            rows: vec![plain("regulations", "规章"), plain("normative_documents", "行政规范性文件")],
        },
        Form {
            id: "article_20_5",
            caption: "第二十条第（五）项",
            columns: decisions.clone(),
            rows: vec![plain("administrative_licensing", "行政许可")],
        },
        Form {
            id: "article_20_6",
            caption: "第二十条第（六）项",
            columns: decisions,
            rows: vec![plain("administrative_penalty", "行政处罚"), plain("administrative_coercion", "行政强制")],
        },
        Form {
            id: "article_20_8",
            caption: "第二十条第（八）项",
            columns: vec![column("amount", "本年收费金额（单位：万元）", "万元")],
            rows: vec![plain("administrative_fees", "行政事业性收费")],
        },
    ]
}

fn article_20_of_2019() -> Vec<Form> {
    let items = vec![
        column("previous_items", "上一年项目数量", "项"),
        column("change", "本年增/减", ""),
        column("decisions", "处理决定数量", "件"),
    ];
    vec![
        Form {
            id: "article_20_1",
            caption: "第二十条第（一）项",
            columns: vec![
                column("created", "本年新制作数量", "件"),
                column("newly_disclosed", "本年新公开数量", "件"),
                column("disclosed_total", "对外公开总数量", "件"),
            ],
            rows: vec![plain("regulations", "规章"), plain("normative_documents", "规范性文件")],
        },
        Form {
            id: "article_20_5",
            caption: "第二十条第（五）项",
            columns: items.clone(),
            rows: vec![
                plain("administrative_licensing", "行政许可"),
                plain("other_public_services", "其他对外管理服务事项"),
            ],
        },
        Form {
            id: "article_20_6",
            caption: "第二十条第（六）项",
            columns: items.clone(),
            rows: vec![plain("administrative_penalty", "行政处罚"), plain("administrative_coercion", "行政强制")],
        },
        Form {
            id: "article_20_8",
            caption: "第二十条第（八）项",
            columns: items[..2].to_vec(),
            rows: vec![plain("administrative_fees", "行政事业性收费")],
        },
        Form {
            id: "article_20_9",
            caption: "第二十条第（九）项",
            columns: vec![column("items", "采购项目数量", "项"), column("amount", "采购总金额", "万元")],
            rows: vec![plain("government_procurement", "政府集中采购")],
        },
    ]
}

/// The columns of the table of applications; the last one is their sum.
pub fn applicants() -> Vec<Column> {
    vec![
        column("natural_person", "自然人", "件"),
        column("commercial_enterprise", "商业企业", "件"),
        column("research_institution", "科研机构", "件"),
        column("public_welfare_organization", "社会公益组织", "件"),
        column("legal_service_institution", "法律服务机构", "件"),
        column("other", "其他", "件"),
        column("total", "总计", "件"),
    ]
}

/// The rows of the table of applications; 2019 has one row `closed`, 2021 has three in its place.
fn applications(edition: Edition) -> Vec<Row> {
    let mut rows = vec![
        row("new_received", Place::Top("一", "本年新收政府信息公开申请数量")),
        row("carried_in", Place::Top("二", "上年结转政府信息公开申请数量")),
        row("granted", Place::Item("一", "予以公开")),
        row("partially_granted", Place::Item("二", "部分公开（区分处理的，只计这一情形，不计其他情形）")),
    ];
    subs(
        &mut rows,
        ("三", "不予公开"),
        &[
            ("denied_state_secret", "属于国家秘密"),
            ("denied_prohibited_by_law", "其他法律行政法规禁止公开"),
            ("denied_security_stability", "危及“三安全一稳定”"),
            ("denied_third_party_rights", "保护第三方合法权益"),
            ("denied_internal_affairs", "属于三类内部事务信息"),
            ("denied_process_information", "属于四类过程性信息"),
            ("denied_enforcement_files", "属于行政执法案卷"),
            ("denied_administrative_inquiry", "属于行政查询事项"),
        ],
    );
    subs(
        &mut rows,
        ("四", "无法提供"),
        &[
            ("unavailable_not_held", "本机关不掌握相关政府信息"),
            ("unavailable_needs_creation", "没有现成信息需要另行制作"),
            ("unavailable_still_unclear", "补正后申请内容仍不明确"),
        ],
    );
    subs(
        &mut rows,
        ("五", "不予处理"),
        &[
            ("rejected_petition", "信访举报投诉类申请"),
            ("rejected_duplicate", "重复申请"),
            ("rejected_publication", "要求提供公开出版物"),
            ("rejected_excessive", "无正当理由大量反复申请"),
            ("rejected_reissue", "要求行政机关确认或重新出具已获取信息"),
        ],
    );
    match edition {
        Edition::Gid2019 => rows.push(closed_row()),
        Edition::Gid2021 => subs(
            &mut rows,
            ("六", "其他处理"),
            &[
                (CLOSED[0], "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"),
                (CLOSED[1], "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"),
                (CLOSED[2], "其他"),
            ],
        ),
    }
    rows.push(row("outcome_total", Place::Item("七", "总计")));
    rows.push(row("carried_out", Place::Top("四", "结转下年度继续办理")));
    rows
}

/// The one row that stands for the three of [`CLOSED`].
pub fn closed_row() -> Row {
    row("closed", Place::Item("六", "其他处理"))
}

/// The columns of table 四; the last one is their sum.
pub fn results() -> Vec<Column> {
    vec![
        column("upheld", "结果维持", "件"),
        column("corrected", "结果纠正", "件"),
        column("other", "其他结果", "件"),
        column("pending", "尚未审结", "件"),
        column("total", "总计", "件"),
    ]
}

fn reviews() -> Vec<Row> {
    vec![
        plain("reconsideration", "行政复议"),
        plain("litigation_direct", "未经复议直接起诉"),
        plain("litigation_after_reconsideration", "复议后起诉"),
    ]
}

fn subs(rows: &mut Vec<Row>, group: (&'static str, &'static str), labels: &[(&'static str, &'static str)]) {
    for (index, (id, label)) in labels.iter().enumerate() {
        rows.push(row(id, Place::Sub(group.0, group.1, index + 1, label)));
    }
}

fn column(id: &'static str, label: &'static str, unit: &'static str) -> Column {
    Column { id, label, unit }
}

fn row(id: &'static str, place: Place) -> Row {
    Row { id, place }
}

fn plain(id: &'static str, label: &'static str) -> Row {
    row(id, Place::Plain(label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_have_their_full_number_of_figures() {
        let count = |edition| -> usize { tables(edition).iter().map(|f| f.rows.len() * f.columns.len()).sum() };
        assert_eq!(count(Edition::Gid2021), 200);
        assert_eq!(count(Edition::Gid2019), 198);
    }
}
