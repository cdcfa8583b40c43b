//! Every instruction of the interface against the one that the program's own crate makes.

use anchor_lang::{InstructionData as _, ToAccountMetas, prelude::Pubkey};
use solana_instruction::AccountMeta;
use thaw_client::{
    interface::{self, Accounts as _, InstructionData as _},
    thaw,
};
use thaw_tests::world::config;

use crate::idl;

fn address(number: u8) -> Pubkey {
    Pubkey::new_from_array([number; 32])
}

/// Fills an account's place, an optional one or not.
trait Place: Sized {
    fn fill(number: &mut u8, is_given: bool) -> Self;
}

impl Place for Pubkey {
    fn fill(number: &mut u8, _: bool) -> Self {
        *number += 1;
        address(*number)
    }
}

impl Place for Option<Pubkey> {
    fn fill(number: &mut u8, is_given: bool) -> Self {
        is_given.then(|| Pubkey::fill(number, true))
    }
}

/// Data and metas as the interface and as the program make them.
struct Pair {
    name: &'static str,
    data: [Vec<u8>; 2],
    metas: [Vec<AccountMeta>; 2],
}

macro_rules! pairs {
    ($($name:ident $accounts:ident { $($field:ident)* } { $($args:tt)* })*) => {
        fn pairs(is_given: bool) -> Vec<Pair> {
            vec![$({
                let ours = {
                    #[allow(unused_imports, reason = "not all have such arguments")]
                    use interface::{InitializeArgs, Paths, RequestArgs, Role, SyncEntry, Weight};
                    let mut number = 0;
                    let accounts = interface::accounts::$accounts {
                        $($field: Place::fill(&mut number, is_given),)*
                    };
                    let data = interface::instruction::$name { $($args)* };
                    let whole = data.with(&accounts);
                    assert_eq!(whole.program_id, thaw::ID);
                    assert_eq!((&whole.data, &whole.accounts), (&data.data(), &accounts.metas()));
                    (whole.data, whole.accounts)
                };
                let program = {
                    #[allow(unused_imports, reason = "not all have such arguments")]
                    use thaw::{
                        instructions::{InitializeArgs, RequestArgs, SyncEntry, Weight},
                        state::{Paths, Role},
                    };
                    let mut number = 0;
                    let accounts = thaw::accounts::$accounts {
                        $($field: Place::fill(&mut number, is_given),)*
                    };
                    let data = thaw::instruction::$name { $($args)* };
                    (data.data(), accounts.to_account_metas(None))
                };
                Pair {
                    name: stringify!($name),
                    data: [ours.0, program.0],
                    metas: [ours.1, program.1],
                }
            }),*]
        }
    };
}

