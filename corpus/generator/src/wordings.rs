//! Sentences that repeat figures of the tables, as data, in many of the ways in which reports do it; and traps: sentences
//! with figures that look like it and speak of something else.
//!
//! `{name}` is the figure of that [`crate::meanings::Meaning`]; `{=name}` is a whole, of which `{+name}` is a named part, `{/}` one
//! of parts that make it up, `{%}` the share of the part before; `{=}` is a whole of something that no table counts. `{!name}`
//! prints nothing: the sentence says that there was none. `{@name}` is a true figure that nobody can be sure of, `{~}` any number.
//! `{we}` is the body, `{area}` the larger area around it, `{other}` another body, `{year}`, `{last}`, `{next}` years.

use crate::prose::Topic;

/// True sentences on a topic, which a checker must understand.
pub fn statements(topic: Topic) -> &'static [&'static str] {
    match topic {
        Topic::Disclosure => DISCLOSURE,
        Topic::Requests => REQUESTS,
        Topic::Supervision => REVIEWS,
        _ => &[],
    }
}

/// Sentences on a topic that must not be held against the tables.
pub fn traps(topic: Topic) -> &'static [&'static str] {
    match topic {
        Topic::Disclosure => DISCLOSURE_TRAPS,
        Topic::Requests => REQUEST_TRAPS,
        Topic::Supervision => REVIEW_TRAPS,
        _ => &[],
    }
}

const DISCLOSURE: &[&str] = &[
    "作出行政许可决定{licences}件。",
    "作出行政许可决定{licences}件，行政处罚决定{penalties}件，行政强制决定{coercions}件。",
    "行政许可决定{licences}件，行政处罚{penalties}件，行政强制{coercions}件。",
    "全年办理行政许可{licences}件、作出行政处罚决定{penalties}件、实施行政强制{coercions}件。",
    "{year}年，{we}作出行政许可处理决定{licences}件；作出行政处罚处理决定{penalties}件。",
    "行政许可处理决定数量{licences}件；行政处罚处理决定数量{penalties}件。",
    "{we}共作出行政处罚决定{penalties}宗，采取的行政强制措施另行公布。",
    "本年度作出行政处罚、行政强制决定{measures}件。",
    "本年度未作出行政强制决定{!coercions}。",
    "全年没有作出行政处罚决定{!penalties}，也没有实施行政强制措施{!coercions}。",
    "{we}没有办理行政许可事项{!licences}。",
    "全年制发规范性文件{documents}件。",
    "本年度共制定行政规范性文件{documents}件，均已上网。",
    "{year}年出台规范性文件{documents}个，印发规章{regulations}件。",
    "继续有效规范性文件{documents_in_force}件，废止规范性文件{documents_repealed}件。",
    "制发规范性文件{documents}件，废止规范性文件{documents_repealed}件，现行有效规范性文件{documents_in_force}件。",
    "新制定规章{regulations}件，废止规章{regulations_repealed}件，现行有效规章{regulations_in_force}件。",
    "全年制发规章、规范性文件{rules}件。",
    "本年度未制定规范性文件{!documents}。",
    "全年没有制定规章{!regulations}。",
    "未制发规章和规范性文件{!rules}。",
    "收取行政事业性收费{fee}万元。",
    "全年共收取行政事业性收费{fee_yuan}元。",
    "行政事业性收费金额{fee}万元，均按标准收取。",
    "本年度未收取行政事业性收费{!fee}。",
    "全年主动公开信息{=}条，其中网站{/}条，公众号{/}条，其他方式{/}条。",
    "本年度主动公开内容{=}条，其中门户网站公开{/}条，微信平台公开{/}条，公告栏公开{/}条，利用手机短信等其他形式公开{/}条。",
    "发布各类信息{=}条，其中概况类{/}条，占{%}，动态类{/}条，占{%}，其余{/}条，占{%}。",
    "共编写解读材料{=}篇，其中图表解读{/}篇（{%}），文字解读{/}篇（{%}）。",
    "全年公开信息{=}条。其中，政策类{/}条，服务类{/}条，其他类{/}条。",
];

