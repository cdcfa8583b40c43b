import {
  type Address,
  type Base58EncodedBytes,
  getAddressDecoder,
  getArrayDecoder,
  getI64Decoder,
  getOptionDecoder,
  getStructDecoder,
  getU32Decoder,
  getU64Decoder,
  getU8Decoder,
  type GetMultipleAccountsApi,
  type GetProgramAccountsApi,
  type Rpc,
  unwrapOption,
  address,
} from '@solana/kit';
import {
  FetchError,
  mustExist,
  type RawAccount,
  readAccounts,
  type ReadOptions,
} from './accounts.js';
import { TOKEN_2022_PROGRAM, TOKEN_PROGRAM } from './constants.js';
import { COMMITMENT } from './pace.js';
import { splTokenAccount } from './splAmounts.js';

// Layouts and arithmetic are those of the crate spl-stake-pool 2.2.0.

/** The programs whose pools are taken unasked: the SPL's on mainnet and devnet, and Sanctum's two. */
export const SPL_PROGRAMS: readonly Address[] = [
  address('SPoo1Ku8WFXoNDMHPsrGSTSG1Y47rzgn41SLUNakuHy'),
  address('SPMBzsVUuoHA4Jm6KunbsotaahvVikZs1JyTW6iJvbn'),
  address('SP12tWFxD9oJsVWNavTTBZvMbA6gkAmxtVgxdqvyvhY'),
  address('DPoo15wWDqpPJJtS2MUZ49aRxqz5ZaaJCJP4z8bLuib'),
];

/** A part of an amount. */
export type SplFee = {
  /** What the part is divided by; 0 for no fee. */
  denominator: bigint;
  /** What it is multiplied by. */
  numerator: bigint;
};

/** An entry of a stake pool's validator list. */
export type SplValidator = {
  /** Lamports of its stake account, rent included, as of the last update. */
  activeLamports: bigint;
  /** Seed of the stake account; 0 for none. */
  seed: number;
  /** 0 where it is not being removed. */
  status: number;
  /** The vote account. */
  vote: Address;
};

/** An SPL stake pool, as far as leaving it takes. */
export type SplPool = {
  /** Its address. */
  address: Address;
  /** Its program. */
  program: Address;
  /** The validator list. */
  validatorList: Address;
  /** The mint of its tokens. */
  mint: Address;
  /** Gets the fees. */
  managerFeeAccount: Address;
  /** The token program of the mint. */
  tokenProgram: Address;
  /** All its lamports, as of the last update. */
  totalLamports: bigint;
  /** All its tokens. */
  tokenSupply: bigint;
  /** Epoch of the last update. */
  lastUpdateEpoch: bigint;
  /** The validator that withdrawals must take from while it has stake. */
  preferredWithdraw: Address | null;
  /** Fee on withdrawals of stake. */
  withdrawalFee: SplFee;
  /** Its validators. */
  validators: SplValidator[];
  /** True where the manager's token account can take the fee; else there is none. */
  takesFee: boolean;
};

/** Why a stake pool could not be read. */
export type SplPoolFault = 'noPool' | 'unknownProgram' | 'unreadable';

/** A stake pool that could not be read as one. */
export class SplPoolError extends Error {
  override readonly name = 'SplPoolError';

  constructor(
    /** What is wrong. */
    readonly fault: SplPoolFault,
    /** The account. */
    readonly address: Address,
    message: string,
  ) {
    super(message);
  }
}

const POOL_TYPE = 1;
const LIST_TYPE = 2;
/** Offset of the mint in a pool. */
const MINT_AT = 162n;
/** Type and capacity in front of a list's vector. */
const LIST_HEADER = 5;
/** Place and value of `Initialized` in a token account's state. */
const TOKEN_STATE_AT = 108;
const TOKEN_INITIALIZED = 1;
/** Offset of the amount in a token account. */
const TOKEN_AMOUNT_AT = 64;

const feeDecoder = getStructDecoder([
  ['denominator', getU64Decoder()],
  ['numerator', getU64Decoder()],
]);

const headDecoder = getStructDecoder([
  ['accountType', getU8Decoder()],
  ['manager', getAddressDecoder()],
  ['staker', getAddressDecoder()],
  ['stakeDepositAuthority', getAddressDecoder()],
  ['withdrawBump', getU8Decoder()],
  ['validatorList', getAddressDecoder()],
  ['reserveStake', getAddressDecoder()],
  ['mint', getAddressDecoder()],
  ['managerFeeAccount', getAddressDecoder()],
  ['tokenProgram', getAddressDecoder()],
  ['totalLamports', getU64Decoder()],
  ['tokenSupply', getU64Decoder()],
  ['lastUpdateEpoch', getU64Decoder()],
  ['lockupTime', getI64Decoder()],
  ['lockupEpoch', getU64Decoder()],
  ['lockupCustodian', getAddressDecoder()],
  ['epochFee', feeDecoder],
]);

const tailDecoder = getStructDecoder([
  ['preferredDeposit', getOptionDecoder(getAddressDecoder())],
  ['preferredWithdraw', getOptionDecoder(getAddressDecoder())],
  ['stakeDepositFee', feeDecoder],
  ['withdrawalFee', feeDecoder],
]);

const validatorDecoder = getStructDecoder([
  ['activeLamports', getU64Decoder()],
  ['transientLamports', getU64Decoder()],
  ['lastUpdateEpoch', getU64Decoder()],
  ['transientSeed', getU64Decoder()],
  ['unused', getU32Decoder()],
  ['seed', getU32Decoder()],
  ['status', getU8Decoder()],
  ['vote', getAddressDecoder()],
]);

