/**
 * What all of Thaw reads and waits at, unless the caller says otherwise. Under Alpenglow `confirmed` and
 * `finalized` are one block, so neither is safer.
 */
export const COMMITMENT = 'confirmed';

/**
 * The newest version of transactions that is asked for. Without it a server refuses to tell of one of
 * version 1.
 */
export const NEWEST_TRANSACTION_VERSION = 1;

/** Blocks in which a transaction may land: 30 s at 200 ms a slot. */
export const BLOCKHASH_BLOCKS = 150n;
/** Blocks that the server which answers may be behind the one that gave the blockhash: 8 s. */
export const LAG_BLOCKS = 40n;
