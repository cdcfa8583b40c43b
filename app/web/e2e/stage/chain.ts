import { type Address, address, createSolanaRpc, lamports } from '@solana/kit';

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

  /** The running epoch. */
  async epoch(): Promise<bigint> {
    return (await this.rpc.getEpochInfo({ commitment: 'confirmed' }).send()).epoch;
  }

  /** Whether there is an account. */
  async exists(at: Address | string): Promise<boolean> {
    const options = { commitment: 'confirmed', encoding: 'base64' } as const;
    return (await this.rpc.getAccountInfo(address(at), options).send()).value !== null;
  }
}
