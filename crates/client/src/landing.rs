//! Sends a signed transaction until the chain says what became of it.

use std::time::Duration;

use solana_commitment_config::CommitmentConfig;
use solana_rpc_client::{nonblocking::rpc_client::RpcClient, rpc_client::SerializableTransaction};
use solana_rpc_client_api::{
    client_error::{Error as ClientError, ErrorKind, TransactionError},
    config::RpcSendTransactionConfig,
    custom_error::JSON_RPC_SERVER_ERROR_TRANSACTION_SIGNATURE_VERIFICATION_FAILURE as BAD_SIGNATURE,
    request::RpcError,
};
use tokio::time::{Instant, sleep};

use crate::pace::{self, RESEND};

/// Pause between two questions whether a transaction has landed.
const POLL: Duration = Duration::from_millis(150);
/// The server's code for a transaction that it cannot read, as JSON-RPC has it.
const UNREADABLE: i64 = -32602;

/// What became of a transaction.
#[derive(Debug)]
pub enum Landing {
    /// It landed in this slot and did what it says.
    Landed(u64),
    /// It landed and failed: paid for, and nothing done.
    Failed(TransactionError),
    /// The server says that it did not take it.
    Refused(ClientError),
    /// Its blockhash ended before it landed: another one may help. With the server's last error.
    Expired(Option<ClientError>),
    /// Nothing is known after all the time there was: it may still land. With the server's last error.
    Unknown(Option<ClientError>),
}

/// How long to wait, and for what.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// The last block that the transaction may land in; `None` where it does not expire.
    pub last_height: Option<u64>,
    /// Time in all; a blockhash lives for [`pace::BLOCKHASH_LIFE`].
    pub patience: Duration,
    /// How sure it must be that it landed.
    pub commitment: CommitmentConfig,
}

/// Sends a signed transaction, again and again, and waits for it. It is not simulated first: the
/// caller has done so. An answer that is lost says nothing, since the server may have taken the
/// transaction, so it is looked for; the signature stays the same, so it cannot land twice.
pub async fn land(
    rpc: &RpcClient,
    transaction: &impl SerializableTransaction,
    window: Window,
) -> Landing {
    let config = RpcSendTransactionConfig {
        skip_preflight: true,
        max_retries: Some(0),
        ..RpcSendTransactionConfig::default()
    };
    let signature = *transaction.get_signature();
    let (began, mut sent) = (Instant::now(), Instant::now());
    let send = async || rpc.send_transaction_with_config(transaction, config).await.err();
    let mut trouble = send().await;
    if let Some(error) = trouble.take_if(|error| is_refusal(error)) {
        return Landing::Refused(error);
    }
    let mut is_over = false;
    while began.elapsed() < window.patience {
        sleep(POLL).await;
        // A server that does not answer says nothing about the transaction: ask again.
        let Ok(statuses) = rpc.get_signature_statuses(&[signature]).await else { continue };
        if let Some(Some(status)) = statuses.value.into_iter().next() {
            if let Some(error) = status.err {
                return Landing::Failed(error);
            }
            if status.satisfies_commitment(window.commitment) {
                return Landing::Landed(status.slot);
            }
        } else if is_over {
            // Not there, asked after its last block: it cannot land any more.
            return Landing::Expired(trouble);
        } else if sent.elapsed() >= RESEND {
            sent = Instant::now();
            let height = rpc.get_block_height().await.unwrap_or(0);
            is_over = window.last_height.is_some_and(|last| pace::is_over(last, height));
            if !is_over {
                trouble = send().await.or(trouble);
            }
        }
    }
    Landing::Unknown(trouble)
}

/// True where the server says that it did not take the transaction.
fn is_refusal(error: &ClientError) -> bool {
    match (error.get_transaction_error(), error.kind()) {
        (Some(failure), _) => failure != TransactionError::AlreadyProcessed,
        (None, ErrorKind::RpcError(RpcError::RpcResponseError { code, .. })) => {
            [BAD_SIGNATURE, UNREADABLE].contains(code)
        }
        (None, _) => false,
    }
}
