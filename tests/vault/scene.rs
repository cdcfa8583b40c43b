//! Where the tests of this folder start from.

use anchor_lang::{AccountDeserialize, prelude::Pubkey};
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;
use thaw_tests::{Outcome, SOL, World, chain::program_path, checks::refuses_with_code, sums::down};
use vault_client::{
    PositionAddresses,
    vault_example::{
        self,
        error::VaultError,
        state::{Position, Vault},
    },
};

/// SOL in the pot at the start.
pub const POT: u64 = 500 * SOL;
/// SOL in a wallet at the start.
pub const POCKET: u64 = 1_000 * SOL;

/// A pool that earns, a lender's vault with a pot, and a borrower's position without shares. Rent and
/// fees are paid by the world's payer, who is neither.
pub struct Scene {
    /// The machine and the pool.
    pub world: World,
    /// Owns the vault.
    pub lender: Keypair,
    /// Owns the position.
    pub owner: Keypair,
    /// Where all of it is.
    pub at: PositionAddresses,
}

impl Scene {
    /// A pool in its fourth epoch that has just been finalized with a gain, at 40 % of the epoch.
    pub fn new() -> Self {
        let mut world = World::new();
        load(&mut world, &vault_example::ID, "vault_example.so");
        let holder = world.holder(2_000 * SOL);
        world.deposit(&holder, 1_000 * SOL).unwrap();
        world.crank_epoch();
        world.crank_epoch();
        earn(&mut world);
        world.go_to(40);
        let (lender, owner) = (world.wallet(POCKET), world.wallet(POCKET));
        let at = PositionAddresses::of(world.pool, lender.pubkey(), owner.pubkey());
        let mut scene = Self { world, lender, owner, at };
        scene.open();
        scene
    }

    /// The same with 100 SOL deposited.
    pub fn with_shares() -> Self {
        let mut scene = Self::new();
        scene.deposit(100 * SOL);
        scene
    }

    /// The same with a debt, as large as may be.
    pub fn with_debt() -> Self {
        let mut scene = Self::with_shares();
        let lamports = scene.most();
        scene.borrow(lamports).unwrap();
        scene
    }

    fn open(&mut self) {
        self.world.known.extend([self.at.vault, self.at.position, self.at.shares]);
        let payer = self.world.payer.pubkey();
        let [tokens, position] = self.at.open_position(&payer);
        let open = [self.at.open_vault(&payer), tokens, position];
        self.world.send(&open, &[&self.lender, &self.owner]).unwrap();
        self.world.send_lamports(&self.at.vault, POT);
    }

    /// Another lender's vault for the same pool and another owner's position in it, with shares.
    pub fn other(&mut self) -> (PositionAddresses, Keypair, Keypair) {
        let (lender, owner) = (self.world.wallet(POCKET), self.world.wallet(POCKET));
        let at = PositionAddresses::of(self.world.pool, lender.pubkey(), owner.pubkey());
        let mine = (self.at, self.lender.insecure_clone(), self.owner.insecure_clone());
        (self.at, self.lender, self.owner) = (at, lender, owner);
        self.open();
        self.deposit(100 * SOL);
        let theirs = (self.at, self.lender.insecure_clone(), self.owner.insecure_clone());
        (self.at, self.lender, self.owner) = mine;
        theirs
    }

    /// Sends one instruction as the owner.
    pub fn as_owner(&mut self, instruction: Instruction) -> Outcome {
        self.world.send(&[instruction], &[&self.owner])
    }

    /// The owner deposits.
    pub fn deposit(&mut self, lamports: u64) {
        self.as_owner(self.at.deposit(&self.owner.pubkey(), lamports, 0)).unwrap();
    }

    /// The owner borrows.
    pub fn borrow(&mut self, lamports: u64) -> Outcome {
        self.as_owner(self.at.borrow(lamports))
    }

    /// The position.
    pub fn position(&self) -> Position {
        read(&self.world, &self.at.position)
    }

