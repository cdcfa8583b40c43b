//! Builders for what the admin and the guardian call, and what follows from it.

use anchor_lang::prelude::Pubkey;
use solana_instruction::Instruction;
use solana_system_interface::program as system_program;
use thaw::{
    accounts,
    constants::METADATA_PROGRAM,
    instruction,
    state::{Config, Paths, Role},
};

use crate::{
    addresses::PoolAddresses,
    instructions::{TOKEN_PROGRAM, build},
};

impl PoolAddresses {
    /// Proposes a config and a treasury; `admin` signs.
    pub fn propose_config(&self, admin: &Pubkey, config: Config, treasury: Pubkey) -> Instruction {
        build(
            accounts::AsAdmin { pool: self.pool, admin: *admin },
            instruction::ProposeConfig { config, treasury },
        )
    }

    /// Puts the proposed config in force.
    pub fn apply_config(&self) -> Instruction {
        build(accounts::ApplyConfig { pool: self.pool }, instruction::ApplyConfig {})
    }

    /// Takes back the proposed config and the scheduled wind-down; `admin` signs.
    pub fn cancel_config(&self, admin: &Pubkey) -> Instruction {
        build(accounts::AsAdmin { pool: self.pool, admin: *admin }, instruction::CancelConfig {})
    }

    /// Nominates for an authority, the zero key withdraws; `admin` signs.
    pub fn nominate_authority(&self, admin: &Pubkey, role: Role, nominee: Pubkey) -> Instruction {
        build(
            accounts::AsAdmin { pool: self.pool, admin: *admin },
            instruction::NominateAuthority { role, nominee },
        )
    }

    /// Takes an authority over; `nominee` signs.
    pub fn accept_authority(&self, nominee: &Pubkey, role: Role) -> Instruction {
        build(
            accounts::AcceptAuthority { pool: self.pool, nominee: *nominee },
            instruction::AcceptAuthority { role },
        )
    }

    /// Pauses paths; `guardian` signs.
    pub fn pause(&self, guardian: &Pubkey, paths: Paths, seconds: u32) -> Instruction {
        build(
            accounts::Pause { pool: self.pool, guardian: *guardian },
            instruction::Pause { paths, seconds },
        )
    }

    /// Ends a pause; `authority`, the admin or the guardian, signs.
    pub fn unpause(&self, authority: &Pubkey, paths: Paths) -> Instruction {
        build(
            accounts::Unpause { pool: self.pool, authority: *authority },
            instruction::Unpause { paths },
        )
    }

    /// Schedules the wind-down as the admin, or starts it; `caller` signs.
    pub fn wind_down(&self, caller: &Pubkey) -> Instruction {
        build(accounts::WindDown { pool: self.pool, caller: *caller }, instruction::WindDown {})
    }

    /// Mints the fee shares that are owed; `treasury` is the pool's.
    pub fn collect_fees(&self, treasury: &Pubkey) -> Instruction {
        build(
            accounts::CollectFees {
                pool: self.pool,
                authority: self.authority,
                mint: self.mint,
                treasury: *treasury,
                token_program: TOKEN_PROGRAM,
            },
            instruction::CollectFees {},
        )
    }

    /// Writes the share token's metadata; `admin` and `payer` sign.
    pub fn set_metadata(
        &self,
        admin: &Pubkey,
        payer: &Pubkey,
        name: &str,
        symbol: &str,
        uri: &str,
    ) -> Instruction {
        build(
            accounts::SetMetadata {
                pool: self.pool,
                admin: *admin,
                authority: self.authority,
                mint: self.mint,
                metadata: self.metadata(),
                payer: *payer,
                metadata_program: METADATA_PROGRAM,
                system_program: system_program::ID,
            },
            instruction::SetMetadata { name: name.into(), symbol: symbol.into(), uri: uri.into() },
        )
    }
}