const REQUESTS: &[&str] = &[
    "本年度收到政府信息公开申请{received}件，上年结转{carried_in}件，办结{done}件，结转下年度继续办理{carried_out}件。",
    "全年新收政府信息公开申请{=received}件，其中自然人{+natural}件，法人或其他组织{+legal}件；共办结{done}件。",
    "全年办结政府信息公开申请{=done}件，其中予以公开{+granted}件，部分公开{+partially}件，不予公开{+denied}件，无法提供{+unavailable}件，不予处理{+rejected}件，其他处理{+closed}件。",
    "全年收到政府信息公开申请{received}件。",
    "{year}年度，{we}共收到政府信息公开申请{received}件，均已登记。",
    "受理公民、法人和其他组织以各种形式提出的政府信息公开申请{received}件。",
    "全年受理公民、法人和其他组织提出的政府信息公开申请{received}件，办结{done}件。",
    "{we}共收到信息公开申请{received}起，比{last}年（{~}起）下降{~}%，答复{done}起。",
    "全年收政府信息公开申请{received}件，结转上年度政府信息公开申请{carried_in}件，本年度办结{done}件，剩余{carried_out}件结转下年度办理。",
    "{we}全年共收办政府信息公开申请案件{=arrived}件，其中自然人申请{+natural_arrived}件，法人或其他组织申请{+legal_arrived}件。",
    "全年共受理政府信息公开申请{arrived}件，共办理{handled}件，结转下一年{carried_out}件。",
    "{year}年新接收依申请公开{received}件，办结申请{done}件，另有{carried_out}件转{next}年继续办理。",
    "办结依申请公开件{=done}件，其中，予以公开{+granted}件，部分公开{+partially}件，不予公开{+denied}件，信息无法提供{+unavailable}件、不予处理{+rejected}件，其他处理{+closed}件。",
    "办理依申请公开件{=handled_all}件，其中已答复{+done}件、{carried_out}件结转{next}年办理。",
    "全年收到申请{received}件，申请人为自然人的{natural}件，法人或者其他组织的{legal}件。",
    "{we}受理依申请信息{received}条。",
    "共受理政府信息公开申请总数{received}件。",
    "共收到申请{received}件，共办结{done}件。",
    "收到{received}条公众提交的申请。",
    "收到依申请公开{received}项。",
    "共受理政府信息公开申请{received}件，结转下年度继续办理{carried_out}件。",
    "收到政府信息公开申请{=received}件，其中自然人{+natural}件，法人或其他组织{+legal}件，办结{done}件。",
    "收到申请{=received}件。其中，通过网络申请{/}件，占{%}，通过信函申请{/}件，占{%}。",
    "共收到政府信息公开申请{=received}件，其中网络申请{/}件，当面申请{/}件，其他方式申请{/}件。",
    "办结申请{=done}件，其中予以公开及部分公开{+opened}件（{%}），因本机关不掌握等原因无法提供{+unavailable}件。",
    "全年答复政府信息公开申请{done}件，予以公开答复{granted}件，部分公开答复{partially}件。",
    "政府信息公开申请办结{done}件，答复书均已送达。",
    "上年度结转政府信息公开申请{carried_in}件，本年度新收到申请{received}件。",
    "未收到政府信息公开申请{!received}。",
    "{year}年度，{we}未收到依申请公开事项{!received}。",
    "无依申请公开政府信息办理事项{!received}。",
    "全年没有收到公民、法人或其他组织提出的政府信息公开申请{!received}。",
    "本年度无上年结转的申请{!carried_in}，也没有结转下年度办理的申请{!carried_out}。",
];