    /// The vault.
    pub fn vault(&self) -> Vault {
        read(&self.world, &self.at.vault)
    }

    /// The position's shares.
    pub fn shares(&self) -> u64 {
        self.world.tokens(&self.at.shares)
    }

    /// Lamports in the pot.
    pub fn pot(&self) -> u64 {
        // A vault is three keys and a discriminator.
        self.world.lamports(&self.at.vault) - self.world.rent().minimum_balance(104)
    }

    /// What `shares` are worth to the vault.
    pub fn value(&self, shares: u64) -> u64 {
        let pool = self.world.pool();
        down(shares, pool.nav_lamports, pool.shares)
    }

    /// The most that can be borrowed against the shares when nothing is owed.
    pub fn most(&self) -> u64 {
        let limit = down(self.value(self.shares()), 7_000, 10_000);
        // x + ceil(x / 200) <= limit.
        let most = down(limit, 200, 201);
        assert!(most + most.div_ceil(200) <= limit && most + 1 + (most + 1).div_ceil(200) > limit);
        most
    }

    /// A new epoch in which each validator lost a part of 1,000 of its stake, finalized, and deposits
    /// open all the same.
    pub fn lose(&mut self, part: u64) {
        self.world.next_epoch();
        for index in 0..self.world.votes.len() as u16 {
            let stake = self.world.delegation(&self.world.main_slot(index));
            self.world.slash(index, stake * part / 1_000);
        }
        self.world.sync().unwrap();
        self.world.finalize().unwrap();
        self.world.change_pool(|pool| pool.circuit_until = 0);
    }

    /// Puts each account of the other party, one at a time, in the place of what `build` names for
    /// this one, and expects a refusal that changes nothing. Whoever must sign there signs.
    #[track_caller]
    pub fn refuses_each_other(
        &mut self,
        signers: &[&Keypair],
        build: impl Fn(&PositionAddresses) -> Instruction,
    ) {
        let (other, lender, owner) = self.other();
        let (mine, theirs) = (build(&self.at), build(&other));
        let differ = |place: &usize| mine.accounts[*place] != theirs.accounts[*place];
        let places: Vec<usize> = (0..mine.accounts.len()).filter(differ).collect();
        assert!(!places.is_empty());
        for place in places {
            let (old, new) = (&mine.accounts[place], &theirs.accounts[place]);
            let mut swapped = mine.clone();
            swapped.accounts[place] = new.clone();
            let mut with = signers.to_vec();
            if old.is_signer {
                with.retain(|signer| signer.pubkey() != old.pubkey);
                with.extend([&lender, &owner].iter().filter(|one| one.pubkey() == new.pubkey));
            }
            let before = self.world.all_accounts();
            let outcome = self.world.send(&[swapped], &with);
            assert!(outcome.is_err(), "account {place} is another party's");
            self.world.assert_same(&before, &[]);
        }
    }
}

/// Loads a program that `make build` has left beside Thaw's.
pub fn load(world: &mut World, id: &Pubkey, file: &str) {
    let path = program_path().with_file_name(file);
    world.svm.add_program_from_file(*id, path).expect("it is missing: run `make build` first");
}

/// A new epoch in which each validator earned 2 bp, finalized.
pub fn earn(world: &mut World) {
    world.next_epoch();
    for index in 0..world.votes.len() as u16 {
        let stake = world.delegation(&world.main_slot(index));
        world.reward(index, stake / 5_000);
    }
    world.sync().unwrap();
    world.finalize().unwrap();
}

/// The outcome must be exactly this error of the vault.
#[track_caller]
pub fn refuses(outcome: Outcome, error: VaultError) {
    refuses_with_code(outcome, error.into());
}

fn read<T: AccountDeserialize>(world: &World, address: &Pubkey) -> T {
    let account = world.svm.get_account(address).unwrap();
    assert_eq!(account.owner, vault_example::ID);
    T::try_deserialize(&mut &account.data[..]).unwrap()
}
