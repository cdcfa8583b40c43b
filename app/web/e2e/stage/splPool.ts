import {
  AccountRole,
  type AccountMeta,
  type AccountSignerMeta,
  type Address,
  type Instruction,
  type KeyPairSigner,
  address,
  createSolanaRpc,
  generateKeyPairSigner,
  getAddressEncoder,
  getProgramDerivedAddress,
  getU32Encoder,
  getU64Encoder,
} from '@solana/kit';
import { STAKE_PROGRAM_ADDRESS, getInitializeInstruction } from '@solana-program/stake';
import { SYSTEM_PROGRAM_ADDRESS, getCreateAccountInstruction } from '@solana-program/system';

import { NO_LOCKUP, STAKE_BYTES } from './native.js';
import { send } from './send.js';

/** The SPL stake pool program. */
export const SPL_POOL_PROGRAM = address('SPoo1Ku8WFXoNDMHPsrGSTSG1Y47rzgn41SLUNakuHy');
const TOKEN_PROGRAM = address('TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA');
const ASSOCIATED_TOKEN_PROGRAM = address('ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL');
const RENT = address('SysvarRent111111111111111111111111111111111');
const CLOCK = address('SysvarC1ock11111111111111111111111111111111');
const STAKE_HISTORY = address('SysvarStakeHistory1111111111111111111111111');
const STAKE_CONFIG = address('StakeConfig11111111111111111111111111111111');

/** Validators that the list has room for. */
const ROOM = 4;
/** Fee of withdrawals: a part in so many. */
const FEE_PART = 1_000n;

const u32 = getU32Encoder();
const u64 = getU64Encoder();
const key = getAddressEncoder();
const text = new TextEncoder();
const join = (...parts: ArrayLike<number>[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => Array.from(part)));

type Meta = AccountMeta | AccountSignerMeta;
const reads = (at: Address): Meta => ({ address: at, role: AccountRole.READONLY });
const writes = (at: Address): Meta => ({ address: at, role: AccountRole.WRITABLE });
const signs = (signer: KeyPairSigner, role: AccountSignerMeta['role']): Meta => {
  return { address: signer.address, role, signer };
};

/**
 * A stake pool of the SPL program, as its manager runs it: what people migrate from. The
 * instructions have the order and layout of `StakePoolInstruction` in spl-stake-pool 2.2.0.
 */
export class SplPool {
  private readonly votes: Address[] = [];

  private constructor(
    private readonly rpcUrl: string,
    private readonly manager: KeyPairSigner,
    readonly address: Address,
    readonly mint: Address,
    private readonly list: Address,
    private readonly reserve: Address,
    private readonly authority: Address,
  ) {}

  /** Opens one, without validators. `manager` pays for everything. */
  static async open(rpcUrl: string, manager: KeyPairSigner): Promise<SplPool> {
    const keys = await Promise.all(Array.from({ length: 4 }, generateKeyPairSigner));
    const [pool, list, mint, reserve] = keys as [
      KeyPairSigner,
      KeyPairSigner,
      KeyPairSigner,
      KeyPairSigner,
    ];
    const authority = await derive(key.encode(pool.address), text.encode('withdraw'));
    const old = new SplPool(
      rpcUrl,
      manager,
      pool.address,
      mint.address,
      list.address,
      reserve.address,
      authority,
    );
    const accounts = [
      [pool, 611n, SPL_POOL_PROGRAM],
      [list, 9n + 73n * BigInt(ROOM), SPL_POOL_PROGRAM],
      [mint, 82n, TOKEN_PROGRAM],
      [reserve, STAKE_BYTES, STAKE_PROGRAM_ADDRESS],
    ] as const;
    const rpc = createSolanaRpc(rpcUrl);
    const created = accounts.map(async ([newAccount, space, programAddress]) => {
      const lamports = await rpc.getMinimumBalanceForRentExemption(space).send();
      const payer = manager;
      return getCreateAccountInstruction({ payer, newAccount, lamports, space, programAddress });
    });
    await send(rpcUrl, manager, await Promise.all(created));
    const both = { staker: authority, withdrawer: authority };
    // No fees but that on withdrawals.
    const fees = [0n, 0n, FEE_PART, 1n, 0n, 0n].map((part) => u64.encode(part));
    await send(rpcUrl, manager, [
      // `InitializeMint2`: nine places, no freeze authority.
      {
        programAddress: TOKEN_PROGRAM,
        accounts: [writes(mint.address)],
        data: join([20, 9], key.encode(authority), [0]),
      },
      getInitializeInstruction({ stake: reserve.address, arg0: both, arg1: NO_LOCKUP }),
      await old.openTokens(manager.address),
      build(join([0], ...fees, [0], u32.encode(ROOM)), [
        writes(pool.address),
        signs(manager, AccountRole.READONLY_SIGNER),
        reads(manager.address),
        reads(authority),
        writes(list.address),
        reads(reserve.address),
        writes(mint.address),
        writes(await old.tokensOf(manager.address)),
        reads(TOKEN_PROGRAM),
      ]),
    ]);
    return old;
  }

