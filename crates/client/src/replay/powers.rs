//! Config, authorities, pauses, the wind-down.

use anchor_lang::prelude::Pubkey;
use thaw::{
    constants::LIST_STEP_BYTES,
    events::*,
    state::{Config, Pool, Role, Status, capacity},
};

use super::{
    chain::{Chain, Check},
    ledger::Ledger,
};

/// What a pool's account says of its powers; each field is that of [`Pool`] with the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Powers {
    /// The share mint.
    pub mint: Pubkey,
    /// Parameters in force.
    pub config: Config,
    /// Token account for fee shares.
    pub treasury: Pubkey,
    /// Admin, operator, guardian.
    pub authorities: [Pubkey; 3],
    /// Who is nominated for each, or zeros.
    pub nominees: [Pubkey; 3],
    /// The config that waits, or zeros.
    pub proposed_config: Config,
    /// The treasury that waits with it, or zeros.
    pub proposed_treasury: Pubkey,
    /// When it may be applied, unix seconds; 0 if none waits.
    pub config_ready_at: i64,
    /// Per path (deposit, instant exit, stake, moves): paused until, unix seconds.
    pub paused_until: [i64; 4],
    /// The guardian may pause again from here, unix seconds.
    pub guardian_ready_at: i64,
    /// When a wind-down may start, unix seconds; 0 if none is scheduled.
    pub wind_down_at: i64,
    /// True once the pool winds down.
    pub is_winding_down: bool,
}

impl Powers {
    /// Of a pool that has just been opened.
    pub(super) fn open(event: &PoolInitialized) -> Self {
        Self {
            mint: event.mint,
            config: event.config,
            treasury: event.treasury,
            authorities: [event.admin, event.operator, event.guardian],
            nominees: [Pubkey::default(); 3],
            proposed_config: Config::default(),
            proposed_treasury: Pubkey::default(),
            config_ready_at: 0,
            paused_until: [0; 4],
            guardian_ready_at: 0,
            wind_down_at: 0,
            is_winding_down: false,
        }
    }

    /// Of a pool's account.
    pub fn of(pool: &Pool) -> Self {
        Self {
            mint: pool.mint,
            config: pool.config,
            treasury: pool.treasury,
            authorities: [pool.admin, pool.operator, pool.guardian],
            nominees: [pool.nominated_admin, pool.nominated_operator, pool.nominated_guardian],
            proposed_config: pool.proposed_config,
            proposed_treasury: pool.proposed_treasury,
            config_ready_at: pool.config_ready_at,
            paused_until: pool.paused_until,
            guardian_ready_at: pool.guardian_ready_at,
            wind_down_at: pool.wind_down_at,
            is_winding_down: pool.status == Status::WindingDown as u8,
        }
    }

    fn clear_proposed(&mut self) {
        self.proposed_config = Config::default();
        self.proposed_treasury = Pubkey::default();
        self.config_ready_at = 0;
    }

    fn role(&mut self, role: Role) -> (&mut Pubkey, &mut Pubkey) {
        let ([admin, operator, guardian], [next_admin, next_operator, next_guardian]) =
            (&mut self.authorities, &mut self.nominees);
        match role {
            Role::Admin => (admin, next_admin),
            Role::Operator => (operator, next_operator),
            Role::Guardian => (guardian, next_guardian),
        }
    }

    pub(super) fn proposed(&mut self, chain: Chain, event: &ConfigProposed) -> Check {
        chain.same("config in force", &self.config, &event.old_config)?;
        chain.same("treasury in force", &self.treasury, &event.old_treasury)?;
        self.proposed_config = event.config;
        self.proposed_treasury = event.treasury;
        self.config_ready_at = event.ready_at;
        Ok(())
    }

    pub(super) fn applied(&mut self, chain: Chain, event: &ConfigApplied) -> Check {
        chain.same("config in force", &self.config, &event.old_config)?;
        chain.same("treasury in force", &self.treasury, &event.old_treasury)?;
        chain.same("config that waits", &self.proposed_config, &event.config)?;
        chain.same("treasury that waits", &self.proposed_treasury, &event.treasury)?;
        self.config = event.config;
        self.treasury = event.treasury;
        self.clear_proposed();
        Ok(())
    }

    pub(super) fn cancelled(&mut self, chain: Chain, event: &ProposalsCancelled) -> Check {
        chain.same("config that waits", &self.proposed_config, &event.config)?;
        chain.same("treasury that waits", &self.proposed_treasury, &event.treasury)?;
        chain.amount(
            "config_ready_at",
            self.config_ready_at.into(),
            event.config_ready_at.into(),
        )?;
        chain.amount("wind_down_at", self.wind_down_at.into(), event.wind_down_at.into())?;
        self.clear_proposed();
        self.wind_down_at = 0;
        Ok(())
    }

    pub(super) fn nominated(&mut self, chain: Chain, event: &AuthorityNominated) -> Check {
        let (authority, nominee) = self.role(event.role);
        chain.same("authority", authority, &event.authority)?;
        chain.same("nominee", nominee, &event.old_nominee)?;
        *nominee = event.nominee;
        Ok(())
    }

    pub(super) fn accepted(&mut self, chain: Chain, event: &AuthorityAccepted) -> Check {
        let (authority, nominee) = self.role(event.role);
        chain.same("authority", authority, &event.old_authority)?;
        chain.same("nominee", nominee, &event.authority)?;
        (*authority, *nominee) = (event.authority, Pubkey::default());
        Ok(())
    }

    pub(super) fn paused(&mut self, chain: Chain, event: &PathsPaused) -> Check {
        let [_, _, guardian] = &self.authorities;
        chain.same("guardian", guardian, &event.guardian)?;
        for path in event.paths.named() {
            self.paused_until[path as usize] = event.until;
        }
        self.guardian_ready_at = event.guardian_ready_at;
        Ok(())
    }

    pub(super) fn unpaused(&mut self, chain: Chain, event: &PathsUnpaused) -> Check {
        chain.same("pause", &self.paused_until, &event.old_paused_until)?;
        for path in event.paths.named() {
            self.paused_until[path as usize] = 0;
        }
        Ok(())
    }

    fn wind_down(&mut self) {
        self.is_winding_down = true;
        self.wind_down_at = 0;
        self.clear_proposed();
    }
}

impl Ledger {
    pub(super) fn wound_down(&mut self, chain: Chain, event: &WindDownStarted) -> Check {
        chain.same("totals", &self.books.totals, &event.totals)?;
        chain.same("status", &self.powers.is_winding_down, &false)?;
        self.books.weight_sum = 0;
        self.books.next_weight_sum = 0;
        self.powers.wind_down();
        Ok(())
    }

    pub(super) fn fees_collected(&mut self, chain: Chain, event: &FeesCollected) -> Check {
        chain.equal("shares", self.books.fee_shares_owed, event.shares)?;
        chain.same("treasury", &self.powers.treasury, &event.treasury)?;
        self.books.fee_shares_owed = 0;
        Ok(())
    }

    pub(super) fn extended(&mut self, chain: Chain, event: &ValidatorListExtended) -> Check {
        if event.capacity <= self.capacity {
            let (expected, found) = (self.capacity.into(), event.capacity.into());
            return chain.equal("capacity", expected, found);
        }
        self.capacity = event.capacity;
        Ok(())
    }
}

/// Validators that fit the list of a new pool.
pub(super) fn first_capacity() -> u32 {
    u32::try_from(capacity(LIST_STEP_BYTES)).unwrap_or(u32::MAX)
}
