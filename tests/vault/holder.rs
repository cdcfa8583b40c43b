//! Every instruction that a holder calls, called by a program: the holder is its PDA, and the payer is
//! somebody else.

use anchor_lang::prelude::Pubkey;
use solana_account::Account;
use solana_instruction::{AccountMeta, Instruction};
use solana_signer::Signer;
use thaw_client::{
    exits::{StakeDeposit, StakeExit},
    instructions::Request,
    thaw::{
        self,
        instructions::Weight,
        state::{Config, SlotState, Ticket},
    },
};
use thaw_tests::{Outcome, SOL, Setup, World, world::config};

use crate::scene::{earn, load};

/// The program of `tests/forwarder`, and its only address that signs.
const FORWARDER: Pubkey = Pubkey::new_from_array([9; 32]);

/// A pool that earns, and a program's address with SOL or without, with a token account.
struct Scene {
    world: World,
    holder: Pubkey,
    bump: u8,
    tokens: Pubkey,
}

impl Scene {
    fn new() -> Self {
        Self::with(config())
    }

    fn with(config: Config) -> Self {
        let mut world = World::with(Setup { config, ..Setup::default() });
        load(&mut world, &FORWARDER, "forwarder.so");
        let guest = world.holder(2_000 * SOL);
        world.deposit(&guest, 1_000 * SOL).unwrap();
        world.crank_epoch();
        world.crank_epoch();
        earn(&mut world);
        world.go_to(40);
        let (holder, bump) = Pubkey::find_program_address(&[b"holder"], &FORWARDER);
        let tokens = world.token_account(&holder);
        world.known.insert(holder);
        Self { world, holder, bump, tokens }
    }

    /// Its stake with a validator becomes shares, as many as the price says, and somebody else pays.
    fn deposits_stake(&mut self, index: u16) {
        let stake = self.world.stake_account(&self.holder, index, 20 * SOL);
        let lamports = self.world.lamports(&stake);
        let shares = self.world.bought(lamports, false).shares;
        let with = StakeDeposit {
            stake,
            staker: self.holder,
            withdrawer: self.holder,
            payer: self.world.payer.pubkey(),
            recipient: self.tokens,
            referrer: None,
        };
        let vote = self.world.votes[usize::from(index)];
        let deposit = self.world.pool.deposit_stake(&vote, index, &with, shares);
        let sent = self.call(deposit).unwrap();
        assert_eq!(sent.number_of(&thaw::ID), shares);
        assert_eq!((self.shares(), self.lamports()), (shares, 0));
        assert_eq!(self.world.lamports(&stake), 0);
        self.world.assert_books();
    }

    /// The same whose address holds shares, and not a lamport: somebody else paid for them.
    fn with_shares() -> Self {
        let mut scene = Self::new();
        let payer = scene.world.payer.pubkey();
        let deposit = scene.world.pool.deposit_sol(&payer, &scene.tokens, 100 * SOL, 0);
        scene.world.send(&[deposit], &[]).unwrap();
        scene
    }

    /// Has the program call it. The world's payer signs the transaction, and nobody else.
    fn call(&mut self, instruction: Instruction) -> Outcome {
        let mut accounts = vec![AccountMeta::new_readonly(instruction.program_id, false)];
        accounts.extend(instruction.accounts);
        for account in accounts.iter_mut().filter(|account| account.pubkey == self.holder) {
            account.is_signer = false;
        }
        let data = [vec![self.bump], instruction.data].concat();
        self.world.send(&[Instruction { program_id: FORWARDER, accounts, data }], &[])
    }

    fn shares(&self) -> u64 {
        self.world.tokens(&self.tokens)
    }

    fn lamports(&self) -> u64 {
        self.world.lamports(&self.holder)
    }

    /// A ticket for `shares`, paid for by the world's payer.
    fn request(&mut self, shares: u64, is_pushable: bool) -> Pubkey {
        let request = Request { shares, nonce: 3, serial: 0, is_pushable };
        let payer = self.world.payer.pubkey();
        let pool = self.world.pool;
        let request = pool.request_withdrawal(&request, &self.holder, &payer, &self.tokens);
        let sent = self.call(request).unwrap();
        assert_eq!(sent.number_of(&thaw::ID), 0, "the batch");
        pool.ticket(&self.holder, 3)
    }

