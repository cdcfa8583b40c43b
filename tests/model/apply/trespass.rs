//! Sound instructions with one account wrong, or one signature missing: refused, and not a byte
//! changes.

use anchor_lang::prelude::Pubkey;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_message::Message;
use solana_signer::Signer;
use solana_transaction::Transaction;
use thaw_client::{
    PoolAddresses,
    exits::{StakeDeposit, StakeExit},
    instructions::Request,
    thaw::{
        instructions::{SyncEntry, Weight},
        state::{Paths, Role},
    },
};

use super::{Actor, Broken, Done, FEE, Model, Outcome, broken, tally};
use crate::{
    ops::{Min, StakeKind},
    reference::{Amount, Payer, Reference, Refusal, SOL, Ticket, swap::Brought},
};

/// Instructions that are tried.
const KINDS: u8 = 32;
/// How many are built before the step is given up.
const ATTEMPTS: u8 = 8;
/// A pause that is as good as any.
const SECONDS: u32 = 60;

/// An instruction that goes through now, and the places where another account is legitimate.
struct Sound {
    instruction: Instruction,
    free: &'static [usize],
}

impl Model {
    /// Builds a sound instruction, and sends it again and again: each time with one account wrong, or
    /// without one signature.
    pub(super) fn trespass(&mut self, kind: u8, other: u16) -> Outcome {
        let mut attempts = (kind..=kind.saturating_add(ATTEMPTS)).map(|kind| kind % KINDS);
        let built = attempts.find_map(|kind| {
            let sound = self.sound(kind)?;
            self.goes_through(&sound.instruction).then_some(sound)
        });
        let injected = std::mem::take(&mut self.brought) as i128;
        let mut fee = 0;
        if let Some(sound) = built {
            for place in 0..sound.instruction.accounts.len() {
                for spoilt in self.spoil(&sound, place, usize::from(other)) {
                    fee += self.refuses(&spoilt, place)?;
                }
            }
        }
        self.reference.payer -= fee;
        Ok(Done { actor: Actor::Other, injected, fee, said: None, worked_on: None })
    }

    /// The instruction without the signature at a place, and with another account there.
    fn spoil(&self, sound: &Sound, place: usize, other: usize) -> Vec<Instruction> {
        let instruction = &sound.instruction;
        let meta = &instruction.accounts[place];
        let mut all = Vec::new();
        // The payer of the fee signs in any case.
        if meta.is_signer && meta.pubkey != self.payer {
            let mut unsigned = instruction.clone();
            let same = unsigned.accounts.iter_mut().filter(|it| it.pubkey == meta.pubkey);
            same.for_each(|it| it.is_signer = false);
            all.push(unsigned);
        }
        if !sound.free.contains(&place) {
            let strangers =
                if meta.is_signer { self.signers() } else { self.strangers(place, instruction) };
            let is_in = |key: &Pubkey| instruction.accounts.iter().any(|it| it.pubkey == *key);
            let is_other = |key: &&Pubkey| **key != meta.pubkey && !(meta.is_signer && is_in(key));
            // Admin and guardian may both end a pause.
            let is_pause = tally::name_of(instruction) == "unpause";
            let may_too = |key: &&Pubkey| is_pause && **key == self.world.guardian.pubkey();
            let others = strangers.iter().filter(is_other).filter(|key| !may_too(key));
            let others: Vec<&Pubkey> = others.collect();
            if let Some(stranger) = others.get(other % others.len().max(1)) {
                let mut swapped = instruction.clone();
                swapped.accounts[place].pubkey = **stranger;
                all.push(swapped);
            }
        }
        all
    }

    /// Sends an instruction that must be refused without a trace; returns the fee.
    fn refuses(&mut self, spoilt: &Instruction, place: usize) -> Result<Amount, Broken> {
        let before = self.world.all_accounts();
        let signers = self.keys_of(spoilt);
        let with: Vec<&Keypair> = signers.iter().collect();
        let outcome = self.world.send(std::slice::from_ref(spoilt), &with);
        let name = tally::name_of(spoilt);
        if outcome.is_ok() {
            let with = &spoilt.accounts[place];
            return broken("trespass", format!("{name} with account {place} as {with:?}"));
        }
        let mut after = self.world.all_accounts();
        after.extend(before.get_key_value(&self.payer).map(|(key, old)| (*key, old.clone())));
        if after != before {
            return broken("trespass", format!("{name} was refused and changed something"));
        }
        self.census.count_op(self.name(), true);
        self.census.count_trespass(name);
        let others = signers.iter().filter(|signer| signer.pubkey() != self.payer).count();
        Ok(FEE * (1 + others as Amount))
    }

