//! Which objects of a job are drawn when only a part of them is analysed.

use sha2::{Digest, Sha256};

/// A draw of objects. Each is drawn with the same probability, whatever the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sampling {
    /// Percentage of the objects that are drawn.
    pub percentage: u8,
    /// The same seed draws the same objects.
    pub seed: u64,
    /// Number of the run: each draws anew.
    pub run: u64,
}

impl Sampling {
    /// Whether the object is drawn.
    pub fn draws(&self, bucket: &str, key: &str) -> bool {
        if self.percentage >= 100 {
            return true;
        }
        let mut hash = Sha256::new();
        hash.update(self.seed.to_le_bytes());
        hash.update(self.run.to_le_bytes());
        hash.update((bucket.len() as u64).to_le_bytes());
        hash.update(bucket);
        hash.update(key);
        let digest = hash.finalize();
        let number = digest[..8].iter().fold(0, |number, byte| number << 8 | u128::from(*byte));
        number * 100 < u128::from(self.percentage) << 64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_the_percentage_is_drawn_and_a_seed_draws_the_same_again() {
        let drawn = |percentage, seed, run| -> Vec<usize> {
            let sampling = Sampling { percentage, seed, run };
            (0..10_000).filter(|number| sampling.draws("bucket", &format!("key/{number}"))).collect()
        };
        for percentage in [1, 20, 50, 99] {
            // Five standard deviations of 10,000 draws are at most 250.
            assert!(drawn(percentage, 7, 1).len().abs_diff(usize::from(percentage) * 100) < 250, "{percentage}");
        }
        assert_eq!(drawn(100, 7, 1).len(), 10_000);
        assert_eq!(drawn(20, 7, 1), drawn(20, 7, 1));
        assert_ne!(drawn(20, 7, 1), drawn(20, 8, 1));
        assert_ne!(drawn(20, 7, 1), drawn(20, 7, 2));
    }
}
