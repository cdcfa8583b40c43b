//! What happens without the program: time, rewards, losses, rent, strangers.

use solana_account::Account;
use solana_clock::Clock;
use solana_epoch_rewards::EpochRewards;
use solana_epoch_schedule::EpochSchedule;
use solana_stake_history::{StakeHistory, StakeHistoryEntry};
use thaw_client::thaw::state::STAKE_PROGRAM;
use thaw_tests::DAY;

use super::{Done, Model};
use crate::{
    ops::Op,
    reference::{
        Amount, Network, Slot, Stake,
        network::{CLUSTER, SLOTS},
    },
};

/// Offset of `delegation.stake` in a stake account, and of its deactivation epoch.
const STAKE: usize = 156;
const DEACTIVATED: usize = 172;
const MILLION: Amount = 1_000_000;
const BILLION: Amount = 1_000 * MILLION;

impl Op {
    /// No transaction: it happens.
    pub fn is_outside(&self) -> bool {
        self.is_time()
            || matches!(
                self,
                Self::Rewards { .. }
                    | Self::Reward { .. }
                    | Self::Tip { .. }
                    | Self::Slash { .. }
                    | Self::Vanish { .. }
                    | Self::Deactivate { .. }
                    | Self::Brick { .. }
                    | Self::Rent { .. }
                    | Self::Vote { .. }
                    | Self::Earned { .. }
                    | Self::Admit { .. }
                    | Self::ClusterPays { .. }
                    | Self::EpochStake { .. }
            )
    }

    /// Time passes.
    pub fn is_time(&self) -> bool {
        matches!(self, Self::Epoch { .. } | Self::GoTo { .. } | Self::Wait { .. })
    }
}

impl Model {
    /// Lets it happen on both sides.
    pub(super) fn happen(&mut self, op: &Op) -> Done {
        let injected = match *op {
            Op::Epoch { skip, gets_through } => self.next_epoch(skip.max(1), gets_through),
            Op::GoTo { percent } => self.go_to(percent.min(99)),
            Op::Wait { seconds } => self.wait(seconds),
            Op::Rewards { paying } => {
                self.reference.network.is_paying_rewards = paying;
                self.set_rewards();
                0
            }
            Op::Rent { per_byte } => {
                self.reference.network.lamports_per_byte = per_byte.into();
                self.world.set_rent(per_byte.into());
                0
            }
            Op::Vote { v, state } => self.change_vote(v, state),
            Op::Earned { mask } => self.earn_in(mask),
            Op::Admit { mask } => self.admit(mask),
            Op::ClusterPays { ppb } => {
                self.reference.network.paid = CLUSTER * Amount::from(ppb) / BILLION;
                self.set_rewards();
                0
            }
            Op::EpochStake { v, lamports } => {
                self.set_epoch_stake(v, lamports);
                0
            }
            Op::Reward { v, ppm } => self.reward(v, ppm.into()),
            Op::Tip { v, slot, lamports } => self.change_slot(v, slot, |slot, _| {
                if slot.stake.is_account() {
                    slot.lamports += Amount::from(lamports);
                }
            }),
            Op::Slash { v, slot, ppm } => self.change_slot(v, slot, |slot, _| {
                change_stake(slot, |stake| {
                    stake - stake * Amount::from(ppm).min(MILLION) / MILLION
                });
            }),
            Op::Vanish { v, slot } => self.change_slot(v, slot, |slot, _| {
                if slot.stake.is_account() {
                    (slot.lamports, slot.stake) = (0, Stake::Nothing);
                }
            }),
            Op::Deactivate { v, slot } => self.change_slot(v, slot, |slot, epoch| {
                if let Stake::Delegated { until: until @ None, .. } = &mut slot.stake {
                    *until = Some(epoch);
                }
            }),
            Op::Brick { v, slot } => {
                let rent = self.reference.network.rent(0);
                self.change_slot(v, slot, |slot, _| {
                    if slot.stake == Stake::Nothing && slot.lamports == 0 {
                        (slot.lamports, slot.stake) = (rent, Stake::Bricked);
                    }
                })
            }
            _ => unreachable!("{op:?} is a transaction"),
        };
        Done::outside(injected)
    }

    /// The first slot of the next epoch, or of one after it.
    fn next_epoch(&mut self, skip: u8, gets_through: u8) -> i128 {
        let network = &mut self.reference.network;
        let percent = Amount::from(gets_through.clamp(1, 100));
        // 9 % of the cluster's stake is this part of what waits.
        let changing = if percent == 100 { 1 } else { CLUSTER * 9 / percent };
        for epoch in network.epoch..network.epoch + u64::from(skip) {
            network.changing.insert(epoch, changing);
        }
        network.epoch += u64::from(skip);
        network.slot = 0;
        network.epoch_start = network.now.max(network.epoch_start + DAY * i64::from(skip));
        network.now = network.epoch_start;
        self.set_history();
        self.set_clock();
        0
    }