/**
 * Reads the stake pool at an address, or the one whose tokens are of the mint at it. `program`: its
 * program, where it is none of {@link SPL_PROGRAMS}: the wallet signs for what that calls.
 *
 * @throws {@link SplPoolError}, {@link FetchError}; kit's errors of the server.
 */
export async function fetchSplPool(
  rpc: Rpc<GetMultipleAccountsApi & GetProgramAccountsApi>,
  poolOrMint: Address,
  options: ReadOptions & { program?: Address | undefined } = {},
): Promise<SplPool> {
  const programs = options.program === undefined ? SPL_PROGRAMS : [options.program];
  let account = await readOne(rpc, poolOrMint, options);
  if (account.owner === TOKEN_PROGRAM || account.owner === TOKEN_2022_PROGRAM) {
    const pool = await findByMint(rpc, programs, poolOrMint, options);
    account = await readOne(rpc, pool, options);
  }
  if (!programs.includes(account.owner)) {
    const words = `${account.address} belongs to ${account.owner}, which is no stake pool program known here`;
    throw new SplPoolError('unknownProgram', account.address, words);
  }
  const state = decodeState(account);
  const keys = [state.validatorList, state.managerFeeAccount];
  const { accounts } = await readAccounts(rpc, keys, options);
  const list = mustExist(accounts[0], state.validatorList);
  const fees = accounts[1] ?? null;
  return { ...state, validators: decodeList(list), takesFee: canTakeFee(fees, state) };
}

/** Decodes a stake pool's account up to the fee of withdrawing stake. */
function decodeState(account: RawAccount): Omit<SplPool, 'validators' | 'takesFee'> {
  try {
    const [head, afterHead] = headDecoder.read(account.data, 0);
    if (head.accountType !== POOL_TYPE) throw new TypeError('another account type');
    // The next epoch fee: none, or a tag and the fee.
    const afterFee = afterHead + 1 + (account.data[afterHead] === 0 ? 0 : 16);
    const tail = tailDecoder.decode(account.data, afterFee);
    const { validatorList, mint, managerFeeAccount, tokenProgram } = head;
    const { totalLamports, tokenSupply, lastUpdateEpoch } = head;
    return {
      address: account.address,
      program: account.owner,
      validatorList,
      mint,
      managerFeeAccount,
      tokenProgram,
      totalLamports,
      tokenSupply,
      lastUpdateEpoch,
      preferredWithdraw: unwrapOption(tail.preferredWithdraw),
      withdrawalFee: tail.withdrawalFee,
    };
  } catch {
    throw unreadable(account.address);
  }
}

function decodeList({ data, address }: RawAccount): SplValidator[] {
  try {
    if (data[0] !== LIST_TYPE) throw new TypeError('another account type');
    const list = getArrayDecoder(validatorDecoder, { size: getU32Decoder() });
    return list
      .decode(data, LIST_HEADER)
      .map(({ activeLamports, seed, status, vote }) => ({ activeLamports, seed, status, vote }));
  } catch {
    throw unreadable(address);
  }
}

/** Tokens in the wallet's associated token account; 0 where there is none. */
export async function fetchSplTokens(
  rpc: Rpc<GetMultipleAccountsApi>,
  pool: Pick<SplPool, 'mint' | 'tokenProgram'>,
  owner: Address,
  options: ReadOptions = {},
): Promise<bigint> {
  const { accounts } = await readAccounts(rpc, [await splTokenAccount(pool, owner)], options);
  const [account] = accounts;
  if (!account || account.owner !== pool.tokenProgram) return 0n;
  return getU64Decoder().decode(account.data, TOKEN_AMOUNT_AT);
}

async function findByMint(
  rpc: Rpc<GetProgramAccountsApi>,
  programs: readonly Address[],
  mint: Address,
  { abortSignal, commitment }: ReadOptions,
): Promise<Address> {
  for (const program of programs) {
    const bytes = mint as string as Base58EncodedBytes;
    const type = '2' as Base58EncodedBytes; // The byte 1.
    const found = await rpc
      .getProgramAccounts(program, {
        commitment: commitment ?? COMMITMENT,
        dataSlice: { offset: 0, length: 0 },
        encoding: 'base64',
        filters: [
          { memcmp: { offset: 0n, bytes: type, encoding: 'base58' } },
          { memcmp: { offset: MINT_AT, bytes, encoding: 'base58' } },
        ],
      })
      .send(abortSignal === undefined ? {} : { abortSignal });
    const [first] = found;
    if (first !== undefined) return first.pubkey;
  }
  const words = `${mint} is neither an SPL stake pool nor the mint of one's tokens`;
  throw new SplPoolError('noPool', mint, words);
}

function canTakeFee(
  account: RawAccount | null,
  { tokenProgram, mint }: Pick<SplPool, 'tokenProgram' | 'mint'>,
): boolean {
  if (account === null || account.owner !== tokenProgram) return false;
  if (account.data.length <= TOKEN_STATE_AT) return false;
  const isOfMint = getAddressDecoder().decode(account.data) === mint;
  return isOfMint && account.data[TOKEN_STATE_AT] === TOKEN_INITIALIZED;
}

async function readOne(
  rpc: Rpc<GetMultipleAccountsApi>,
  key: Address,
  options: ReadOptions,
): Promise<RawAccount> {
  const { accounts } = await readAccounts(rpc, [key], options);
  const account = accounts[0] ?? null;
  if (account === null) throw new FetchError('missing', `there is no account at ${key}`, key);
  return account;
}

function unreadable(where: Address): SplPoolError {
  const words = `the account ${where} cannot be read as an SPL stake pool's`;
  return new SplPoolError('unreadable', where, words);
}
