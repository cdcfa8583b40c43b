//! What the views tell (design, sections 7 and 11).

use thaw_client::thaw::error::ThawError;

use super::{Amount, MOST, Reference, Refusal, Said, ceil, floor, less, refuse};

/// Bytes of an SPL stake pool's account.
const VIEW_BYTES: Amount = 611;

/// What stays of an exit's value, and its fee.
pub type Net = Result<(Amount, Amount), Refusal>;

/// The three exits side by side.
#[derive(Clone, Debug)]
pub struct Exits {
    pub instant: Net,
    pub stake: Net,
    /// A ticket's value now.
    pub ticket: Amount,
    /// What is liquid or cooling covers all that waits; unknown for more shares than there are.
    pub is_covered: Option<bool>,
}

/// The account for readers of SPL stake pools, as of its last refresh.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// Lamports of the account.
    pub rent: Amount,
    pub epoch: u64,
    /// Shares and nav.
    pub now: (Amount, Amount),
    /// The same at the first refresh of the epoch, and of the epoch before, 0 where there was none.
    pub first: (Amount, Amount),
    pub last: (Amount, Amount),
}

impl Reference {
    /// Opens the view, or brings it up to date.
    pub fn show_view(&mut self) -> Result<Said, Refusal> {
        if self.missed() > 0 {
            return refuse(ThawError::NotFinalized);
        }
        if self.view.is_none() {
            let rent = self.network.rent(VIEW_BYTES);
            self.payer -= rent;
            self.view = Some(View { rent, epoch: u64::MAX, ..View::default() });
        }
        self.show();
        Ok(Said::Power("ViewShown"))
    }

    /// Writes the view, which is open.
    pub fn show(&mut self) {
        let (epoch, now) = (self.finalized.epoch, (self.shares, self.nav()));
        let view = self.view.as_mut().expect("an open view");
        if view.epoch != epoch {
            let is_next = view.epoch.wrapping_add(1) == epoch;
            view.last = if is_next { view.first } else { (0, 0) };
            view.first = now;
        }
        (view.epoch, view.now) = (epoch, now);
    }

    pub fn quote_exits(&self, shares: Amount) -> Result<Exits, Refusal> {
        let ticket = self.worth(shares)?;
        let waiting = self.pending_shares() + shares;
        if waiting > MOST {
            return refuse(ThawError::Overflow);
        }
        let net = |(gross, fee)| (gross - fee, fee);
        let stake = if self.network.is_paying_rewards {
            refuse(ThawError::RewardsWindow)
        } else {
            self.quote_stake_out(shares)
        };
        Ok(Exits {
            instant: self.quote_instant(shares).map(net),
            stake: stake.map(net),
            ticket,
            is_covered: (waiting <= self.shares).then(|| self.shortage_of(waiting) == 0),
        })
    }

    /// What shares redeem for in stake, whatever the amount.
    pub fn redeemed(&self, shares: Amount) -> Result<Amount, Refusal> {
        if self.missed() > 0 {
            return refuse(ThawError::NotFinalized);
        }
        if !self.has_value() {
            return refuse(ThawError::NoValue);
        }
        let gross = floor(shares, self.nav(), self.shares);
        if gross > MOST {
            return refuse(ThawError::Overflow);
        }
        Ok(less(gross, ceil(gross, self.start.exits.stake_fee_bps.into(), 10_000)))
    }
}