  /** SOL of `owner` in, tokens out. */
  async depositSol(owner: KeyPairSigner, lamports: bigint): Promise<void> {
    const fees = writes(await this.tokensOf(this.manager.address));
    await this.sendUpdated([
      await this.openTokens(owner.address),
      build(join([14], u64.encode(lamports)), [
        writes(this.address),
        reads(this.authority),
        writes(this.reserve),
        signs(owner, AccountRole.WRITABLE_SIGNER),
        writes(await this.tokensOf(owner.address)),
        fees,
        fees,
        writes(this.mint),
        reads(SYSTEM_PROGRAM_ADDRESS),
        reads(TOKEN_PROGRAM),
      ]),
    ]);
  }

  /** Takes a validator in and delegates `lamports` to it from the reserve. */
  async delegate(vote: Address, lamports: bigint): Promise<void> {
    const stake = await this.stakeOf(vote);
    const add = build(join([1, 0, 0, 0, 0]), [
      writes(this.address),
      signs(this.manager, AccountRole.READONLY_SIGNER),
      writes(this.reserve),
      reads(this.authority),
      writes(this.list),
      writes(stake),
      ...[vote, RENT, CLOCK, STAKE_HISTORY, STAKE_CONFIG].map(reads),
      ...[SYSTEM_PROGRAM_ADDRESS, STAKE_PROGRAM_ADDRESS].map(reads),
    ]);
    const increase = build(join([4], u64.encode(lamports), u64.encode(0n)), [
      reads(this.address),
      signs(this.manager, AccountRole.READONLY_SIGNER),
      reads(this.authority),
      writes(this.list),
      writes(this.reserve),
      writes(await this.transientOf(vote)),
      reads(stake),
      ...[vote, CLOCK, RENT, STAKE_HISTORY, STAKE_CONFIG].map(reads),
      ...[SYSTEM_PROGRAM_ADDRESS, STAKE_PROGRAM_ADDRESS].map(reads),
    ]);
    await this.sendUpdated([add]);
    this.votes.push(vote);
    await this.sendUpdated([increase]);
  }

  /** The update that each epoch needs, of all validators and the pool. */
  async update(): Promise<void> {
    await this.sendUpdated([]);
  }

  /** Sends instructions behind an update, in one transaction: an epoch may have begun just now. */
  private async sendUpdated(instructions: readonly Instruction[]): Promise<void> {
    const stakes = this.votes.map(async (vote) => [
      writes(await this.stakeOf(vote)),
      writes(await this.transientOf(vote)),
    ]);
    const list = build(join([6, 0, 0, 0, 0, 0]), [
      reads(this.address),
      reads(this.authority),
      writes(this.list),
      writes(this.reserve),
      ...[CLOCK, STAKE_HISTORY, STAKE_PROGRAM_ADDRESS].map(reads),
      ...(await Promise.all(stakes)).flat(),
    ]);
    const pool = build(join([7]), [
      writes(this.address),
      reads(this.authority),
      writes(this.list),
      reads(this.reserve),
      writes(await this.tokensOf(this.manager.address)),
      writes(this.mint),
      reads(TOKEN_PROGRAM),
    ]);
    await send(this.rpcUrl, this.manager, [list, pool, ...instructions]);
  }

  private stakeOf(vote: Address): Promise<Address> {
    return derive(key.encode(vote), key.encode(this.address));
  }

  private transientOf(vote: Address): Promise<Address> {
    const seed = u64.encode(0n);
    return derive(text.encode('transient'), key.encode(vote), key.encode(this.address), seed);
  }

  private async tokensOf(owner: Address): Promise<Address> {
    const seeds = [owner, TOKEN_PROGRAM, this.mint].map((seed) => key.encode(seed));
    const programAddress = ASSOCIATED_TOKEN_PROGRAM;
    return (await getProgramDerivedAddress({ programAddress, seeds }))[0];
  }

  private async openTokens(owner: Address): Promise<Instruction> {
    return {
      programAddress: ASSOCIATED_TOKEN_PROGRAM,
      accounts: [
        signs(this.manager, AccountRole.WRITABLE_SIGNER),
        writes(await this.tokensOf(owner)),
        ...[owner, this.mint, SYSTEM_PROGRAM_ADDRESS, TOKEN_PROGRAM].map(reads),
      ],
      data: Uint8Array.of(1),
    };
  }
}

function build(data: Uint8Array, accounts: readonly Meta[]): Instruction {
  return { programAddress: SPL_POOL_PROGRAM, accounts, data };
}

async function derive(...seeds: Parameters<typeof getProgramDerivedAddress>[0]['seeds']) {
  return (await getProgramDerivedAddress({ programAddress: SPL_POOL_PROGRAM, seeds }))[0];
}
