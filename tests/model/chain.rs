//! What the chain holds after a step: read once, compared with the reference and with the step
//! before.

use std::collections::BTreeMap;

use anchor_lang::prelude::Pubkey;
use solana_clock::Clock;
use thaw_client::thaw::state::{self, StakeView};
use thaw_tests::World;

use crate::{
    apply::Model,
    reference::{Amount, Stake, ceil, less},
};

/// An account of the program's, decoded, and its lamports.
#[derive(Clone, Debug)]
pub struct Held<T> {
    pub data: T,
    pub lamports: Amount,
}

/// A reading.
#[derive(Clone)]
pub struct Chain {
    pub clock: Clock,
    pub lamports_per_byte: Amount,
    pub pool: Box<state::Pool>,
    pub pool_lamports: Amount,
    /// Lamports and bytes of the validator list.
    pub list: (Amount, Amount),
    pub records: Vec<state::Record>,
    /// Each validator's slots.
    pub slots: Vec<[(Amount, Stake); 3]>,
    pub reserve: Amount,
    pub batches: BTreeMap<u64, Held<state::Batch>>,
    /// By first owner and nonce.
    pub tickets: BTreeMap<(usize, u64), Held<state::Ticket>>,
    /// Lamports and tokens of each holder.
    pub people: Vec<(Amount, Amount)>,
    /// Lamports at the addresses of the next batch and of each holder's next ticket.
    pub next_batch: Amount,
    pub next_tickets: Vec<Amount>,
    pub escrow: Amount,
    pub bootstrap: Amount,
    pub treasury: Amount,
    pub supply: Amount,
    pub payer: Amount,
    /// What readers of SPL stake pools are shown, and its lamports.
    pub view: Option<Held<state::SplView>>,
    /// Of all accounts the world knows.
    pub total: Amount,
}

impl Chain {
    pub fn read(model: &Model) -> Self {
        let world = &model.world;
        let lamports = |key: &Pubkey| Amount::from(world.lamports(key));
        let tokens = |key: &Pubkey| Amount::from(world.tokens(key));
        let pool = world.pool();
        let batches = model.batches.iter().zip(0u64..).filter_map(|(key, serial)| {
            let data = decode(world, key)?;
            Some((serial, Held { data, lamports: lamports(key) }))
        });
        let tickets = model.tickets.iter().filter_map(|(name, key)| {
            let data = decode(world, key)?;
            Some((*name, Held { data, lamports: lamports(key) }))
        });
        let people = model.people.iter();
        let next_tickets = people.clone().enumerate().map(|(index, _)| {
            let nonce = model.reference.people[index].nonce;
            model.tickets.get(&(index, nonce)).map_or(0, &lamports)
        });
        Self {
            clock: world.clock(),
            lamports_per_byte: world.rent().lamports_per_byte.into(),
            records: world.records(),
            slots: model.slots.iter().map(|keys| keys.map(|key| read_slot(world, &key))).collect(),
            reserve: lamports(&world.pool.reserve),
            batches: batches.collect(),
            tickets: tickets.collect(),
            people: people.map(|it| (lamports(&it.address()), tokens(&it.tokens))).collect(),
            next_batch: model.batches.get(pool.next_batch as usize).map_or(0, &lamports),
            next_tickets: next_tickets.collect(),
            escrow: tokens(&world.pool.escrow),
            treasury: tokens(&model.treasury),
            bootstrap: tokens(&world.pool.bootstrap),
            supply: world.supply().into(),
            payer: lamports(&model.payer),
            total: world.known.iter().map(lamports).sum(),
            pool_lamports: lamports(&world.pool.pool),
            view: world
                .spl_view()
                .map(|data| Held { data, lamports: lamports(&world.pool.spl_view()) }),
            list: world
                .svm
                .get_account(&world.pool.validators)
                .map_or((0, 0), |it| (it.lamports.into(), it.data.len() as Amount)),
            pool,
        }
    }

    pub fn now(&self) -> i64 {
        self.clock.unix_timestamp
    }

    /// Live rent of an account.
    pub fn rent(&self, bytes: Amount) -> Amount {
        (128 + bytes) * self.lamports_per_byte
    }

    pub fn float(&self) -> Amount {
        8 * self.rent(200)
    }

    /// Lamports behind the exit rate now, by the published formula.
    pub fn nav(&self) -> Amount {
        let pool = &self.pool;
        let (start, end, now) = (pool.release_start, pool.release_end, self.now());
        let locked = Amount::from(pool.locked_gain_lamports);
        let unreleased = if now >= end {
            0
        } else {
            ceil(locked, (end - now.max(start)) as Amount, (end - start) as Amount)
        };
        let earned = unreleased + Amount::from(pool.pending_gain_lamports);
        let hidden = less(earned, pool.pending_loss_lamports.into());
        less(less(self.assets(), pool.pending_fees_lamports.into()), hidden)
    }

    pub fn assets(&self) -> Amount {
        Amount::from(self.pool.reserve_lamports) + Amount::from(self.pool.staked_lamports)
    }

    pub fn shares(&self) -> Amount {
        self.pool.shares.into()
    }
}

fn decode<T: anchor_lang::AccountDeserialize>(world: &World, key: &Pubkey) -> Option<T> {
    let account = world.svm.get_account(key)?;
    thaw_client::decode::account(&account.data).ok()
}

fn read_slot(world: &World, key: &Pubkey) -> (Amount, Stake) {
    let Some(account) = world.svm.get_account(key) else { return (0, Stake::Nothing) };
    let lamports = Amount::from(account.lamports);
    if account.owner != state::STAKE_PROGRAM {
        return (lamports, Stake::Nothing);
    }
    let Some(vote) = account.data.get(124..156).map(|vote| Pubkey::try_from(vote).unwrap()) else {
        return (lamports, Stake::Bricked);
    };
    let view = thaw_client::slots::view(key, &account, &world.pool.authority, &vote);
    let stake = match view {
        StakeView::Initialized => Stake::Ready,
        StakeView::Delegated { stake, activated: since, deactivated } => {
            let until = (deactivated != u64::MAX).then_some(deactivated);
            Stake::Delegated { stake: stake.into(), since, until }
        }
        other => panic!("slot {key} is {other:?}"),
    };
    (lamports, stake)
}
