//! The language of formulas: `new_received + carried_in = outcome_total + carried_out`.
//!
//! In: the text of a formula. Out: a small syntax tree whose nodes are slices of that text, or what is wrong and where. Names
//! are not looked up here and types are not checked; `rules` does that with the form at hand.
//!
//! ```text
//! truth   = "if" truth "then" truth | either
//! either  = both { "or" both }
//! both    = negated { "and" negated }
//! negated = "not" negated | compared
//! compared = sum [ sign sum ]
//! sum     = [ "-" ] product { ("+" | "-") product }
//! product = number "*" operand | operand
//! operand = number | function "(" truth { "," truth } ")" | name | "(" truth ")"
//! ```

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while1};
use nom::character::complete::{char, digit1, multispace0, satisfy};
use nom::combinator::{eof, not, opt, peek, recognize, value};
use nom::error::{ErrorKind, ParseError};
use nom::sequence::{pair, preceded, terminated};
use nom::{IResult, Parser};

use super::Sign;

/// A part of a formula.
#[derive(Debug)]
pub(super) struct Node<'i> {
    /// Its words, a slice of the formula.
    pub words: &'i str,
    /// What it is.
    pub what: What<'i>,
}

/// What a part of a formula is.
#[derive(Debug)]
pub(super) enum What<'i> {
    /// `if a then b`
    If(Box<Node<'i>>, Box<Node<'i>>),
    /// `a or b or c`
    Any(Vec<Node<'i>>),
    /// `a and b and c`
    All(Vec<Node<'i>>),
    /// `not a`
    Not(Box<Node<'i>>),
    /// `a = b`
    Compare(Box<Node<'i>>, Sign, Box<Node<'i>>),
    /// `a + b - c`: each with whether it is taken off.
    Sum(Vec<(bool, Node<'i>)>),
    /// `3 * a`
    Times(i64, Box<Node<'i>>),
    /// A whole number.
    Number(i64),
    /// The name of a cell, or a word such as `value`; it may have a `*`.
    Name,
    /// `sum(a, b)`, `last(a)`, `whole(a)`
    Call(Function, Vec<Node<'i>>),
}

/// What has arguments in brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    /// The sum of all arguments, in which a `*` in a name stands for any letters.
    Sum,
    /// The figure in last year's report.
    Last,
    /// Whether it is a whole number.
    Whole,
}

/// What is wrong with a formula, and at which byte of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub at: usize,
    pub message: String,
}

/// Reads a formula.
pub(super) fn parse(formula: &str) -> Result<Node<'_>, Wrong> {
    let whole = terminated(|input| truth(input, 0), wanted(END, eof));
    match preceded(multispace0, whole).parse(formula) {
        Ok((_, node)) => Ok(node),
        Err(nom::Err::Error(stop) | nom::Err::Failure(stop)) => {
            Err(Wrong { at: formula.len() - stop.at.len(), message: stop.message.to_owned() })
        }
        Err(nom::Err::Incomplete(_)) => Err(Wrong { at: formula.len(), message: OPERAND.to_owned() }),
    }
}

/// How deep brackets, `if` and `not` may stand in one another: no formula for people is deeper, and the stack holds it.
const DEEPEST: usize = 32;

const OPERAND: &str = "a name, a whole number, `sum(…)`, `last(…)`, `whole(…)` or `(` is expected here";
const END: &str = "nothing is expected here: join comparisons with `and` or `or`, figures with `+` or `-`";
const DEEP: &str = "this stands too deep: at most 32 brackets, `if` and `not` may stand in one another";
const WHOLE_ONLY: &str = "a number in a formula is whole and below 10^18: write `3`, not `3.5`";

/// Where reading stopped, and what was expected there.
#[derive(Debug)]
struct Stop<'i> {
    at: &'i str,
    message: &'static str,
}

impl<'i> ParseError<&'i str> for Stop<'i> {
    fn from_error_kind(at: &'i str, _: ErrorKind) -> Self {
        Stop { at, message: OPERAND }
    }

    fn append(_: &'i str, _: ErrorKind, other: Self) -> Self {
        other
    }
}

type Read<'i, T> = IResult<&'i str, T, Stop<'i>>;

fn truth(input: &str, depth: usize) -> Read<'_, Node<'_>> {
    let (rest, found) = opt(word("if")).parse(input)?;
    if found.is_none() {
        return either(input, depth);
    }
    let (rest, condition) = truth(rest, deeper(input, depth)?)?;
    let (rest, _) = wanted("`then` is expected here: `if … then …`", word("then")).parse(rest)?;
    let (rest, then) = truth(rest, depth + 1)?;
    Ok((rest, node(input, rest, What::If(Box::new(condition), Box::new(then)))))
}

fn either(input: &str, depth: usize) -> Read<'_, Node<'_>> {
    joined(input, "or", |input| both(input, depth), What::Any)
}

fn both(input: &str, depth: usize) -> Read<'_, Node<'_>> {
    joined(input, "and", |input| negated(input, depth), What::All)
}

/// One part, or several with `joint` between them.
fn joined<'i>(
    input: &'i str,
    joint: &'static str,
    part: impl Fn(&'i str) -> Read<'i, Node<'i>>,
    make: impl Fn(Vec<Node<'i>>) -> What<'i>,
) -> Read<'i, Node<'i>> {
    let (mut rest, first) = part(input)?;
    let mut parts = Vec::new();
    while let (after, Some(())) = opt(word(joint)).parse(rest)? {
        let (after, next) = part(after)?;
        parts.push(next);
        rest = after;
    }
    if parts.is_empty() {
        return Ok((rest, first));
    }
    parts.insert(0, first);
    Ok((rest, node(input, rest, make(parts))))
}

fn negated(input: &str, depth: usize) -> Read<'_, Node<'_>> {
    let (rest, found) = opt(word("not")).parse(input)?;
    if found.is_none() {
        return compared(input, depth);
    }
    let (rest, inner) = negated(rest, deeper(input, depth)?)?;
    Ok((rest, node(input, rest, What::Not(Box::new(inner)))))
}

fn compared(input: &str, depth: usize) -> Read<'_, Node<'_>> {
    let (rest, left) = sum(input, depth)?;
    let (rest, sign) = opt(sign).parse(rest)?;
    let Some(sign) = sign else { return Ok((rest, left)) };
    let (rest, right) = sum(rest, depth)?;
    Ok((rest, node(input, rest, What::Compare(Box::new(left), sign, Box::new(right)))))
}

fn sign(input: &str) -> Read<'_, Sign> {
    lexeme(alt((
        value(Sign::Unequal, tag("!=")),
        value(Sign::AtMost, tag("<=")),
        value(Sign::AtLeast, tag(">=")),
        value(Sign::Equal, tag("=")),
        value(Sign::Below, tag("<")),
        value(Sign::Above, tag(">")),
    )))
    .parse(input)
}

fn sum(input: &str, depth: usize) -> Read<'_, Node<'_>> {
    let (rest, minus) = opt(lexeme(char('-'))).parse(input)?;
    let (mut rest, first) = product(rest, depth)?;
    let mut parts = Vec::new();
    while let (after, Some(joint)) = opt(lexeme(alt((char('+'), char('-'))))).parse(rest)? {
        let (after, next) = product(after, depth)?;
        parts.push((joint == '-', next));
        rest = after;
    }
    if parts.is_empty() && minus.is_none() {
        return Ok((rest, first));
    }
    parts.insert(0, (minus.is_some(), first));
    Ok((rest, node(input, rest, What::Sum(parts))))
}

fn product(input: &str, depth: usize) -> Read<'_, Node<'_>> {
    let (rest, factor) = opt(terminated(number, lexeme(char('*')))).parse(input)?;
    let Some(factor) = factor else { return operand(input, depth) };
    let (rest, of) = operand(rest, depth)?;
    Ok((rest, node(input, rest, What::Times(factor, Box::new(of)))))
}

fn operand(input: &str, depth: usize) -> Read<'_, Node<'_>> {
    if let (rest, Some(_)) = opt(lexeme(char('('))).parse(input)? {
        let (rest, inner) = truth(rest, deeper(input, depth)?)?;
        let (rest, _) = wanted(CLOSING, lexeme(char(')'))).parse(rest)?;
        return Ok((rest, Node { words: words(input, rest), what: inner.what }));
    }
    if let (rest, Some(function)) = opt(function).parse(input)? {
        return call(input, rest, function, deeper(input, depth)?);
    }
    if let (rest, Some(number)) = opt(number).parse(input)? {
        return Ok((rest, node(input, rest, What::Number(number))));
    }
    let (rest, _) = name(input)?;
    Ok((rest, node(input, rest, What::Name)))
}

const CLOSING: &str = "`)` is expected here";

fn function(input: &str) -> Read<'_, Function> {
    let name = alt((
        value(Function::Sum, tag("sum")),
        value(Function::Last, tag("last")),
        value(Function::Whole, tag("whole")),
    ));
    terminated(lexeme(name), lexeme(char('('))).parse(input)
}

