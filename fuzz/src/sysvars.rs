//! The sysvars that the program reads, out of the input.

use std::cell::RefCell;

use anchor_lang::prelude::{Clock, EpochSchedule, Pubkey, pubkey};
use solana_rent::Rent;
use solana_stake_interface::stake_history::{StakeHistory, StakeHistoryEntry};
use solana_sysvar::{
    epoch_rewards::EpochRewards,
    program_stubs::{SyscallStubs, set_syscall_stubs},
};
use thaw::{constants::VOTE_PROGRAM, state::STAKE_PROGRAM};
use thaw_fuzz::bytes::Bytes;

use crate::pool::{EPOCH, NOW, SOL};

const RENT: Pubkey = pubkey!("SysvarRent111111111111111111111111111111111");
const STAKE_HISTORY: Pubkey = pubkey!("SysvarStakeHistory1111111111111111111111111");
/// Slots of an epoch.
const EPOCH_SLOTS: u64 = 432_000;
/// What the runtime answers where it has something.
const SUCCESS: u64 = 0;

/// What the program sees of the chain.
#[derive(Clone, Default)]
pub struct Sysvars {
    /// The clock.
    pub clock: Clock,
    /// Rent.
    pub rent: Rent,
    /// Whether rewards are being paid, and how much was.
    pub rewards: EpochRewards,
    /// Warm-up and cool-down of all stake.
    pub history: StakeHistory,
    /// What other programs answer: the stake program, its minimum delegation.
    pub answer: Option<(Pubkey, Vec<u8>)>,
    /// What the epoch's leaders are drawn by: the stake of each vote account, and of all.
    pub stakes: (u64, u64),
}

thread_local! {
    static NOW_SET: RefCell<Sysvars> = RefCell::default();
}

impl Sysvars {
    /// Reads them: the epoch the pool was finalized in, or another.
    pub fn new(input: &mut Bytes) -> Self {
        let shape = input.byte();
        let epoch = match shape % 8 {
            0..=3 => EPOCH,
            4 | 5 => EPOCH + 1,
            6 => EPOCH + u64::from(shape >> 3),
            _ => input.near(EPOCH),
        };
        let since = if shape & 64 == 0 { u64::from(input.short()) } else { input.amount() };
        let unix_timestamp = NOW.saturating_add_unsigned(since);
        let clock = Clock {
            slot: epoch.saturating_mul(EPOCH_SLOTS).saturating_add(input.short().into()),
            epoch,
            unix_timestamp,
            ..Clock::default()
        };
        let lamports_per_byte = if shape & 128 == 0 { 6_960 } else { input.amount() >> 24 };
        let mut history = StakeHistory::default();
        for _ in 0..input.byte() % 6 {
            let entry = StakeHistoryEntry {
                effective: input.near(400 * SOL),
                activating: input.near(40 * SOL),
                deactivating: input.near(40 * SOL),
            };
            history.add(input.near(epoch), entry);
        }
        let network = input.byte();
        let rewards = EpochRewards {
            active: network == 255,
            distributed_rewards: u64::from(network) * SOL / 1_000,
            ..EpochRewards::default()
        };
        let minimum = u64::from(1 + network % 3) * SOL;
        let answer = match network {
            254 => None,
            253 => Some((VOTE_PROGRAM, minimum.to_le_bytes().to_vec())),
            252 => Some((STAKE_PROGRAM, minimum.to_le_bytes()[..7].to_vec())),
            _ => Some((STAKE_PROGRAM, minimum.to_le_bytes().to_vec())),
        };
        let rent = Rent { lamports_per_byte, ..Rent::default() };
        // None told, or 0 to 60 SOL of 10,000.
        let is_told = network & 1 != 0;
        let stakes = if is_told { (u64::from(network >> 2) * SOL, 10_000 * SOL) } else { (0, 0) };
        Self { clock, rent, rewards, history, answer, stakes }
    }

    /// Lets the program read them.
    pub fn set(&self) {
        let mut history = (self.history.len() as u64).to_le_bytes().to_vec();
        for (epoch, entry) in self.history.iter() {
            let words = [*epoch, entry.effective, entry.activating, entry.deactivating];
            history.extend(words.iter().flat_map(|word| word.to_le_bytes()));
        }
        let mut rent = self.rent.lamports_per_byte.to_le_bytes().to_vec();
        rent.resize(17, 0);
        solana_get_sysvar::set_sysvars(vec![(RENT, rent), (STAKE_HISTORY, history)]);
        solana_cpi::set_answer(self.answer.clone());
        solana_epoch_stake::set_stakes(self.stakes.0, self.stakes.1);
        NOW_SET.set(self.clone());
    }
}

/// Answers the program's other syscalls, and writes no logs.
struct Answers;

/// Makes the program's syscalls ask [`Sysvars::set`].
pub fn install() {
    set_syscall_stubs(Box::new(Answers));
}

/// Writes one of the sysvars to where a syscall wants it.
fn answer<T>(address: *mut u8, value: impl FnOnce(&Sysvars) -> T) -> u64 {
    let value = NOW_SET.with_borrow(value);
    // SAFETY: the SDK passes the address of a `T`, as the call's name says.
    unsafe { address.cast::<T>().write(value) };
    SUCCESS
}

impl SyscallStubs for Answers {
    fn sol_log(&self, _: &str) {}

    fn sol_log_data(&self, _: &[&[u8]]) {}

    fn sol_get_clock_sysvar(&self, address: *mut u8) -> u64 {
        answer(address, |sysvars| sysvars.clock.clone())
    }

    fn sol_get_epoch_rewards_sysvar(&self, address: *mut u8) -> u64 {
        answer(address, |sysvars| sysvars.rewards.clone())
    }

    fn sol_get_epoch_schedule_sysvar(&self, address: *mut u8) -> u64 {
        answer(address, |_| EpochSchedule::without_warmup())
    }
}
