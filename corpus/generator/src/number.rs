//! Exact decimals: digits and a number of places in, JSON number text out. Never floats.

use std::fmt;

/// A decimal number, `digits` divided by ten to the power of `places`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number {
    /// All digits, with the sign.
    pub digits: i64,
    /// How many of them stand behind the point.
    pub places: u32,
}

impl Number {
    /// A whole number.
    pub fn whole(digits: i64) -> Self {
        Number { digits, places: 0 }
    }

    /// Is it nothing?
    pub fn is_zero(self) -> bool {
        self.digits == 0
    }

    /// The same number without zeros at the end of its fraction.
    pub fn trimmed(self) -> Self {
        let mut number = self;
        while number.places > 0 && number.digits % 10 == 0 {
            number.digits /= 10;
            number.places -= 1;
        }
        number
    }

    /// Ten thousand times as much: 万元 told in 元.
    pub fn times_ten_thousand(self) -> Self {
        if self.places >= 4 {
            Number { digits: self.digits, places: self.places - 4 }.trimmed()
        } else {
            Number::whole(self.digits * 10_i64.pow(4 - self.places))
        }
    }

    /// The number with at least `places` places, zeros added where needed.
    pub fn with_places(self, places: u32) -> Self {
        let mut number = self;
        while number.places < places {
            number.digits *= 10;
            number.places += 1;
        }
        number
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.digits < 0 { "-" } else { "" };
        let digits = self.digits.unsigned_abs();
        if self.places == 0 {
            return write!(f, "{sign}{digits}");
        }
        let scale = 10_u64.pow(self.places);
        let width = self.places as usize;
        write!(f, "{sign}{}.{:0width$}", digits / scale, digits % scale)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_exactly() {
        let fee = Number { digits: 92, places: 3 };
        assert_eq!(fee.to_string(), "0.092");
        assert_eq!(fee.with_places(5).to_string(), "0.09200");
        assert_eq!(fee.with_places(5).trimmed(), fee);
        assert_eq!(fee.times_ten_thousand().to_string(), "920");
        assert_eq!(Number { digits: 1_234_567, places: 6 }.times_ten_thousand().to_string(), "12345.67");
        assert_eq!(Number::whole(-5).to_string(), "-5");
    }
}
