//! Builders for every instruction: accounts in their order, arguments encoded.

use anchor_lang::{InstructionData, ToAccountMetas, prelude::Pubkey};
use solana_instruction::{AccountMeta, Instruction};
use solana_system_interface::{instruction as system, program as system_program};
use thaw::{
    ID, accounts, instruction,
    instructions::{InitializeArgs, RequestArgs, SyncEntry, Weight},
    pda,
    state::STAKE_PROGRAM,
};

use crate::addresses::PoolAddresses;

/// The token program.
pub const TOKEN_PROGRAM: Pubkey = spl_token_interface::ID;

/// An instruction of the program.
pub(crate) fn build(accounts: impl ToAccountMetas, data: impl InstructionData) -> Instruction {
    Instruction { program_id: ID, accounts: accounts.to_account_metas(None), data: data.data() }
}

impl PoolAddresses {
    /// Creates the share mint as a pool wants it; `mint` and `payer` sign. `rent_lamports` is the
    /// live rent of 82 bytes.
    pub fn create_mint(&self, payer: &Pubkey, rent_lamports: u64) -> [Instruction; 2] {
        let mut data = vec![20, thaw::constants::SHARE_DECIMALS];
        data.extend_from_slice(self.authority.as_ref());
        data.push(0);
        [
            system::create_account(payer, &self.mint, rent_lamports, 82, &TOKEN_PROGRAM),
            Instruction {
                program_id: TOKEN_PROGRAM,
                accounts: vec![AccountMeta::new(self.mint, false)],
                data,
            },
        ]
    }

    /// Opens the pool; `payer` signs.
    pub fn initialize(&self, payer: &Pubkey, args: InitializeArgs) -> Instruction {
        build(
            accounts::Initialize {
                payer: *payer,
                pool: self.pool,
                mint: self.mint,
                reserve: self.reserve,
                authority: self.authority,
                validators: self.validators,
                escrow: self.escrow,
                bootstrap: self.bootstrap,
                token_program: TOKEN_PROGRAM,
                system_program: system_program::ID,
            },
            instruction::Initialize { args },
        )
    }

    /// Makes room for more validators; `payer` signs.
    pub fn extend_validator_list(&self, payer: &Pubkey) -> Instruction {
        build(
            accounts::ExtendValidatorList {
                pool: self.pool,
                validators: self.validators,
                payer: *payer,
                system_program: system_program::ID,
            },
            instruction::ExtendValidatorList {},
        )
    }

    /// Lists a vote account; `operator` and `payer` sign.
    pub fn add_validator(
        &self,
        operator: &Pubkey,
        payer: &Pubkey,
        vote: &Pubkey,
        index: u16,
    ) -> Instruction {
        build(
            accounts::AddValidator {
                pool: self.pool,
                validators: self.validators,
                operator: *operator,
                payer: *payer,
                vote: *vote,
                marker: self.marker(vote),
                system_program: system_program::ID,
            },
            instruction::AddValidator { index },
        )
    }

    /// Sets weights; `operator` signs.
    pub fn set_weights(&self, operator: &Pubkey, weights: Vec<Weight>) -> Instruction {
        build(
            accounts::SetWeights {
                pool: self.pool,
                validators: self.validators,
                operator: *operator,
            },
            instruction::SetWeights { weights },
        )
    }

    /// Deposits SOL; `depositor` signs, `recipient` is a token account of the share mint.
    pub fn deposit_sol(
        &self,
        depositor: &Pubkey,
        recipient: &Pubkey,
        lamports: u64,
        min_shares: u64,
    ) -> Instruction {
        self.deposit_sol_referred(depositor, recipient, None, lamports, min_shares)
    }

    /// The same with a referrer's token account, which gets a part of the deposit fee.
    pub fn deposit_sol_referred(
        &self,
        depositor: &Pubkey,
        recipient: &Pubkey,
        referrer: Option<Pubkey>,
        lamports: u64,
        min_shares: u64,
    ) -> Instruction {
        build(
            accounts::DepositSol {
                pool: self.pool,
                reserve: self.reserve,
                authority: self.authority,
                mint: self.mint,
                depositor: *depositor,
                recipient: *recipient,
                token_program: TOKEN_PROGRAM,
                system_program: system_program::ID,
                referrer,
            },
            instruction::DepositSol { lamports, min_shares },
        )
    }

    /// Requests a withdrawal into batch `serial`, which the first request of an epoch opens;
    /// `owner` and `payer` sign.
    pub fn request_withdrawal(
        &self,
        request: &Request,
        owner: &Pubkey,
        payer: &Pubkey,
        shares_from: &Pubkey,
    ) -> Instruction {
        let batch = self.batch(request.serial);
        let (ticket, ticket_bump) = pda::ticket(&self.pool, owner, request.nonce);
        build(
            accounts::RequestWithdrawal {
                pool: self.pool,
                escrow: self.escrow,
                shares_from: *shares_from,
                owner: *owner,
                payer: *payer,
                batch,
                ticket,
                token_program: TOKEN_PROGRAM,
                system_program: system_program::ID,
            },
            instruction::RequestWithdrawal {
                args: RequestArgs {
                    shares: request.shares,
                    nonce: request.nonce,
                    is_pushable: request.is_pushable,
                    ticket_bump,
                },
            },
        )
    }

