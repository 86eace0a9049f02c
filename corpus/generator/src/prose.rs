//! Neutral prose in pieces, mixed until a section has the length asked for.
//!
//! Every sentence is made up for this purpose. `{n}` becomes a small number. No sentence counts what a table
//! counts (applications, licences, penalties, documents, fees, reviews), so that prose never contradicts a table.

use crate::rng::Rng;

/// What a passage is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    Opening,
    Disclosure,
    Requests,
    Management,
    Platform,
    Supervision,
    Problems,
    Plans,
    Other,
}

impl Topic {
    fn sentences(self) -> &'static [&'static str] {
        match self {
            Topic::Opening => &OPENING,
            Topic::Disclosure => &DISCLOSURE,
            Topic::Requests => &REQUESTS,
            Topic::Management => &MANAGEMENT,
            Topic::Platform => &PLATFORM,
            Topic::Supervision => &SUPERVISION,
            Topic::Problems => &PROBLEMS,
            Topic::Plans => &PLANS,
            Topic::Other => &OTHER,
        }
    }
}

/// Paragraphs on a topic, about `bytes` long together, at least one sentence.
pub fn paragraphs(rng: &mut Rng, topic: Topic, bytes: usize) -> Vec<String> {
    let sentences = topic.sentences();
    let mut paragraphs = Vec::new();
    let mut paragraph = String::new();
    let mut length = 0;
    let mut next = rng.below(sentences.len());
    loop {
        let sentence = filled(rng, sentences[next]);
        length += sentence.len();
        paragraph.push_str(&sentence);
        // A step that varies keeps long passages from repeating one cycle.
        next = (next + 1 + rng.below(2)) % sentences.len();
        let done = length >= bytes;
        if done || paragraph.len() > 500 + rng.below(900) {
            paragraphs.push(std::mem::take(&mut paragraph));
        }
        if done {
            return paragraphs;
        }
    }
}

fn filled(rng: &mut Rng, sentence: &str) -> String {
    let mut text = String::with_capacity(sentence.len() + 4);
    let mut parts = sentence.split("{n}");
    text.push_str(parts.next().unwrap_or(""));
    for part in parts {
        text.push_str(&rng.between(2, 480).to_string());
        text.push_str(part);
    }
    text
}

const OPENING: [&str; 6] = [
    "本机关把公开作为日常工作的一部分，各科室分工明确，按月对照清单逐项落实。",
    "工作由办公室牵头，业务科室各负其责，重要事项提交会议研究后再行办理。",
    "全体人员对公开的认识有所加深，办事群众查找信息比以往方便。",
    "围绕群众关心的事项，本机关持续细化公开内容，规范公开流程，改进公开方式。",
    "各项任务按照年初安排有序推进，没有出现重大差错。",
    "本机关坚持公开为常态、不公开为例外，注意保护个人信息和商业秘密。",
];

const DISCLOSURE: [&str; 8] = [
    "通过网站、公告栏和服务窗口发布各类信息{n}条，内容涵盖办事指南、工作动态和民生服务。",
    "对机构职能、负责人分工、联系方式等基本信息及时更新，做到变动一项、更新一项。",
    "围绕教育、医疗、就业和住房等领域编写问答{n}篇，用通俗的语言说明办事条件和所需材料。",
    "重大项目的立项、进展和结果分阶段公布，方便群众了解和监督。",
    "预算、决算及专项资金的安排随同说明一并发布，表格附有名词解释。",
    "会议邀请居民代表旁听{n}次，会后将讨论情况整理发布。",
    "对政策文件同步编写图文说明，解读材料与正文互相链接。",
    "公开栏目按主题重新归类，过期内容移入历史栏目并作出标注。",
];

