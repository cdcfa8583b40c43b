//! How long to wait: exponential, with jitter, with a ceiling.

use std::{
    collections::{BTreeSet, HashMap},
    hash::{BuildHasher, RandomState},
    time::{Duration, Instant},
};

/// Doublings after which a wait no longer grows.
const MAX_DOUBLINGS: u32 = 16;

/// A wait that doubles with each failure.
#[derive(Clone, Debug)]
pub struct Backoff {
    first: Duration,
    ceiling: Duration,
    failures: u32,
}

impl Backoff {
    /// Waits `first` after one failure, never more than `ceiling`.
    pub fn new(first: Duration, ceiling: Duration) -> Self {
        Self { first, ceiling, failures: 0 }
    }

    /// Starts over after a success.
    pub fn reset(&mut self) {
        self.failures = 0;
    }

    /// The wait after one more failure.
    pub fn fail(&mut self) -> Duration {
        let doublings = self.failures.min(MAX_DOUBLINGS);
        self.failures = self.failures.saturating_add(1);
        let factor = 1u32.checked_shl(doublings).unwrap_or(u32::MAX);
        jitter(self.first.saturating_mul(factor).min(self.ceiling))
    }
}

/// Between three quarters of `wait` and all of it, so that several keepers do not march in step.
pub fn jitter(wait: Duration) -> Duration {
    wait.saturating_sub(random_part(wait.checked_div(4).unwrap_or(wait)))
}

/// Between nothing and all of `wait`.
pub fn random_part(wait: Duration) -> Duration {
    let most = wait.as_millis().min(u64::MAX.into()) as u64;
    // Every new `RandomState` hashes nothing to another number: random enough for a wait.
    let random = RandomState::new().hash_one(());
    Duration::from_millis(random.checked_rem(most.saturating_add(1)).unwrap_or(0))
}

/// Actions that failed for good, and until when they are left alone.
#[derive(Debug, Default)]
pub struct Bench {
    waiting: HashMap<String, (Backoff, Instant)>,
}

impl Bench {
    /// True while the action named `key` must wait.
    pub fn holds(&self, key: &str, now: Instant) -> bool {
        self.waiting.get(key).is_some_and(|(_, until)| now < *until)
    }

    /// Names of the actions that must wait.
    pub fn held(&self, now: Instant) -> BTreeSet<String> {
        let held = self.waiting.iter().filter(|(_, (_, until))| now < *until);
        held.map(|(key, _)| key.clone()).collect()
    }

    /// Sends the action to the bench, each time for longer. Returns for how long.
    pub fn send(&mut self, key: String, now: Instant) -> Duration {
        let fresh = || (Backoff::new(Duration::from_secs(2), Duration::from_secs(600)), now);
        let (backoff, until) = self.waiting.entry(key).or_insert_with(fresh);
        let wait = backoff.fail();
        *until = now.checked_add(wait).unwrap_or(now);
        wait
    }

    /// Lets all go: an epoch has begun, and what was refused then may be right now.
    pub fn clear(&mut self) {
        self.waiting.clear();
    }

    /// Forgets an action that went through.
    pub fn forgive(&mut self, key: &str) {
        self.waiting.remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_ceiling_and_start_over() {
        let mut backoff = Backoff::new(Duration::from_millis(400), Duration::from_secs(3));
        let within = |wait: Duration, most: u64| {
            let most = Duration::from_millis(most);
            assert!(wait <= most && wait >= most.mul_f64(0.75), "{wait:?} of {most:?}");
        };
        for most in [400, 800, 1_600, 3_000, 3_000] {
            within(backoff.fail(), most);
        }
        backoff.reset();
        within(backoff.fail(), 400);
    }

    #[test]
    fn a_benched_action_waits_longer_each_time_until_it_is_forgiven() {
        let (mut bench, now) = (Bench::default(), Instant::now());
        let first = bench.send("merge 3".into(), now);
        assert!(bench.holds("merge 3", now) && !bench.holds("merge 4", now));
        assert_eq!(bench.held(now), ["merge 3".to_owned()].into());
        assert!(!bench.holds("merge 3", now.checked_add(first).unwrap()));
        assert!(bench.send("merge 3".into(), now) > first);
        bench.forgive("merge 3");
        assert!(!bench.holds("merge 3", now));
        bench.send("merge 4".into(), now);
        bench.clear();
        assert!(!bench.holds("merge 4", now));
    }
}
