//! Looking at the pool over RPC, without touching it.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use thaw_client::{
    PoolAddresses, Snapshot,
    thaw::state::{NO_YIELD, Record, SlotState},
};

use crate::network::Network;

/// Pause between two looks.
const PAUSE: Duration = Duration::from_millis(100);
/// Failing looks in a row before the network is given up.
const MAX_FAILURES: u32 = 50;

/// Watches one pool.
pub struct Observer<'a> {
    network: &'a Network,
    pool: PoolAddresses,
    failures: u32,
}

impl<'a> Observer<'a> {
    /// An observer of the pool.
    pub fn new(network: &'a Network, pool: PoolAddresses) -> Self {
        Self { network, pool, failures: 0 }
    }

    /// One look after a short pause. A snapshot takes several calls; only one whose calls all saw
    /// the same state is returned, so that lamports can be compared.
    pub async fn look(&mut self) -> Result<Option<Snapshot>> {
        tokio::time::sleep(PAUSE).await;
        match self.look_twice().await {
            Ok(found) => {
                self.failures = 0;
                Ok(found)
            }
            Err(error) => {
                self.failures = self.failures.saturating_add(1);
                if self.failures > MAX_FAILURES { Err(error) } else { Ok(None) }
            }
        }
    }

    async fn look_twice(&self) -> Result<Option<Snapshot>> {
        let one = Snapshot::fetch(&self.network.rpc, self.pool).await?;
        let two = Snapshot::fetch(&self.network.rpc, self.pool).await?;
        Ok(is_same(&one, &two).then_some(two))
    }

    /// Looks until `is` holds.
    pub async fn until(
        &mut self,
        what: &str,
        patience: Duration,
        is: impl Fn(&Snapshot) -> bool,
    ) -> Result<Snapshot> {
        let began = Instant::now();
        while began.elapsed() < patience {
            if let Some(snapshot) = self.look().await?
                && is(&snapshot)
            {
                return Ok(snapshot);
            }
        }
        bail!("waited {} s in vain for {what}", patience.as_secs())
    }
}

/// True where nothing that counts has changed between two snapshots.
fn is_same(one: &Snapshot, two: &Snapshot) -> bool {
    let slots = |snapshot: &Snapshot| -> Vec<u64> {
        snapshot.validators.iter().flat_map(|v| v.slots).map(|(lamports, _)| lamports).collect()
    };
    bytemuck::bytes_of(&*one.pool) == bytemuck::bytes_of(&*two.pool)
        && one.clock.epoch == two.clock.epoch
        && one.is_rewards_window == two.is_rewards_window
        && one.reserve_lamports == two.reserve_lamports
        && one.batches == two.batches
        && slots(one) == slots(two)
}

/// True once the keeper has folded the clock's epoch into the rate.
pub fn is_finalized(snapshot: &Snapshot) -> bool {
    !snapshot.is_rewards_window && snapshot.pool.epoch == snapshot.clock.epoch
}

/// The least and the most that the pool's validators paid for the last epoch, in words; nothing where
/// one or none did.
pub fn yields(snapshot: &Snapshot) -> String {
    let records = snapshot.validators.iter().map(|validator| &validator.record);
    let booked = records.filter(|record| record.booked_epoch == snapshot.clock.epoch);
    let newest = booked.map(|record| record.yields_ppb[0]);
    let paid: Vec<u32> = newest.filter(|paid| *paid > 0 && *paid != NO_YIELD).collect();
    let (Some(least), Some(most)) = (paid.iter().min(), paid.iter().max()) else {
        return String::new();
    };
    if least == most {
        return String::new();
    }
    // A basis point is 100,000 parts per billion.
    let bps = |ppb: u32| format!("{}.{:02}", ppb / 100_000, ppb % 100_000 / 1_000);
    format!(": from {} to {} basis points by validator", bps(*least), bps(*most))
}

/// Lamports in a validator's slots that work or begin to (first) and that cool down (second).
pub type AtWork = Vec<(u64, u64)>;

/// What every validator has at work, by the books.
pub fn at_work(snapshot: &Snapshot) -> AtWork {
    let sum = |record: &Record, states: &[SlotState]| {
        let slots = record.slots.iter().filter(|slot| states.contains(&slot.state()));
        slots.fold(0u64, |sum, slot| sum.saturating_add(slot.lamports))
    };
    let records = snapshot.validators.iter().map(|validator| &validator.record);
    records
        .map(|record| {
            let working = sum(record, &[SlotState::Active, SlotState::Activating]);
            (working, sum(record, &[SlotState::Cooling]))
        })
        .collect()
}
