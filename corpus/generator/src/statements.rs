//! Sentences that repeat figures of the tables: figures and wordings in; sentences with what they claim out.
//!
//! A sentence keeps its numbers apart from its words, so that a fault can change one and what is claimed changes with it.

use crate::figures::Figures;
use crate::meanings::{Meaning, meaning};
use crate::number::Number;
use crate::prose::Topic;
use crate::rng::Rng;
use crate::title::Subject;
use crate::wordings;

/// A sentence, or a few that belong together.
#[derive(Debug, Clone)]
pub struct Sentence {
    pub topic: Topic,
    pieces: Vec<Piece>,
    pub numbers: Vec<Number>,
    pub claims: Vec<Claim>,
}

#[derive(Debug, Clone)]
enum Piece {
    Words(String),
    /// The position of a number.
    Number(usize),
}

/// What a sentence says that can be held against something. Numbers are told by their positions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// A number, or words for none, that speaks of cells.
    Figure { number: Option<usize>, meaning: Meaning },
    /// Parts of a whole. `rest`: the last one is said to be what is left. `next`: the number behind them in the sentence.
    Parts { whole: usize, parts: Vec<usize>, rest: bool, next: Option<usize> },
    /// A percentage with two digits behind the point.
    Share { share: usize, part: usize, whole: usize },
}

impl Sentence {
    pub fn text(&self) -> String {
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Words(words) => text.push_str(words),
                Piece::Number(index) => text.push_str(&self.numbers[*index].to_string()),
            }
        }
        text
    }
}

/// What sentences are made from.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The figures of an author who makes no mistake.
    pub figures: &'a Figures,
    /// Whose report it is; none where the page does not tell.
    pub subject: Option<&'a Subject>,
}

const TOPICS: [Topic; 3] = [Topic::Disclosure, Topic::Requests, Topic::Supervision];

/// Sentences for a page: on each topic some that are true, and some that must not be judged.
pub fn sentences(source: Source, rng: &mut Rng) -> Vec<Sentence> {
    let mut all = Vec::new();
    for topic in TOPICS {
        let mut own = Vec::new();
        for _ in 0..1 + rng.below(4) {
            own.extend(any(source, topic, wordings::statements(topic), rng));
        }
        for _ in 0..rng.below(3) {
            own.extend(any(source, topic, wordings::traps(topic), rng));
        }
        while !own.is_empty() {
            all.push(own.swap_remove(rng.below(own.len())));
        }
    }
    all
}

/// A sentence that says that there was none of something of which there was; none where everything is 0.
pub fn denial(source: Source, rng: &mut Rng) -> Option<Sentence> {
    let wordings = TOPICS.iter().flat_map(|topic| wordings::statements(topic.to_owned()).iter().map(|w| (*topic, *w)));
    let mut false_ones: Vec<Sentence> = wordings
        .filter(|(_, wording)| wording.contains("{!"))
        .filter_map(|(topic, wording)| Filling::new(source, true).sentence(topic, wording, rng))
        .filter(|sentence| {
            sentence
                .claims
                .iter()
                .any(|claim| matches!(claim, Claim::Figure { meaning, .. } if !meaning.value.is_zero()))
        })
        .collect();
    if false_ones.is_empty() { None } else { Some(false_ones.swap_remove(rng.below(false_ones.len()))) }
}

/// One of the wordings that are true and can be said here.
fn any(source: Source, topic: Topic, wordings: &[&str], rng: &mut Rng) -> Option<Sentence> {
    (0..20).find_map(|_| Filling::new(source, false).sentence(topic, rng.pick(wordings), rng))
}

/// A wording that is being filled.
struct Filling<'a> {
    source: Source<'a>,
    /// Say that there was none even where there was.
    denying: bool,
    pieces: Vec<Piece>,
    numbers: Vec<Number>,
    claims: Vec<Claim>,
    whole: Option<usize>,
    parts: Vec<usize>,
    rest: bool,
    next: Option<usize>,
    /// What the parts that make up the whole come to, one after another.
    split: Vec<i64>,
}

impl<'a> Filling<'a> {
    fn new(source: Source<'a>, denying: bool) -> Self {
        Filling {
            source,
            denying,
            pieces: Vec::new(),
            numbers: Vec::new(),
            claims: Vec::new(),
            whole: None,
            parts: Vec::new(),
            rest: false,
            next: None,
            split: Vec::new(),
        }
    }