    /// True where an instruction would go through now.
    fn goes_through(&mut self, instruction: &Instruction) -> bool {
        let keys = self.keys_of(instruction);
        let mut with: Vec<&Keypair> = vec![&self.world.payer];
        with.extend(keys.iter().filter(|key| key.pubkey() != self.payer));
        let message = Message::new(std::slice::from_ref(instruction), Some(&self.payer));
        let blockhash = self.world.svm.latest_blockhash();
        self.world.svm.simulate_transaction(Transaction::new(&with, message, blockhash)).is_ok()
    }

    /// Everybody who can sign.
    fn keys(&self) -> Vec<Keypair> {
        let world = &self.world;
        let authorities = [&world.payer, &world.admin, &world.operator, &world.guardian];
        let people = self.people.iter().map(|it| &it.key);
        let all = authorities.into_iter().chain(people).chain(self.nominees.iter().flatten());
        all.map(Keypair::insecure_clone).collect()
    }

    fn keys_of(&self, instruction: &Instruction) -> Vec<Keypair> {
        let signs = |key: &Keypair| {
            instruction.accounts.iter().any(|it| it.is_signer && it.pubkey == key.pubkey())
        };
        self.keys().into_iter().filter(signs).collect()
    }

    fn signers(&self) -> Vec<Pubkey> {
        self.keys().iter().map(Signer::pubkey).collect()
    }

    /// Accounts that are somebody else's, and what stands in the place in another pool.
    fn strangers(&self, place: usize, instruction: &Instruction) -> Vec<Pubkey> {
        let attacker = &self.people[3];
        let places = |pool: &PoolAddresses| {
            vec![pool.pool, pool.reserve, pool.authority, pool.validators, pool.escrow, pool.mint]
        };
        let mut all = vec![attacker.address(), attacker.tokens, self.treasury];
        all.extend(places(&self.world.pool));
        all.extend(self.world.twin.iter().flat_map(places));
        all.extend(self.slots[place % self.slots.len()]);
        all.extend(self.world.votes.first());
        // Another ticket of the same owner, or a batch that can be closed, may be as good.
        let is_in = |key: &Pubkey| instruction.accounts.iter().any(|it| it.pubkey == *key);
        let tickets = self.reference.tickets.iter();
        let others = tickets.filter(|it| !is_in(&self.people[it.owner].address()));
        all.extend(others.map(|it| self.tickets[&(it.first_owner, it.nonce)]).take(2));
        let open = self.reference.batches.iter().filter(|(_, it)| it.settled < it.requested);
        all.extend(open.map(|(serial, _)| self.batches[*serial as usize]));
        all
    }

    /// A sound instruction of a kind, if the pool is in a state for it.
    fn sound(&mut self, kind: u8) -> Option<Sound> {
        let sound = |instruction, free| Some(Sound { instruction, free });
        let admin = self.world.admin.pubkey();
        match kind {
            0 => sound(self.sound_deposit()?, &[4, 5, 8]),
            1 => sound(self.sound_request()?, &[4]),
            2 => sound(self.sound_instant()?, &[5]),
            3 => sound(self.sound_stake_out()?, &[8]),
            4 => sound(self.sound_gift()?, &[2]),
            5 => sound(self.sound_claim(true)?, &[5]),
            6 => sound(self.sound_claim(false)?, &[4]),
            7..=17 => self.sound_crank(kind),
            18 => sound(self.sound_listing()?, &[3]),
            19 => sound(self.sound_weights()?, &[]),
            20 => {
                // Anybody may finish what was begun.
                let may_anybody =
                    |pool: &Reference, v: usize| pool.clone().remove(v, false).is_ok();
                let operator = self.world.operator.pubkey();
                let v = self.one_that(|pool, v| pool.remove(v, true))?;
                let free: &[usize] = if may_anybody(&self.reference, v) { &[4] } else { &[] };
                sound(self.world.pool.remove_validator(&operator, &self.vote(v), v as u16), free)
            }
            21 => {
                let (config, treasury) = (self.world.pool().config, self.treasury);
                sound(self.world.pool.propose_config(&admin, config, treasury), &[])
            }
            22 => sound(self.world.pool.apply_config(), &[]),
            23 => sound(self.world.pool.cancel_config(&admin), &[]),
            24 => {
                let nominee = self.people[3].address();
                sound(self.world.pool.nominate_authority(&admin, Role::Admin, nominee), &[])
            }
            25 => {
                let roles = [Role::Admin, Role::Operator, Role::Guardian].into_iter();
                let mut named = roles.zip(&self.nominees);
                let (role, key) = named.find_map(|(role, key)| Some((role, key.as_ref()?)))?;
                sound(self.world.pool.accept_authority(&key.pubkey(), role), &[])
            }
            26 => {
                let paths = Paths { deposit: true, ..Paths::default() };
                let guardian = self.world.guardian.pubkey();
                sound(self.world.pool.pause(&guardian, paths, SECONDS), &[])
            }
            27 => {
                let paths = Paths { stake: true, ..Paths::default() };
                sound(self.world.pool.unpause(&admin, paths), &[])
            }
            28 => {
                let may_anybody = self.reference.clone().wind_down(false).is_ok();
                // Another pool may be abandoned.
                let free: &[usize] = if may_anybody { &[0, 1] } else { &[0] };
                sound(self.world.pool.wind_down(&admin), free)
            }
            29 => sound(self.world.pool.collect_fees(&self.treasury), &[]),
            30 => sound(self.sound_stake_in()?, &[8, 9, 16]),
            _ => sound(self.world.pool.extend_validator_list(&self.payer), &[2]),
        }
    }