/// The arguments of a function, from behind its bracket.
fn call<'i>(input: &'i str, rest: &'i str, function: Function, depth: usize) -> Read<'i, Node<'i>> {
    let (mut rest, first) = truth(rest, depth)?;
    let mut arguments = vec![first];
    while let (after, Some(_)) = opt(lexeme(char(','))).parse(rest)? {
        let (after, next) = truth(after, depth)?;
        arguments.push(next);
        rest = after;
    }
    let (rest, _) = wanted("`,` or `)` is expected here", lexeme(char(')'))).parse(rest)?;
    Ok((rest, node(input, rest, What::Call(function, arguments))))
}

fn number(input: &str) -> Read<'_, i64> {
    let (rest, digits) = digit1(input)?;
    let fails = || nom::Err::Failure(Stop { at: input, message: WHOLE_ONLY });
    // Eighteen digits: then no sum of a few such numbers leaves 64 bits.
    if digits.len() > 18 || rest.starts_with('.') {
        return Err(fails());
    }
    let (rest, _) = multispace0(rest)?;
    digits.parse().map(|number| (rest, number)).map_err(|_| fails())
}

fn name(input: &str) -> Read<'_, &str> {
    let reserved = alt((word("if"), word("then"), word("or"), word("and"), word("not")));
    let first = satisfy(|c| c.is_ascii_lowercase() || c == '*');
    preceded(peek(not(reserved)), lexeme(recognize(pair(first, take_while(of_a_name))))).parse(input)
}

