//! Of whom a statement speaks: the body that reports, or the area around it.
//!
//! In: the template of a segment. Out: the same with `W` for words that name the body that reports (我局, 本机关, its name) and
//! `A` for those that name a larger area (全市 in a bureau's report). A government reports for its area, so there 全市 is `W`.

use std::borrow::Cow;

use memchr::memmem::Finder;

use super::begins_with;
use crate::text::plain;

/// The body that reports, as statements name it.
#[derive(Debug)]
pub(super) struct Issuer {
    /// Its name in plain form, and the same without what governments' names end with (安镇街道 for 安镇街道办事处).
    names: [String; 2],
    /// Finds the shorter of them that is one.
    stem: Option<Finder<'static>>,
    /// The kind of area that it governs: 市, 县, 镇.
    area: Option<&'static str>,
}

/// Whether a template names a body or an area by 我局, 全市 and the like.
pub(super) fn names_a_body(template: &str) -> bool {
    let mut words = template.match_indices(WHOSE).map(|(at, word)| &template[at + word.len()..]);
    words.any(|behind| begins_with(behind, AREAS).or_else(|| begins_with(behind, BODIES)).is_some())
}

/// What stands before the word for a body or an area.
const WHOSE: [char; 4] = ['我', '本', '全', '该'];
/// Kinds of area; longer words before those that they hold.
const AREAS: &[&str] = &["街道", "开发区", "新区", "省", "市", "州", "盟", "县", "区", "旗", "镇", "乡"];
/// Areas that no other area of their kind is part of.
const SMALL_AREAS: &[&str] = &["街道", "镇", "乡"];
/// What a body calls itself behind 我, 本 and 该, whatever its name.
const BODIES: &[&str] =
    &["单位", "机关", "部门", "系统", "中心", "局", "委", "办", "厅", "院", "所", "站", "队", "处", "馆", "校", "社"];
/// What governments' names end with behind the area.
const GOVERNMENTS: &[&str] =
    &["人民政府", "政府", "办事处", "管理委员会", "管委会", "党工委", "委员会", "人民政府本级"];

impl Issuer {
    /// The issuer of that name; none where it is not known.
    pub(super) fn new(name: Option<&str>) -> Issuer {
        let name: String = name.unwrap_or_default().chars().filter_map(plain).collect();
        let mut stem = name.as_str();
        while let Some(rest) = GOVERNMENTS.iter().find_map(|word| stem.strip_suffix(word)) {
            stem = rest;
        }
        let area = AREAS.iter().copied().find(|area| stem.ends_with(area));
        // The name begins with its stem.
        let least = if stem.is_empty() { &name } else { stem };
        let finder = (!least.is_empty()).then(|| Finder::new(least).into_owned());
        Issuer { names: [name.clone(), stem.to_owned()], stem: finder, area }
    }

    /// Whether marks may stand in templates, each with a line end behind it, that name no body but this one.
    pub(super) fn may_mark(&self, templates: &str) -> bool {
        if self.stem.as_ref().is_some_and(|stem| stem.find(templates.as_bytes()).is_some()) {
            return true;
        }
        let mut templates = templates.split('\n');
        match self.area {
            Some(own) if SMALL_AREAS.contains(&own) => {
                templates.any(|template| template.strip_prefix('Y').unwrap_or(template).starts_with(own))
            }
            Some(_) => false,
            None => templates.any(|template| self.tail(template).is_some()),
        }
    }

    /// The tail of the name with which a template begins: 教育局 in the report of 青石县教育局.
    fn tail(&self, template: &str) -> Option<&str> {
        let (name, first) = (&self.names[0], template.chars().next()?);
        let begun = name.char_indices().skip(1).filter(|(_, c)| *c == first);
        let mut tails = begun.map(|(at, _)| &name[at..]).take_while(|tail| tail.chars().count() >= 3);
        tails.find(|tail| template.starts_with(tail))
    }

