//! What went through a pool.

use thaw::state::Config;

use super::{books::referral, event::Event};

/// Sums over all events that were replayed; lamports where nothing else is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flows {
    /// SOL deposited, fee included; the first deposit too.
    pub deposited_sol: u64,
    /// Stake deposited, fee included.
    pub deposited_stake: u64,
    /// Paid by instant exits.
    pub paid_instantly: u64,
    /// Given as active stake.
    pub paid_in_stake: u64,
    /// Set aside for tickets.
    pub settled: u64,
    /// Paid to tickets.
    pub claimed: u64,
    /// Net gain of all finalizes.
    pub gain: u64,
    /// Net loss of all finalizes.
    pub loss: u64,
    /// Fees of deposits, referrers' part included.
    pub deposit_fee_lamports: u64,
    /// Referrers' part of them, paid in shares.
    pub referral_lamports: u64,
    /// Fees and haircuts of instant and stake exits.
    pub exit_fee_lamports: u64,
    /// Reward fees.
    pub reward_fee_lamports: u64,
    /// Reward fees, in the shares they became.
    pub reward_fee_shares: u64,
    /// Fee shares minted to the treasury.
    pub collected_fee_shares: u64,
    /// What rounding left over in batches.
    pub dust: u64,
}

impl Flows {
    /// Adds an event under the config in force.
    pub(super) fn count(&mut self, event: &Event, config: &Config) {
        match event {
            Event::PoolInitialized(event) => add(&mut self.deposited_sol, event.bootstrap_lamports),
            Event::SolDeposited(event) => {
                add(&mut self.deposited_sol, event.lamports);
                self.fee(config, event.fee_lamports, event.referral_shares);
            }
            Event::StakeDeposited(event) => {
                add(&mut self.deposited_stake, event.lamports);
                self.fee(config, event.fee_lamports, event.referral_shares);
            }
            Event::WithdrawnInstantly(event) => {
                add(&mut self.paid_instantly, event.lamports);
                add(&mut self.exit_fee_lamports, event.fee_lamports);
            }
            Event::StakeWithdrawn(event) => {
                add(&mut self.paid_in_stake, event.lamports);
                add(&mut self.exit_fee_lamports, event.fee_lamports);
            }
            Event::WithdrawalsSettled(event) => add(&mut self.settled, event.lamports),
            Event::WithdrawalClaimed(event) => add(&mut self.claimed, event.lamports),
            Event::BatchClosed(event) => add(&mut self.dust, event.dust_lamports),
            Event::EpochFinalized(event) => {
                add(&mut self.gain, event.gain_lamports);
                add(&mut self.loss, event.loss_lamports);
                add(&mut self.reward_fee_lamports, event.fee_lamports);
                add(&mut self.reward_fee_shares, event.fee_shares);
            }
            Event::FeesCollected(event) => add(&mut self.collected_fee_shares, event.shares),
            _ => {}
        }
    }

    fn fee(&mut self, config: &Config, lamports: u64, referral_shares: u64) {
        add(&mut self.deposit_fee_lamports, lamports);
        add(&mut self.referral_lamports, referral(config, lamports, referral_shares));
    }
}

/// Adds to a sum. All SOL there is fits.
fn add(sum: &mut u64, more: u64) {
    *sum = sum.saturating_add(more);
}
