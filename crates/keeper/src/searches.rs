//! What a keeper has to search for: tickets to push, validators to review.

use std::time::Duration;

use anchor_lang::prelude::Pubkey;
use solana_rpc_client_api::{client_error::ErrorKind, request::RpcError};
use thaw_client::{FetchError, Snapshot, tickets::fetch_tickets, votes::fetch_votes};
use tokio::time::{error::Elapsed, timeout};

use crate::{
    action::Action,
    claims::{claimable, plan_claims},
    keeper::Keeper,
    report::RoundReport,
    reviews::{is_review_time, plan_reviews},
};

/// Searches for validators to review, from the start of an epoch and of its move window: each reads every
/// vote account.
pub(crate) const REVIEW_SEARCHES: u8 = 5;
/// Time for one search for tickets or vote accounts at most.
const SEARCH_TIME: Duration = Duration::from_secs(60);
/// Claims pushed in a round at most, before the pool is looked at again.
const MAX_ROUND_PUSHES: usize = 64;
/// Claims pushed in an epoch at most: each costs the payer a fee. Owners can claim themselves.
const MAX_PUSHES: usize = 2_000;

/// How servers refuse a method: not found, and excluded from their indexes.
const NOT_OFFERED_CODES: [i64; 2] = [-32_601, -32_010];
/// The same over HTTP: forbidden, not allowed, gone, not implemented.
const NOT_OFFERED_STATUSES: [u16; 4] = [403, 405, 410, 501];
/// The same in words, with codes of the provider's own.
const NOT_OFFERED_WORDS: [&str; 4] = ["disabled", "not available", "not supported", "not allowed"];

impl Keeper {
    /// Claims to push, where a batch owes something that the last search has not seen.
    ///
    /// Anyone can make tickets, also such as cannot be paid: those are left alone after one try, and
    /// so many are pushed in a round and in an epoch, no more.
    pub(crate) async fn claims(
        &mut self,
        snapshot: &Snapshot,
        report: &mut RoundReport,
    ) -> Vec<Action> {
        let owed = claimable(snapshot);
        let most = MAX_PUSHES.saturating_sub(self.pushed).min(MAX_ROUND_PUSHES);
        let is_searched = owed.is_empty() || self.searched.as_ref() == Some(&owed);
        if !self.options.push_claims || is_searched || most == 0 {
            return Vec::new();
        }
        let search = fetch_tickets(&self.rpc, &self.addresses);
        match timeout(SEARCH_TIME, search).await {
            Ok(Ok(tickets)) => {
                let mut claims = plan_claims(snapshot, &tickets);
                claims.retain(|claim| !self.is_benched(claim));
                self.searched = claims.is_empty().then_some(owed);
                claims.truncate(most);
                self.pushed = self.pushed.saturating_add(claims.len());
                claims
            }
            Ok(Err(error)) if is_not_offered(&error) => {
                if !self.has_told_search {
                    tracing::warn!(
                        "the RPC server does not search for tickets (getProgramAccounts): owners \
                         have to claim theirs, the rest of the work goes on; {error}"
                    );
                }
                self.has_told_search = true;
                // Asked again when the batches owe something else: servers change.
                self.searched = Some(owed);
                Vec::new()
            }
            answer => {
                let error = told(answer);
                tracing::warn!("cannot search for tickets: {error}");
                report.failed_searches = report.failed_searches.saturating_add(1);
                Vec::new()
            }
        }
    }

    /// Validators to review, until a search finds none, at the start of an epoch and of its move window.
    pub(crate) async fn reviews(
        &mut self,
        snapshot: &Snapshot,
        report: &mut RoundReport,
    ) -> Vec<Action> {
        if !is_review_time(snapshot) {
            return Vec::new();
        }
        // A ticket that a vote account lacks counts from here on.
        if snapshot.is_move_window() && !self.has_seen_window {
            (self.has_seen_window, self.review_searches) = (true, REVIEW_SEARCHES);
        }
        if self.review_searches == 0 {
            return Vec::new();
        }
        let votes: Vec<Pubkey> = snapshot.validators.iter().map(|view| view.record.vote).collect();
        match timeout(SEARCH_TIME, fetch_votes(&self.rpc, &votes)).await {
            Ok(Ok(accounts)) => {
                let reviews = plan_reviews(snapshot, &accounts);
                let left = self.review_searches.saturating_sub(1);
                self.review_searches = if reviews.is_empty() { 0 } else { left };
                reviews
            }
            answer => {
                tracing::warn!("cannot read the vote accounts: {}", told(answer));
                report.failed_searches = report.failed_searches.saturating_add(1);
                Vec::new()
            }
        }
    }
}

/// True where the server says that it does not offer what it was asked for.
fn is_not_offered(error: &FetchError) -> bool {
    let FetchError::Rpc(error) = error else { return false };
    match error.kind() {
        ErrorKind::RpcError(RpcError::RpcResponseError { code, message, .. }) => {
            let message = message.to_lowercase();
            let says = |words: &&str| message.contains(*words);
            NOT_OFFERED_CODES.contains(code) || NOT_OFFERED_WORDS.iter().any(says)
        }
        ErrorKind::Reqwest(error) => {
            error.status().is_some_and(|status| NOT_OFFERED_STATUSES.contains(&status.as_u16()))
        }
        _ => false,
    }
}

/// Why a search has failed.
fn told<T>(answer: Result<Result<T, FetchError>, Elapsed>) -> String {
    match answer {
        Ok(Ok(_)) => String::new(),
        Ok(Err(error)) => error.to_string(),
        Err(_) => format!("it took more than {SEARCH_TIME:?}"),
    }
}
