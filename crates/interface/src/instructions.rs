//! Builders for every instruction: accounts in their order, arguments encoded.

use alloc::{vec, vec::Vec};

use solana_address::Address;
use solana_instruction::{AccountMeta, Instruction};

use crate::{
    Encode, InstructionData, STAKE_PROGRAM, SYSTEM_PROGRAM, accounts, instruction, pda,
    types::{InitializeArgs, RequestArgs, SyncEntry, Weight},
};

pub use crate::{PoolAddresses, TOKEN_PROGRAM};

/// Decimals of a share mint.
pub const SHARE_DECIMALS: u8 = 9;
/// Bytes of a mint.
const MINT_BYTES: u64 = 82;
/// The system program's `CreateAccount`.
const CREATE_ACCOUNT: u32 = 0;
/// The token program's `InitializeMint2`.
const INITIALIZE_MINT: u8 = 20;

impl PoolAddresses {
    /// Creates the share mint as a pool wants it; `mint` and `payer` sign. `rent_lamports` is the
    /// live rent of 82 bytes.
    pub fn create_mint(&self, payer: &Address, rent_lamports: u64) -> [Instruction; 2] {
        let (mut create, mut initialize) = (Vec::new(), vec![INITIALIZE_MINT, SHARE_DECIMALS]);
        CREATE_ACCOUNT.encode(&mut create);
        rent_lamports.encode(&mut create);
        MINT_BYTES.encode(&mut create);
        TOKEN_PROGRAM.encode(&mut create);
        self.authority.encode(&mut initialize);
        // No freeze authority.
        initialize.push(0);
        [
            Instruction {
                program_id: SYSTEM_PROGRAM,
                accounts: vec![AccountMeta::new(*payer, true), AccountMeta::new(self.mint, true)],
                data: create,
            },
            Instruction {
                program_id: TOKEN_PROGRAM,
                accounts: vec![AccountMeta::new(self.mint, false)],
                data: initialize,
            },
        ]
    }

    /// Opens the pool; `payer` signs.
    pub fn initialize(&self, payer: &Address, args: impl Into<InitializeArgs>) -> Instruction {
        instruction::Initialize { args: args.into() }.with(&accounts::Initialize {
            payer: *payer,
            pool: self.pool,
            mint: self.mint,
            reserve: self.reserve,
            authority: self.authority,
            validators: self.validators,
            escrow: self.escrow,
            bootstrap: self.bootstrap,
            token_program: TOKEN_PROGRAM,
            system_program: SYSTEM_PROGRAM,
        })
    }

    /// Makes room for more validators; `payer` signs.
    pub fn extend_validator_list(&self, payer: &Address) -> Instruction {
        instruction::ExtendValidatorList {}.with(&accounts::ExtendValidatorList {
            pool: self.pool,
            validators: self.validators,
            payer: *payer,
            system_program: SYSTEM_PROGRAM,
        })
    }

    /// Lists a vote account; `operator` and `payer` sign.
    pub fn add_validator(
        &self,
        operator: &Address,
        payer: &Address,
        vote: &Address,
        index: u16,
    ) -> Instruction {
        instruction::AddValidator { index }.with(&accounts::AddValidator {
            pool: self.pool,
            validators: self.validators,
            operator: *operator,
            payer: *payer,
            vote: *vote,
            marker: self.marker(vote),
            system_program: SYSTEM_PROGRAM,
        })
    }

    /// Sets weights; `operator` signs.
    pub fn set_weights(
        &self,
        operator: &Address,
        weights: impl IntoIterator<Item = impl Into<Weight>>,
    ) -> Instruction {
        instruction::SetWeights { weights: weights.into_iter().map(Into::into).collect() }.with(
            &accounts::SetWeights {
                pool: self.pool,
                validators: self.validators,
                operator: *operator,
            },
        )
    }

    /// Deposits SOL; `depositor` signs, `recipient` is a token account of the share mint.
    pub fn deposit_sol(
        &self,
        depositor: &Address,
        recipient: &Address,
        lamports: u64,
        min_shares: u64,
    ) -> Instruction {
        self.deposit_sol_referred(depositor, recipient, None, lamports, min_shares)
    }

    /// The same with a referrer's token account, which gets a part of the deposit fee.
    pub fn deposit_sol_referred(
        &self,
        depositor: &Address,
        recipient: &Address,
        referrer: Option<Address>,
        lamports: u64,
        min_shares: u64,
    ) -> Instruction {
        instruction::DepositSol { lamports, min_shares }.with(&accounts::DepositSol {
            pool: self.pool,
            reserve: self.reserve,
            authority: self.authority,
            mint: self.mint,
            depositor: *depositor,
            recipient: *recipient,
            token_program: TOKEN_PROGRAM,
            system_program: SYSTEM_PROGRAM,
            referrer,
        })
    }

    /// Requests a withdrawal into batch `serial`, which the first request of an epoch opens;
    /// `owner` and `payer` sign.
    pub fn request_withdrawal(
        &self,
        request: &Request,
        owner: &Address,
        payer: &Address,
        shares_from: &Address,
    ) -> Instruction {
        let batch = self.batch(request.serial);
        let (ticket, ticket_bump) = pda::ticket(&self.pool, owner, request.nonce);
        instruction::RequestWithdrawal {
            args: RequestArgs {
                shares: request.shares,
                nonce: request.nonce,
                is_pushable: request.is_pushable,
                ticket_bump,
            },
        }
        .with(&accounts::RequestWithdrawal {
            pool: self.pool,
            escrow: self.escrow,
            shares_from: *shares_from,
            owner: *owner,
            payer: *payer,
            batch,
            ticket,
            token_program: TOKEN_PROGRAM,
            system_program: SYSTEM_PROGRAM,
        })
    }

