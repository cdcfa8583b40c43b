//! What the runtime pays a stake account since Alpenglow: a part of what its vote account earned in the
//! epoch that has just ended, and nothing of earlier ones.

use crate::{
    PPM,
    cluster::Cluster,
    rewards::{Ended, Settlement, part},
    vote_accounts::Credits,
};

/// Basis points of a whole.
const BPS: u64 = 10_000;

/// How one vote account's earnings are divided.
#[derive(Clone, Copy, Debug)]
struct Division {
    /// Its last credits at the end of the epoch.
    last: Option<Credits>,
    /// Stake of all its delegators in the epoch, lamports.
    stake: u64,
    commission_bps: u16,
    /// What it keeps besides, parts per million of the rest.
    kept_ppm: u64,
    /// False where delegators are paid nothing: no ticket, or the scenario says so.
    is_paid: bool,
}

impl Settlement {
    /// Works out what the ended epoch owes. `last` are the last credits of each vote account at its
    /// end, by index; `rest` is what the rest of the cluster earned, lamports. After the turn.
    pub(crate) fn of_alpenglow(
        ended: &Ended<'_>,
        cluster: &Cluster,
        commissions: &[u16],
        last: &[Option<Credits>],
        rest: u64,
    ) -> Self {
        let mut settlement = Self { epoch: ended.epoch, elsewhere: rest, ..Self::default() };
        for (index, own) in ended.by_validator().into_iter().enumerate() {
            let outside = cluster.outside.get(index).copied().unwrap_or(0);
            let effective = own.iter().map(|staked| staked.effective(ended.epoch, ended.history));
            let division = Division {
                last: last.get(index).copied().flatten(),
                stake: effective.fold(outside, u64::saturating_add),
                commission_bps: commissions.get(index).copied().unwrap_or(0),
                kept_ppm: ended.scenario.kept_ppm(index, ended.epoch),
                is_paid: cluster.is_admitted(index)
                    && !ended.scenario.has_missed(index, ended.epoch),
            };
            // Others' stake has seen all earlier credits.
            let (points, _) = division.points(ended.epoch, outside, None);
            let (others, mut commission) = division.split(points);
            settlement.elsewhere = settlement.elsewhere.saturating_add(others);
            for (staked, tips) in ended.tips(index, own) {
                let effective = staked.effective(ended.epoch, ended.history);
                let is_new = staked.delegation.activation_epoch == ended.epoch;
                let stake = if is_new { 0 } else { effective };
                let observed = Some(staked.credits_observed);
                let (points, credits) = division.points(ended.epoch, stake, observed);
                let (reward, voter) = division.split(points);
                commission = commission.saturating_add(voter);
                settlement.dues.extend(ended.due(index, staked, reward, credits, tips));
            }
            settlement.commissions.push(commission);
        }
        settlement.sorted()
    }
}

impl Division {
    /// What a delegator with `stake` lamports effective earned in `epoch`, before commission, and the
    /// credits that it has observed then, if they change. Rounded down, as the runtime does; what is
    /// below a lamport is lost.
    fn points(&self, epoch: u64, stake: u64, observed: Option<u64>) -> (u64, Option<u64>) {
        let Some((_, end, start)) = self.last.filter(|last| last.0 == epoch && self.is_paid) else {
            return (0, None);
        };
        let observed = observed.unwrap_or(start);
        // Who came during the epoch has observed a part of its credits.
        let earned =
            if observed < start { end.saturating_sub(start) } else { end.saturating_sub(observed) };
        let points = part(earned, stake, self.stake.into());
        (points, (end > observed).then_some(end))
    }

    /// Splits points into the delegator's reward and the vote account's commission. The first is
    /// rounded down, and no lamport is lost.
    fn split(&self, points: u64) -> (u64, u64) {
        let staker_bps = BPS.saturating_sub(self.commission_bps.into());
        let reward = part(points, staker_bps, BPS.into());
        let reward = part(reward, PPM.saturating_sub(self.kept_ppm), PPM.into());
        (reward, points.saturating_sub(reward))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIVISION: Division = Division {
        last: Some((7, 1_500, 500)),
        stake: 4_000,
        commission_bps: 500,
        kept_ppm: 0,
        is_paid: true,
    };

    #[test]
    fn only_the_last_epoch_is_paid() {
        assert_eq!(DIVISION.points(7, 1_000, Some(500)), (250, Some(1_500)));
        // Credits of earlier epochs that were never paid are lost.
        assert_eq!(DIVISION.points(7, 1_000, Some(3)), (250, Some(1_500)));
        // An entry of another epoch pays nothing and is not observed.
        assert_eq!(DIVISION.points(8, 1_000, Some(500)), (0, None));
        // Who came in the middle has seen a part, who is ahead everything.
        assert_eq!(DIVISION.points(7, 1_000, Some(1_100)), (100, Some(1_500)));
        assert_eq!(DIVISION.points(7, 1_000, Some(1_500)), (0, None));
        // Less than a lamport is lost, and the credits are observed.
        assert_eq!(DIVISION.points(7, 3, Some(500)), (0, Some(1_500)));
    }

    #[test]
    fn without_a_seat_nothing_is_paid_nor_observed() {
        let left_out = Division { is_paid: false, ..DIVISION };
        assert_eq!(left_out.points(7, 1_000, Some(500)), (0, None));
        let silent = Division { last: None, ..DIVISION };
        assert_eq!(silent.points(7, 1_000, Some(500)), (0, None));
    }

    #[test]
    fn the_commission_takes_the_odd_lamport_and_what_is_kept() {
        assert_eq!(DIVISION.split(1_001), (950, 51));
        assert_eq!(Division { kept_ppm: 300_000, ..DIVISION }.split(1_000), (665, 335));
        assert_eq!(Division { kept_ppm: PPM, ..DIVISION }.split(1_000), (0, 1_000));
        assert_eq!(Division { commission_bps: 20_000, ..DIVISION }.split(1_000), (0, 1_000));
    }
}
