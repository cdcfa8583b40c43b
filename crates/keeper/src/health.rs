//! Whether a keeper is at work: what `/readyz` tells.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Slots come several times a second; a server whose slot stands still for so long is not with the
/// cluster.
const STILL: Duration = Duration::from_secs(60);
/// Rounds that may be missed beside this time before a keeper is not ready.
const GRACE: Duration = Duration::from_secs(60);

/// What is known of one pool's keeper.
#[derive(Clone, Debug)]
struct Pulse {
    begun: Instant,
    last_good: Option<Instant>,
    slot: u64,
    slot_since: Instant,
    error: Option<String>,
}

/// The pulse of each pool's keeper, and the payer's balance.
#[derive(Debug)]
pub struct Health {
    interval: Duration,
    floor_lamports: u64,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    pulses: BTreeMap<String, Pulse>,
    payer_lamports: Option<u64>,
}

impl Health {
    /// Of keepers that look every `interval` and whose payer should hold `floor_lamports`.
    pub fn new(interval: Duration, floor_lamports: u64) -> Self {
        Self { interval, floor_lamports, known: Mutex::default() }
    }

    /// A keeper begins.
    pub fn begin(&self, pool: &str, now: Instant) {
        let fresh = Pulse { begun: now, last_good: None, slot: 0, slot_since: now, error: None };
        self.lock().pulses.insert(pool.into(), fresh);
    }

    /// The keeper that began under this name goes on under another.
    pub fn rename(&self, pool: &str) {
        self.lock().pulses.remove(pool);
    }

    /// The pool was read at `slot`.
    pub fn saw(&self, pool: &str, slot: u64, now: Instant) {
        let mut known = self.lock();
        let Some(pulse) = known.pulses.get_mut(pool) else { return };
        if slot > pulse.slot {
            (pulse.slot, pulse.slot_since) = (slot, now);
        }
    }

    /// A transaction landed: the cluster moves on, and so does the work, however long the round.
    pub fn landed(&self, pool: &str, now: Instant) {
        let mut known = self.lock();
        let Some(pulse) = known.pulses.get_mut(pool) else { return };
        pulse.slot_since = now;
        pulse.last_good = pulse.last_good.map(|_| now);
    }

    /// A round ended, well or with trouble.
    pub fn round(&self, pool: &str, trouble: Option<&str>, now: Instant) {
        let mut known = self.lock();
        let Some(pulse) = known.pulses.get_mut(pool) else { return };
        pulse.error = trouble.map(Into::into);
        if trouble.is_none() {
            pulse.last_good = Some(now);
        }
    }

    /// The payer holds so much.
    pub fn payer(&self, lamports: u64) {
        self.lock().payer_lamports = Some(lamports);
    }

    /// What keeps the keepers from being ready; nothing when they are.
    pub fn troubles(&self, now: Instant) -> Vec<String> {
        let known = self.lock();
        let mut troubles = Vec::new();
        for (pool, pulse) in &known.pulses {
            let patience = self.interval.saturating_mul(3).saturating_add(GRACE);
            let since = now.saturating_duration_since(pulse.last_good.unwrap_or(pulse.begun));
            let why = pulse.error.as_deref().unwrap_or("the first round is under way");
            if pulse.last_good.is_none() {
                troubles.push(format!("pool {pool}: no round has ended well yet: {why}"));
            } else if since > patience {
                let seconds = since.as_secs();
                troubles.push(format!("pool {pool}: no round ended well for {seconds} s: {why}"));
            }
            let still = now.saturating_duration_since(pulse.slot_since);
            if still > STILL.max(patience) {
                let (slot, seconds) = (pulse.slot, still.as_secs());
                troubles.push(format!("pool {pool}: slot {slot} for {seconds} s"));
            }
        }
        match known.payer_lamports {
            Some(lamports) if lamports < self.floor_lamports => troubles.push(format!(
                "the payer holds {lamports} lamports, less than {}",
                self.floor_lamports
            )),
            _ => {}
        }
        troubles
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(now: Instant, seconds: u64) -> Instant {
        now.checked_add(Duration::from_secs(seconds)).expect("the clock goes on")
    }

    #[test]
    fn is_ready_after_a_good_round_and_until_none_comes_any_more() {
        let (health, now) = (Health::new(Duration::from_secs(10), 0), Instant::now());
        assert!(health.troubles(now).is_empty(), "nobody is at work yet");
        health.begin("p", now);
        assert_eq!(health.troubles(now).len(), 1);
        health.round("p", Some("no server"), now);
        assert!(health.troubles(now)[0].ends_with("no server"));
        health.saw("p", 5, now);
        health.round("p", None, now);
        assert!(health.troubles(now).is_empty());
        health.round("p", Some("gone"), after(now, 60));
        assert!(health.troubles(after(now, 90)).is_empty(), "three rounds and a minute");
        assert!(health.troubles(after(now, 91))[0].contains("for 91 s: gone"));
        health.saw("p", 6, after(now, 92));
        health.round("p", None, after(now, 92));
        assert!(health.troubles(after(now, 93)).is_empty());
    }

    #[test]
    fn is_ready_in_a_long_round_that_gets_on() {
        let (health, now) = (Health::new(Duration::from_secs(10), 0), Instant::now());
        health.begin("p", now);
        health.saw("p", 5, now);
        health.landed("p", now);
        assert!(!health.troubles(now).is_empty(), "one landing is no round");
        health.round("p", None, now);
        health.landed("p", after(now, 80));
        assert!(health.troubles(after(now, 120)).is_empty());
        assert!(!health.troubles(after(now, 171)).is_empty());
    }

    #[test]
    fn is_not_ready_with_a_slot_that_stands_still_or_an_empty_purse() {
        let (health, now) = (Health::new(Duration::from_secs(1), 100), Instant::now());
        health.begin("p", now);
        health.saw("p", 5, now);
        health.round("p", None, now);
        health.saw("p", 5, after(now, 62));
        health.round("p", None, after(now, 62));
        assert!(health.troubles(after(now, 63)).is_empty());
        health.saw("p", 4, after(now, 64));
        health.round("p", None, after(now, 64));
        assert_eq!(health.troubles(after(now, 64)), ["pool p: slot 5 for 64 s"]);
        health.saw("p", 6, after(now, 65));
        health.round("p", None, after(now, 65));
        health.payer(99);
        assert_eq!(health.troubles(after(now, 65)), ["the payer holds 99 lamports, less than 100"]);
        health.payer(100);
        assert!(health.troubles(after(now, 65)).is_empty());
    }
}
