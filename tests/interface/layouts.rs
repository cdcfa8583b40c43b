//! Every layout of the interface against the program's structs.

use std::mem::{offset_of, size_of};

use anchor_lang::{AccountDeserialize, AnchorDeserialize, AnchorSerialize, Discriminator, Space};
use bytemuck::bytes_of;
use thaw_client::{
    interface::{self, Account, LayoutError, returned},
    thaw,
};

use crate::idl;

/// Bytes of which no two neighbours are equal; 1 where a truth stands.
fn pattern(length: usize, truths: &[usize]) -> Vec<u8> {
    let byte = |at: usize| if truths.contains(&at) { 1 } else { (at * 37 + 11) as u8 };
    (0..length).map(byte).collect()
}

macro_rules! zero_copy {
    ($($name:ident $program:path { $($field:ident)* })*) => {
        #[test]
        fn zero_copy_structs_have_the_programs_fields() {$({
            use $program as Program;
            // Names every field: one more in the program does not compile.
            let Program { $($field: _),* } = bytemuck::Zeroable::zeroed();
            assert_eq!(size_of::<interface::$name>(), size_of::<Program>(), stringify!($name));
            $(
                let place = concat!(stringify!($name), ".", stringify!($field));
                let ours = offset_of!(interface::$name, $field);
                assert_eq!(ours, offset_of!(Program, $field), "{place}");
            )*
            let bytes = pattern(size_of::<Program>(), &[]);
            let ours: interface::$name = bytemuck::pod_read_unaligned(&bytes);
            let program: Program = bytemuck::pod_read_unaligned(&bytes);
            $(assert_eq!(bytes_of(&ours.$field), bytes_of(&program.$field));)*
        })*}
    };
}

zero_copy! {
    Config thaw::state::Config {
        release_seconds config_delay_seconds reward_fee_bps deposit_fee_bps
        stake_withdrawal_fee_bps instant_fee_min_bps instant_fee_max_bps referral_bps
        stale_haircut_bps stale_exit_bps liquidity_target_bps piece_bps max_rebalance_bps
        max_violator_bps max_validator_bps min_validators max_commission_bps aside_bps
        circuit_loss_bps move_window_bps require_bls reserved
    }
    Counters thaw::state::Counters {
        epoch rebalanced_lamports violator_lamports aside_weight stale_exit_lamports
        sampled_lamports growth_lamports
    }
    Pool thaw::state::Pool {
        version bump authority_bump reserve_bump status padding mint nav_lamports shares
        assets_lamports epoch updated_at locked_gain_lamports release_start release_end config
        epoch_gain_lamports finalized_at reserve authority validators escrow bootstrap admin
        operator guardian nominated_admin nominated_operator nominated_guardian treasury
        reserve_lamports staked_lamports claimable_lamports cooling_lamports slot_rent_lamports
        pending_gain_lamports pending_loss_lamports pending_fees_lamports fee_shares_owed
        loss_carry_lamports carry_shares finalized_staked_lamports finalized_shares
        liquidity_target_lamports bootstrap_lamports yields_ppb mean_yields_ppb padding_2
        weight_sum next_weight_sum open_slots cooling_slots holding_validators synced_validators
        counters oldest_batch next_batch newest_batch_epoch pending_shares proposed_config
        proposed_treasury config_ready_at paused_until guardian_ready_at circuit_until
        wind_down_at ring_next ring min_delegation_lamports sol_per_window reserved
    }
    RingEntry thaw::state::RingEntry { epoch unix_time assets_lamports shares }
    ValidatorList thaw::state::ValidatorList { pool count live version bump reserved }
    Slot thaw::state::Slot { lamports epoch state bump padding }
    Record thaw::state::Record {
        vote slots booked_epoch gain_lamports loss_lamports weight_epoch sampled_lamports weight
        next_weight aside_weight yields_ppb reviewed_epoch flags main relapses compliant
        marker_bump windows_16 dilution_percent deficit_ppm epoch_stake_sol
    }
}

macro_rules! packed {
    ($($name:ident $program:path { $($field:ident)* })*) => {
        #[test]
        fn packed_structs_have_the_programs_fields() {$({
            use $program as Program;
            let length = size_of::<interface::$name>();
            // A truth is the only byte that does not take every value.
            let truths: &[usize] = match stringify!($name) {
                "Ticket" => &[interface::Ticket::IS_PUSHABLE],
                "TicketQuote" => &[interface::TicketQuote::IS_COVERED],
                _ => &[],
            };
            let bytes = pattern(length, truths);
            let program = Program::try_from_slice(&bytes).unwrap();
            let ours: interface::$name = bytemuck::pod_read_unaligned(&bytes);
            let mut at = 0;
            let Program { $($field),* } = program;
            $(
                let written = anchor_lang::prelude::borsh::to_vec(&$field).unwrap();
                let place = concat!(stringify!($name), ".", stringify!($field));
                assert_eq!(offset_of!(interface::$name, $field), at, "{place}");
                assert_eq!(bytes_of(&{ ours.$field }), written, "{place}");
                at += written.len();
            )*
            assert_eq!(at, length, stringify!($name));
        })*}
    };
}

