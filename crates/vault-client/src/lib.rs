//! Addresses and instructions of `programs/vault-example`, for a client that knows the Thaw pool.

use anchor_lang::{InstructionData, ToAccountMetas, prelude::Pubkey};
use solana_instruction::Instruction;
use solana_system_interface::program as system_program;
use thaw_client::{PoolAddresses, instructions::TOKEN_PROGRAM, thaw};
pub use vault_example;
use vault_example::{
    ID, accounts, instruction,
    state::{POSITION_SEED, VAULT_SEED},
};

/// One position in one lender's vault, and the pool behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PositionAddresses {
    /// The Thaw pool.
    pub pool: PoolAddresses,
    /// Owns the pot.
    pub lender: Pubkey,
    /// The vault.
    pub vault: Pubkey,
    /// Owns the position.
    pub owner: Pubkey,
    /// The position.
    pub position: Pubkey,
    /// Its token account.
    pub shares: Pubkey,
}

impl PositionAddresses {
    /// The addresses of the position of `owner` in the vault of `lender`.
    pub fn of(pool: PoolAddresses, lender: Pubkey, owner: Pubkey) -> Self {
        let derive = |seeds: &[&[u8]]| Pubkey::find_program_address(seeds, &ID).0;
        let vault = derive(&[VAULT_SEED, pool.pool.as_ref(), lender.as_ref()]);
        let position = derive(&[POSITION_SEED, vault.as_ref(), owner.as_ref()]);
        Self { pool, lender, vault, owner, position, shares: pool.token_account(&position) }
    }

    /// Opens the vault; lender and `payer` sign.
    pub fn open_vault(&self, payer: &Pubkey) -> Instruction {
        build(
            accounts::OpenVault {
                pool: self.pool.pool,
                lender: self.lender,
                payer: *payer,
                vault: self.vault,
                system_program: system_program::ID,
            },
            instruction::OpenVault {},
        )
    }

    /// Takes SOL out of the pot; the lender signs.
    pub fn withdraw_pot(&self, lamports: u64) -> Instruction {
        build(
            accounts::WithdrawPot { vault: self.vault, lender: self.lender },
            instruction::WithdrawPot { lamports },
        )
    }

    /// Opens the position and its token account; owner and `payer` sign.
    pub fn open_position(&self, payer: &Pubkey) -> [Instruction; 2] {
        let tokens = self.pool.create_token_account(payer, &self.position);
        let open = build(
            accounts::OpenPosition {
                vault: self.vault,
                owner: self.owner,
                payer: *payer,
                position: self.position,
                shares: self.shares,
                system_program: system_program::ID,
            },
            instruction::OpenPosition {},
        );
        [tokens, open]
    }

    /// Stakes SOL of `depositor`, who signs, as collateral.
    pub fn deposit(&self, depositor: &Pubkey, lamports: u64, min_shares: u64) -> Instruction {
        build(
            accounts::Deposit {
                position: self.position,
                vault: self.vault,
                shares: self.shares,
                depositor: *depositor,
                pool: self.pool.pool,
                reserve: self.pool.reserve,
                pool_authority: self.pool.authority,
                mint: self.pool.mint,
                thaw_program: thaw::ID,
                token_program: TOKEN_PROGRAM,
                system_program: system_program::ID,
            },
            instruction::Deposit { lamports, min_shares },
        )
    }

    /// Borrows from the pot; the owner signs.
    pub fn borrow(&self, lamports: u64) -> Instruction {
        build(
            accounts::Borrow {
                position: self.position,
                vault: self.vault,
                shares: self.shares,
                pool: self.pool.pool,
                owner: self.owner,
            },
            instruction::Borrow { lamports },
        )
    }

    /// Pays the debt back; `payer` signs.
    pub fn repay(&self, payer: &Pubkey, lamports: u64) -> Instruction {
        build(
            accounts::Repay {
                position: self.position,
                vault: self.vault,
                payer: *payer,
                system_program: system_program::ID,
            },
            instruction::Repay { lamports },
        )
    }

    /// Pays the debt for the shares, which go to the token account `recipient`; `liquidator` signs.
    pub fn liquidate(
        &self,
        liquidator: &Pubkey,
        recipient: &Pubkey,
        min_shares: u64,
    ) -> Instruction {
        build(
            accounts::Liquidate {
                position: self.position,
                vault: self.vault,
                shares: self.shares,
                pool: self.pool.pool,
                liquidator: *liquidator,
                recipient: *recipient,
                token_program: TOKEN_PROGRAM,
                system_program: system_program::ID,
            },
            instruction::Liquidate { min_shares },
        )
    }

    /// Asks for a ticket in batch `serial`; owner and `payer` sign.
    pub fn request(&self, payer: &Pubkey, shares: u64, nonce: u64, serial: u64) -> Instruction {
        let (ticket, ticket_bump) = thaw::pda::ticket(&self.pool.pool, &self.position, nonce);
        build(
            accounts::Request {
                position: self.position,
                vault: self.vault,
                shares: self.shares,
                owner: self.owner,
                payer: *payer,
                pool: self.pool.pool,
                escrow: self.pool.escrow,
                batch: self.pool.batch(serial),
                ticket,
                thaw_program: thaw::ID,
                token_program: TOKEN_PROGRAM,
                system_program: system_program::ID,
            },
            instruction::Request { shares, nonce, ticket_bump },
        )
    }

    /// Claims the ticket `nonce` of batch `serial`; nobody signs. Its rent goes to `rent_recipient`.
    pub fn claim(&self, nonce: u64, serial: u64, rent_recipient: &Pubkey) -> Instruction {
        build(
            accounts::Claim {
                position: self.position,
                vault: self.vault,
                owner: self.owner,
                pool: self.pool.pool,
                reserve: self.pool.reserve,
                batch: self.pool.batch(serial),
                ticket: self.pool.ticket(&self.position, nonce),
                rent_recipient: *rent_recipient,
                thaw_program: thaw::ID,
            },
            instruction::Claim {},
        )
    }

    /// Leaves at once; the owner signs.
    pub fn exit(&self, shares: u64, min_lamports: u64) -> Instruction {
        build(
            accounts::Exit {
                position: self.position,
                vault: self.vault,
                shares: self.shares,
                owner: self.owner,
                pool: self.pool.pool,
                reserve: self.pool.reserve,
                mint: self.pool.mint,
                thaw_program: thaw::ID,
                token_program: TOKEN_PROGRAM,
            },
            instruction::Exit { shares, min_lamports },
        )
    }
}

fn build(accounts: impl ToAccountMetas, data: impl InstructionData) -> Instruction {
    Instruction { program_id: ID, accounts: accounts.to_account_metas(None), data: data.data() }
}
