//! A stake pool of the SPL program itself, as its manager runs it. The instructions are encoded by
//! the order and layout of `StakePoolInstruction` in spl-stake-pool 2.2.0.

use solana_instruction::{AccountMeta, Instruction};
use solana_keypair::Keypair;
use solana_signer::Signer;
use solana_stake_interface::{
    instruction as stake_program,
    program::ID as STAKE_PROGRAM,
    state::{Authorized, Lockup},
};
use solana_system_interface::{instruction as system, program::ID as SYSTEM_PROGRAM};
use solana_transaction::Transaction;
use thaw_client::{
    instructions::TOKEN_PROGRAM,
    spl_pool::{PROGRAMS, SplPool},
    token_account::ASSOCIATED_TOKEN_PROGRAM,
};
use thaw_localnet::{Program, Pubkey};

use crate::common::{Desk, key};

/// The SPL's program, where `toolchain/fetch-peers` leaves it.
const SO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/fixtures/spl_stake_pool.so");
const ID: Pubkey = PROGRAMS[0];
/// Validators that the list has room for, and bytes of a pool, a list, a mint and a stake account.
const ROOM: u32 = 10;
const BYTES: [u64; 4] = [611, 9 + 73 * ROOM as u64, 82, 200];
/// Fee of withdrawals: a part in so many.
pub const FEE_PART: u64 = 1_000;

/// The program to load.
pub fn program() -> Program {
    assert!(std::path::Path::new(SO).exists(), "{SO}: run `make setup` first");
    Program { id: ID, path: SO.into() }
}

/// An SPL stake pool.
pub struct OldPool<'a> {
    desk: &'a Desk,
    pub address: Pubkey,
    pub mint: Pubkey,
    pub manager: Keypair,
    authority: Pubkey,
    list: Pubkey,
    reserve: Pubkey,
}

impl<'a> OldPool<'a> {
    /// Opens one, without validators.
    pub async fn open(desk: &'a Desk) -> Self {
        let [pool, list, mint, reserve, manager] = [(); 5].map(|()| Keypair::new());
        let authority = Pubkey::find_program_address(&[pool.pubkey().as_ref(), b"withdraw"], &ID).0;
        let old = Self {
            desk,
            address: pool.pubkey(),
            mint: mint.pubkey(),
            authority,
            list: list.pubkey(),
            reserve: reserve.pubkey(),
            manager,
        };
        let payer = desk.wallet.pubkey();
        let owners = [ID, ID, TOKEN_PROGRAM, STAKE_PROGRAM];
        let mut open = Vec::new();
        for ((key, bytes), owner) in
            [&pool, &list, &mint, &reserve].into_iter().zip(BYTES).zip(owners)
        {
            let rent = desk.rpc.get_minimum_balance_for_rent_exemption(bytes as usize).await;
            let rent = rent.unwrap();
            open.push(system::create_account(&payer, &key.pubkey(), rent, bytes, &owner));
        }
        old.send(open, &[&pool, &list, &mint, &reserve]).await;
        // `InitializeMint2`: 9 places, the mint's authority, no freeze authority.
        let data = [&[20, 9], authority.as_ref(), &[0]].concat();
        let accounts = vec![AccountMeta::new(old.mint, false)];
        let init_mint = Instruction { program_id: TOKEN_PROGRAM, accounts, data };
        let both = Authorized { staker: authority, withdrawer: authority };
        let init_reserve = stake_program::initialize(&old.reserve, &both, &Lockup::default());
        // No fees but that on withdrawals.
        let fees = [0, 0, FEE_PART, 1, 0, 0].map(u64::to_le_bytes).concat();
        let data = [&[0], &fees[..], &[0], &ROOM.to_le_bytes()].concat();
        let init_pool = old.build(
            data,
            &[
                (old.address, true),
                (old.manager.pubkey(), false),
                (old.manager.pubkey(), false),
                (authority, false),
                (old.list, true),
                (old.reserve, false),
                (old.mint, true),
                (old.fees(), true),
                (TOKEN_PROGRAM, false),
            ],
        );
        let open_fees = old.open_tokens(&old.manager.pubkey());
        let open = vec![init_mint, init_reserve, open_fees, init_pool];
        old.send(open, &[&old.manager]).await;
        old
    }

    /// SOL of `owner` in, tokens out.
    pub async fn deposit_sol(&self, owner: &Keypair, lamports: u64) {
        let data = [&[14], &lamports.to_le_bytes()[..]].concat();
        let deposit = self.build(
            data,
            &[
                (self.address, true),
                (self.authority, false),
                (self.reserve, true),
                (owner.pubkey(), true),
                (self.account(&owner.pubkey()), true),
                (self.fees(), true),
                (self.fees(), true),
                (self.mint, true),
                (SYSTEM_PROGRAM, false),
                (TOKEN_PROGRAM, false),
            ],
        );
        self.send(vec![self.open_tokens(&owner.pubkey()), deposit], &[owner]).await;
    }

    /// Takes a validator in, with the least stake.
    pub async fn add_validator(&self, vote: Pubkey) {
        let add = self.build(
            vec![1, 0, 0, 0, 0],
            &[
                (self.address, true),
                (self.manager.pubkey(), false),
                (self.reserve, true),
                (self.authority, false),
                (self.list, true),
                (self.stake(&vote), true),
                (vote, false),
                (key("SysvarRent111111111111111111111111111111111"), false),
                (key("SysvarC1ock11111111111111111111111111111111"), false),
                (key("SysvarStakeHistory1111111111111111111111111"), false),
                (key("StakeConfig11111111111111111111111111111111"), false),
                (SYSTEM_PROGRAM, false),
                (STAKE_PROGRAM, false),
            ],
        );
        self.send(vec![add], &[&self.manager]).await;
    }

