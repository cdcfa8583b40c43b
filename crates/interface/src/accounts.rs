//! The accounts of every instruction. Written by `make idl` from the program's IDL; do not edit.

use solana_address::Address;

use crate::macros::accounts;

accounts! {
    /// Accounts of `accept_authority`.
    AcceptAuthority {
        /// The pool.
        pool: Address => writable,
        /// Who is nominated.
        nominee: Address => signer,
    }
    /// Accounts of `add_validator`.
    AddValidator {
        /// The pool.
        pool: Address => writable,
        /// The validator list.
        validators: Address => writable,
        /// The pool's operator.
        operator: Address => signer,
        /// Pays the marker's rent.
        payer: Address => writable_signer,
        /// Must be a vote account; what it holds is judged by reviews, not here.
        vote: Address => readonly,
        /// Created here at its derived address; its existence is the proof of a listing.
        marker: Address => writable,
        /// The system program.
        system_program: Address => readonly,
    }
    /// Accounts of `apply_config`.
    ApplyConfig {
        /// The pool.
        pool: Address => writable,
    }
    /// Accounts of `cancel_config`, `nominate_authority`, `propose_config`.
    AsAdmin {
        /// The pool.
        pool: Address => writable,
        /// The pool's admin.
        admin: Address => signer,
    }
    /// Accounts of `claim_withdrawal`.
    ClaimWithdrawal {
        /// The pool.
        pool: Address => writable,
        /// The pool names it.
        reserve: Address => writable,
        /// The ticket's batch.
        batch: Address => writable,
        /// The ticket.
        ticket: Address => writable,
        /// The owner, or anyone who pushes the claim to the owner.
        claimer: Address => signer,
        /// The owner's choice where the owner signs, else the owner: checked in the handler.
        recipient: Address => writable,
        /// Gets the ticket's rent; must be who paid it.
        rent_recipient: Address => writable,
    }
    /// Accounts of `close_batch`.
    CloseBatch {
        /// The pool.
        pool: Address => writable,
        /// The batch.
        batch: Address => writable,
        /// Gets the batch's rent; must be who paid it.
        opener: Address => writable,
    }
    /// Accounts of `collect_fees`.
    CollectFees {
        /// The pool.
        pool: Address => writable,
        /// The pool names it.
        authority: Address => readonly,
        /// The pool names it.
        mint: Address => writable,
        /// The pool names it; the token program checks that it is a token account of the mint.
        treasury: Address => writable,
        /// The token program.
        token_program: Address => readonly,
    }
    /// Accounts of `deposit_sol`.
    DepositSol {
        /// The pool.
        pool: Address => writable,
        /// The pool names it.
        reserve: Address => writable,
        /// The pool names it.
        authority: Address => readonly,
        /// The pool names it.
        mint: Address => writable,
        /// Pays the SOL.
        depositor: Address => writable_signer,
        /// Any token account of the mint; the token program checks it when it mints.
        recipient: Address => writable,
        /// The token program.
        token_program: Address => readonly,
        /// The system program.
        system_program: Address => readonly,
        /// Any token account of the mint; gets the referrer's part of the fee.
        referrer: Option<Address> => writable,
    }
    /// Accounts of `deposit_stake`.
    DepositStake {
        /// The pool.
        pool: Address => writable,
        /// The pool names it.
        reserve: Address => writable,
        /// The pool names it.
        authority: Address => readonly,
        /// The validator list.
        validators: Address => writable,
        /// The pool names it.
        mint: Address => writable,
        /// The stake program checks its authorities, `check_stake` the rest.
        stake: Address => writable,
        /// May delegate the stake account.
        staker: Address => signer,
        /// May withdraw from the stake account; often the same key.
        withdrawer: Address => signer,
        /// Pays the rent of a new slot where the pool may not.
        payer: Address => writable_signer,
        /// Any token account of the mint; the token program checks it when it mints.
        recipient: Address => writable,
        /// `Desk::book` derives it.
        slot_0: Address => writable,
        /// `Desk::book` derives it.
        slot_1: Address => writable,
        /// `Desk::book` derives it.
        slot_2: Address => writable,
        /// The stake program.
        stake_program: Address => readonly,
        /// The token program.
        token_program: Address => readonly,
        /// The system program.
        system_program: Address => readonly,
        /// Any token account of the mint; gets the referrer's part of the fee.
        referrer: Option<Address> => writable,
    }
    /// Accounts of `extend_validator_list`.
    ExtendValidatorList {
        /// The pool.
        pool: Address => readonly,
        /// The validator list.
        validators: Address => writable,
        /// Pays the rent.
        payer: Address => writable_signer,
        /// The system program.
        system_program: Address => readonly,
    }
    /// Accounts of `finalize_epoch`.
    FinalizeEpoch {
        /// The pool.
        pool: Address => writable,
        /// The pool names it; only its lamports are read.
        reserve: Address => readonly,
        /// The stake program.
        stake_program: Address => readonly,
    }
    /// Accounts of `initialize`.
    Initialize {
        /// Pays rent and the first deposit.
        payer: Address => writable_signer,
        /// The pool, opened here.
        pool: Address => writable,
        /// The share mint, `is_fresh`. It signs, so that nobody else can open a pool for it.
        mint: Address => writable_signer,
        /// Opened here, no data.
        reserve: Address => writable,
        /// Signs for the pool, never exists.
        authority: Address => readonly,
        /// Opened here.
        validators: Address => writable,
        /// Token account for shares in open batches, opened here.
        escrow: Address => writable,
        /// Token account for the first deposit's shares, opened here.
        bootstrap: Address => writable,
        /// The token program.
        token_program: Address => readonly,
        /// The system program.
        system_program: Address => readonly,
    }
    /// Accounts of `delegate`, `undelegate`.
    MoveStake {
        /// Pays the rent of a new slot where the pool may not.
        payer: Address => writable_signer,
        /// The pool.
        pool: Address => writable,
        /// The pool names it.
        reserve: Address => writable,
        /// The pool names it.
        authority: Address => readonly,
        /// The validator list.
        validators: Address => writable,
        /// `check_vote` compares it with the record.
        vote: Address => readonly,
        /// `Desk::book` derives it.
        slot_0: Address => writable,
        /// `Desk::book` derives it.
        slot_1: Address => writable,
        /// `Desk::book` derives it.
        slot_2: Address => writable,
        /// The oldest open batch, where the caller wants its age to count.
        batch: Option<Address> => readonly,
        /// The stake program.
        stake_program: Address => readonly,
        /// The system program.
        system_program: Address => readonly,
    }
    /// Accounts of `pause`.
    Pause {
        /// The pool.
        pool: Address => writable,
        /// The pool's guardian.
        guardian: Address => signer,
    }
    /// Accounts of `quote_deposit`, `quote_withdraw`.
    Quote {
        /// The pool.
        pool: Address => readonly,
    }
    /// Accounts of `refresh_spl_view`.
    RefreshSplView {
        /// The pool.
        pool: Address => readonly,
        /// The handler derives it; opened here the first time.
        view: Address => writable,
        /// Pays the rent the first time.
        payer: Address => writable_signer,
        /// The system program.
        system_program: Address => readonly,
    }
    /// Accounts of `remove_validator`.
    RemoveValidator {
        /// The pool.
        pool: Address => writable,
        /// The pool names it; gets the rent.
        reserve: Address => writable,
        /// The pool names it.
        authority: Address => readonly,
        /// The validator list.
        validators: Address => writable,
        /// The pool's operator, where the removal is not begun.
        signer: Address => signer,
        /// The validator's marker; only the program writes one, at one address for each vote account.
        marker: Address => writable,
        /// `Desk::book` derives it.
        slot_0: Address => writable,
        /// `Desk::book` derives it.
        slot_1: Address => writable,
        /// `Desk::book` derives it.
        slot_2: Address => writable,
        /// The stake program.
        stake_program: Address => readonly,
    }
    /// Accounts of `request_withdrawal`.
    RequestWithdrawal {
        /// The pool.
        pool: Address => writable,
        /// The pool names it.
        escrow: Address => writable,
        /// The token program checks it: shares of the owner, same mint as the escrow.
        shares_from: Address => writable,
        /// Owns the shares and the ticket; may be another program's PDA.
        owner: Address => signer,
        /// Pays the rent of the ticket, and of the batch where this opens it; gets both back.
        payer: Address => writable_signer,
        /// Checked by owner, type, pool and serial in `join_batch`, or created there.
        batch: Address => writable,
        /// Created here at its derived address.
        ticket: Address => writable,
        /// The token program.
        token_program: Address => readonly,
        /// The system program.
        system_program: Address => readonly,
    }
    /// Accounts of `review_validator`.
    ReviewValidator {
        /// The pool.
        pool: Address => writable,
        /// The validator list.
        validators: Address => writable,
        /// Compared with the record; it may be closed.
        vote: Address => readonly,
    }
    /// Accounts of `set_metadata`.
    SetMetadata {
        /// The pool.
        pool: Address => readonly,
        /// The pool's admin.
        admin: Address => signer,
        /// The pool names it; mint and update authority.
        authority: Address => readonly,
        /// The pool names it.
        mint: Address => readonly,
        /// The handler derives it; the metadata program opens and writes it.
        metadata: Address => writable,
        /// Pays the rent of a new account, and what the metadata program asks for one.
        payer: Address => writable_signer,
        /// The metadata program.
        metadata_program: Address => readonly,
        /// The system program.
        system_program: Address => readonly,
    }
    /// Accounts of `set_weights`.
    SetWeights {
        /// The pool.
        pool: Address => writable,
        /// The validator list.
        validators: Address => writable,
        /// The pool's operator.
        operator: Address => signer,
    }
    /// Accounts of `settle_withdrawals`.
    SettleWithdrawals {
        /// The pool.
        pool: Address => writable,
        /// The pool names it.
        authority: Address => readonly,
        /// The pool names it.
        mint: Address => writable,
        /// The pool names it.
        escrow: Address => writable,
        /// The oldest open batch.
        batch: Address => writable,
        /// The token program.
        token_program: Address => readonly,
    }
    /// Accounts of `lst_to_sol`, `sol_to_lst`.
    SolValue {
        /// The pool names it.
        mint: Address => readonly,
        /// The pool.
        pool: Address => readonly,
    }
    /// Accounts of `sync_validators`.
    SyncValidators {
        /// The pool.
        pool: Address => writable,
        /// The validator list.
        validators: Address => writable,
    }
    /// Accounts of `collect_cooled`, `merge_activated`, `sweep_excess`.
    TendStake {
        /// The pool.
        pool: Address => writable,
        /// The pool names it.
        reserve: Address => writable,
        /// The pool names it.
        authority: Address => readonly,
        /// The validator list.
        validators: Address => writable,
        /// `Desk::book` derives it.
        slot_0: Address => writable,
        /// `Desk::book` derives it.
        slot_1: Address => writable,
        /// `Desk::book` derives it.
        slot_2: Address => writable,
        /// The stake program.
        stake_program: Address => readonly,
    }
    /// Accounts of `transfer_ticket`.
    TransferTicket {
        /// The ticket.
        ticket: Address => writable,
        /// Owns the ticket.
        owner: Address => signer,
        /// Any address that somebody or a program can sign for.
        new_owner: Address => readonly,
    }
    /// Accounts of `unpause`.
    Unpause {
        /// The pool.
        pool: Address => writable,
        /// The pool's admin or guardian.
        authority: Address => signer,
    }
    /// Accounts of `wind_down`.
    WindDown {
        /// The pool.
        pool: Address => writable,
        /// The admin where it is scheduled, anyone where it starts.
        caller: Address => signer,
    }
    /// Accounts of `withdraw_instant`.
    WithdrawInstant {
        /// The pool.
        pool: Address => writable,
        /// The pool names it.
        reserve: Address => writable,
        /// The pool names it.
        mint: Address => writable,
        /// The token program checks it when it burns: shares of the owner, of the mint.
        shares_from: Address => writable,
        /// Owns the shares; may be another program's PDA.
        owner: Address => signer,
        /// Gets the SOL; any address the owner chooses.
        recipient: Address => writable,
        /// The token program.
        token_program: Address => readonly,
    }
    /// Accounts of `withdraw_stake`.
    WithdrawStake {
        /// The pool.
        pool: Address => writable,
        /// The pool names it.
        reserve: Address => writable,
        /// The pool names it.
        authority: Address => readonly,
        /// The validator list.
        validators: Address => writable,
        /// The pool names it.
        mint: Address => writable,
        /// The token program checks it when it burns: shares of the owner, of the mint.
        shares_from: Address => writable,
        /// Owns the shares; may be another program's PDA.
        owner: Address => signer,
        /// A fresh stake account that the caller has funded with its rent: `check_fresh`.
        stake: Address => writable,
        /// Gets both authorities of the stake; any address the owner chooses.
        new_authority: Address => readonly,
        /// `Desk::book` derives it.
        slot_0: Address => writable,
        /// `Desk::book` derives it.
        slot_1: Address => writable,
        /// `Desk::book` derives it.
        slot_2: Address => writable,
        /// The stake program.
        stake_program: Address => readonly,
        /// The token program.
        token_program: Address => readonly,
    }
}
