/** The parts of the command line's JSON reports that the tests read; see docs/cli.md. */

/** `thaw show`. */
export interface PoolReport {
  readonly rate: { readonly exit_lamports: number };
  readonly books: { readonly shares: number };
  readonly epoch: {
    readonly chain: number;
    readonly missed: number;
    readonly is_stale: boolean;
  };
  readonly powers: { readonly admin: string; readonly operator: string; readonly guardian: string };
}

/** `thaw history`. */
export interface HistoryReport {
  readonly epochs: readonly {
    readonly epoch: number;
    readonly rate_lamports: number;
    readonly growth_ppb: number | null;
  }[];
}

/** `thaw tickets`. */
export interface TicketsReport {
  readonly tickets: readonly {
    readonly address: string;
    readonly state: 'waiting' | 'partly_payable' | 'payable';
    readonly shares: number;
    readonly claimable_lamports: number;
  }[];
}

/** `thaw quote withdraw`. */
export interface WithdrawQuoteReport {
  readonly worth_lamports: number;
  readonly instant: { readonly lamports: number };
}