pairs! {
    AcceptAuthority AcceptAuthority { pool nominee } { role: Role::Guardian }
    AddValidator AddValidator {
        pool validators operator payer vote marker system_program
    } {
        index: 513
    }
    ApplyConfig ApplyConfig { pool } {}
    CancelConfig AsAdmin { pool admin } {}
    ClaimWithdrawal ClaimWithdrawal {
        pool reserve batch ticket claimer recipient rent_recipient
    } {

    }
    CloseBatch CloseBatch { pool batch opener } {}
    CollectCooled TendStake {
        pool reserve authority validators slot_0 slot_1 slot_2 stake_program
    } {
        index: 513
    }
    CollectFees CollectFees { pool authority mint treasury token_program } {}
    Delegate MoveStake {
        payer pool reserve authority validators vote slot_0 slot_1 slot_2 batch
        stake_program system_program
    } {
        index: 513
    }
    DepositSol DepositSol {
        pool reserve authority mint depositor recipient token_program system_program
        referrer
    } {
        lamports: 7_000_000_001, min_shares: 18_000_000_000_000_000_000
    }
    DepositStake DepositStake {
        pool reserve authority validators mint stake staker withdrawer payer recipient
        slot_0 slot_1 slot_2 stake_program token_program system_program referrer
    } {
        index: 513, min_shares: 7_000_000_001
    }
    ExtendValidatorList ExtendValidatorList { pool validators payer system_program } {}
    FinalizeEpoch FinalizeEpoch { pool reserve stake_program } {}
    Initialize Initialize {
        payer pool mint reserve authority validators escrow bootstrap token_program
        system_program
    } {
        args: InitializeArgs {
            config: config().into(),
            bootstrap_lamports: 5_000_000_000,
            admin: address(81),
            operator: address(82),
            guardian: address(83),
            treasury: address(84)
        }
    }
    LstToSol SolValue { mint pool } { amount: 7_000_000_001 }
    MergeActivated TendStake {
        pool reserve authority validators slot_0 slot_1 slot_2 stake_program
    } {
        index: 513
    }
    NominateAuthority AsAdmin { pool admin } { role: Role::Guardian, nominee: address(91) }
    Pause Pause {
        pool guardian
    } {
        paths: Paths { deposit: true, instant_exit: false,
            stake: false, moves: true },
            seconds: 70_000
    }
    ProposeConfig AsAdmin { pool admin } { config: config().into(), treasury: address(91) }
    QuoteDeposit Quote { pool } { lamports: 7_000_000_001 }
    QuoteWithdraw Quote { pool } { shares: 7_000_000_001 }
    RefreshSplView RefreshSplView { pool view payer system_program } {}
    RemoveValidator RemoveValidator {
        pool reserve authority validators signer marker slot_0 slot_1 slot_2 stake_program
    } {
        index: 513
    }
    RequestWithdrawal RequestWithdrawal {
        pool escrow shares_from owner payer batch ticket token_program system_program
    } {
        args: RequestArgs {
            shares: 9_000_000_001, nonce: 8_000_000_002,
            is_pushable: true, ticket_bump: 254 }
    }
    ReviewValidator ReviewValidator {
        pool validators vote
    } {
        index: 513
    }
    SetMetadata SetMetadata {
        pool admin authority mint metadata payer metadata_program system_program
    } {
        name: "ö thaw".to_owned(), symbol: "TH".to_owned(), uri: "https://thaw".to_owned()
    }
    SetWeights SetWeights {
        pool validators operator
    } {
        weights: vec![Weight { index: 258, weight: 70_000 }, Weight { index: 1, weight: 0 }]
    }
    SettleWithdrawals SettleWithdrawals { pool authority mint escrow batch token_program } {}
    SolToLst SolValue { mint pool } { amount: 7_000_000_001 }
    SweepExcess TendStake {
        pool reserve authority validators slot_0 slot_1 slot_2 stake_program
    } {
        index: 513
    }
    SyncValidators SyncValidators {
        pool validators
    } {
        entries: vec![SyncEntry { index: 258, slots: 3 }, SyncEntry { index: 4, slots: 1 }]
    }
    TransferTicket TransferTicket { ticket owner new_owner } { is_pushable: true }
    Undelegate MoveStake {
        payer pool reserve authority validators vote slot_0 slot_1 slot_2 batch
        stake_program system_program
    } {
        index: 513
    }
    Unpause Unpause {
        pool authority
    } {
        paths: Paths { deposit: true, instant_exit: false, stake: false, moves: true }
    }
    WindDown WindDown { pool caller } {}
    WithdrawInstant WithdrawInstant {
        pool reserve mint shares_from owner recipient token_program
    } {
        shares: 7_000_000_001, min_lamports: 18_000_000_000_000_000_000
    }
    WithdrawStake WithdrawStake {
        pool reserve authority validators mint shares_from owner stake new_authority slot_0
        slot_1 slot_2 stake_program token_program
    } {
        index: 513, shares: 7_000_000_001, min_lamports: 18_000_000_000_000_000_000
    }
}

#[test]
fn data_and_accounts_equal_the_programs() {
    for Pair { name, data: [ours, program], metas } in pairs(true).into_iter().chain(pairs(false)) {
        assert_eq!(ours, program, "data of {name}");
        assert_eq!(metas[0], metas[1], "accounts of {name}");
    }
}

#[test]
fn every_instruction_of_the_program_is_there() {
    let camel = |name: &str| {
        let words =
            name.split('_').map(|word| format!("{}{}", word[..1].to_uppercase(), &word[1..]));
        words.collect::<String>()
    };
    let named: Vec<_> = idl()["instructions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| camel(it["name"].as_str().unwrap()))
        .collect();
    let tested: Vec<_> = pairs(true).iter().map(|pair| pair.name.to_owned()).collect();
    assert_eq!(tested, named);
}