const REQUESTS: [&str; 6] = [
    "办理流程分为登记、审核、答复、归档四个环节，每个环节都有专人负责。",
    "对内容不清楚的来件，工作人员先行电话沟通，帮助群众说明所需信息的名称和用途。",
    "答复文书使用统一格式，写明依据、理由和救济渠道，并由法制人员审核。",
    "窗口、信函和网络渠道保持畅通，节假日后首个工作日集中检查一次。",
    "疑难事项由办公室会同业务科室和法律顾问共同研究，形成一致意见后答复。",
    "对群众反复询问的内容，整理后转为主动公开。",
];

const MANAGEMENT: [&str; 6] = [
    "信息发布实行先审后发，未经审核的内容一律不得上网。",
    "对已发布的信息每季度检查一次，发现错别字、失效链接等问题{n}处，均已改正。",
    "完善信息台账，逐条登记标题、来源、审核人和发布时间。",
    "涉及个人隐私的内容在发布前作去标识处理，防止泄露。",
    "建立动态调整机制，对不再适用的内容及时清理。",
    "档案移交和信息归档同步进行，目录可供查阅。",
];

const PLATFORM: [&str; 6] = [
    "网站首页重新设计，检索功能更加准确，常用栏目放在显著位置。",
    "新媒体账号推送内容{n}条，留言由专人查看并在规定时间内回复。",
    "在便民服务中心设置查阅点，配备电脑、打印机和纸质资料。",
    "栏目设置与上级要求保持一致，名称、顺序和层级不随意改动。",
    "为老年人和视力障碍者提供大字版和语音版页面。",
    "完成系统升级和安全检查{n}次，运行总体平稳。",
];

const SUPERVISION: [&str; 6] = [
    "将公开情况纳入年度考核，结果在内部通报。",
    "组织业务培训{n}次，内容包括条例学习、案例分析和系统操作。",
    "聘请社会监督员对公开情况提出意见，并逐条反馈处理结果。",
    "通过问卷了解群众评价，多数受访者表示满意。",
    "未发生因公开不当而追究责任的情形。",
    "对进度落后的科室发出提醒，限期整改后再次检查。",
];

const PROBLEMS: [&str; 8] = [
    "一是部分栏目更新不够及时，个别内容较为简单。",
    "二是解读形式比较单一，图表和视频偏少。",
    "三是基层人员变动较多，业务熟悉程度有待提高。",
    "四是信息检索不够方便，群众查找历史信息需要较长时间。",
    "公开内容与群众期待之间仍有差距，部分信息专业性较强，不易理解。",
    "各科室之间衔接不够紧密，存在重复报送和漏报的现象。",
    "个别工作人员主动意识不强，习惯于等待通知。",
    "线下公开场所利用率不高，资料更换周期偏长。",
];

const PLANS: [&str; 8] = [
    "下一步，将制定更新计划，明确每个栏目的责任人和更新周期。",
    "将增加图解、短视频等形式，让内容更容易看懂。",
    "将定期开展培训和交流，鼓励业务骨干分享经验。",
    "将梳理群众常问的问题，形成目录并逐步充实。",
    "将加强与上级部门的沟通，学习其他地区的做法。",
    "将改进检索和导航，缩短查找信息所需的时间。",
    "将建立季度抽查制度，把检查结果与考核挂钩。",
    "将充实查阅点的资料，延长开放时间。",
];

const OTHER: [&str; 5] = [
    "本机关没有其他需要说明的情况。",
    "公开要点所列任务均已按期完成，有关情况已在前文说明。",
    "年内按照要求调整了查阅点的位置，新地址已在网站公布。",
    "本机关继续做好日常答疑，欢迎社会各界提出意见。",
    "其他事项与上年相同，不再重复。",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passages_have_about_the_length_asked_for() {
        for bytes in [0, 900, 40_000] {
            let text: usize = paragraphs(&mut Rng::new(3), Topic::Platform, bytes).iter().map(String::len).sum();
            assert!(text >= bytes && text < bytes + 400, "{text} for {bytes}");
        }
    }
}
