//! The page's tables of offsets are those of the program's own struct.

use std::mem::offset_of;

use thaw_client::thaw::state::{Config, Pool, RingEntry};

use crate::page::read;

/// Where the fields begin: after the account's type.
const START: usize = 8;

type Field = (usize, usize, String);

fn size<T, F>(_: impl Fn(&T) -> &F) -> usize {
    size_of::<F>()
}

macro_rules! fields {
    ($($field:ident $(. $inner:ident)?),* $(,)?) => {
        vec![$((
            START + offset_of!(Pool, $field $(. $inner)?),
            size(|pool: &Pool| &pool.$field $(. $inner)?),
            concat!(stringify!($field) $(, ".", stringify!($inner))?).to_owned(),
        )),*]
    };
}

/// Everything up to the first address of the pool's own: what is promised.
fn head() -> Vec<Field> {
    fields![
        version,
        bump,
        authority_bump,
        reserve_bump,
        status,
        padding,
        mint,
        nav_lamports,
        shares,
        assets_lamports,
        epoch,
        updated_at,
        locked_gain_lamports,
        release_start,
        release_end,
        config.release_seconds,
        config.config_delay_seconds,
        config.reward_fee_bps,
        config.deposit_fee_bps,
        config.stake_withdrawal_fee_bps,
        config.instant_fee_min_bps,
        config.instant_fee_max_bps,
        config.referral_bps,
        config.stale_haircut_bps,
        config.stale_exit_bps,
        config.liquidity_target_bps,
        config.piece_bps,
        config.max_rebalance_bps,
        config.max_violator_bps,
        config.max_validator_bps,
        config.min_validators,
        config.max_commission_bps,
        config.aside_bps,
        config.circuit_loss_bps,
        config.move_window_bps,
        config.require_bls,
        config.reserved,
        epoch_gain_lamports,
        finalized_at,
    ]
}

/// What a careful reader wants besides; fixed as long as `version` is.
fn rest() -> Vec<Field> {
    fields![
        reserve,
        validators,
        reserve_lamports,
        staked_lamports,
        claimable_lamports,
        pending_gain_lamports,
        pending_loss_lamports,
        pending_fees_lamports,
        liquidity_target_lamports,
        pending_shares,
        paused_until,
        circuit_until,
        wind_down_at,
        ring_next,
        ring,
    ]
}

/// The rows of the page's table under `heading`: offset, bytes, field.
fn rows(heading: &str) -> Vec<Field> {
    let page = read("docs/integrate.md");
    let (_, after) = page.split_once(heading).unwrap_or_else(|| panic!("no heading {heading}"));
    let table = after.lines().skip_while(|line| !line.starts_with('|'));
    let rows = table.take_while(|line| line.starts_with('|')).skip(2);
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let number = |cell: &str| cell.parse().unwrap_or_else(|_| panic!("{row}"));
        (number(cells[0]), number(cells[1]), cells[2].trim_matches('`').to_owned())
    })
    .collect()
}

#[test]
fn the_head_is_where_the_page_says() {
    let head = head();
    assert_eq!(rows("### The head"), head);
    // Without a gap: every byte of the head has a row.
    let mut next = START;
    for (offset, bytes, name) in &head {
        assert_eq!(*offset, next, "{name}");
        next = offset + bytes;
    }
    assert_eq!(next, START + offset_of!(Pool, reserve));
    assert_eq!(offset_of!(Pool, config) + size_of::<Config>(), 168);
}

#[test]
fn the_rest_is_where_the_page_says() {
    assert_eq!(rows("### Further on"), rest());
    assert_eq!((Pool::BYTES, size_of::<RingEntry>()), (3_264, 32));
    let page = read("docs/integrate.md");
    assert!(page.contains("3,264 bytes"), "the page tells the account's length");
}