    /// Claims a ticket of batch `serial`; `claimer` signs.
    pub fn claim_withdrawal(
        &self,
        ticket: &Address,
        serial: u64,
        claimer: &Address,
        recipient: &Address,
        rent_recipient: &Address,
    ) -> Instruction {
        instruction::ClaimWithdrawal {}.with(&accounts::ClaimWithdrawal {
            pool: self.pool,
            reserve: self.reserve,
            batch: self.batch(serial),
            ticket: *ticket,
            claimer: *claimer,
            recipient: *recipient,
            rent_recipient: *rent_recipient,
        })
    }

    /// Books validators: each entry's slots follow in `slots`, in order.
    pub fn sync_validators(
        &self,
        entries: impl IntoIterator<Item = impl Into<SyncEntry>>,
        slots: &[Address],
    ) -> Instruction {
        let mut built =
            instruction::SyncValidators { entries: entries.into_iter().map(Into::into).collect() }
                .with(&accounts::SyncValidators { pool: self.pool, validators: self.validators });
        built.accounts.extend(slots.iter().map(|slot| AccountMeta::new_readonly(*slot, false)));
        built
    }

    /// Folds the epoch into the rate.
    pub fn finalize_epoch(&self) -> Instruction {
        instruction::FinalizeEpoch {}.with(&accounts::FinalizeEpoch {
            pool: self.pool,
            reserve: self.reserve,
            stake_program: STAKE_PROGRAM,
        })
    }

    /// The same, and brings the view in the layout of an SPL stake pool up to date, which must exist.
    pub fn finalize_epoch_and_view(&self) -> Instruction {
        let mut built = self.finalize_epoch();
        built.accounts.push(AccountMeta::new(self.spl_view(), false));
        built
    }

    /// Brings the view in the layout of an SPL stake pool up to date; the first time `payer` pays its
    /// rent. `payer` signs.
    pub fn refresh_spl_view(&self, payer: &Address) -> Instruction {
        instruction::RefreshSplView {}.with(&accounts::RefreshSplView {
            pool: self.pool,
            view: self.spl_view(),
            payer: *payer,
            system_program: SYSTEM_PROGRAM,
        })
    }

    /// Pays batch `serial`.
    pub fn settle_withdrawals(&self, serial: u64) -> Instruction {
        instruction::SettleWithdrawals {}.with(&accounts::SettleWithdrawals {
            pool: self.pool,
            authority: self.authority,
            mint: self.mint,
            escrow: self.escrow,
            batch: self.batch(serial),
            token_program: TOKEN_PROGRAM,
        })
    }

    /// Closes batch `serial`; its rent goes to `opener`.
    pub fn close_batch(&self, serial: u64, opener: &Address) -> Instruction {
        instruction::CloseBatch {}.with(&accounts::CloseBatch {
            pool: self.pool,
            batch: self.batch(serial),
            opener: *opener,
        })
    }

    /// Delegates to the validator at `index`; `payer` signs.
    pub fn delegate(&self, payer: &Address, vote: &Address, index: u16) -> Instruction {
        instruction::Delegate { index }.with(&self.move_stake(payer, vote, None))
    }

    /// Undelegates from the validator at `index`; `payer` signs. `batch`: serial of the oldest open
    /// batch, where its age should count.
    pub fn undelegate(
        &self,
        payer: &Address,
        vote: &Address,
        index: u16,
        batch: Option<u64>,
    ) -> Instruction {
        instruction::Undelegate { index }.with(&self.move_stake(payer, vote, batch))
    }

    /// Merges the activated slot of the validator at `index`.
    pub fn merge_activated(&self, vote: &Address, index: u16) -> Instruction {
        instruction::MergeActivated { index }.with(&self.tend_stake(vote))
    }

    /// Collects the cooled slots of the validator at `index`.
    pub fn collect_cooled(&self, vote: &Address, index: u16) -> Instruction {
        instruction::CollectCooled { index }.with(&self.tend_stake(vote))
    }

    /// Sweeps undelegated lamports of the validator at `index`.
    pub fn sweep_excess(&self, vote: &Address, index: u16) -> Instruction {
        instruction::SweepExcess { index }.with(&self.tend_stake(vote))
    }

    fn move_stake(
        &self,
        payer: &Address,
        vote: &Address,
        batch: Option<u64>,
    ) -> accounts::MoveStake {
        let [slot_0, slot_1, slot_2] = self.slots(vote);
        accounts::MoveStake {
            payer: *payer,
            pool: self.pool,
            reserve: self.reserve,
            authority: self.authority,
            validators: self.validators,
            vote: *vote,
            slot_0,
            slot_1,
            slot_2,
            batch: batch.map(|serial| self.batch(serial)),
            stake_program: STAKE_PROGRAM,
            system_program: SYSTEM_PROGRAM,
        }
    }

    fn tend_stake(&self, vote: &Address) -> accounts::TendStake {
        let [slot_0, slot_1, slot_2] = self.slots(vote);
        accounts::TendStake {
            pool: self.pool,
            reserve: self.reserve,
            authority: self.authority,
            validators: self.validators,
            slot_0,
            slot_1,
            slot_2,
            stake_program: STAKE_PROGRAM,
        }
    }
}

/// A withdrawal request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// Shares to withdraw.
    pub shares: u64,
    /// Chosen so that no two tickets of an owner collide.
    pub nonce: u64,
    /// Serial of the batch of the current epoch, see `Snapshot::batch_to_join` of the client.
    pub serial: u64,
    /// True if anyone may push the claim to the owner.
    pub is_pushable: bool,
}
