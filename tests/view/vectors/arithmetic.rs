//! The arithmetic alone, with operands of every size.

use serde_json::{Map, Value, json};
use solana_stake_interface::stake_history::{StakeHistory, StakeHistoryEntry};
use thaw_client::math::{
    Books, Bps, InstantFee, Lamports, Release, Shares, deficit_after, entitlement_down,
    mul_div_down, mul_div_up,
};
use thaw_client::{
    history,
    thaw::{
        constants::RING,
        state::{Pool, RingEntry, StakeView},
    },
};

use super::json::{maybe, number};

/// Cases of each kind.
const CASES: usize = 45;

/// A small generator: the same numbers in each run, every order of magnitude as likely as the next.
struct Numbers(u64);

impl Numbers {
    fn bits(&mut self) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 ^ (self.0 >> 29)
    }

    fn next(&mut self) -> u64 {
        let shift = self.bits() % 64;
        self.bits() >> shift
    }

    /// Below `2^bits`.
    fn below(&mut self, bits: u32) -> u64 {
        let shift = 64 - bits + (self.bits() % u64::from(bits)) as u32;
        self.bits() >> shift
    }

    fn bps(&mut self) -> u16 {
        (self.bits() % 10_001) as u16
    }
}

pub fn entries() -> Map<String, Value> {
    let mut numbers = Numbers(42);
    let pairs = [
        ("mulDiv", many(&mut numbers, mul_div)),
        ("bps", many(&mut numbers, bps)),
        ("instantFee", many(&mut numbers, instant_fee)),
        ("books", many(&mut numbers, books)),
        ("release", many(&mut numbers, release)),
        ("entitlement", many(&mut numbers, entitlement)),
        ("deficits", many(&mut numbers, deficit)),
        ("effective", (0..16).map(|_| effective(&mut numbers)).collect()),
        ("rings", (0..4).map(|_| ring(&mut numbers)).collect()),
    ];
    pairs.into_iter().map(|(name, value)| (name.into(), value)).collect()
}

fn many(numbers: &mut Numbers, case: impl Fn(&mut Numbers) -> Value) -> Value {
    (0..CASES).map(|_| case(numbers)).collect()
}

fn mul_div(numbers: &mut Numbers) -> Value {
    let (a, b, divisor) = (numbers.next(), numbers.next(), numbers.next());
    let (down, up) = (mul_div_down(a, b, divisor), mul_div_up(a, b, divisor));
    json!([number(a), number(b), number(divisor), maybe(down), maybe(up)])
}

fn bps(numbers: &mut Numbers) -> Value {
    let (amount, bps) = (numbers.next(), numbers.bps());
    let (down, up) = (Bps(bps).of_down(Lamports(amount)), Bps(bps).of_up(Lamports(amount)));
    json!([number(amount), bps, number(down), number(up)])
}

fn instant_fee(numbers: &mut Numbers) -> Value {
    let (one, other) = (numbers.bps() % 301, numbers.bps() % 301);
    let target = Lamports(numbers.below(50));
    let curve = InstantFee { min: Bps(one.min(other)), max: Bps(one.max(other)), target };
    let liquid = target.0.wrapping_add(numbers.below(50)) >> (numbers.bits() % 3);
    let gross = liquid.saturating_sub(numbers.below(45));
    let fee = curve.fee_up(Lamports(liquid), Lamports(gross));
    json!([curve.min.0, curve.max.0, number(target), number(liquid), number(gross), maybe(fee)])
}

fn books(numbers: &mut Numbers) -> Value {
    // Most fit, some do not.
    let bits = if numbers.bits().is_multiple_of(6) { 64 } else { 58 };
    let mut lamports = || Lamports(numbers.below(bits));
    let books = Books {
        reserve: lamports(),
        staked: lamports(),
        pending_gain: lamports(),
        pending_loss: lamports(),
        pending_fees: lamports(),
        unreleased: lamports(),
        shares: Shares::ZERO,
    };
    let gain = lamports();
    let missed = numbers.bits() % 5;
    let books = Books { shares: Shares(numbers.below(60)), ..books };
    let (lamports, shares) = (numbers.below(60), numbers.below(60));
    let (exit, entry) = (books.exit_rate(), books.entry_rate(missed, gain));
    let parts = [
        books.reserve,
        books.staked,
        books.pending_gain,
        books.pending_loss,
        books.pending_fees,
        books.unreleased,
    ];
    json!({
        "books": parts.map(number),
        "shares": number(books.shares),
        "missed": number(missed),
        "gain": number(gain),
        "nav": maybe(books.nav()),
        "entryNav": maybe(books.entry_nav(missed, gain)),
        "bought": [number(lamports), maybe(entry.and_then(|rate| rate.shares_down(Lamports(lamports))))],
        "worth": [
            number(shares),
            maybe(exit.and_then(|rate| rate.lamports_down(Shares(shares)))),
            maybe(exit.and_then(|rate| rate.lamports_up(Shares(shares)))),
        ],
    })
}

