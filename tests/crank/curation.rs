//! Reviews, weights and removals in any order: the operator's weights are never lost or invented.

use solana_signer::Signer;
use thaw_client::thaw::{error::ThawError, instructions::Weight, state::Config};
use thaw_tests::{Setup, World, crank::allow, votes::VoteSpec, world::config};

const COUNT: usize = 6;

/// A repeatable stream of numbers.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// The world, and the weight that the operator gave each validator; `None` once it is to leave.
struct Story {
    world: World,
    dice: Dice,
    given: Vec<Option<u32>>,
}

impl Story {
    fn check(&self) {
        self.world.assert_books();
        let pool = self.world.pool();
        assert!(pool.next_weight_sum > 0, "somebody always has weight");
        for (record, given) in self.world.records().iter().zip(&self.given) {
            let both = record.next_weight + record.aside_weight;
            assert_eq!(both, given.unwrap_or(0), "given is kept or set aside");
            assert!(given.is_some() || record.is_leaving() || record.is_free());
        }
    }

    fn next_epoch(&mut self) {
        self.world.next_epoch();
        self.world.finalize().unwrap();
        let epoch = self.world.clock().epoch;
        for index in self.world.listed() {
            let earned: &[u64] = match self.dice.roll(4) {
                0 => &[],
                1 => &[epoch - 2],
                _ => &[epoch - 2, epoch - 1],
            };
            let commission_bps = if self.dice.roll(4) == 0 { 1_500 } else { 500 };
            let spec = VoteSpec { commission_bps, ..VoteSpec::voted_in(earned.iter().copied()) };
            self.world.write_vote(index, &spec);
        }
    }

    /// A review of anyone; true where it changed something.
    fn review(&mut self) -> bool {
        let one = self.dice.roll(COUNT as u64) as u16;
        if !self.world.listed().contains(&one) {
            return false;
        }
        let errors =
            [ThawError::NothingToReview, ThawError::AsideCapReached, ThawError::LastValidator];
        let before = self.world.pool().counters.aside_weight;
        let done = allow(self.world.review(one), &errors);
        let pool = self.world.pool();
        let taken = pool.counters.aside_weight;
        if taken > before {
            let all = pool.next_weight_sum + taken;
            assert!(taken <= all / 5, "{taken} of {all}");
        }
        done
    }

    fn set_weights(&mut self) {
        let index = self.dice.roll(COUNT as u64) as u16;
        let weight = self.dice.roll(9) as u32 * 1_000;
        let outcome = self.world.set_weights(vec![Weight { index, weight }]);
        let errors = [
            ThawError::TooFewValidators,
            ThawError::WeightAboveCap,
            ThawError::ValidatorLeaving,
            ThawError::NoSuchValidator,
        ];
        if allow(outcome, &errors) {
            self.given[usize::from(index)] = Some(weight);
        }
    }

    fn remove(&mut self) {
        let index = self.dice.roll(COUNT as u64) as u16;
        if !self.world.listed().contains(&index) {
            // Its place is taken by another.
            let vote = self.world.create_vote();
            let operator = self.world.operator.insecure_clone();
            let payer = self.world.payer.pubkey();
            let add = self.world.pool.add_validator(&operator.pubkey(), &payer, &vote, index);
            self.world.send(&[add], &[&operator]).unwrap();
            self.world.votes[usize::from(index)] = vote;
            self.given[usize::from(index)] = Some(0);
            return;
        }
        let errors =
            [ThawError::TooFewValidators, ThawError::WeightAboveCap, ThawError::ValidatorLeaving];
        if allow(self.world.set_weights(vec![Weight { index, weight: 0 }]), &errors) {
            self.given[usize::from(index)] = Some(0);
        }
        if allow(self.world.remove(index), &[ThawError::ValidatorNotEmpty]) {
            self.given[usize::from(index)] = None;
        }
    }
}

#[test]
fn given_weights_are_kept_or_set_aside_and_nothing_else() {
    let mut changed = 0;
    for seed in 1..=4 {
        let config = Config { min_validators: 2, max_validator_bps: 6_000, ..config() };
        let mut world = World::with(Setup { validators: COUNT, config, ..Setup::default() });
        let weights = (0..COUNT as u16).map(|index| Weight { index, weight: 1_000 }).collect();
        world.set_weights(weights).unwrap();
        let given = vec![Some(1_000); COUNT];
        let mut story = Story { world, dice: Dice(seed), given };
        story.next_epoch();
        for _ in 0..300 {
            match story.dice.roll(12) {
                0 | 1 => story.next_epoch(),
                2 | 3 => story.set_weights(),
                4 => story.remove(),
                _ => changed += usize::from(story.review()),
            }
            story.check();
        }
    }
    assert!(changed > 50, "{changed} reviews");
}