    /// Delegates from the reserve.
    pub async fn increase(&self, vote: Pubkey, lamports: u64) {
        let data = [&[4], &lamports.to_le_bytes()[..], &0u64.to_le_bytes()].concat();
        let increase = self.build(
            data,
            &[
                (self.address, false),
                (self.manager.pubkey(), false),
                (self.authority, false),
                (self.list, true),
                (self.reserve, true),
                (self.transient(&vote), true),
                (self.stake(&vote), false),
                (vote, false),
                (key("SysvarC1ock11111111111111111111111111111111"), false),
                (key("SysvarRent111111111111111111111111111111111"), false),
                (key("SysvarStakeHistory1111111111111111111111111"), false),
                (key("StakeConfig11111111111111111111111111111111"), false),
                (SYSTEM_PROGRAM, false),
                (STAKE_PROGRAM, false),
            ],
        );
        self.send(vec![increase], &[&self.manager]).await;
    }

    /// Has withdrawals take from this validator first.
    pub async fn prefer(&self, vote: Pubkey) {
        let data = [&[5, 1, 1], vote.as_ref()].concat();
        let accounts = [(self.address, true), (self.manager.pubkey(), false), (self.list, false)];
        self.send(vec![self.build(data, &accounts)], &[&self.manager]).await;
    }

    /// The update of the epoch: every validator, then the pool.
    pub async fn update(&self) {
        let mut accounts = vec![
            (self.address, false),
            (self.authority, false),
            (self.list, true),
            (self.reserve, true),
            (key("SysvarC1ock11111111111111111111111111111111"), false),
            (key("SysvarStakeHistory1111111111111111111111111"), false),
            (STAKE_PROGRAM, false),
        ];
        for entry in self.read().await.validators {
            accounts.push((self.stake(&entry.vote), true));
            accounts.push((self.transient(&entry.vote), true));
        }
        let list = self.build(vec![6, 0, 0, 0, 0, 0], &accounts);
        let pool = self.build(
            vec![7],
            &[
                (self.address, true),
                (self.authority, false),
                (self.list, true),
                (self.reserve, false),
                (self.fees(), true),
                (self.mint, true),
                (TOKEN_PROGRAM, false),
            ],
        );
        self.send(vec![list, pool], &[]).await;
    }

    /// The pool as the client reads it.
    pub async fn read(&self) -> SplPool {
        SplPool::fetch(&self.desk.rpc, self.address, None).await.unwrap()
    }

    /// Tokens of a wallet.
    pub async fn tokens(&self, owner: &Pubkey) -> u64 {
        let pool = self.read().await;
        pool.tokens_in(&self.desk.rpc, &self.account(owner)).await.unwrap()
    }

    /// The stake account of a validator.
    pub fn stake(&self, vote: &Pubkey) -> Pubkey {
        Pubkey::find_program_address(&[vote.as_ref(), self.address.as_ref()], &ID).0
    }

    fn transient(&self, vote: &Pubkey) -> Pubkey {
        let seeds = [b"transient", vote.as_ref(), self.address.as_ref(), &[0; 8]];
        Pubkey::find_program_address(&seeds, &ID).0
    }

    fn account(&self, owner: &Pubkey) -> Pubkey {
        let seeds = [owner.as_ref(), TOKEN_PROGRAM.as_ref(), self.mint.as_ref()];
        Pubkey::find_program_address(&seeds, &ASSOCIATED_TOKEN_PROGRAM).0
    }

    fn fees(&self) -> Pubkey {
        self.account(&self.manager.pubkey())
    }

    fn open_tokens(&self, owner: &Pubkey) -> Instruction {
        Instruction {
            program_id: ASSOCIATED_TOKEN_PROGRAM,
            accounts: vec![
                AccountMeta::new(self.desk.wallet.pubkey(), true),
                AccountMeta::new(self.account(owner), false),
                AccountMeta::new_readonly(*owner, false),
                AccountMeta::new_readonly(self.mint, false),
                AccountMeta::new_readonly(SYSTEM_PROGRAM, false),
                AccountMeta::new_readonly(TOKEN_PROGRAM, false),
            ],
            data: vec![1],
        }
    }

    /// An instruction of the program. `accounts`: with whether it writes to them; wallets sign.
    fn build(&self, data: Vec<u8>, accounts: &[(Pubkey, bool)]) -> Instruction {
        let meta = |(key, writes): &(Pubkey, bool)| AccountMeta {
            pubkey: *key,
            is_signer: *key == self.manager.pubkey() || self.is_payer_of(&data, key, accounts),
            is_writable: *writes,
        };
        let accounts = accounts.iter().map(meta).collect();
        Instruction { program_id: ID, accounts, data }
    }

    /// True for the wallet that deposits SOL.
    fn is_payer_of(&self, data: &[u8], key: &Pubkey, accounts: &[(Pubkey, bool)]) -> bool {
        data.first() == Some(&14) && accounts.get(3).is_some_and(|(payer, _)| payer == key)
    }

    async fn send(&self, instructions: Vec<Instruction>, signers: &[&Keypair]) {
        let wallet = &self.desk.wallet;
        let mut keys = vec![wallet];
        keys.extend(signers.iter().filter(|key| key.pubkey() != wallet.pubkey()));
        let rpc = &self.desk.rpc;
        let blockhash = rpc.get_latest_blockhash().await.unwrap();
        let payer = Some(wallet.pubkey());
        let transaction =
            Transaction::new_signed_with_payer(&instructions, payer.as_ref(), &keys, blockhash);
        let sent = rpc.send_and_confirm_transaction(&transaction).await;
        sent.unwrap_or_else(|error| panic!("{error:#?}"));
    }
}
