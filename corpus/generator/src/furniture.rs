//! Page furniture: navigation, dates, buttons and index tables that a web page puts around a report.

use crate::rng::Rng;
use crate::title::Subject;

/// Lines above the title.
pub fn above(subject: &Subject, rng: &mut Rng) -> Vec<String> {
    let Subject { issuer, year } = subject;
    let next = year + 1;
    let index = format!("{}/{next}-{:05}", rng.between(10_000_000, 99_999_999), rng.below(100_000));
    let day = format!("{next}-01-{:02}", rng.between(10, 30));
    let mut lines = Vec::new();
    lines.push(
        rng.pick(&[
            "当前位置：首页 > 政务公开 > 法定主动公开内容 > 政府信息公开年报",
            "您现在所在的位置: 首页 > 政府信息公开 > 年度报告",
            "首页/ 政府信息公开/ 政府信息公开年报/ 正文",
            "登录 | 注册 | 无障碍浏览",
        ])
        .to_owned(),
    );
    match rng.below(3) {
        0 => {
            lines.push(format!("索 引 号 | {index} | 分 类 | 政府信息公开年报 |"));
            lines.push(format!("发布机构 | {issuer} | 发布日期 | {day} |"));
            lines.push("文 号 | 无 | 有 效 性 | 有效 |".to_owned());
        }
        1 => lines.push(format!("索引号：{index}  发布机构：{issuer}  生成日期：{day}  文号：")),
        _ => {}
    }
    lines
}

/// Lines between the title and the text.
pub fn below_title(subject: &Subject, rng: &mut Rng) -> Vec<String> {
    let Subject { issuer, year } = subject;
    let next = year + 1;
    let day = rng.between(10, 30);
    match rng.below(4) {
        0 => vec![format!(
            "发布时间：{next}-01-{day} 10:{:02}  来源：{issuer}  浏览次数：{}",
            rng.between(10, 59),
            rng.between(1, 4000)
        )],
        1 => vec![format!("发布日期：{next}年1月{day}日"), "字号：[大 中 小]  打印  分享到：".to_owned()],
        2 => vec![format!("（{next}年1月{day}日）")],
        _ => Vec::new(),
    }
}

/// Lines below the report.
pub fn below(subject: &Subject, rng: &mut Rng) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    if rng.chance(30) {
        lines.push(format!("附件：{}年度报告.pdf", subject.year));
    }
    let ends = [
        "【打印本页】  【关闭窗口】",
        "扫一扫在手机打开当前页",
        "上一篇：没有了",
        "下一篇：关于节日期间值班安排的通知",
        "我要纠错 | 收藏 | 返回顶部",
        "网站地图 联系我们 隐私声明",
    ];
    let start = rng.below(ends.len());
    for step in 0..1 + rng.below(3) {
        lines.push(ends[(start + step) % ends.len()].to_owned());
    }
    lines
}
