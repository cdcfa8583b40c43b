//! Who holds a pool's authorities, and who may take them over.

use crate::prelude::*;

use super::pool::Pool;

/// An authority of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, AnchorSerialize, AnchorDeserialize)]
pub enum Role {
    /// Proposes configs, nominates, unpauses, winds down.
    Admin,
    /// Lists validators, sets weights.
    Operator,
    /// Pauses paths for a while.
    Guardian,
}

impl Pool {
    /// Who has the authority and who is nominated for it (zeros: nobody).
    pub fn role_mut(&mut self, role: Role) -> (&mut Pubkey, &mut Pubkey) {
        match role {
            Role::Admin => (&mut self.admin, &mut self.nominated_admin),
            Role::Operator => (&mut self.operator, &mut self.nominated_operator),
            Role::Guardian => (&mut self.guardian, &mut self.nominated_guardian),
        }
    }
}