fn release(numbers: &mut Numbers) -> Value {
    let start = 1_790_000_000 + (numbers.bits() % 1_000) as i64;
    let end = start + (numbers.bits() % 300_000) as i64 - 10;
    let now = start + (numbers.bits() % 300_000) as i64 - 1_000;
    let release = Release { locked: Lamports(numbers.next()), start, end };
    let left = release.unreleased_up(now);
    json!([number(release.locked), number(start), number(end), number(now), number(left)])
}

fn entitlement(numbers: &mut Numbers) -> Value {
    let requested = numbers.below(55);
    let (ticket, settled) = (requested >> (numbers.bits() % 9), numbers.below(58));
    let entitled = entitlement_down(Shares(ticket), Lamports(settled), Shares(requested));
    json!([number(ticket), number(settled), number(requested), maybe(entitled)])
}

/// An epoch of any number of leader windows that paid more, less or nothing, or whose mean is not known.
fn deficit(numbers: &mut Numbers) -> Value {
    let before = (numbers.bits() % 17_000_000) as u32;
    let mean = if numbers.bits().is_multiple_of(9) { 0 } else { numbers.below(20) as u32 };
    let own = (u64::from(mean) * (numbers.bits() % 130) / 100) as u32;
    let windows_16 = (numbers.bits() % 225) as u8;
    json!([before, own, mean, windows_16, deficit_after(before, own, mean, windows_16)])
}

/// A delegation in an epoch, after epochs in which the cluster's stake was tight.
fn effective(numbers: &mut Numbers) -> Value {
    let activated =
        if numbers.bits().is_multiple_of(9) { u64::MAX } else { 90 + numbers.bits() % 10 };
    let deactivated = match numbers.bits() % 4 {
        0 | 1 => u64::MAX,
        2 => activated,
        _ => 95 + numbers.bits() % 8,
    };
    let stake = numbers.below(52);
    let first = 88 + numbers.bits() % 8;
    let mut history = StakeHistory::default();
    let mut told = Vec::new();
    for epoch in first..104 {
        let entry = StakeHistoryEntry {
            effective: numbers.below(56),
            activating: numbers.below(54),
            deactivating: numbers.below(54),
        };
        told.push(json!([
            number(epoch),
            number(entry.effective),
            number(entry.activating),
            number(entry.deactivating),
        ]));
        history.add(epoch, entry);
    }
    let epoch = 88 + numbers.bits() % 16;
    let view = StakeView::Delegated { stake, activated, deactivated };
    let part = view.effective_by(&Default::default(), epoch, &history);
    let parts = [part.effective, part.activating, part.deactivating].map(number);
    json!({
        "stake": number(stake),
        "activated": number(activated),
        "deactivated": number(deactivated),
        "epoch": number(epoch),
        "history": told,
        "effective": parts,
    })
}

/// A history as no run would give it: losses, gaps, absurd growth, a ring that has wrapped.
fn ring(numbers: &mut Numbers) -> Value {
    let mut pool: Box<Pool> = Box::new(bytemuck::Zeroable::zeroed());
    let mut entry = RingEntry {
        epoch: 5,
        unix_time: 1_790_000_000,
        assets_lamports: 1 + numbers.below(60),
        shares: 1 + numbers.below(60),
    };
    let count = numbers.bits() % 80;
    for _ in 0..count {
        pool.push_ring(entry);
        entry.epoch += 1 + u64::from(numbers.bits().is_multiple_of(8));
        entry.unix_time += (numbers.bits() % 200_000) as i64 - 500;
        let gain = entry.assets_lamports / (1 + numbers.bits() % 8_000);
        entry.assets_lamports = match numbers.bits() % 12 {
            0 => entry.assets_lamports - gain,
            1 => 1 + numbers.below(60),
            _ => entry.assets_lamports + gain,
        };
        if numbers.bits().is_multiple_of(3) {
            entry.shares = 1 + numbers.below(60);
        }
    }
    let ring: Vec<Value> = pool.ring[..(count as usize).min(RING)]
        .iter()
        .map(|entry| {
            json!([
                number(entry.epoch),
                number(entry.unix_time),
                number(entry.assets_lamports),
                number(entry.shares),
            ])
        })
        .collect();
    let rates: Vec<Value> = history::rates(&pool)
        .iter()
        .map(|rate| {
            json!([
                number(rate.epoch),
                number(rate.rate_lamports),
                maybe(rate.growth_ppb),
                maybe(rate.apy_ppb),
            ])
        })
        .collect();
    let recent = [1, 5, 30, 64].map(|epochs| maybe(history::recent_apy_ppb(&pool, epochs)));
    json!({ "next": number(pool.ring_next), "ring": ring, "rates": rates, "recent": recent })
}
