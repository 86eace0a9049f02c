//! Random numbers: a seed in, the same numbers out, on every machine.
//!
//! The generator is splitmix64: tiny, fast, and good enough to mix pages. It is our own so that a
//! new version of some dependency can never change the bytes that a seed stands for.

/// A stream of random numbers.
#[derive(Debug, Clone)]
pub struct Rng(u64);

impl Rng {
    /// Starts the stream of `seed`.
    pub fn new(seed: u64) -> Self {
        Rng(seed)
    }

    /// Starts a stream that depends on the seed and a name only, so that a change in how one part
    /// of a page is made leaves the other parts as they were.
    pub fn named(seed: u64, name: &str) -> Self {
        let mut rng = Rng(seed);
        for byte in name.bytes() {
            rng.0 = rng.next_u64() ^ u64::from(byte);
        }
        rng
    }

    /// The next 64 random bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 up to, but not including, `end`; 0 when `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        if end == 0 {
            return 0;
        }
        (self.next_u64() % end as u64) as usize
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1) as usize) as i64
    }

    /// True in `percent` of a hundred cases.
    pub fn chance(&mut self, percent: u8) -> bool {
        self.below(100) < usize::from(percent)
    }

    /// One of `items`, which must not be empty.
    pub fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    /// The first of `items` in `percent` of a hundred cases, else any of the others.
    pub fn mostly<T: Copy>(&mut self, percent: u8, items: &[T]) -> T {
        if items.len() < 2 || self.chance(percent) { items[0] } else { self.pick(&items[1..]) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_that_of_splitmix64() {
        let mut rng = Rng::new(1_234_567);
        assert_eq!(rng.next_u64(), 6_457_827_717_110_365_317);
        assert_eq!(rng.next_u64(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn named_streams_differ() {
        let mut a = Rng::named(7, "prose");
        let mut b = Rng::named(7, "figures");
        assert_ne!(a.next_u64(), b.next_u64());
    }
}
