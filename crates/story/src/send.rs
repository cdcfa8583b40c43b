//! Ordinary transactions over RPC, as a wallet sends them.

use std::time::Duration;

use anyhow::{Context, Result};
use solana_instruction::{Instruction, error::InstructionError};
use solana_keypair::Keypair;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_rpc_client_api::client_error::Error as ClientError;
use solana_signer::Signer;
use solana_transaction::{Transaction, TransactionError};

/// Tries before a refusal is believed: the blockhash may end on a very busy machine.
const ATTEMPTS: usize = 3;
/// Longest wait for one try.
const PATIENCE: Duration = Duration::from_secs(30);

/// Sends `instructions` and waits until they are confirmed. The first signer pays.
pub async fn send(
    rpc: &RpcClient,
    instructions: &[Instruction],
    signers: &[&Keypair],
    what: &str,
) -> Result<()> {
    let payer = signers.first().context("a transaction needs a signer")?.pubkey();
    let mut last = None;
    for _ in 0..ATTEMPTS {
        let once = async {
            let blockhash = rpc.get_latest_blockhash().await?;
            let transaction =
                Transaction::new_signed_with_payer(instructions, Some(&payer), signers, blockhash);
            rpc.send_and_confirm_transaction(&transaction).await
        };
        match tokio::time::timeout(PATIENCE, once).await {
            Ok(Ok(_)) => return Ok(()),
            // A refusal by a program stays one.
            Ok(Err(error)) if error.get_transaction_error().is_some() => {
                return Err(error).with_context(|| format!("{what} was refused"));
            }
            Ok(Err(error)) => last = Some(anyhow::Error::from(error)),
            Err(_) => last = Some(anyhow::anyhow!("no answer in {PATIENCE:?}")),
        }
    }
    let error = last.unwrap_or_else(|| anyhow::anyhow!("it was not tried"));
    Err(error).with_context(|| format!("{what} did not go through"))
}

/// The code with which a program refused a transaction, if one did.
pub fn refusal(error: &anyhow::Error) -> Option<u32> {
    let refused = error.downcast_ref::<ClientError>()?.get_transaction_error()?;
    match refused {
        TransactionError::InstructionError(_, InstructionError::Custom(code)) => Some(code),
        _ => None,
    }
}
