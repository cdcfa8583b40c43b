//! Every instruction of the program, with the accounts it wants.

use anchor_lang::prelude::Pubkey;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_message::Message;
use solana_signer::Signer;
use thaw_client::{
    instructions::Request,
    thaw::{
        instructions::{SyncEntry, Weight},
        state::{Paths, Role},
    },
};
use thaw_tests::{Holder, Outcome, SOL, Setup, World, world::config};

/// A pool at work, everybody around it, and an account of each kind that the program has.
pub struct Scene {
    /// The pool.
    pub world: World,
    /// A holder of shares.
    pub holder: Holder,
    /// Its ticket.
    pub ticket: Pubkey,
    /// A wallet that nominates, is nominated, and owns nothing.
    pub other: Keypair,
    fresh_mint: Keypair,
}

impl Scene {
    /// Three validators at work, a batch with a ticket.
    pub fn new() -> Self {
        let (mut world, mut holder) = World::warm(Setup::default(), 3_000 * SOL);
        let ticket = world.request(&mut holder, 10 * SOL).unwrap();
        world.give_treasury();
        let other = world.wallet(SOL);
        Self { world, holder, ticket, other, fresh_mint: Keypair::new() }
    }

    /// Every instruction by its name in the IDL.
    pub fn instructions(&mut self) -> Vec<(&'static str, Instruction)> {
        let (world, holder) = (&mut self.world, &self.holder);
        let (pool, votes, owner) = (world.pool, world.votes.clone(), holder.address());
        let [payer, admin, operator, guardian] =
            [&world.payer, &world.admin, &world.operator, &world.guardian].map(Signer::pubkey);
        let (tokens, treasury) = (holder.tokens, world.pool().treasury);
        let new_vote = world.create_vote();
        let brought = world.stake_account(&owner, 1, 5 * SOL);
        let fresh = world.fresh_stake();
        let new_pool = thaw_client::PoolAddresses::of(self.fresh_mint.pubkey());
        let init = world.initialize_args(&Setup::default());
        let entries = vec![SyncEntry { index: 0, slots: 1 }];
        let weights = vec![Weight { index: 0, weight: 2 }];
        let serial = world.batch_to_join();
        let with = Request { shares: SOL, nonce: 77, serial, is_pushable: true };
        vec![
            ("accept_authority", pool.accept_authority(&self.other.pubkey(), Role::Admin)),
            ("add_validator", pool.add_validator(&operator, &payer, &new_vote, 3)),
            ("apply_config", pool.apply_config()),
            ("cancel_config", pool.cancel_config(&admin)),
            ("claim_withdrawal", pool.claim_withdrawal(&self.ticket, 0, &payer, &owner, &payer)),
            ("close_batch", pool.close_batch(0, &payer)),
            ("collect_cooled", pool.collect_cooled(&votes[0], 0)),
            ("collect_fees", pool.collect_fees(&treasury)),
            ("delegate", pool.delegate(&payer, &votes[0], 0)),
            ("deposit_sol", pool.deposit_sol(&owner, &tokens, SOL, 0)),
            ("deposit_stake", world.stake_deposit(holder, 1, &brought)),
            ("extend_validator_list", pool.extend_validator_list(&payer)),
            ("finalize_epoch", pool.finalize_epoch()),
            ("initialize", new_pool.initialize(&payer, init)),
            ("lst_to_sol", pool.lst_to_sol(SOL)),
            ("merge_activated", pool.merge_activated(&votes[0], 0)),
            (
                "nominate_authority",
                pool.nominate_authority(&admin, Role::Admin, self.other.pubkey()),
            ),
            ("pause", pool.pause(&guardian, Paths::ALL, 60)),
            ("propose_config", pool.propose_config(&admin, config(), treasury)),
            ("quote_deposit", pool.quote_deposit(SOL)),
            ("quote_withdraw", pool.quote_withdraw(SOL)),
            ("refresh_spl_view", pool.refresh_spl_view(&payer)),
            ("remove_validator", pool.remove_validator(&operator, &votes[0], 0)),
            ("request_withdrawal", pool.request_withdrawal(&with, &owner, &payer, &tokens)),
            ("review_validator", pool.review_validator(&votes[0], 0)),
            ("set_metadata", pool.set_metadata(&admin, &payer, "Thaw", "THAW", "")),
            ("set_weights", pool.set_weights(&operator, weights)),
            ("settle_withdrawals", pool.settle_withdrawals(0)),
            ("sol_to_lst", pool.sol_to_lst(SOL)),
            ("sweep_excess", pool.sweep_excess(&votes[0], 0)),
            ("sync_validators", pool.sync_validators(entries, &[world.slot(0, 0)])),
            (
                "transfer_ticket",
                pool.transfer_ticket(&self.ticket, &owner, &self.other.pubkey(), true),
            ),
            ("undelegate", pool.undelegate(&payer, &votes[0], 0, Some(0))),
            ("unpause", pool.unpause(&admin, Paths::ALL)),
            ("wind_down", pool.wind_down(&admin)),
            ("withdraw_instant", pool.withdraw_instant(&tokens, &owner, &owner, SOL, 0)),
            ("withdraw_stake", world.stake_exit(holder, 0, &fresh, 5 * SOL)),
        ]
    }

    /// Sends with whoever must sign.
    pub fn send(&mut self, instruction: &Instruction) -> Outcome {
        let keys = [
            &self.world.admin,
            &self.world.operator,
            &self.world.guardian,
            &self.holder.key,
            &self.other,
            &self.fresh_mint,
        ];
        let keys = keys.map(Keypair::insecure_clone);
        let payer = self.world.payer.pubkey();
        let message = Message::new(std::slice::from_ref(instruction), Some(&payer));
        let needed = &message.account_keys[..usize::from(message.header.num_required_signatures)];
        let signers: Vec<&Keypair> =
            keys.iter().filter(|key| needed.contains(&key.pubkey())).collect();
        self.world.send(std::slice::from_ref(instruction), &signers)
    }
}

/// The list above is the IDL's, so that no instruction is left untried.
#[test]
fn every_instruction_is_here() {
    let idl: serde_json::Value =
        serde_json::from_str(include_str!("../../idls/thaw.json")).unwrap();
    let told = idl["instructions"].as_array().unwrap().iter();
    let told: Vec<_> = told.map(|it| it["name"].as_str().unwrap().to_owned()).collect();
    let here: Vec<_> = Scene::new().instructions().into_iter().map(|(name, _)| name).collect();
    assert_eq!(here, told);
}
