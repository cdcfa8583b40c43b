//! The JSON-RPC server: the methods of the library, and `getVoteAccounts`, which the library answers
//! with an empty list.

use std::{
    net::SocketAddr,
    sync::{Arc, RwLock},
};

use crossbeam_channel::Sender;
use serde::Deserialize;
use solana_pubkey::Pubkey;
use solana_rpc_client_api::{
    config::RpcGetVoteAccountsConfig,
    response::{RpcVoteAccountInfo, RpcVoteAccountStatus},
};
use surfpool_core::{
    jsonrpc_core::{Error as RpcError, MetaIoHandler, Params, Value, to_value},
    jsonrpc_http_server::{DomainsValidation, Server, ServerBuilder},
    rpc::{
        SurfpoolMiddleware,
        accounts_data::{AccountsData, SurfpoolAccountsDataRpc},
        accounts_scan::{AccountsScan, SurfpoolAccountsScanRpc},
        bank_data::{BankData, SurfpoolBankDataRpc},
        full::{Full, SurfpoolFullRpc},
        minimal::{Minimal, SurfpoolMinimalRpc},
        surfnet_cheatcodes::{SurfnetCheatcodes, SurfnetCheatcodesRpc},
    },
    surfnet::{locker::SurfnetSvmLocker, svm::SurfnetSvm},
};
use surfpool_types::{RpcConfig, SimnetCommand};

use crate::{Error, Validator, seats::REST_OF_CLUSTER, vote_accounts};

/// Longest request, bytes.
const MAX_REQUEST_BYTES: usize = 15 * 1024 * 1024;
/// Threads that answer.
const THREADS: usize = 6;
/// Epochs of credits in an answer, as on a real cluster.
const CREDITS_SHOWN: usize = 5;

/// Serves JSON-RPC on `address`.
pub(crate) fn serve(
    address: &SocketAddr,
    locker: &SurfnetSvmLocker,
    commands: &Sender<SimnetCommand>,
    config: &RpcConfig,
    validators: &Arc<[Validator]>,
) -> Result<Server, Error> {
    // Plugins are not supported: nobody reads what is sent here.
    let (plugins, _) = crossbeam_channel::unbounded();
    let middleware = SurfpoolMiddleware::new(locker.clone(), commands, config, &None, plugins);
    let mut methods = MetaIoHandler::with_middleware(middleware);
    let registered_methods = Arc::new(RwLock::new(Vec::new()));
    methods.extend_with(SurfnetCheatcodesRpc { registered_methods }.to_delegate());
    methods.extend_with(SurfpoolMinimalRpc.to_delegate());
    methods.extend_with(SurfpoolFullRpc.to_delegate());
    methods.extend_with(SurfpoolAccountsDataRpc.to_delegate());
    methods.extend_with(SurfpoolAccountsScanRpc.to_delegate());
    methods.extend_with(SurfpoolBankDataRpc.to_delegate());
    let (locker, validators) = (locker.clone(), validators.clone());
    methods.add_sync_method("getVoteAccounts", move |params: Params| {
        let wanted = wanted(params)?;
        let all = locker.with_svm_reader(|svm| status(svm, &validators));
        let mut all = all.map_err(|error| internal(&error))?;
        if let Some(wanted) = wanted {
            all.current.retain(|info| info.vote_pubkey == wanted);
            all.delinquent.retain(|info| info.vote_pubkey == wanted);
        }
        to_value(all).map_err(|error| internal(&error))
    });
    ServerBuilder::new(methods)
        .cors(DomainsValidation::Disabled)
        .threads(THREADS)
        .max_request_body_size(MAX_REQUEST_BYTES)
        .start_http(address)
        .map_err(|error| Error::Server(format!("cannot listen on {address}: {error}")))
}

/// The one vote account that is asked for, if it is one.
fn wanted(params: Params) -> Result<Option<String>, RpcError> {
    let config = match params {
        Params::Array(values) => values.into_iter().next().unwrap_or(Value::Null),
        Params::None | Params::Map(_) => Value::Null,
    };
    let config = Option::<RpcGetVoteAccountsConfig>::deserialize(config)
        .map_err(|error| RpcError::invalid_params(error.to_string()))?;
    let Some(wanted) = config.and_then(|config| config.vote_pubkey) else { return Ok(None) };
    let key: Pubkey =
        wanted.parse().map_err(|error| RpcError::invalid_params(format!("{error}")))?;
    Ok(Some(key.to_string()))
}

fn internal(error: &dyn std::error::Error) -> RpcError {
    RpcError { message: error.to_string(), ..RpcError::internal_error() }
}

/// All validators with their stakes, and one entry for the rest of the cluster. Who has no credits in
/// the running epoch is delinquent.
fn status(svm: &SurfnetSvm, validators: &[Validator]) -> Result<RpcVoteAccountStatus, Error> {
    let stake = |key: &Pubkey| svm.inner.svm.epoch_stake(key);
    let mut status = RpcVoteAccountStatus { current: Vec::new(), delinquent: Vec::new() };
    for validator in validators {
        let Some((_, state)) = vote_accounts::read(svm, &validator.vote)? else { continue };
        let commission_bps = state.inflation_rewards_commission_bps;
        let first = state.epoch_credits.len().saturating_sub(CREDITS_SHOWN);
        let credits = state.epoch_credits.get(first..).unwrap_or_default().to_vec();
        let is_voting = credits.last().is_some_and(|last| last.0 == svm.latest_epoch_info.epoch);
        let list = if is_voting { &mut status.current } else { &mut status.delinquent };
        list.push(RpcVoteAccountInfo {
            node_pubkey: state.node_pubkey.to_string(),
            commission: u8::try_from(commission_bps.div_ceil(100)).unwrap_or(u8::MAX),
            inflation_rewards_commission_bps: Some(commission_bps),
            epoch_credits: credits,
            last_vote: state.votes.back().map_or(0, |vote| vote.lockout.slot()),
            root_slot: state.root_slot.unwrap_or(0),
            ..info(&validator.vote, stake(&validator.vote))
        });
    }
    status.current.push(info(&REST_OF_CLUSTER, stake(&REST_OF_CLUSTER)));
    Ok(status)
}

/// A vote account of which nothing but the stake is known.
fn info(vote: &Pubkey, stake: u64) -> RpcVoteAccountInfo {
    RpcVoteAccountInfo {
        vote_pubkey: vote.to_string(),
        node_pubkey: vote.to_string(),
        activated_stake: stake,
        commission: 0,
        inflation_rewards_commission_bps: None,
        epoch_vote_account: stake > 0,
        epoch_credits: Vec::new(),
        last_vote: 0,
        root_slot: 0,
    }
}
