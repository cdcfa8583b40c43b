//! From an operation to its instruction.

use solana_instruction::Instruction;

use super::{Actor, Model, Outcome};
use crate::{
    ops::{Op, Part, Serial},
    reference::{Amount, MOST, Reference, Refusal, Said},
};

impl Model {
    /// Predicts an operation and sends it.
    pub(super) fn instruct(&mut self, op: &Op) -> Outcome {
        match op {
            Op::Deposit { who, lamports, min, referrer } => {
                self.deposit(*who, *lamports, *min, *referrer)
            }
            Op::Request { who, part, pushable, own_rent, reuse_nonce } => {
                self.request(*who, *part, *pushable, *own_rent, *reuse_nonce)
            }
            Op::Claim { ticket, by, to } => self.claim(*ticket, *by, *to),
            Op::Instant { who, part, min, to } => self.withdraw_instant(*who, *part, *min, *to),
            Op::StakeIn { .. } => self.deposit_stake(op),
            Op::StakeOut { who, v, part, min } => self.withdraw_stake(*who, *v, *part, *min),
            Op::GiveTicket { ticket, to, pushable } => self.give_ticket(*ticket, *to, *pushable),
            Op::SendShares { from, to, part } => self.send_shares(*from, *to, *part),
            Op::BurnShares { who, part } => self.burn_shares(*who, *part),
            Op::DonateShares { who, part } => self.donate_shares(*who, *part),
            Op::Donate { who, to, lamports } => self.donate(*who, *to, *lamports),
            Op::Sync { mask, spoil } => self.sync(*mask, *spoil),
            Op::Finalize => self.finalize(),
            Op::Settle { serial } => self.settle(*serial),
            Op::CloseBatch { serial } => self.close_batch(*serial),
            Op::Delegate { .. }
            | Op::Undelegate { .. }
            | Op::Merge { .. }
            | Op::Collect { .. }
            | Op::Sweep { .. } => self.work(op),
            Op::Review { v } => self.review(*v),
            Op::AddValidator { candidate } => self.add_validator(*candidate),
            Op::Remove { v, by_operator } => self.remove_validator(*v, *by_operator),
            Op::ExtendList => self.extend_list(),
            Op::ShowView => self.show_view(),
            Op::SetMetadata { long } => self.set_metadata(*long),
            Op::Nominate { role, anybody } => self.nominate(*role, *anybody),
            Op::Accept { role, by_nominee } => self.accept(*role, *by_nominee),
            Op::Trespass { kind, other } => self.trespass(*kind, *other),
            Op::SetWeights { weights } => self.set_weights(weights),
            Op::Pause { paths, seconds } => self.pause(*paths, *seconds),
            Op::Unpause { paths, by_admin } => self.unpause(*paths, *by_admin),
            Op::Propose { seed, bad } => self.propose(*seed, *bad),
            Op::ApplyConfig => self.apply_config(),
            Op::CancelConfig => self.cancel_config(),
            Op::WindDown { by_admin } => self.wind_down(*by_admin),
            Op::CollectFees => self.collect_fees(),
            Op::OpenPool { bootstrap, bad } => self.open_pool(*bootstrap, *bad),
            _ => unreachable!("{op:?} is no instruction"),
        }
    }

    /// Sends an instruction of a holder.
    pub(super) fn send_by(
        &mut self,
        who: usize,
        instruction: Instruction,
        predicted: Result<Said, Refusal>,
    ) -> Outcome {
        let key = self.people[who].key.insecure_clone();
        self.send(Actor::Holder(who), &[instruction], &[&key], predicted)
    }

    pub(super) fn person(&self, who: u8) -> usize {
        usize::from(who) % self.people.len()
    }

    pub(super) fn serial(&self, serial: Serial) -> u64 {
        serial_of(&self.reference, serial)
    }
}

/// A batch's number, up to that of the next one.
pub(super) fn serial_of(reference: &Reference, serial: Serial) -> u64 {
    let oldest = reference.oldest_batch();
    match serial {
        Serial::Oldest | Serial::NoBatch => oldest,
        Serial::Off(by) => oldest.saturating_add_signed(by.into()).min(reference.next_batch),
    }
}

impl Part {
    /// So much of a balance.
    pub(super) fn of(self, balance: Amount) -> u64 {
        let part = match self {
            Self::Exactly(amount) => amount.into(),
            Self::Ppm(ppm) => balance * Amount::from(ppm.min(1_000_000)) / 1_000_000,
            Self::All => balance,
            Self::Above => balance + 1,
        };
        part.min(MOST) as u64
    }
}