    /// Puts the marks into a template.
    pub(super) fn mark<'t>(&self, template: &'t str) -> Cow<'t, str> {
        let mut marked = Cow::Borrowed(template);
        let may_be = |name: &&String| name.len() > 2 && name.len() <= template.len();
        let names = self.names.iter().filter(may_be);
        for name in names.filter(|name| template.contains(name.as_str()) && name.chars().count() > 2) {
            marked = Cow::Owned(marked.replace(name, "W"));
        }
        // 街道 and 镇 by themselves are this one.
        if let Some(own) = self.area.filter(|own| SMALL_AREAS.contains(own)) {
            let start = usize::from(marked.starts_with('Y'));
            if marked[start..].starts_with(own) {
                marked.to_mut().replace_range(start..start + own.len(), "W");
            }
        }
        // A bureau is also named without the place.
        if self.area.is_none()
            && !marked.contains('W')
            && let Some(tail) = self.tail(&marked)
        {
            marked.to_mut().replace_range(..tail.len(), "W");
        }
        let mut from = 0;
        while let Some(at) = marked[from..].find(WHOSE).map(|at| from + at) {
            let mut behind = marked[at..].chars();
            let word = behind.next().and_then(|c| self.whose(c, behind.as_str()));
            from = at + '我'.len_utf8();
            if let Some((mark, length)) = word {
                marked.to_mut().replace_range(at..from + length, mark.encode_utf8(&mut [0; 4]));
                from = at + mark.len_utf8();
            }
        }
        marked
    }

    /// The mark for 我局, 全市 and the like, and how long the word behind the first character is.
    fn whose(&self, first: char, behind: &str) -> Option<(char, usize)> {
        if let Some(area) = begins_with(behind, AREAS) {
            let own = self.area.is_some_and(|own| own == area || own.ends_with(area));
            return Some((if own { 'W' } else { 'A' }, area.len()));
        }
        let body = begins_with(behind, BODIES)?;
        // 全局 and 全系统 hold more than the body alone.
        Some((if first == '全' { 'A' } else { 'W' }, body.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(issuer: &str, template: &str, expected: &str) {
        let issuer = Issuer::new(Some(issuer));
        assert_eq!(issuer.mark(template), expected, "{issuer:?}");
        assert!(template == expected || issuer.may_mark(template) || names_a_body(template), "{issuer:?}");
    }

    #[test]
    fn marks() {
        check("青石县教育局", "我局共收到申请#", "W共收到申请#");
        check("青石县教育局", "全县共收到申请#", "A共收到申请#");
        check("青石县教育局", "教育局收到申请#", "W收到申请#");
        check("青石县教育局", "县教育局收到申请#", "W收到申请#");
        check("青石县教育局", "市教育局收到申请#", "市教育局收到申请#");
        check("青石县人民政府", "全县共收到申请#", "W共收到申请#");
        check("青石县人民政府", "青石县人民政府收到申请#", "W收到申请#");
        check("青石县", "我县收到申请#", "W收到申请#");
        check("青石县", "县政府收到申请#", "县政府收到申请#");
        check("下汤镇", "Y我镇收到依申请公开事项#", "YW收到依申请公开事项#");
        check("中山街道办事处", "我街道收到申请#", "W收到申请#");
        check("中山街道办事处", "我区收到申请#", "A收到申请#");
        check("中山街道办事处", "Y中山街道收到申请#", "YW收到申请#");
        check("中山街道办事处", "Y街道未收到申请", "YW未收到申请");
        check("青石县", "街道收到申请#", "街道收到申请#");
        check("青石县人民政府", "青石县收到申请#", "W收到申请#");
        check("青石县人民政府", "青石县教育局收到申请#", "W教育局收到申请#");
        check("临江经济开发区管理委员会", "我区收到申请#", "W收到申请#");
        check("青石县教育局", "本机关收到申请#", "W收到申请#");
        check("青石县教育局", "本年收到申请#", "本年收到申请#");
    }
}
