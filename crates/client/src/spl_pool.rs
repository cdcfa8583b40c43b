//! SPL stake pools, as far as leaving them for Thaw needs: what tokens are worth, and the instruction
//! that pays them in stake.
//!
//! Codes and arithmetic are those of the crate spl-stake-pool 2.2.0: `state.rs`,
//! `instruction.rs` and `process_withdraw_stake` in `processor.rs`. The crate itself would bring its
//! whole tree along; a test on the local network runs its program against this file.

use anchor_lang::{AnchorDeserialize, prelude::Pubkey};
use solana_account_decoder_client_types::UiAccountEncoding;
use solana_instruction::{AccountMeta, Instruction};
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_rpc_client_api::{
    config::{RpcAccountInfoConfig, RpcProgramAccountsConfig},
    filter::{Memcmp, RpcFilterType},
};
use thaw::state::STAKE_PROGRAM;
use thaw_math::{MIN_DELEGATION, mul_div_down};

pub use crate::spl_layout::{SplFee, SplNextFee, SplPoolState, SplValidator};
use crate::{
    Refusal,
    instructions::TOKEN_PROGRAM,
    snapshot::{FetchError, read},
    spl_layout::{POOL_TYPE, validators},
    token_account::{ASSOCIATED_TOKEN_PROGRAM, amount_in},
};

/// The programs whose pools are taken unasked: the SPL's on mainnet and devnet, and Sanctum's two,
/// which are the same program at other addresses. A wallet signs for what they call.
pub const PROGRAMS: [Pubkey; 4] = [
    anchor_lang::pubkey!("SPoo1Ku8WFXoNDMHPsrGSTSG1Y47rzgn41SLUNakuHy"),
    anchor_lang::pubkey!("SPMBzsVUuoHA4Jm6KunbsotaahvVikZs1JyTW6iJvbn"),
    anchor_lang::pubkey!("SP12tWFxD9oJsVWNavTTBZvMbA6gkAmxtVgxdqvyvhY"),
    anchor_lang::pubkey!("DPoo15wWDqpPJJtS2MUZ49aRxqz5ZaaJCJP4z8bLuib"),
];
/// Token-2022, which some of these pools use.
pub const TOKEN_2022_PROGRAM: Pubkey =
    anchor_lang::pubkey!("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb");

const CLOCK: Pubkey = anchor_lang::pubkey!("SysvarC1ock11111111111111111111111111111111");
/// Offset of `pool_mint` in a pool.
const MINT_OFFSET: usize = 162;
/// `StakePoolInstruction::WithdrawStake`.
const WITHDRAW_STAKE: u8 = 10;
/// Code of `StakePoolError::StakeListAndPoolOutOfDate`.
const OUT_OF_DATE: u32 = 17;
/// Place and value of `Initialized` in a token account's state.
const TOKEN_STATE: (usize, u8) = (108, 1);

/// What tokens are paid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SplWithdrawal {
    /// Tokens that go in.
    pub tokens: u64,
    /// Of them the manager's fee.
    pub fee_tokens: u64,
    /// Lamports of stake that come out.
    pub lamports: u64,
}

/// A pool with its list.
#[derive(Clone, Debug)]
pub struct SplPool {
    /// Its address.
    pub address: Pubkey,
    /// Its program.
    pub program: Pubkey,
    /// Its state.
    pub state: SplPoolState,
    /// Its validators.
    pub validators: Vec<SplValidator>,
    /// True where the manager's token account can take the fee; else there is none.
    pub takes_fee: bool,
}

/// Why a pool could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SplPoolError {
    /// The server's, or an account is missing.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// No pool, and no mint of one.
    #[error("{0} is neither an SPL stake pool nor the mint of one's tokens")]
    NoPool(Pubkey),
    /// A pool of a program that was not named.
    #[error("{address} belongs to {program}, which is no stake pool program known here")]
    UnknownProgram {
        /// The account.
        address: Pubkey,
        /// Its owner.
        program: Pubkey,
    },
    /// Account bytes are not what they should be.
    #[error("the account {0} cannot be read as an SPL stake pool's")]
    Unreadable(Pubkey),
}