    /// The sentence; none where it would not be true, or where the page can't say it.
    fn sentence(mut self, topic: Topic, wording: &str, rng: &mut Rng) -> Option<Sentence> {
        if wording.contains("20") && self.source.subject.is_none() {
            return None;
        }
        let shares = wording.matches("{/}").count();
        let mut rest = wording;
        while let Some(open) = rest.find('{') {
            let close = open + rest[open..].find('}')?;
            self.words(&rest[..open]);
            self.mark(&rest[open + 1..close], shares, rng)?;
            rest = &rest[close + 1..];
        }
        self.words(rest);
        if let Some(whole) = self.whole {
            let (parts, rest, next) = (self.parts, self.rest, self.next);
            self.claims.push(Claim::Parts { whole, parts, rest, next });
        }
        Some(Sentence { topic, pieces: self.pieces, numbers: self.numbers, claims: self.claims })
    }

    fn words(&mut self, words: &str) {
        self.pieces.push(Piece::Words(words.to_owned()));
    }

    fn number(&mut self, number: Number) -> usize {
        self.numbers.push(number);
        self.pieces.push(Piece::Number(self.numbers.len() - 1));
        self.numbers.len() - 1
    }

    fn mark(&mut self, mark: &str, shares: usize, rng: &mut Rng) -> Option<()> {
        let subject = self.source.subject;
        match mark {
            "we" => self.words(subject.map_or("本机关", |subject| subject.calls_itself())),
            "area" => self.words(subject?.larger_area()?),
            "other" => {
                let others = ["县公安局", "区公安局", "市公安局", "供水公司", "县档案馆", "第二中学"];
                self.words(rng.pick(&others));
            }
            "year" => self.words(&subject?.year.to_string()),
            "last" => self.words(&(subject?.year - 1).to_string()),
            "next" => self.words(&(subject?.year + 1).to_string()),
            "~" => self.words(&rng.between(2, 480).to_string()),
            "/" => {
                let value = self.split.pop()?;
                self.part(Number::whole(value));
            }
            "%" => {
                let (share, part) = (self.numbers.len(), *self.parts.last()?);
                let whole = self.whole?;
                let percent = percent(self.numbers[part], self.numbers[whole])?;
                self.number(percent);
                self.words("%");
                self.claims.push(Claim::Share { share, part, whole });
            }
            "=" => {
                let whole = self.number(Number::whole(rng.between(20, 900)));
                self.begin(whole, shares, rng);
            }
            _ => self.figure(mark, shares, rng)?,
        }
        Some(())
    }

    fn figure(&mut self, mark: &str, shares: usize, rng: &mut Rng) -> Option<()> {
        let name = mark.trim_start_matches(['=', '+', '!', '@']);
        let meaning = meaning(name, self.source.figures)?;
        let value = if meaning.power == 4 { meaning.value.times_ten_thousand() } else { meaning.value };
        let number = match &mark[..1] {
            "!" if !value.is_zero() && !self.denying => return None,
            "!" => None,
            "@" => {
                self.number(value);
                return Some(());
            }
            "=" => {
                let whole = self.number(value);
                self.begin(whole, shares, rng);
                Some(whole)
            }
            "+" => Some(self.part(value)),
            _ => {
                let number = self.number(value);
                let goes_on = |piece: &Piece| !matches!(piece, Piece::Words(words) if words.contains(['。', '；']));
                let since = self.pieces.iter().rev().skip(1).take_while(|piece| goes_on(piece));
                let follows = since.filter(|piece| matches!(piece, Piece::Number(index) if self.parts.contains(index)));
                if self.next.is_none() && follows.count() > 0 {
                    self.next = Some(number);
                }
                Some(number)
            }
        };
        self.claims.push(Claim::Figure { number, meaning });
        Some(())
    }

    /// Begins a whole, and takes it apart for the parts that have no names.
    fn begin(&mut self, whole: usize, shares: usize, rng: &mut Rng) {
        self.whole = Some(whole);
        let mut left = self.numbers[whole].digits;
        for share in (0..shares).rev() {
            let part = if share == 0 { left } else { rng.between(0, left) };
            self.split.push(part);
            left -= part;
        }
    }

    fn part(&mut self, value: Number) -> usize {
        self.rest =
            matches!(self.pieces.last(), Some(Piece::Words(words)) if words.contains("其他") || words.contains("其余"));
        let part = self.number(value);
        self.parts.push(part);
        part
    }
}

/// A part of a whole in percent, rounded to two digits behind the point.
fn percent(part: Number, whole: Number) -> Option<Number> {
    (whole.digits > 0).then(|| Number {
        digits: ((i128::from(part.digits) * 20_000 + i128::from(whole.digits)) / (2 * i128::from(whole.digits))) as i64,
        places: 2,
    })
}
