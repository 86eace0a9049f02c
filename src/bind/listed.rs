//! Which of several titles is the page's own.
//!
//! In: the lines that read as titles, each with a score. Out: the best of them. Sites put links to the reports of other years
//! and of other bodies around a report, which read as its title does. Such links follow one another, and so they are told.

use std::cmp::Reverse;

use super::title::Title;
use crate::layout::Outline;

/// Lines that read as a title.
#[derive(Debug)]
pub(super) struct Candidate {
    /// How well they read so by themselves.
    pub score: i32,
    pub title: Title,
}

/// The best of the candidates, which stand before the line `end`, in the order of the page. `stated` is the issuer and the
/// year that the prose states; it is asked only where several say different things equally well.
pub(super) fn best(
    found: Vec<Candidate>,
    outline: &Outline<'_>,
    end: usize,
    stated: impl FnOnce() -> (Option<String>, Option<u16>),
) -> Option<Title> {
    /// A title in a list yields to another one that lacks its issuer or its year.
    const LISTED: i32 = 4;
    let lists = lists(&found, outline);
    let listed = |candidate: &Candidate| {
        let lines = &candidate.title.lines;
        lists.iter().any(|list| list.start < lines.end && lines.start < list.end)
    };
    let rank = |candidate: &Candidate| {
        let alone = !listed(candidate);
        (if alone { candidate.score } else { candidate.score - LISTED }, alone)
    };
    let most = found.iter().map(rank).max()?;
    let equals: Vec<&Candidate> = found.iter().filter(|candidate| rank(candidate) == most).collect();
    let first = *equals.first()?;
    if equals.iter().all(|other| says_the_same(&first.title, &other.title)) {
        return Some(first.title.clone());
    }
    let (issuer, year) = stated();
    let evidence = |candidate: &&Candidate| {
        let title = &candidate.title;
        let agrees =
            usize::from(year.is_some() && title.year == year) + usize::from(issuer.is_some() && title.issuer == issuer);
        let times = found.iter().filter(|other| says_the_same(title, &other.title)).count();
        // The last line of what stands right above the text may be the title, below the list.
        let below = title.lines.end;
        let above_text = listed(candidate) && (below == end || outline.words(below).contains('。'));
        (agrees, times, above_text)
    };
    equals
        .into_iter()
        .enumerate()
        .max_by_key(|(at, candidate)| (evidence(candidate), Reverse(*at)))
        .map(|(_, best)| best.title.clone())
}

/// The lines of each list of titles: those that follow one another, and are of different years or bodies.
fn lists(found: &[Candidate], outline: &Outline<'_>) -> Vec<std::ops::Range<usize>> {
    let mut lists: Vec<std::ops::Range<usize>> = Vec::new();
    let says_whose = |title: &&Title| title.lines.len() == 1 && (title.year.is_some() || title.issuer.is_some());
    let mut singles = found.iter().map(|candidate| &candidate.title).filter(says_whose);
    let Some(mut before) = singles.next() else { return lists };
    // The lines of the titles that follow one another so far, and whether two of them differ.
    let (mut run, mut differ) = (before.lines.clone(), false);
    for title in singles {
        if (run.end..title.lines.start).all(|line| is_a_date(outline.words(line))) {
            differ |= are_of_two(before, title);
        } else {
            lists.extend(differ.then(|| run.clone()));
            (run, differ) = (title.lines.clone(), false);
        }
        run.end = title.lines.end;
        before = title;
    }
    lists.extend(differ.then_some(run));
    lists
}

/// Whether the titles are of two reports: of different years, or of bodies of which neither is a shorter name of the other.
fn are_of_two(title: &Title, other: &Title) -> bool {
    let bodies = title.issuer.as_deref().zip(other.issuer.as_deref());
    title.year.zip(other.year).is_some_and(|(year, other)| year != other)
        || bodies.is_some_and(|(body, other)| !body.contains(other) && !other.contains(body))
}

fn says_the_same(title: &Title, other: &Title) -> bool {
    (&title.issuer, title.year) == (&other.issuer, other.year)
}

/// Links have the dates of their pages beside them, which may stand on lines of their own.
fn is_a_date(words: &str) -> bool {
    words.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || "-/.:年月日[]()（）【】".contains(c))
}