/// A word of the language, which no longer name begins with.
fn word<'i>(word: &'static str) -> impl Parser<&'i str, Output = (), Error = Stop<'i>> {
    value((), lexeme(terminated(tag(word), not(take_while1(of_a_name)))))
}

fn of_a_name(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-' | '.' | '*')
}

/// `parser`, and the blanks behind it.
fn lexeme<'i, P: Parser<&'i str, Error = Stop<'i>>>(
    parser: P,
) -> impl Parser<&'i str, Output = P::Output, Error = Stop<'i>> {
    terminated(parser, multispace0)
}

/// `parser` must succeed here; if not, `message` says what is expected.
fn wanted<'i, P: Parser<&'i str, Error = Stop<'i>>>(
    message: &'static str,
    mut parser: P,
) -> impl Parser<&'i str, Output = P::Output, Error = Stop<'i>> {
    move |input: &'i str| match parser.parse(input) {
        Err(nom::Err::Error(_)) => Err(nom::Err::Failure(Stop { at: input, message })),
        other => other,
    }
}

fn deeper(input: &str, depth: usize) -> Result<usize, nom::Err<Stop<'_>>> {
    if depth < DEEPEST { Ok(depth + 1) } else { Err(nom::Err::Failure(Stop { at: input, message: DEEP })) }
}

fn node<'i>(from: &'i str, rest: &'i str, what: What<'i>) -> Node<'i> {
    Node { words: words(from, rest), what }
}