impl SplPool {
    /// The pool at `address`, or the one whose tokens are of the mint `address`, of one of
    /// [`PROGRAMS`] or `program`.
    ///
    /// # Errors
    /// [`SplPoolError`].
    pub async fn fetch(
        rpc: &RpcClient,
        address: Pubkey,
        program: Option<Pubkey>,
    ) -> Result<Self, SplPoolError> {
        let programs = program.map_or_else(|| PROGRAMS.to_vec(), |program| vec![program]);
        let found = read(rpc, &[address]).await?.into_iter().next().flatten();
        let account = found.ok_or(FetchError::Missing(address))?;
        let (address, account) = if [TOKEN_PROGRAM, TOKEN_2022_PROGRAM].contains(&account.owner) {
            let pool = find_by_mint(rpc, &programs, address).await?;
            let found = read(rpc, &[pool]).await?.into_iter().next().flatten();
            (pool, found.ok_or(FetchError::Missing(pool))?)
        } else {
            (address, account)
        };
        if !programs.contains(&account.owner) {
            return Err(SplPoolError::UnknownProgram { address, program: account.owner });
        }
        let state = SplPoolState::deserialize(&mut account.data.as_slice()).ok();
        let state = state.filter(|state| state.account_type == POOL_TYPE);
        let state = state.ok_or(SplPoolError::Unreadable(address))?;
        let keys = [state.validator_list, state.manager_fee_account];
        let mut found = read(rpc, &keys).await?.into_iter();
        let list = found.next().flatten().ok_or(FetchError::Missing(keys[0]))?;
        let validators = validators(&list.data).ok_or(SplPoolError::Unreadable(keys[0]))?;
        let takes_fee = found.next().flatten().is_some_and(|account| {
            account.owner == state.token_program
                && account.data.starts_with(state.pool_mint.as_ref())
                && account.data.get(TOKEN_STATE.0) == Some(&TOKEN_STATE.1)
        });
        Ok(Self { address, program: account.owner, state, validators, takes_fee })
    }

    /// The token account of `owner`.
    pub fn token_account(&self, owner: &Pubkey) -> Pubkey {
        let seeds =
            [owner.as_ref(), self.state.token_program.as_ref(), self.state.pool_mint.as_ref()];
        Pubkey::find_program_address(&seeds, &ASSOCIATED_TOKEN_PROGRAM).0
    }

    /// Tokens in a token account; 0 where there is none.
    ///
    /// # Errors
    /// The server's.
    pub async fn tokens_in(&self, rpc: &RpcClient, account: &Pubkey) -> Result<u64, FetchError> {
        let found = read(rpc, &[*account]).await?.into_iter().next().flatten();
        let tokens = found.filter(|account| account.owner == self.state.token_program);
        Ok(tokens.and_then(|account| amount_in(&account.data)).unwrap_or(0))
    }

    /// Signs for the pool's stake and mint.
    pub fn withdraw_authority(&self) -> Pubkey {
        Pubkey::find_program_address(&[self.address.as_ref(), b"withdraw"], &self.program).0
    }

    /// The stake account of a validator.
    pub fn stake_account(&self, validator: &SplValidator) -> Pubkey {
        let (seed, pool) = (validator.seed.to_le_bytes(), self.address);
        let seed = if validator.seed == 0 { &[][..] } else { &seed[..] };
        let seeds = [validator.vote.as_ref(), pool.as_ref(), seed];
        Pubkey::find_program_address(&seeds, &self.program).0
    }

