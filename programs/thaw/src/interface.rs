//! Arguments of the program as those of `thaw-interface`, so that its builders take either. Not part
//! of the program's bytecode.

use thaw_interface::types as plain;

use crate::{
    instructions::{InitializeArgs, SyncEntry, Weight},
    state::{Config, Paths, Role},
};

impl From<Config> for plain::Config {
    fn from(config: Config) -> Self {
        bytemuck::cast(config)
    }
}

impl From<Paths> for plain::Paths {
    fn from(Paths { deposit, instant_exit, stake, moves }: Paths) -> Self {
        Self { deposit, instant_exit, stake, moves }
    }
}

impl From<Role> for plain::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Admin => Self::Admin,
            Role::Operator => Self::Operator,
            Role::Guardian => Self::Guardian,
        }
    }
}

impl From<Weight> for plain::Weight {
    fn from(Weight { index, weight }: Weight) -> Self {
        Self { index, weight }
    }
}

impl From<SyncEntry> for plain::SyncEntry {
    fn from(SyncEntry { index, slots }: SyncEntry) -> Self {
        Self { index, slots }
    }
}

impl From<InitializeArgs> for plain::InitializeArgs {
    fn from(args: InitializeArgs) -> Self {
        let InitializeArgs { config, bootstrap_lamports, admin, operator, guardian, treasury } =
            args;
        let config = config.into();
        Self { config, bootstrap_lamports, admin, operator, guardian, treasury }
    }
}