    /// What anyone's crank may do now.
    fn sound_crank(&mut self, kind: u8) -> Option<Sound> {
        let sound = |instruction, free| Some(Sound { instruction, free });
        let payer = self.payer;
        match kind {
            7 => {
                let open =
                    |pool: &Reference, serial: &u64| pool.clone().close_batch(*serial).is_ok();
                let pool = &self.reference;
                let serial = *pool.batches.keys().find(|serial| open(pool, serial))?;
                let opener = self.address_of(pool.batches[&serial].opener);
                sound(self.world.pool.close_batch(serial, &opener), &[])
            }
            8 => sound(self.world.pool.settle_withdrawals(self.reference.oldest_batch()), &[]),
            9 if self.reference.view.is_some() => {
                sound(self.world.pool.finalize_epoch_and_view(), &[])
            }
            9 => sound(self.world.pool.finalize_epoch(), &[]),
            10 => {
                let v = self.reference.validators.iter().position(|it| it.is_held())?;
                let held = self.reference.held(v);
                let keys: Vec<Pubkey> =
                    held.iter().map(|(v, slot)| self.slots[*v][*slot]).collect();
                let entry = SyncEntry { index: v as u16, slots: keys.len() as u8 };
                // Slots that do not fit are left out, not refused.
                sound(self.world.pool.sync_validators(vec![entry], &keys), &[2, 3, 4])
            }
            11 => {
                let v = self.one_that(|pool, v| pool.delegate(v))?;
                sound(self.world.pool.delegate(&payer, &self.vote(v), v as u16), &[0, 9])
            }
            12 => {
                let v = self.one_that(|pool, v| pool.undelegate(v, None))?;
                sound(self.world.pool.undelegate(&payer, &self.vote(v), v as u16, None), &[0, 9])
            }
            13 => {
                let v = self.one_that(|pool, v| pool.merge(v))?;
                sound(self.world.pool.merge_activated(&self.vote(v), v as u16), &[])
            }
            14 => {
                let v = self.one_that(|pool, v| pool.collect(v))?;
                sound(self.world.pool.collect_cooled(&self.vote(v), v as u16), &[])
            }
            15 => {
                let v = self.one_that(|pool, v| pool.sweep(v))?;
                sound(self.world.pool.sweep_excess(&self.vote(v), v as u16), &[])
            }
            16 => {
                let v = self.one_that(|pool, v| pool.review(v))?;
                sound(self.world.pool.review_validator(&self.vote(v), v as u16), &[])
            }
            // Anybody may pay.
            _ => sound(self.world.pool.refresh_spl_view(&payer), &[2]),
        }
    }

    /// A validator with which an instruction would go through.
    fn one_that<T>(
        &self,
        run: impl Fn(&mut Reference, usize) -> Result<T, Refusal>,
    ) -> Option<usize> {
        let can = |v: &usize| run(&mut self.reference.clone(), *v).is_ok();
        (0..self.reference.validators.len()).find(can)
    }

    /// Somebody with shares.
    fn holder_of_shares(&self) -> Option<usize> {
        self.reference.people.iter().position(|person| person.tokens > 0)
    }

    fn sound_deposit(&self) -> Option<Instruction> {
        let who = self.reference.people.iter().position(|it| it.lamports > 2 * SOL)?;
        let holder = &self.people[who];
        Some(self.world.pool.deposit_sol(&holder.address(), &holder.tokens, SOL as u64, 0))
    }

