//! The dress of characters: traditional script, radicals of PDF fonts, invisible characters.

use crate::rng::Rng;
use crate::style::Script;

/// The text in traditional script.
pub fn traditional(text: &str, script: Script) -> String {
    let other = script == Script::TraditionalOther;
    let mut text = text.to_owned();
    // Words whose characters have more than one traditional form come before single characters.
    for (simplified, usual, regional) in WORDS {
        text = text.replace(simplified, if other { regional } else { usual });
    }
    let table: Vec<char> = CHARACTERS.chars().filter(|c| !c.is_whitespace()).collect();
    let single = |c: char| table.chunks_exact(2).find(|pair| pair[0] == c).map_or(c, |pair| pair[1]);
    // One look-up table for all, since a long page has a hundred thousand characters.
    let map: std::collections::HashMap<char, char> = text.chars().map(|c| (c, single(c))).collect();
    text.chars().map(|c| map[&c]).collect()
}

/// The text with more than half of its characters that have a radical's double replaced by it.
pub fn radicals(text: &str, rng: &mut Rng) -> String {
    let table: Vec<char> = RADICALS.chars().filter(|c| !c.is_whitespace()).collect();
    text.chars()
        .map(|c| match table.chunks_exact(2).find(|pair| pair[0] == c) {
            Some(pair) if rng.chance(65) => pair[1],
            _ => c,
        })
        .collect()
}

/// The text with invisible characters here and there, only between Chinese characters, so that numbers stay whole.
pub fn invisible(text: &str, rng: &mut Rng) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut before = false;
    for c in text.chars() {
        let chinese = ('\u{4e00}'..='\u{9fff}').contains(&c);
        if before && chinese && rng.chance(4) {
            out.push(rng.pick(&['\u{200b}', '\u{200d}', '\u{feff}', '\u{2060}']));
        }
        out.push(c);
        before = chinese;
    }
    out
}

/// Words with their usual and their regional traditional form.
const WORDS: [(&str, &str, &str); 14] = [
    ("强制", "強制", "強製"),
    ("制发", "製發", "制發"),
    ("制作", "製作", "製作"),
    ("编制", "編製", "編制"),
    ("复议", "復議", "複議"),
    ("重复", "重複", "重復"),
    ("关系", "關係", "關系"),
    ("联系", "聯繫", "聯系"),
    ("骨干", "骨幹", "骨幹"),
    ("公布", "公布", "公佈"),
    ("属于", "屬於", "屬于"),
    ("平台", "平臺", "平台"),
    ("注册", "註冊", "注冊"),
    ("周期", "週期", "周期"),
];

/// Simplified and traditional characters in turn: those that occur in the pages, no more.
const CHARACTERS: &str = "\
    万萬与與专專业業个個为為举舉习習乡鄉书書于於云雲们們价價众眾会會体體关關内內册冊写寫农農决決况況准準减減划劃\
    别別办辦务務动動励勵区區医醫华華单單卫衛历歷县縣发發变變台臺号號后後听聽员員围圍国國图圖场場坚堅声聲处處备備\
    复復够夠头頭学學实實审審对對导導将將层層属屬帮幫并並废廢开開强強归歸当當录錄径徑态態总總惯慣执執扫掃护護报報\
    挂掛换換据據数數无無时時显顯机機权權条條来來构構标標栏欄档檔桥橋检檢欢歡汇匯沟溝没沒济濟浏瀏湾灣满滿点點牵牽\
    环環现現电電畅暢疗療监監盖蓋确確碍礙称稱稳穩简簡类類紧緊纠糾级級纳納纸紙线線组組细細织織经經结結绕繞络絡统統\
    继繼续續维維编編缩縮缴繳网網罚罰职職联聯脑腦节節范範获獲衔銜补補见見规規视視览覽计計订訂认認讨討让讓训訓议議\
    记記许許论論讼訟设設访訪评評识識诉訴词詞话話询詢语語说說请請读讀调調负負财財责責账賬质質购購费費资資转轉较較\
    过過运運这這进進适適采採释釋钩鉤链鏈错錯镇鎮长長门門闭閉问問间間阅閱阶階随隨隐隱难難页頁顶頂项項顺順顾顧预預\
    领領频頻题題额額馈饋验驗产產营營杂雜创創协協则則团團庄莊应應张張战戰担擔择擇拟擬旧舊术術淀澱\
    爱愛盘盤码碼离離积積竞競约約纪紀终終给給绩績综綜罗羅脱脫萝蘿装裝该該详詳误誤诺諾谁誰贡貢贵貴贸貿赶趕\
    轮輪输輸达達迁遷违違远遠迟遲选選递遞邮郵钟鐘铁鐵银銀销銷锁鎖键鍵镜鏡陆陸险險韩韓颁頒颜顏饭飯驻駐齐齊\
    齿齒龙龍岭嶺";

/// Characters and the radicals that look like them. The last seven are not folded by the usual compatibility mapping.
const RADICALS: &str = "\
    一⼀二⼆人⼈入⼊八⼋力⼒十⼗口⼝大⼤小⼩工⼯干⼲心⼼手⼿文⽂方⽅无⽆日⽇月⽉止⽌比⽐水⽔生⽣用⽤白⽩目⽬石⽯示⽰立⽴\
    网⽹老⽼而⽽自⾃至⾄行⾏言⾔金⾦面⾯音⾳首⾸高⾼\
    民⺠门⻔见⻅长⻓齐⻬风⻛鱼⻥";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_pairs() {
        for table in [CHARACTERS, RADICALS] {
            assert_eq!(table.chars().filter(|c| !c.is_whitespace()).count() % 2, 0);
        }
    }

    #[test]
    fn words_come_before_characters() {
        assert_eq!(traditional("行政强制，重复申请", Script::TraditionalOther), "行政強製，重復申請");
        assert_eq!(traditional("本年制发件数", Script::Traditional), "本年製發件數");
        assert_eq!(traditional("制度", Script::Traditional), "制度");
    }
}