    /// Claims a ticket of batch `serial`; `claimer` signs.
    pub fn claim_withdrawal(
        &self,
        ticket: &Pubkey,
        serial: u64,
        claimer: &Pubkey,
        recipient: &Pubkey,
        rent_recipient: &Pubkey,
    ) -> Instruction {
        build(
            accounts::ClaimWithdrawal {
                pool: self.pool,
                reserve: self.reserve,
                batch: self.batch(serial),
                ticket: *ticket,
                claimer: *claimer,
                recipient: *recipient,
                rent_recipient: *rent_recipient,
            },
            instruction::ClaimWithdrawal {},
        )
    }

    /// Books validators: each entry's slots follow in `slots`, in order.
    pub fn sync_validators(&self, entries: Vec<SyncEntry>, slots: &[Pubkey]) -> Instruction {
        let mut built = build(
            accounts::SyncValidators { pool: self.pool, validators: self.validators },
            instruction::SyncValidators { entries },
        );
        built.accounts.extend(slots.iter().map(|slot| AccountMeta::new_readonly(*slot, false)));
        built
    }

    /// Folds the epoch into the rate.
    pub fn finalize_epoch(&self) -> Instruction {
        build(
            accounts::FinalizeEpoch { pool: self.pool, reserve: self.reserve },
            instruction::FinalizeEpoch {},
        )
    }

    /// The same, and brings the view in the layout of an SPL stake pool up to date, which must exist.
    pub fn finalize_epoch_and_view(&self) -> Instruction {
        let mut built = self.finalize_epoch();
        built.accounts.push(AccountMeta::new(self.spl_view(), false));
        built
    }

    /// Brings the view in the layout of an SPL stake pool up to date; the first time `payer` pays its
    /// rent. `payer` signs.
    pub fn refresh_spl_view(&self, payer: &Pubkey) -> Instruction {
        build(
            accounts::RefreshSplView {
                pool: self.pool,
                view: self.spl_view(),
                payer: *payer,
                system_program: system_program::ID,
            },
            instruction::RefreshSplView {},
        )
    }

    /// Pays batch `serial`.
    pub fn settle_withdrawals(&self, serial: u64) -> Instruction {
        build(
            accounts::SettleWithdrawals {
                pool: self.pool,
                authority: self.authority,
                mint: self.mint,
                escrow: self.escrow,
                batch: self.batch(serial),
                token_program: TOKEN_PROGRAM,
            },
            instruction::SettleWithdrawals {},
        )
    }

    /// Closes batch `serial`; its rent goes to `opener`.
    pub fn close_batch(&self, serial: u64, opener: &Pubkey) -> Instruction {
        build(
            accounts::CloseBatch { pool: self.pool, batch: self.batch(serial), opener: *opener },
            instruction::CloseBatch {},
        )
    }

    /// Delegates to the validator at `index`; `payer` signs.
    pub fn delegate(&self, payer: &Pubkey, vote: &Pubkey, index: u16) -> Instruction {
        build(self.move_stake(payer, vote, None), instruction::Delegate { index })
    }

    /// Undelegates from the validator at `index`; `payer` signs. `batch`: serial of the oldest open
    /// batch, where its age should count.
    pub fn undelegate(
        &self,
        payer: &Pubkey,
        vote: &Pubkey,
        index: u16,
        batch: Option<u64>,
    ) -> Instruction {
        build(self.move_stake(payer, vote, batch), instruction::Undelegate { index })
    }

    /// Merges the activated slot of the validator at `index`.
    pub fn merge_activated(&self, vote: &Pubkey, index: u16) -> Instruction {
        build(self.tend_stake(vote), instruction::MergeActivated { index })
    }

    /// Collects the cooled slots of the validator at `index`.
    pub fn collect_cooled(&self, vote: &Pubkey, index: u16) -> Instruction {
        build(self.tend_stake(vote), instruction::CollectCooled { index })
    }

    /// Sweeps undelegated lamports of the validator at `index`.
    pub fn sweep_excess(&self, vote: &Pubkey, index: u16) -> Instruction {
        build(self.tend_stake(vote), instruction::SweepExcess { index })
    }

    fn move_stake(&self, payer: &Pubkey, vote: &Pubkey, batch: Option<u64>) -> accounts::MoveStake {
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
            system_program: system_program::ID,
        }
    }

    fn tend_stake(&self, vote: &Pubkey) -> accounts::TendStake {
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
    /// Serial of the batch of the current epoch, see [`crate::Snapshot::batch_to_join`].
    pub serial: u64,
    /// True if anyone may push the claim to the owner.
    pub is_pushable: bool,
}