    /// The refusal of a pool that was not updated in `epoch`: it would not tell what tokens are
    /// worth.
    pub fn refuse_stale(&self, epoch: u64) -> Result<(), Refusal> {
        if self.state.last_update_epoch >= epoch {
            return Ok(());
        }
        Err(Refusal {
            program: Some(self.program),
            code: OUT_OF_DATE,
            name: "StakeListAndPoolOutOfDate".into(),
            message: format!(
                "the stake pool {} was not updated in this epoch: have its update run first",
                self.address
            ),
            values: None,
        })
    }

    /// What `tokens` out of the token account `from` are paid; `None` where nothing.
    pub fn withdrawal(&self, tokens: u64, from: &Pubkey) -> Option<SplWithdrawal> {
        let state = &self.state;
        let has_fee = self.takes_fee && state.manager_fee_account != *from;
        let fee_tokens = if has_fee { state.stake_withdrawal_fee.of_up(tokens)? } else { 0 };
        let burnt = tokens.checked_sub(fee_tokens)?;
        if state.token_supply == 0 {
            return None;
        }
        let lamports = mul_div_down(burnt, state.total_lamports, state.token_supply)?;
        (lamports > 0).then_some(SplWithdrawal { tokens, fee_tokens, lamports })
    }

    /// Lamports that the pool lets a validator's stake account give. `rent`: of a stake account.
    pub fn can_give(&self, validator: &SplValidator, rent: u64) -> u64 {
        if validator.status != 0 {
            return 0;
        }
        validator.active_lamports.saturating_sub(rent.saturating_add(MIN_DELEGATION.0))
    }

    /// The validator that stake must be taken from while it has enough.
    pub fn preferred(&self, rent: u64) -> Option<Pubkey> {
        let vote = self.state.preferred_withdraw?;
        let entry = self.validators.iter().find(|validator| validator.vote == vote)?;
        let (supply, total) = (self.state.token_supply, self.state.total_lamports);
        let a_token = total.checked_add(supply)?.checked_sub(1)?.checked_div(supply)?;
        let least = MIN_DELEGATION.0.checked_mul(2)?.checked_add(rent)?.checked_add(a_token)?;
        (entry.active_lamports >= least).then_some(vote)
    }

    /// Pays `tokens` in stake of a validator into `to`, a fresh stake account with its rent, whose
    /// authorities become `owner`'s. `owner` signs for the tokens in `from`.
    pub fn withdraw_stake(
        &self,
        validator: &SplValidator,
        to: &Pubkey,
        owner: &Pubkey,
        from: &Pubkey,
        tokens: u64,
    ) -> Instruction {
        let state = &self.state;
        let mut data = vec![WITHDRAW_STAKE];
        data.extend(tokens.to_le_bytes());
        Instruction {
            program_id: self.program,
            accounts: vec![
                AccountMeta::new(self.address, false),
                AccountMeta::new(state.validator_list, false),
                AccountMeta::new_readonly(self.withdraw_authority(), false),
                AccountMeta::new(self.stake_account(validator), false),
                AccountMeta::new(*to, false),
                AccountMeta::new_readonly(*owner, false),
                AccountMeta::new_readonly(*owner, true),
                AccountMeta::new(*from, false),
                AccountMeta::new(state.manager_fee_account, false),
                AccountMeta::new(state.pool_mint, false),
                AccountMeta::new_readonly(CLOCK, false),
                AccountMeta::new_readonly(state.token_program, false),
                AccountMeta::new_readonly(STAKE_PROGRAM, false),
            ],
            data,
        }
    }
}

