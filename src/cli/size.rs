//! Numbers of bytes, as they are given in options: `64M`, `64MiB`, `64MB`, `1000`.

/// So many bytes. `K`, `M`, `G` and `T`, also with `iB`, are powers of 1024, `KB`, `MB`,
/// `GB` and `TB` powers of 1000.
pub(super) fn size(text: &str) -> Result<u64, &'static str> {
    const WRONG: &str = "use a number of bytes such as 1000000, 64MB, 64MiB or 1G";
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let factor: u64 = match unit.trim_start().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kib" => 1 << 10,
        "m" | "mib" => 1 << 20,
        "g" | "gib" => 1 << 30,
        "t" | "tib" => 1 << 40,
        "kb" => 1_000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        "tb" => 1_000_000_000_000,
        _ => return Err(WRONG),
    };
    number.parse::<u64>().ok().and_then(|number| number.checked_mul(factor)).ok_or(WRONG)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        #[track_caller]
        fn check(text: &str, expected: Option<u64>) {
            assert_eq!(size(text).ok(), expected);
        }
        check("0", Some(0));
        check("1000", Some(1000));
        check("64MB", Some(64_000_000));
        check("64 MiB", Some(64 << 20));
        check("2g", Some(2 << 30));
        check("7b", Some(7));
        check("", None);
        check("M", None);
        check("1.5M", None);
        check("-1", None);
        check("64 apples", None);
        check("99999999999G", None);
    }
}
