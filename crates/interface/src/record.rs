//! The validator list's records. The IDL does not have them: they follow the header up to the
//! account's end.

use core::mem::size_of;

use solana_address::Address;

use crate::{
    account::{Account, LayoutError},
    macros::layouts,
    types::ValidatorList,
};

/// Stake slots of a validator.
pub const SLOTS: usize = 3;
/// [`Record::main`] where no slot is the main one.
pub const NO_MAIN: u8 = u8::MAX;
/// An entry of [`Record::yields_ppb`] where an epoch was not sampled.
pub const NO_YIELD: u32 = u32::MAX;

layouts! {
    /// A stake slot as recorded.
    #[repr(C)]
    Slot {
        /// Lamports at the last booking, rent included; 0 for an account that is not the pool's.
        0 LAMPORTS lamports: u64,
        /// Epoch of activation or deactivation, by `state`.
        8 EPOCH epoch: u64,
        /// 0 closed, 1 open, 2 activating, 3 active, 4 cooling, 5 odd.
        16 STATE state: u8,
        /// Bump of the address.
        17 BUMP bump: u8,
        /// Alignment, 0.
        18 PADDING padding: [u8; 6],
    }

    /// A validator: its slots, what was booked, its weight.
    #[repr(C)]
    Record {
        /// Vote account; zeros for a free record.
        0 VOTE vote: Address,
        /// The three stake slots.
        32 SLOTS slots: [Slot; SLOTS],
        /// Epoch of the last booking.
        104 BOOKED_EPOCH booked_epoch: u64,
        /// Gain booked in `booked_epoch`, lamports.
        112 GAIN_LAMPORTS gain_lamports: u64,
        /// Loss booked in `booked_epoch`, lamports.
        120 LOSS_LAMPORTS loss_lamports: u64,
        /// `next_weight` counts once the pool's epoch is beyond this one.
        128 WEIGHT_EPOCH weight_epoch: u64,
        /// Delegation of the main slot at the last booking, lamports; 0 without one.
        136 SAMPLED_LAMPORTS sampled_lamports: u64,
        /// Weight in effect while the pool's epoch is `weight_epoch`.
        144 WEIGHT weight: u32,
        /// Weight in effect from the finalize after `weight_epoch`.
        148 NEXT_WEIGHT next_weight: u32,
        /// Weight that a review set aside.
        152 ASIDE_WEIGHT aside_weight: u32,
        /// What the main slot earned, parts per billion, newest first; [`NO_YIELD`] where an epoch
        /// was not sampled.
        156 YIELDS_PPB yields_ppb: [u32; 3],
        /// Epoch of the last review that changed something.
        168 REVIEWED_EPOCH reviewed_epoch: u64,
        /// Bits: 1 odd slot, 2 set aside, 4 leaving.
        176 FLAGS flags: u8,
        /// Index of the main slot, or [`NO_MAIN`].
        177 MAIN main: u8,
        /// Times the validator was set aside.
        178 RELAPSES relapses: u8,
        /// Compliant epochs in a row.
        179 COMPLIANT compliant: u8,
        /// Bump of the marker.
        180 MARKER_BUMP marker_bump: u8,
        /// Leader windows that the validator could expect in the epoch of the newest sample, sixteenths.
        181 WINDOWS_16 windows_16: u8,
        /// How much the running epoch's yield is diluted, per cent rounded up: the stake that shares the
        /// epoch's credits over the stake that makes them. 0 if the epoch is not to be sampled.
        182 DILUTION_PERCENT dilution_percent: u16,
        /// What the stake earned less than it should, summed up over the epochs before the newest
        /// sample, millionths of a leader window's yield; 7,000,000 are a fault.
        184 DEFICIT_PPM deficit_ppm: u32,
        /// The validator's stake that is effective in `booked_epoch`, whole SOL; 0 where it is not known.
        188 EPOCH_STAKE_SOL epoch_stake_sol: u32,
    }
}

/// The records in use, from the whole data of a validator list; free ones have a zero `vote`.
///
/// # Errors
/// [`LayoutError`].
pub fn records(data: &[u8]) -> Result<&[Record], LayoutError> {
    let header = ValidatorList::read(data)?;
    let bytes = (header.count as usize).saturating_mul(size_of::<Record>());
    let expected = ValidatorList::BYTES.saturating_add(bytes);
    let used = data.get(ValidatorList::BYTES..expected);
    let used = used.ok_or(LayoutError::TooShort { actual: data.len(), expected })?;
    bytemuck::try_cast_slice(used).map_err(|_| LayoutError::Misaligned)
}