packed! {
    Batch thaw::state::Batch {
        pool serial epoch shares_requested shares_settled lamports_settled lamports_claimed
        tickets opener bump
    }
    Ticket thaw::state::Ticket {
        pool owner first_owner nonce batch shares lamports_claimed payer is_pushable bump
    }
    ValidatorMarker thaw::state::ValidatorMarker { pool vote index bump }
    DepositQuote thaw::instructions::DepositQuote { shares fee_lamports referral_shares }
    ExitQuote thaw::instructions::ExitQuote { lamports fee_lamports refusal }
    TicketQuote thaw::instructions::TicketQuote { lamports payable_epoch is_covered }
    ValueRange thaw::instructions::ValueRange { min max }
}

#[test]
fn accounts_have_the_programs_discriminators_and_sizes() {
    use thaw::state;
    let mut known = Vec::new();
    macro_rules! same {
        ($($name:ident $bytes:expr)*) => {$(
            assert_eq!(interface::$name::DISCRIMINATOR, state::$name::DISCRIMINATOR);
            assert_eq!(interface::$name::BYTES, $bytes, stringify!($name));
            known.push(stringify!($name));
        )*};
    }
    same! {
        Batch 8 + state::Batch::INIT_SPACE
        Pool state::Pool::BYTES
        Ticket 8 + state::Ticket::INIT_SPACE
        ValidatorList state::LIST_HEADER_BYTES
        ValidatorMarker 8 + state::ValidatorMarker::INIT_SPACE
    }
    let idl = idl();
    let named = idl["accounts"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap());
    assert_eq!(known, named.collect::<Vec<_>>());
}

#[test]
fn a_quote_of_all_exits_is_read_as_the_program_writes_it() {
    use thaw::instructions::{ExitQuote, TicketQuote, WithdrawQuote};
    let quote = WithdrawQuote {
        instant: ExitQuote { lamports: 1 << 40, fee_lamports: 2, refusal: 0 },
        ticket: TicketQuote { lamports: 4, payable_epoch: 5, is_covered: true },
        stake: ExitQuote { lamports: 6, fee_lamports: 7, refusal: 0 },
    };
    let mut data = Vec::new();
    quote.serialize(&mut data).unwrap();
    assert_eq!(data.len(), size_of::<interface::WithdrawQuote>());
    let whole: interface::WithdrawQuote = returned(&data).unwrap();
    let (instant, ticket, stake) = (whole.instant, whole.ticket, whole.stake);
    assert_eq!(({ instant.lamports }, { instant.fee_lamports }), (1 << 40, 2));
    assert_eq!(({ ticket.lamports }, { ticket.payable_epoch }, ticket.is_covered), (4, 5, 1));
    assert_eq!(({ stake.lamports }, { stake.fee_lamports }, { stake.refusal }), (6, 7, 0));
    // A transaction's return data comes without the zeros at its end.
    let end = data.iter().rposition(|byte| *byte != 0).unwrap();
    assert_eq!(returned::<interface::WithdrawQuote>(&data[..=end]), Some(whole));
    data.push(0);
    assert_eq!(returned::<interface::WithdrawQuote>(&data), None);
}

#[test]
fn other_bytes_are_refused() {
    let mut data = interface::Ticket::DISCRIMINATOR.to_vec();
    data.extend(pattern(size_of::<interface::Ticket>(), &[interface::Ticket::IS_PUSHABLE]));
    let ours = interface::Ticket::read(&data).unwrap();
    assert_eq!(interface::Ticket::view(&data), Ok(&ours));
    let program = thaw::state::Ticket::try_deserialize(&mut data.as_slice()).unwrap();
    assert_eq!(({ ours.nonce }, ours.owner), (program.nonce, program.owner));
    let short = LayoutError::TooShort { actual: data.len() - 1, expected: data.len() };
    assert_eq!(interface::Ticket::read(&data[..data.len() - 1]), Err(short));
    assert_eq!(
        interface::Ticket::read(&[]),
        Err(LayoutError::TooShort { actual: 0, expected: data.len() })
    );
    assert_eq!(interface::Batch::read(&data), Err(LayoutError::WrongType));
    data[7] ^= 1;
    assert_eq!(interface::Ticket::view(&data), Err(LayoutError::WrongType));
}
