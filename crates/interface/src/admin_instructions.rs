//! Builders for what the admin and the guardian call, and what follows from it.

use solana_address::Address;
use solana_instruction::Instruction;

use crate::{
    InstructionData, METADATA_PROGRAM, PoolAddresses, SYSTEM_PROGRAM, TOKEN_PROGRAM, accounts,
    instruction,
    types::{Config, Paths, Role},
};

impl PoolAddresses {
    /// Proposes a config and a treasury; `admin` signs.
    pub fn propose_config(
        &self,
        admin: &Address,
        config: impl Into<Config>,
        treasury: Address,
    ) -> Instruction {
        instruction::ProposeConfig { config: config.into(), treasury }
            .with(&accounts::AsAdmin { pool: self.pool, admin: *admin })
    }

    /// Puts the proposed config in force.
    pub fn apply_config(&self) -> Instruction {
        instruction::ApplyConfig {}.with(&accounts::ApplyConfig { pool: self.pool })
    }

    /// Takes back the proposed config and the scheduled wind-down; `admin` signs.
    pub fn cancel_config(&self, admin: &Address) -> Instruction {
        instruction::CancelConfig {}.with(&accounts::AsAdmin { pool: self.pool, admin: *admin })
    }

    /// Nominates for an authority, the zero key withdraws; `admin` signs.
    pub fn nominate_authority(
        &self,
        admin: &Address,
        role: impl Into<Role>,
        nominee: Address,
    ) -> Instruction {
        instruction::NominateAuthority { role: role.into(), nominee }
            .with(&accounts::AsAdmin { pool: self.pool, admin: *admin })
    }

    /// Takes an authority over; `nominee` signs.
    pub fn accept_authority(&self, nominee: &Address, role: impl Into<Role>) -> Instruction {
        instruction::AcceptAuthority { role: role.into() }
            .with(&accounts::AcceptAuthority { pool: self.pool, nominee: *nominee })
    }

    /// Pauses paths; `guardian` signs.
    pub fn pause(&self, guardian: &Address, paths: impl Into<Paths>, seconds: u32) -> Instruction {
        instruction::Pause { paths: paths.into(), seconds }
            .with(&accounts::Pause { pool: self.pool, guardian: *guardian })
    }

    /// Ends a pause; `authority`, the admin or the guardian, signs.
    pub fn unpause(&self, authority: &Address, paths: impl Into<Paths>) -> Instruction {
        instruction::Unpause { paths: paths.into() }
            .with(&accounts::Unpause { pool: self.pool, authority: *authority })
    }

    /// Schedules the wind-down as the admin, or starts it; `caller` signs.
    pub fn wind_down(&self, caller: &Address) -> Instruction {
        instruction::WindDown {}.with(&accounts::WindDown { pool: self.pool, caller: *caller })
    }

    /// Mints the fee shares that are owed; `treasury` is the pool's.
    pub fn collect_fees(&self, treasury: &Address) -> Instruction {
        instruction::CollectFees {}.with(&accounts::CollectFees {
            pool: self.pool,
            authority: self.authority,
            mint: self.mint,
            treasury: *treasury,
            token_program: TOKEN_PROGRAM,
        })
    }

    /// Writes the share token's metadata; `admin` and `payer` sign.
    pub fn set_metadata(
        &self,
        admin: &Address,
        payer: &Address,
        name: &str,
        symbol: &str,
        uri: &str,
    ) -> Instruction {
        instruction::SetMetadata { name: name.into(), symbol: symbol.into(), uri: uri.into() }.with(
            &accounts::SetMetadata {
                pool: self.pool,
                admin: *admin,
                authority: self.authority,
                mint: self.mint,
                metadata: self.metadata(),
                payer: *payer,
                metadata_program: METADATA_PROGRAM,
                system_program: SYSTEM_PROGRAM,
            },
        )
    }
}
