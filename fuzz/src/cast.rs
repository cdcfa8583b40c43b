//! The accounts that inputs choose from: those of one pool with two validators, people, programs.

use std::sync::LazyLock;

use anchor_lang::{prelude::*, solana_program::system_program};
use thaw::{
    ID,
    constants::{METADATA_PROGRAM, VOTE_PROGRAM},
    pda,
    state::STAKE_PROGRAM,
};

use crate::kinds::Kind;

/// The token program.
pub const TOKEN_PROGRAM: Pubkey = pubkey!("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA");
/// The wallet with every power over the pool.
pub const WALLET: Pubkey = Pubkey::new_from_array([7; 32]);
/// Anybody else's.
pub const STRANGER: Pubkey = Pubkey::new_from_array([8; 32]);
/// The first validator's vote account.
pub const VOTE: Pubkey = Pubkey::new_from_array([9; 32]);
/// The second one's.
pub const OTHER_VOTE: Pubkey = Pubkey::new_from_array([10; 32]);
/// One that is not listed.
const NEXT_VOTE: Pubkey = Pubkey::new_from_array([15; 32]);
/// What owners are chosen from.
pub const OWNERS: [Pubkey; 6] =
    [ID, TOKEN_PROGRAM, STAKE_PROGRAM, VOTE_PROGRAM, system_program::ID, WALLET];

/// An account as it is where the input changes nothing.
#[derive(Clone, Copy)]
pub struct Part {
    /// The name of its place in the IDL.
    pub name: &'static str,
    /// Its address.
    pub key: Pubkey,
    /// Bump of the address, where it has one.
    pub bump: u8,
    /// Its owner.
    pub owner: Pubkey,
    /// What its data is.
    pub kind: Kind,
}

/// All of them.
pub static CAST: LazyLock<Vec<Part>> = LazyLock::new(cast);

/// The one that stands at `name`; people are all the same wallet.
pub fn part(name: &str) -> Part {
    CAST.iter().copied().find(|part| part.name == name).unwrap_or(CAST[0])
}

/// The one with this address.
pub fn part_at(key: &Pubkey) -> Option<Part> {
    CAST.iter().copied().find(|part| part.key == *key)
}

fn cast() -> Vec<Part> {
    let mint = Pubkey::new_from_array([5; 32]);
    let pool = pda::pool(&mint);
    let key = &pool.0;
    let plain = |key| (key, 0);
    let slot = |vote, index| pda::slot(key, &vote, index);
    let token = |name, found| (name, found, TOKEN_PROGRAM, Kind::Raw);
    let stake = |name, found| (name, found, STAKE_PROGRAM, Kind::Stake);
    let nobody = |name, key| (name, (key, 0), system_program::ID, Kind::Raw);
    [
        nobody("wallet", WALLET),
        nobody("stranger", STRANGER),
        nobody("recipient", STRANGER),
        nobody("new_owner", STRANGER),
        ("pool", pool, ID, Kind::Pool),
        ("mint", plain(mint), TOKEN_PROGRAM, Kind::Mint),
        ("reserve", pda::reserve(key), ID, Kind::Raw),
        ("authority", pda::authority(key), system_program::ID, Kind::Raw),
        ("validators", pda::validators(key), ID, Kind::List),
        token("escrow", pda::escrow(key)),
        token("bootstrap", pda::bootstrap(key)),
        token("treasury", plain(Pubkey::new_from_array([11; 32]))),
        token("shares_from", plain(Pubkey::new_from_array([12; 32]))),
        token("referrer", plain(Pubkey::new_from_array([13; 32]))),
        ("view", pda::spl_view(key), ID, Kind::View),
        ("batch", pda::batch(key, 0), ID, Kind::Batch),
        ("next_batch", pda::batch(key, 1), system_program::ID, Kind::Raw),
        ("ticket", pda::ticket(key, &WALLET, 0), ID, Kind::Ticket),
        ("next_ticket", pda::ticket(key, &WALLET, 1), system_program::ID, Kind::Raw),
        ("marker", pda::marker(key, &VOTE), ID, Kind::Marker),
        ("vote", plain(VOTE), VOTE_PROGRAM, Kind::Vote),
        ("next_vote", plain(NEXT_VOTE), VOTE_PROGRAM, Kind::Vote),
        ("next_marker", pda::marker(key, &NEXT_VOTE), system_program::ID, Kind::Zeros),
        ("other_vote", plain(OTHER_VOTE), VOTE_PROGRAM, Kind::Vote),
        stake("slot_0", slot(VOTE, 0)),
        stake("slot_1", slot(VOTE, 1)),
        stake("slot_2", slot(VOTE, 2)),
        stake("other_0", slot(OTHER_VOTE, 0)),
        stake("other_1", slot(OTHER_VOTE, 1)),
        stake("other_2", slot(OTHER_VOTE, 2)),
        stake("stake", plain(Pubkey::new_from_array([14; 32]))),
        ("next_stake", plain(Pubkey::new_from_array([16; 32])), STAKE_PROGRAM, Kind::Zeros),
        ("metadata", pda::metadata(&mint), METADATA_PROGRAM, Kind::Raw),
        nobody("stake_program", STAKE_PROGRAM),
        nobody("token_program", TOKEN_PROGRAM),
        nobody("system_program", system_program::ID),
        nobody("metadata_program", METADATA_PROGRAM),
        nobody("thaw", ID),
    ]
    .map(|(name, (key, bump), owner, kind)| Part { name, key, bump, owner, kind })
    .to_vec()
}