/// What was read of `from` when `rest` is left.
fn words<'i>(from: &'i str, rest: &str) -> &'i str {
    from[..from.len() - rest.len()].trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree, with every join in brackets.
    fn shown(node: &Node<'_>) -> String {
        let all = |nodes: &[Node<'_>], joint: &str| nodes.iter().map(shown).collect::<Vec<_>>().join(joint);
        match &node.what {
            What::If(a, b) => format!("(if {} then {})", shown(a), shown(b)),
            What::Any(parts) => format!("({})", all(parts, " or ")),
            What::All(parts) => format!("({})", all(parts, " and ")),
            What::Not(inner) => format!("(not {})", shown(inner)),
            What::Compare(a, sign, b) => format!("({} {} {})", shown(a), sign.name(), shown(b)),
            What::Sum(parts) => {
                let part =
                    |(minus, node): &(bool, Node<'_>)| format!("{}{}", if *minus { "-" } else { "+" }, shown(node));
                format!("({})", parts.iter().map(part).collect::<String>())
            }
            What::Times(factor, of) => format!("{factor}*{}", shown(of)),
            What::Number(number) => number.to_string(),
            What::Name => node.words.to_owned(),
            What::Call(function, arguments) => {
                format!("{function:?}({})", all(arguments, ", "))
            }
        }
    }

    #[track_caller]
    fn check(formula: &str, expected: &str) {
        assert_eq!(parse(formula).map(|node| shown(&node)).as_deref(), Ok(expected));
    }

    #[track_caller]
    fn check_wrong(formula: &str, at: usize, message: &str) {
        let wrong = parse(formula).expect_err("a mistake");
        assert_eq!((wrong.at, wrong.message.as_str()), (at, message));
    }

    #[test]
    fn formulas() {
        check("a + b = c + d", "((+a+b) = (+c+d))");
        check("  total=sum( a , denied_* )\n", "(total = Sum(a, denied_*))");
        check("if a > 0 then b >= 3 * a", "(if (a > 0) then (b >= 3*a))");
        check("a < b and not c != d or decimal", "(((a < b) and (not (c != d))) or decimal)");
        check("not (decimal or whole(value))", "(not (decimal or Whole(value)))");
        check("-a + 2*(b - c) <= 10", "((-a+2*(+b-c)) <= 10)");
        check("in_force = last(in_force) + issued - repealed", "(in_force = (+Last(in_force)+issued-repealed))");
        check("applications.new_received.total = x-y", "(applications.new_received.total = x-y)");
        // A word of the language may begin a name, and one without a bracket may be one.
        check("order = notes + sum + iffy", "(order = (+notes+sum+iffy))");
        check("if a = 1 then if b = 1 then c = 1", "(if (a = 1) then (if (b = 1) then (c = 1)))");
        check("sum(*)=sum(t.*.total)", "(Sum(*) = Sum(t.*.total))");
    }

    #[test]
    fn mistakes() {
        check_wrong("", 0, OPERAND);
        check_wrong("a + ", 4, OPERAND);
        check_wrong("a = 甲", 4, OPERAND);
        check_wrong("a = b = c", 6, END);
        check_wrong("a == b", 3, OPERAND);
        check_wrong("a b", 2, END);
        check_wrong("a = b * 3", 6, END);
        check_wrong("if a = 1 or", 11, OPERAND);
        check_wrong("if a = 1 and b", 14, "`then` is expected here: `if … then …`");
        check_wrong("(a = b", 6, CLOSING);
        check_wrong("sum(a b)", 6, "`,` or `)` is expected here");
        check_wrong("sum()", 4, OPERAND);
        check_wrong("a = 3.5", 4, WHOLE_ONLY);
        check_wrong("a = 1234567890123456789", 4, WHOLE_ONLY);
        check_wrong("a = and", 4, OPERAND);
        check_wrong("A = b", 0, OPERAND);
    }

    #[test]
    fn nesting_has_an_end() {
        let nested = |open: &str, depth: usize| open.repeat(depth) + "a";
        check_wrong(&nested("(", 100_000), DEEPEST, DEEP);
        check_wrong(&nested("not ", 100_000), DEEPEST * 4, DEEP);
        check_wrong(&nested("if a = 1 then ", 100_000), DEEPEST * 14, DEEP);
        check_wrong(&nested("sum(", 100_000), DEEPEST * 4, DEEP);
        check(&("(".repeat(DEEPEST) + "a = 1" + &")".repeat(DEEPEST)), "(a = 1)");
        // A long formula is not a deep one.
        assert!(parse(&(nested("a + ", 100_000) + " = 1")).is_ok());
    }
}
