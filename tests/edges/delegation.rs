//! Minimums, and the stake program's own word on them.

use solana_instruction::Instruction;
use solana_message::Message;
use solana_signer::Signer;
use solana_transaction::Transaction;
use thaw_client::{math::MIN_DELEGATION, thaw::state::STAKE_PROGRAM};
use thaw_tests::World;

/// `GetMinimumDelegation` of the stake program.
const GET_MINIMUM_DELEGATION: [u8; 4] = [13, 0, 0, 0];

#[test]
fn e01_the_minimum_is_the_one_the_stake_program_tells() {
    let mut world = World::new();
    let ask = Instruction {
        program_id: STAKE_PROGRAM,
        accounts: vec![],
        data: GET_MINIMUM_DELEGATION.to_vec(),
    };
    let message = Message::new(&[ask], Some(&world.payer.pubkey()));
    let transaction = Transaction::new(&[&world.payer], message, world.svm.latest_blockhash());
    let told = world.svm.send_transaction(transaction).unwrap().return_data;
    assert_eq!(told.program_id, STAKE_PROGRAM);
    let told = u64::from_le_bytes(told.data.try_into().unwrap());
    assert_eq!(told, MIN_DELEGATION.0);
}
