//! Exact decimals: what stands on paper, never a float.

use std::fmt;

/// A decimal number of up to 38 digits in its shortest form: `12.50` and `12.5` are the same value, and equal.
// Packed, for a page has hundreds of them: 24 bytes and not 32.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(C, packed(8))]
pub struct Decimal {
    /// The digits without the point.
    mantissa: i128,
    /// How many of them stand after the point; 0 where the last of them would be a 0.
    scale: u8,
}

impl Decimal {
    /// Zero.
    pub const ZERO: Decimal = Decimal { mantissa: 0, scale: 0 };

    /// From digits without a point and how many of them stand after it. None where it would not fit.
    pub fn from_digits(negative: bool, digits: impl IntoIterator<Item = u8>, scale: usize) -> Option<Decimal> {
        let mut mantissa: i128 = 0;
        for digit in digits {
            debug_assert!(digit < 10);
            mantissa = mantissa.checked_mul(10)?.checked_add(i128::from(digit))?;
        }
        let scale = u8::try_from(scale).ok().filter(|scale| *scale <= 38)?;
        Some(Decimal { mantissa: if negative { -mantissa } else { mantissa }, scale }.shortest())
    }

    /// The value times ten to the power of `power`, exactly. None where it would not fit.
    pub fn shift(self, power: i8) -> Option<Decimal> {
        let scale = i16::from(self.scale) - i16::from(power);
        if scale >= 0 {
            return u8::try_from(scale)
                .ok()
                .filter(|scale| *scale <= 38)
                .map(|scale| Decimal { scale, ..self }.shortest());
        }
        let factor = 10i128.checked_pow(u32::from(scale.unsigned_abs()))?;
        Some(Decimal { mantissa: self.mantissa.checked_mul(factor)?, scale: 0 })
    }

    /// The sum, exactly. None where it would not fit.
    pub fn plus(self, other: Decimal) -> Option<Decimal> {
        let scale = self.scale.max(other.scale);
        let aligned = |value: Decimal| value.mantissa.checked_mul(10i128.checked_pow(u32::from(scale - value.scale))?);
        Some(Decimal { mantissa: aligned(self)?.checked_add(aligned(other)?)?, scale }.shortest())
    }

    /// The value so many times, exactly. None where it would not fit.
    pub fn times(self, factor: i64) -> Option<Decimal> {
        Some(Decimal { mantissa: self.mantissa.checked_mul(i128::from(factor))?, ..self }.shortest())
    }

    /// The value as an integer, if it is one that fits.
    pub fn to_i64(self) -> Option<i64> {
        if self.scale == 0 { i64::try_from(self.mantissa).ok() } else { None }
    }

    /// The digits, so many of them after the point. None where that is too few, or the digits would not fit.
    pub fn scaled(self, places: u8) -> Option<i128> {
        self.mantissa.checked_mul(10i128.checked_pow(u32::from(places.checked_sub(self.scale)?))?)
    }

    /// The digits without the point, and how many of them stand after it.
    pub fn parts(self) -> (i128, u8) {
        (self.mantissa, self.scale)
    }

    /// Whether it is a whole number.
    pub fn is_whole(self) -> bool {
        self.scale == 0
    }

    /// The value with the other sign.
    pub fn negated(self) -> Decimal {
        Decimal { mantissa: -self.mantissa, ..self }
    }

    /// Whether it is zero.
    pub fn is_zero(self) -> bool {
        self.mantissa == 0
    }

    /// Whether it is below zero.
    pub fn is_negative(self) -> bool {
        self.mantissa < 0
    }

    fn shortest(mut self) -> Decimal {
        while self.scale > 0 && self.mantissa % 10 == 0 {
            self.mantissa /= 10;
            self.scale -= 1;
        }
        self
    }
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Decimal {
        Decimal { mantissa: i128::from(value), scale: 0 }
    }
}

/// The number as JSON writes it: no exponent, no superfluous zero.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.mantissa.unsigned_abs();
        let sign = if self.mantissa < 0 { "-" } else { "" };
        if self.scale == 0 {
            return write!(f, "{sign}{digits}");
        }
        let scale = usize::from(self.scale);
        let digits = format!("{digits:0>width$}", width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        write!(f, "{sign}{whole}.{fraction}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(negative: bool, digits: &str, scale: usize, shift: i8, expected: Option<&str>) {
        let value = Decimal::from_digits(negative, digits.bytes().map(|b| b - b'0'), scale);
        let shown = value.and_then(|value| value.shift(shift)).map(|value| value.to_string());
        assert_eq!(shown.as_deref(), expected);
    }

    #[test]
    fn decimals() {
        check(false, "1250", 2, 0, Some("12.5"));
        check(true, "38", 0, 0, Some("-38"));
        check(true, "0", 0, 0, Some("0"));
        check(false, "92", 3, 0, Some("0.092"));
        check(false, "251000", 0, -4, Some("25.1"));
        check(false, "26019500", 2, 4, Some("2601950000"));
        check(false, "00012", 0, 0, Some("12"));
        check(false, "99999999999999999999999999999999999999999", 0, 0, None);
        check(false, "1", 38, -1, None);
    }

    #[test]
    fn digits_with_a_fixed_scale() {
        #[track_caller]
        fn check(digits: &str, scale: usize, places: u8, expected: Option<i128>) {
            let value = Decimal::from_digits(true, digits.bytes().map(|b| b - b'0'), scale);
            assert_eq!(value.and_then(|value| value.scaled(places)), expected);
        }
        check("1250", 2, 1, Some(-125));
        check("1250", 2, 3, Some(-12500));
        check("1", 3, 2, None);
        check("99999999999999999999999999999", 0, 10, None);
    }
}
