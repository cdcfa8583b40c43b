//! A program that holds shares: Eve borrows SOL against hers by `programs/vault-example`, which stakes,
//! keeps and gives back shares by calls of its own. Each step is tried in every epoch until it is done.

use anyhow::{Context, Result};
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;
use solana_system_interface::instruction as system;
use thaw_client::{PoolAddresses, Snapshot, decode};
use vault_client::{
    PositionAddresses,
    vault_example::{self, state::Position},
};

use crate::{
    ledger::Ledger,
    network::Network,
    send::{refusal, send},
    tell::{SOL, say, sol, value},
};

/// What Eve stakes, lamports.
const DEPOSIT: u64 = 20 * SOL;
/// What she borrows against it, lamports.
const LOAN: u64 = 12 * SOL;
/// What Finn puts into the pot, lamports.
const POT: u64 = 15 * SOL;
/// Shares that leave at once; more than a pool keeps liquid would have to wait.
const AT_ONCE_SHARES: u64 = 2 * SOL;
/// Number of her only ticket.
const NONCE: u64 = 0;

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Nothing,
    Borrowed,
    /// Some shares have left at once, the others wait in the batch with this serial.
    Leaving(u64),
    Over,
}

/// The lending program and its two people.
pub struct Lending<'a> {
    network: &'a Network,
    borrower: Keypair,
    /// Lends, and pays fees and rent for both: a borrower's wallet shows nothing but the SOL.
    lender: Keypair,
    at: PositionAddresses,
    step: Step,
}

impl<'a> Lending<'a> {
    /// Its people arrive; none where a cluster has not got the program.
    pub async fn prepare(network: &'a Network, pool: PoolAddresses) -> Result<Option<Self>> {
        let program = network.rpc.get_account(&vault_example::ID).await;
        if !program.is_ok_and(|found| found.executable) {
            return Ok(None);
        }
        let (borrower, lender) = (network.wallet(30).await?, network.wallet(20).await?);
        let at = PositionAddresses::of(pool, lender.pubkey(), borrower.pubkey());
        Ok(Some(Self { network, borrower, lender, at, step: Step::Nothing }))
    }

    /// What has not happened yet, in words.
    pub fn missing(&self) -> Option<&'static str> {
        match self.step {
            Step::Nothing => Some("nobody has borrowed against shares"),
            Step::Borrowed => Some("the shares of a program have not left"),
            Step::Leaving(_) => Some("a program's ticket is not paid"),
            Step::Over => None,
        }
    }

    /// In an epoch that was just finalized.
    pub async fn go_on(&mut self, snapshot: &Snapshot, ledger: &mut Ledger) -> Result<()> {
        match self.step {
            Step::Nothing if ledger.reward_epochs > 0 => self.borrow(snapshot, ledger).await,
            Step::Borrowed if ledger.reward_epochs > 1 => self.leave(snapshot, ledger).await,
            _ => Ok(()),
        }
    }

    /// Between two looks: the ticket's batch may be settled.
    pub async fn watch(&mut self, snapshot: &Snapshot, ledger: &mut Ledger) -> Result<()> {
        let Step::Leaving(serial) = self.step else { return Ok(()) };
        if snapshot.pool.oldest_batch <= serial {
            return Ok(());
        }
        let before = self.wallet().await?;
        let claim = self.at.claim(NONCE, serial, &self.lender.pubkey());
        send(&self.network.rpc, &[claim], &[&self.lender], "the program's claim").await?;
        let paid = self.wallet().await?.saturating_sub(before);
        ledger.program_paid = ledger.program_paid.saturating_add(paid);
        self.step = Step::Over;
        say(format_args!("  The program claims its ticket: {} SOL reach Eve's wallet.", sol(paid)));
        Ok(())
    }

    async fn borrow(&mut self, snapshot: &Snapshot, ledger: &mut Ledger) -> Result<()> {
        let (borrower, lender) = (self.borrower.pubkey(), self.lender.pubkey());
        let [tokens, position] = self.at.open_position(&lender);
        let instructions = [
            self.at.open_vault(&lender),
            system::transfer(&lender, &self.at.vault, POT),
            tokens,
            position,
            self.at.deposit(&borrower, DEPOSIT, 0),
            self.at.borrow(LOAN),
        ];
        if !self.try_to(&instructions, "the loan").await? {
            return Ok(());
        }
        ledger.deposited = ledger.deposited.saturating_add(DEPOSIT);
        self.step = Step::Borrowed;
        let shares = self.shares().await?;
        say(format_args!(
            "  Eve stakes {} SOL by a lending program: it holds her {} shares, worth {} SOL, and \
             lends her {} SOL against them.",
            sol(DEPOSIT),
            sol(shares),
            sol(value(snapshot, shares)?),
            sol(LOAN)
        ));
        Ok(())
    }

    async fn leave(&mut self, snapshot: &Snapshot, ledger: &mut Ledger) -> Result<()> {
        let (borrower, lender) = (self.borrower.pubkey(), self.lender.pubkey());
        let (shares, debt, before) =
            (self.shares().await?, self.debt().await?, self.wallet().await?);
        let (rest, serial) = (shares.saturating_sub(AT_ONCE_SHARES), snapshot.batch_to_join());
        let instructions = [
            self.at.repay(&borrower, debt),
            self.at.exit(AT_ONCE_SHARES, 0),
            self.at.request(&lender, rest, NONCE, serial),
        ];
        if !self.try_to(&instructions, "leaving the lending program").await? {
            return Ok(());
        }
        let paid = self.wallet().await?.saturating_add(debt).saturating_sub(before);
        ledger.program_paid = ledger.program_paid.saturating_add(paid);
        self.step = Step::Leaving(serial);
        say(format_args!(
            "  Eve pays {} SOL back; the program turns {} of her shares into {} SOL at once and asks \
             for a ticket for the rest, worth {} SOL.",
            sol(debt),
            sol(AT_ONCE_SHARES),
            sol(paid),
            sol(value(snapshot, rest)?)
        ));
        Ok(())
    }

    /// False where a program refuses: there may be more tomorrow, or the epoch ended meanwhile.
    async fn try_to(&self, instructions: &[Instruction], what: &str) -> Result<bool> {
        let signers = [&self.lender, &self.borrower];
        match send(&self.network.rpc, instructions, &signers, what).await {
            Ok(()) => Ok(true),
            Err(error) if refusal(&error).is_some() => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn wallet(&self) -> Result<u64> {
        Ok(self.network.rpc.get_balance(&self.borrower.pubkey()).await?)
    }

    async fn shares(&self) -> Result<u64> {
        let balance = self.network.rpc.get_token_account_balance(&self.at.shares).await?;
        balance.amount.parse().context("a token balance is no number")
    }

    async fn debt(&self) -> Result<u64> {
        let data = self.network.rpc.get_account_data(&self.at.position).await?;
        let position: Position = decode::account(&data).context("the position")?;
        Ok(position.debt_lamports)
    }
}