    fn settle(&mut self) {
        earn(&mut self.world);
        self.world.tend();
        self.world.settle().unwrap();
    }

    /// What the payer paid beyond the fee of one signature.
    fn cost(&mut self, act: impl FnOnce(&mut Self)) -> u64 {
        let payer = self.world.payer.pubkey();
        let before = self.world.lamports(&payer);
        act(self);
        before - self.world.lamports(&payer) - 5_000
    }
}

/// A PDA that owns SOL can pay it, as long as it is the system program's and has no data: that is the
/// system program's rule for a transfer.
#[test]
fn it_deposits_sol_of_its_own() {
    let mut scene = Scene::new();
    scene.world.send_lamports(&scene.holder.clone(), 10 * SOL);
    let shares = scene.world.bought(10 * SOL, false).shares;
    let deposit = scene.world.pool.deposit_sol(&scene.holder, &scene.tokens, 10 * SOL, shares);
    let cost = scene.cost(|scene| {
        let sent = scene.call(deposit).unwrap();
        assert_eq!(sent.number_of(&thaw::ID), shares);
    });
    assert_eq!((scene.shares(), scene.lamports(), cost), (shares, 0, 0));
    scene.world.assert_books();
}

/// One with data cannot: somebody else deposits for it.
#[test]
fn with_data_of_its_own_it_needs_another_to_pay() {
    let mut scene = Scene::new();
    let account =
        Account { lamports: 10 * SOL, data: vec![1; 8], owner: FORWARDER, ..Account::default() };
    scene.world.svm.set_account(scene.holder, account).unwrap();
    let pool = scene.world.pool;
    let own = pool.deposit_sol(&scene.holder, &scene.tokens, SOL, 0);
    assert!(scene.call(own).is_err());
    let payer = scene.world.payer.pubkey();
    scene.call(pool.deposit_sol(&payer, &scene.tokens, SOL, 0)).unwrap();
    // All the rest it does as any other, data or not.
    let shares = scene.shares();
    scene
        .call(pool.withdraw_instant(&scene.tokens, &scene.holder, &scene.holder, shares, 0))
        .unwrap();
    assert!(scene.lamports() > 10 * SOL);
}

#[test]
fn it_deposits_its_stake() {
    let mut scene = Scene::new();
    // Room for it: the other validators are to have more.
    let guest = scene.world.holder(400 * SOL);
    scene.world.deposit(&guest, 300 * SOL).unwrap();
    scene.deposits_stake(1);
}

/// The slot opens within the call, with rent that the pool advances.
#[test]
fn it_deposits_stake_of_a_validator_without_any() {
    let mut scene = Scene::new();
    let index = scene.world.add_validator();
    scene.world.set_weights(vec![Weight { index, weight: 1 }]).unwrap();
    scene.world.begin_epoch();
    scene.world.go_to(40);
    scene.deposits_stake(index);
    assert_eq!(scene.world.states(index)[0], SlotState::Active);
}

#[test]
fn it_leaves_at_once() {
    let mut scene = Scene::with_shares();
    let (shares, to) = (scene.shares() / 2, Pubkey::new_unique());
    let price = scene.world.instant_exit(shares);
    let pool = scene.world.pool;
    let exit = pool.withdraw_instant(&scene.tokens, &scene.holder, &to, shares, price.net());
    let cost = scene.cost(|scene| {
        let sent = scene.call(exit).unwrap();
        assert_eq!(sent.number_of(&thaw::ID), price.net());
    });
    assert_eq!((scene.world.lamports(&to), scene.lamports(), cost), (price.net(), 0, 0));
    scene.world.assert_books();
}

