//! The chain's pace, and the commitment that all of Thaw reads at. The one place for both.
//!
//! What can be counted in blocks is: then it holds at any slot time. Times are for giving up alone.

use std::time::Duration;

use solana_commitment_config::CommitmentConfig;

/// Blocks in which a transaction may land, from the one its blockhash is of.
pub const BLOCKHASH_BLOCKS: u64 = 150;
/// A slot on mainnet. Other clusters may be slower: a wait that must cover them takes some lives.
pub const SLOT: Duration = Duration::from_millis(200);
/// How long a blockhash lives on mainnet: 30 s.
pub const BLOCKHASH_LIFE: Duration = SLOT.saturating_mul(150);
/// Pause before a transaction that has not landed is sent again: a leader, who has four slots, may
/// have dropped it.
pub const RESEND: Duration = Duration::from_secs(1);
/// Blocks that the server which answers may be behind the one that gave the blockhash: 8 s.
pub const LAG_BLOCKS: u64 = 40;
/// A blockhash with no more blocks than these left signs nothing new.
const SPENT_BLOCKS: u64 = 50;

/// What all of Thaw reads and waits at, unless a user says otherwise. Under Alpenglow `confirmed` and
/// `finalized` are one block, so neither is safer; see docs/decisions.md.
pub const COMMITMENT: CommitmentConfig = CommitmentConfig::confirmed();

/// True if a blockhash is too old to sign with, 20 s on mainnet: it would end before a second try.
/// `last_height`: the last block it is good for.
pub const fn is_spent(last_height: u64, height: u64) -> bool {
    last_height.saturating_sub(height) <= SPENT_BLOCKS
}

/// True if a blockhash has ended for every server, also for one that is behind.
pub const fn is_over(last_height: u64, height: u64) -> bool {
    height > last_height.saturating_add(LAG_BLOCKS)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Wall time of so many blocks on mainnet.
    fn seconds(blocks: u64) -> u64 {
        SLOT.saturating_mul(u32::try_from(blocks).expect("few blocks")).as_secs()
    }

    #[test]
    fn a_blockhash_lives_for_thirty_seconds() {
        assert_eq!(BLOCKHASH_LIFE.as_secs(), 30);
        assert_eq!(seconds(BLOCKHASH_BLOCKS), BLOCKHASH_LIFE.as_secs());
    }

    #[test]
    fn a_blockhash_signs_for_twenty_seconds() {
        let last = 1_000 + BLOCKHASH_BLOCKS;
        let signs = (1_000..).take_while(|height| !is_spent(last, *height)).count();
        assert_eq!(seconds(signs as u64), 20);
        assert!(is_spent(last, last) && is_spent(last, last + 1));
    }

    #[test]
    fn a_blockhash_ends_for_a_server_that_is_eight_seconds_behind_too() {
        let last = 1_000 + BLOCKHASH_BLOCKS;
        let more = (last..).take_while(|height| !is_over(last, *height)).count();
        assert_eq!(seconds(more as u64 - 1), 8);
        assert!(!is_over(u64::MAX, u64::MAX), "a height beyond all is no overflow");
    }
}