    fn go_to(&mut self, percent: u8) -> i128 {
        let network = &mut self.reference.network;
        network.slot = network.slot.max(SLOTS * u64::from(percent) / 100);
        let time = network.epoch_start + DAY * i64::from(percent) / 100;
        network.now = network.now.max(time);
        self.set_clock();
        0
    }

    fn wait(&mut self, seconds: u32) -> i128 {
        self.reference.network.now += i64::from(seconds);
        self.set_clock();
        0
    }

    /// Writes the reference's time to the chain.
    pub(super) fn set_clock(&mut self) {
        let network = &self.reference.network;
        let schedule: EpochSchedule = self.world.svm.get_sysvar();
        self.world.svm.set_sysvar(&Clock {
            slot: schedule.get_first_slot_in_epoch(network.epoch) + network.slot,
            epoch: network.epoch,
            unix_timestamp: network.now,
            epoch_start_timestamp: network.epoch_start,
            leader_schedule_epoch: network.epoch + 1,
        });
    }

    /// Writes to the chain what the reference's cluster pays.
    fn set_rewards(&mut self) {
        let network = &self.reference.network;
        self.world.svm.set_sysvar(&EpochRewards {
            active: network.is_paying_rewards,
            distributed_rewards: network.paid as u64,
            ..EpochRewards::default()
        });
    }

    /// Writes the reference's cluster to the chain.
    pub(super) fn set_history(&mut self) {
        let mut history = StakeHistory::default();
        for (epoch, changing) in &self.reference.network.changing {
            let (effective, changing) = (CLUSTER as u64, *changing as u64);
            let entry =
                StakeHistoryEntry { effective, activating: changing, deactivating: changing };
            history.add(*epoch, entry);
        }
        self.world.svm.set_sysvar(&history);
    }

    /// An epoch's reward, the way the runtime pays it: into each slot that was active in the epoch.
    fn reward(&mut self, v: u8, ppm: Amount) -> i128 {
        let network = &self.reference.network;
        let before = Network { epoch: network.epoch - 1, ..network.clone() };
        let pay = |slot: &mut Slot, _| {
            if before.effective(&slot.stake).effective > 0 {
                change_stake(slot, |stake| stake + stake * ppm / MILLION);
            }
        };
        (0..3).map(|slot| self.change_slot(v, slot, pay)).sum()
    }

    /// The index of a validator.
    pub(super) fn validator(&self, v: u8) -> usize {
        usize::from(v) % self.reference.validators.len()
    }

    /// Changes a slot's account on both sides; returns what it has more.
    fn change_slot(&mut self, v: u8, slot: u8, change: impl FnOnce(&mut Slot, u64)) -> i128 {
        let (v, place) = (self.validator(v), usize::from(slot % 3));
        if self.reference.validators[v].is_free {
            return 0;
        }
        let epoch = self.reference.network.epoch;
        let slot = &mut self.reference.validators[v].slots[place];
        let old = *slot;
        change(slot, epoch);
        let new = *slot;
        if old == new {
            return 0;
        }
        let address = self.slots[v][place];
        let mut account = self.world.svm.get_account(&address).unwrap_or_default();
        match new.stake {
            Stake::Nothing => account = Account::default(),
            Stake::Bricked => {
                let (owner, rent_epoch) = (STAKE_PROGRAM, u64::MAX);
                account = Account { owner, rent_epoch, ..Account::default() };
            }
            Stake::Ready => {}
            Stake::Delegated { stake, until, .. } => {
                put(&mut account, STAKE, stake as u64);
                put(&mut account, DEACTIVATED, until.unwrap_or(u64::MAX));
            }
        }
        account.lamports = new.lamports as u64;
        self.world.svm.set_account(address, account).unwrap();
        new.lamports as i128 - old.lamports as i128
    }
}

/// Changes a delegation and its lamports alike, where all of it is there.
fn change_stake(slot: &mut Slot, change: impl FnOnce(Amount) -> Amount) {
    let lamports = slot.lamports;
    if let Stake::Delegated { stake, .. } = &mut slot.stake
        && *stake <= lamports
    {
        let new = change(*stake);
        slot.lamports = lamports + new - *stake;
        *stake = new;
    }
}

fn put(account: &mut Account, at: usize, value: u64) {
    account.data[at..at + 8].copy_from_slice(&value.to_le_bytes());
}
