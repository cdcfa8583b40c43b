import {
  type Address,
  type Base58EncodedBytes,
  address,
  createSolanaRpc,
  lamports,
} from '@solana/kit';

const STAKE_PROGRAM = address('Stake11111111111111111111111111111111111111');
/** Where a stake account names who may withdraw, bytes from its start. */
const WITHDRAWER_OFFSET = 44n;
/** Where it has its delegation. */
const DELEGATED_OFFSET = 156;
const base58 = (text: string): Base58EncodedBytes => text as Base58EncodedBytes;

/** Reads the chain beside the page: balances by RPC, straight from the cluster. */
export class Chain {
  private readonly rpc;

  constructor(rpcUrl: string) {
    this.rpc = createSolanaRpc(rpcUrl);
  }

  /** Gives a wallet SOL out of nothing. */
  async fund(owner: string, amount: bigint): Promise<void> {
    await this.rpc.requestAirdrop(address(owner), lamports(amount)).send();
  }

  /** Lamports of an account, 0 where there is none. */
  async lamports(owner: string): Promise<bigint> {
    const options = { commitment: 'confirmed' } as const;
    return (await this.rpc.getBalance(address(owner), options).send()).value;
  }

  /** Base units of a mint that a wallet holds, over all its token accounts. */
  async tokens(owner: string, mint: string): Promise<bigint> {
    const options = { commitment: 'confirmed', encoding: 'jsonParsed' } as const;
    const filter = { mint: address(mint) };
    const found = await this.rpc.getTokenAccountsByOwner(address(owner), filter, options).send();
    const amounts = found.value.map(({ account }) =>
      BigInt(account.data.parsed.info.tokenAmount.amount),
    );
    return amounts.reduce((sum, amount) => sum + amount, 0n);
  }

  /** Base units of a mint in existence. */
  async supply(mint: string): Promise<bigint> {
    const options = { commitment: 'confirmed' } as const;
    return BigInt((await this.rpc.getTokenSupply(address(mint), options).send()).value.amount);
  }

  /** Waits until so much of an epoch is gone, percent. */
  async epochBetween(from: number, to: number): Promise<void> {
    for (;;) {
      const epoch = await this.rpc.getEpochInfo({ commitment: 'confirmed' }).send();
      const percent = Number((epoch.slotIndex * 100n) / epoch.slotsInEpoch);
      if (percent >= from && percent <= to) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** The stake accounts that a wallet may withdraw from, and how much each has delegated. */
  async stakeAccounts(owner: string): Promise<readonly { delegated: bigint }[]> {
    const filter = { offset: WITHDRAWER_OFFSET, bytes: base58(owner), encoding: 'base58' } as const;
    const found = await this.rpc
      .getProgramAccounts(STAKE_PROGRAM, {
        commitment: 'confirmed',
        encoding: 'base64',
        filters: [{ memcmp: filter }],
      })
      .send();
    return found.map(({ account }) => ({
      delegated: Buffer.from(account.data[0], 'base64').readBigUInt64LE(DELEGATED_OFFSET),
    }));
  }

  /** Whether there is an account. */
  async exists(at: Address | string): Promise<boolean> {
    const options = { commitment: 'confirmed', encoding: 'base64' } as const;
    return (await this.rpc.getAccountInfo(address(at), options).send()).value !== null;
  }
}