#[test]
fn it_takes_stake() {
    let mut scene = Scene::with_shares();
    // Validator 0 is to have less than it has.
    let weights = [(0, 1), (1, 4), (2, 4)].map(|(index, weight)| Weight { index, weight });
    scene.world.set_weights(weights.to_vec()).unwrap();
    earn(&mut scene.world);
    scene.world.go_to(40);
    let (shares, stake) = (10 * SOL, scene.world.fresh_stake());
    let price = scene.world.stake_exit_price(shares);
    let with = StakeExit {
        shares_from: scene.tokens,
        owner: scene.holder,
        stake,
        new_authority: scene.holder,
    };
    let (pool, vote) = (scene.world.pool, scene.world.votes[0]);
    let exit = pool.withdraw_stake(&vote, 0, &with, shares, price.net());
    let cost = scene.cost(|scene| {
        let sent = scene.call(exit).unwrap();
        assert_eq!(sent.number_of(&thaw::ID), price.net());
    });
    assert_eq!(scene.world.delegation(&stake), price.net());
    assert_eq!((scene.lamports(), cost), (0, 0));
    scene.world.assert_books();
}

#[test]
fn it_asks_for_a_ticket_and_claims_it() {
    let mut scene = Scene::with_shares();
    let held = scene.shares();
    let mut address = None;
    let cost = scene.cost(|scene| address = Some(scene.request(40 * SOL, false)));
    let address = address.unwrap();
    let rent = [address, scene.world.pool.batch(0)].map(|key| scene.world.lamports(&key));
    assert_eq!((scene.shares(), cost), (held - 40 * SOL, rent[0] + rent[1]));
    scene.settle();
    let (payer, pool) = (scene.world.payer.pubkey(), scene.world.pool);
    let paid = scene.world.batch(0).unwrap().lamports_settled;
    let before = scene.world.lamports(&payer);
    let claim = pool.claim_withdrawal(&address, 0, &scene.holder, &scene.holder, &payer);
    let sent = scene.call(claim).unwrap();
    assert_eq!(sent.number_of(&thaw::ID), paid);
    assert_eq!((scene.lamports(), scene.world.lamports(&payer)), (paid, before + rent[0] - 5_000));
    scene.world.assert_books();
}

#[test]
fn it_is_paid_by_whoever_pushes_if_it_said_so() {
    let mut scene = Scene::with_shares();
    let address = scene.request(SOL, true);
    scene.settle();
    scene.world.push_claim(&address).unwrap();
    assert!(scene.lamports() > SOL);
}

#[test]
fn it_gives_a_ticket_away_and_takes_one() {
    let mut scene = Scene::with_shares();
    let address = scene.request(SOL, false);
    let (taker, pool) = (scene.world.wallet(SOL), scene.world.pool);
    let give = pool.transfer_ticket(&address, &scene.holder, &taker.pubkey(), false);
    let cost = scene.cost(|scene| drop(scene.call(give).unwrap()));
    let state: Ticket = scene.world.ticket(&address).unwrap();
    assert_eq!((state.owner, state.first_owner, cost), (taker.pubkey(), scene.holder, 0));
    let back = pool.transfer_ticket(&address, &taker.pubkey(), &scene.holder, true);
    scene.world.send(&[back], &[&taker]).unwrap();
    scene.settle();
    let payer = scene.world.payer.pubkey();
    let to = Pubkey::new_unique();
    scene.call(pool.claim_withdrawal(&address, 0, &scene.holder, &to, &payer)).unwrap();
    assert!(scene.world.lamports(&to) > SOL);
}

/// The views need nobody's signature; another program reads them by a call, too.
#[test]
fn it_asks_for_quotes() {
    let mut scene = Scene::with_shares();
    let pool = scene.world.pool;
    let answer = format!("Program return: {} ", thaw_client::thaw::ID);
    let asks = [
        pool.quote_deposit(SOL),
        pool.quote_withdraw(SOL),
        pool.lst_to_sol(SOL),
        pool.sol_to_lst(SOL),
    ];
    for ask in asks {
        let sent = scene.call(ask).unwrap();
        assert!(sent.logs.iter().any(|line| line.starts_with(&answer)));
    }
}
