//! Hashes as they are written: hexadecimal, in lower case.

/// The digits of a hash.
pub fn hexadecimal(hash: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut words = String::with_capacity(2 * hash.len());
    for byte in hash {
        words.push(char::from(DIGITS[usize::from(byte >> 4)]));
        words.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    words
}

/// The hash that these are the digits of, if they are so many.
pub(super) fn hash<const N: usize>(hexadecimal: &str) -> Option<[u8; N]> {
    let digits = hexadecimal.as_bytes();
    let mut hash = [0; N];
    if digits.len() != 2 * N {
        return None;
    }
    for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |digit: u8| char::from(digit).to_digit(16);
        *byte = (digit(pair[0])? * 16 + digit(pair[1])?) as u8;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        assert_eq!(hexadecimal(&[0, 10, 255]), "000aff");
        assert_eq!(hash("000aff"), Some([0, 10, 255]));
        assert_eq!(hash::<3>("000af"), None);
        assert_eq!(hash::<3>("000afg"), None);
        assert_eq!(hash::<3>("+0+a+f"), None);
    }
}