const REVIEWS: &[&str] = &[
    "因政府信息公开发生行政复议{reconsideration}件，行政诉讼{litigation}件。",
    "信息公开类行政复议{reconsideration}件，诉讼{litigation}件。",
    "因政府信息公开引发行政复议案件{reconsideration}件，行政诉讼案件{litigation}件。",
    "因政府信息公开被申请行政复议{reconsideration}起，被提起行政诉讼{litigation}起。",
    "发生{reconsideration}起有关政府信息公开的行政复议案件。",
    "有{reconsideration}件涉及政府信息公开工作的行政复议。涉及的行政诉讼数为{litigation}件。",
    "全年涉及政府信息公开的行政复议、行政诉讼案件{reviews}件。",
    "行政诉讼{=litigation}件，其中未经复议直接起诉{+direct}件，复议后起诉{+after}件。",
    "行政复议{reconsideration}件；未经复议直接起诉{direct}件，复议后起诉{after}件。",
    "未发生因政府信息公开引发的行政复议、行政诉讼{!reviews}。",
    "{we}未发生因政府信息公开申请行政复议、提起行政诉讼的情况{!reviews}。",
    "未被申请行政复议{!reconsideration}，未被提起行政诉讼{!litigation}。",
    "没有发生因政府信息公开提起的行政诉讼{!litigation}。",
];

const DISCLOSURE_TRAPS: &[&str] = &[
    "在信用网站公示行政许可信息{~}条、行政处罚信息{~}条。",
    "公示双公示信息{=}条，其中行政许可{/}条，行政处罚{/}条。",
    "公开规范性文件{~}件，同比增长{~}%。",
    "历年累计制发规范性文件{~}件。",
    "自2008年《条例》施行以来，累计制发规范性文件{~}件。",
    "网站全年访问量近{~}万人次，发布信息{~}余条。",
    "编制行政许可办事指南{~}篇，行政处罚流程图{~}张。",
    "{other}办理行政许可{~}件。",
    "{last}年作出行政许可决定{~}件。",
    "作出行政许可决定较上年增加{~}件，同比增长{~}%。",
    "组织规范性文件清理{~}次，审查合同{~}份。",
    "政务新媒体推送行政处罚典型案例{~}期。",
    "第{~}次会议研究了规范性文件管理办法。",
    "上级部门印发规范性文件{~}件，已全部转发。",
    "公开行政事业性收费{~}项。",
];

const REQUEST_TRAPS: &[&str] = &[
    "{last}年收到政府信息公开申请{~}件。",
    "去年同期共收到申请{~}件，办结{~}件。",
    "自2008年《条例》施行以来，累计收到政府信息公开申请{~}件。",
    "历年累计收到政府信息公开申请{~}件。",
    "{other}收到政府信息公开申请{~}件。",
    "{other}，收到政府信息公开申请{~}件。",
    "全{area}共收到政府信息公开申请{~}件，办结{~}件。",
    "12345热线共受理群众来电{~}件，办结{~}件。",
    "全年办理人大代表建议{~}件，答复率100%。",
    "收到申请数量较上年增加{~}件，同比增长{~}.{~}%。",
    "收到各类咨询{~}余件，均已答复。",
    "全年收到政府信息公开申请{~}余件。",
    "群众来信中有政府信息公开申请{@received}件。",
    "{year}年上半年，收到政府信息公开申请{~}件。",
    "全年收到行政许可申请{~}件，办结{~}件。",
    "接到政府信息公开咨询电话近{~}个，现场接待{~}人次。",
    "省级平台分办的申请办理时限缩短{~}天。",
    "依申请公开工作培训{~}次，参加{~}人次。",
    "答复书样式修订{~}处（含上年结转的{@carried_in}件）。",
];

const REVIEW_TRAPS: &[&str] = &[
    "举办行政复议应诉培训{~}次。",
    "{last}年发生行政复议{~}件。",
    "{other}被申请行政复议{~}件，行政诉讼{~}件。",
    "历年累计发生行政诉讼{~}件。",
    "组织旁听行政诉讼庭审{~}次。",
    "全{area}因政府信息公开引发行政复议{~}件。",
    "行政诉讼案件较上年减少{~}件，下降{~}%。",
    "聘请监督员{~}名，收到意见建议{~}条。",
    "行政复议案件近{~}件。",
];