    fn sound_request(&self) -> Option<Instruction> {
        let holder = &self.people[self.holder_of_shares()?];
        let nonce = self.reference.people[self.holder_of_shares()?].nonce;
        let serial = self.reference.batch_to_join();
        let request = Request { shares: 1, nonce, serial, is_pushable: true };
        let owner = holder.address();
        Some(self.world.pool.request_withdrawal(&request, &owner, &self.payer, &holder.tokens))
    }

    fn sound_instant(&self) -> Option<Instruction> {
        let who = self.holder_of_shares()?;
        let shares = (self.reference.people[who].tokens as u64).min(1_000_000);
        let holder = &self.people[who];
        let owner = holder.address();
        Some(self.world.pool.withdraw_instant(&holder.tokens, &owner, &owner, shares, 0))
    }

    fn sound_stake_out(&mut self) -> Option<Instruction> {
        let pool = &self.reference;
        if !pool.has_value() {
            return None;
        }
        let shares = (2 * SOL * pool.shares).div_ceil(pool.nav());
        let who = pool.people.iter().position(|person| person.tokens >= shares)?;
        let min = Min::AnyShares;
        let v = self.one_that(|pool, v| pool.withdraw_stake(who, v, shares, min))?;
        let stake = self.spare_stake;
        let holder = &self.people[who];
        let with = StakeExit {
            shares_from: holder.tokens,
            owner: holder.address(),
            stake,
            new_authority: holder.address(),
        };
        Some(self.world.pool.withdraw_stake(&self.vote(v), v as u16, &with, shares as u64, 0))
    }

    /// A stake account that just fits.
    fn sound_stake_in(&mut self) -> Option<Instruction> {
        let (epoch, rent) = (self.reference.network.epoch, self.reference.network.slot_rent());
        let stake = 2 * SOL;
        let (since, kind) = (epoch - 10, StakeKind::Warm);
        let brought = Brought { stake, lamports: stake + rent, since, kind };
        let min = Min::AnyShares;
        let v = self.one_that(|pool, v| pool.deposit_stake(0, v, &brought, min, None))?;
        let account = self.bring(0, v, &brought);
        self.brought += brought.lamports;
        let owner = self.people[0].address();
        let with = StakeDeposit {
            stake: account,
            staker: owner,
            withdrawer: owner,
            payer: self.payer,
            recipient: self.people[0].tokens,
            referrer: None,
        };
        Some(self.world.pool.deposit_stake(&self.vote(v), v as u16, &with, 0))
    }

    fn sound_gift(&self) -> Option<Instruction> {
        let it = self.reference.tickets.first()?;
        let (owner, new) = (self.people[it.owner].address(), self.people[3].address());
        let address = self.tickets[&(it.first_owner, it.nonce)];
        Some(self.world.pool.transfer_ticket(&address, &owner, &new, true))
    }

    /// A claim by the owner to an address of its choice, or by anyone to the owner.
    fn sound_claim(&self, by_owner: bool) -> Option<Instruction> {
        let pool = &self.reference;
        let is_paid =
            |it: &&Ticket| pool.entitlement(it) > it.claimed && (by_owner || it.is_pushable);
        let it = pool.tickets.iter().find(is_paid)?;
        let owner = self.people[it.owner].address();
        // To somebody else: a claim to the owner may be anybody's.
        let other = self.people[(it.owner + 1) % self.people.len()].address();
        let (claimer, to) = if by_owner { (owner, other) } else { (self.payer, owner) };
        let address = self.tickets[&(it.first_owner, it.nonce)];
        let rent_to = self.address_of(it.payer);
        Some(self.world.pool.claim_withdrawal(&address, it.batch, &claimer, &to, &rent_to))
    }

    fn sound_listing(&self) -> Option<Instruction> {
        let (vote, ..) = self.former.last()?;
        let index = self.reference.validators.iter().position(|it| it.is_free)?;
        let operator = self.world.operator.pubkey();
        Some(self.world.pool.add_validator(&operator, &self.payer, vote, index as u16))
    }

    fn sound_weights(&self) -> Option<Instruction> {
        let all = self.reference.validators.iter().enumerate();
        let kept = all.filter(|(_, it)| !it.is_free && !it.standing.is_leaving);
        let weight = |weight: Amount| weight as u32;
        let weights =
            kept.map(|(v, it)| Weight { index: v as u16, weight: weight(it.next_weight) });
        Some(self.world.pool.set_weights(&self.world.operator.pubkey(), weights))
    }

    fn address_of(&self, payer: Payer) -> Pubkey {
        match payer {
            Payer::World => self.payer,
            Payer::Holder(who) => self.people[who].address(),
        }
    }
}