async fn find_by_mint(
    rpc: &RpcClient,
    programs: &[Pubkey],
    mint: Pubkey,
) -> Result<Pubkey, SplPoolError> {
    for program in programs {
        let has = |offset, bytes| RpcFilterType::Memcmp(Memcmp::new_raw_bytes(offset, bytes));
        let config = RpcProgramAccountsConfig {
            filters: Some(vec![
                has(0, vec![POOL_TYPE]),
                has(MINT_OFFSET, mint.to_bytes().to_vec()),
            ]),
            account_config: RpcAccountInfoConfig {
                encoding: Some(UiAccountEncoding::Base64),
                commitment: Some(rpc.commitment()),
                ..RpcAccountInfoConfig::default()
            },
            ..RpcProgramAccountsConfig::default()
        };
        let found = rpc.get_program_ui_accounts_with_config(program, config).await;
        let found = found.map_err(|error| FetchError::Rpc(Box::new(error)))?;
        if let Some((pool, _)) = found.first() {
            return Ok(*pool);
        }
    }
    Err(SplPoolError::NoPool(mint))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a panic fails the test")]
mod tests {
    use super::*;

    fn pool() -> SplPool {
        let mut data = vec![0; 611];
        data[0] = POOL_TYPE;
        let mut state = SplPoolState::deserialize(&mut data.as_slice()).unwrap();
        (state.total_lamports, state.token_supply) = (1_100, 1_000);
        state.stake_withdrawal_fee = SplFee { denominator: 1_000, numerator: 1 };
        SplPool {
            address: Pubkey::new_unique(),
            program: PROGRAMS[0],
            state,
            validators: Vec::new(),
            takes_fee: true,
        }
    }

    #[test]
    fn the_fee_is_rounded_up_and_the_lamports_down() {
        let (mut pool, from) = (pool(), Pubkey::new_unique());
        let paid = |pool: &SplPool, tokens| {
            pool.withdrawal(tokens, &from).map(|paid| (paid.fee_tokens, paid.lamports))
        };
        // 98 * 1.1 = 107.8
        assert_eq!((paid(&pool, 99), paid(&pool, 1)), (Some((1, 107)), None));
        assert_eq!(paid(&pool, u64::MAX), None, "more than there is");
        pool.state.manager_fee_account = from;
        assert_eq!(paid(&pool, 1), Some((0, 1)), "the manager pays itself none");
        pool.state.manager_fee_account = Pubkey::new_unique();
        pool.takes_fee = false;
        assert_eq!(paid(&pool, 1), Some((0, 1)), "nor does anyone where it cannot be paid");
        pool.state.token_supply = 0;
        assert_eq!(paid(&pool, 1), None);
    }

    #[test]
    fn a_pool_that_was_not_updated_is_refused_with_its_own_code() {
        let mut pool = pool();
        pool.state.last_update_epoch = 7;
        assert_eq!(pool.refuse_stale(7), Ok(()));
        let refusal = pool.refuse_stale(8).unwrap_err();
        assert_eq!((refusal.code, refusal.program), (17, Some(pool.program)));
    }

    #[test]
    fn a_preferred_validator_is_first_while_it_has_enough() {
        let (mut pool, vote, rent) = (pool(), Pubkey::new_unique(), 1_000);
        let least = rent + 2 * MIN_DELEGATION.0 + 2;
        let entry = |active_lamports, status| SplValidator {
            active_lamports,
            transient_lamports: 0,
            last_update_epoch: 0,
            transient_seed: 0,
            unused: 0,
            seed: 0,
            status,
            vote,
        };
        pool.validators = vec![entry(least, 0)];
        assert_eq!(pool.preferred(rent), None);
        pool.state.preferred_withdraw = Some(vote);
        assert_eq!(pool.preferred(rent), Some(vote));
        pool.validators[0].active_lamports = least - 1;
        assert_eq!(pool.preferred(rent), None);
        assert_eq!(pool.can_give(&entry(least, 0), rent), MIN_DELEGATION.0 + 2);
        assert_eq!(pool.can_give(&entry(least, 1), rent), 0, "it is being removed");
        assert_eq!(pool.can_give(&entry(rent, 0), rent), 0);
        let seeded = SplValidator { seed: 1, ..entry(0, 0) };
        assert_ne!(pool.stake_account(&seeded), pool.stake_account(&entry(0, 0)));
    }
}
