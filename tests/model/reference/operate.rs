//! What the operator does.

use thaw_client::thaw::error::ThawError;

use super::{Amount, Reference, Refusal, Said, Validator, refuse};

impl Reference {
    pub fn add_validator(&mut self) {
        self.validators.push(Validator::default());
    }

    /// Weights from the next finalize; those that are not named stay.
    pub fn set_weights(&mut self, weights: &[(u8, u32)]) -> Result<Said, Refusal> {
        self.require_live()?;
        for (index, weight) in weights {
            let Some(validator) = self.validators.get_mut(usize::from(*index)) else {
                return refuse(ThawError::NoSuchValidator);
            };
            validator.next_weight = Amount::from(*weight);
        }
        let all = || self.validators.iter().map(|validator| validator.next_weight);
        if all().filter(|weight| *weight > 0).count() < self.start.min_validators.into() {
            return refuse(ThawError::TooFewValidators);
        }
        let (largest, sum) = (all().max().unwrap_or(0), all().sum::<Amount>());
        if largest * 10_000 > sum * Amount::from(self.start.max_validator_bps) {
            return refuse(ThawError::WeightAboveCap);
        }
        Ok(Said::Nothing)
    }
}
