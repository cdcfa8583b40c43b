import type { ActionError, ActionPostResponse, ActionsJson } from '@solana/actions-spec';
import { type Rpc, type SolanaRpcApi, createSolanaRpc } from '@solana/kit';
import { type PoolState, fetchPoolState, formatSol, poolAddresses } from '@thaw/client';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';

import icon from '../../web/public/icon.svg?raw';
import { buildDeposit, readOrder } from './deposit.js';
import { STAKE_PATH, describeStake } from './description.js';
import { ActionFailure } from './failure.js';
import { actionHeaders } from './headers.js';
import type { Settings } from './settings.js';

/** Bytes that the body of a request may have. */
const BODY_BYTES = 4_096;
/** How long the RPC server may take for all that one answer needs, milliseconds. */
const RPC_MS = 10_000;

/** The server's answers, without the port. */
export function createApp(settings: Settings): Hono {
  const rpc = createSolanaRpc(settings.rpc);
  const app = new Hono();
  app.use(actionHeaders(chainOf(rpc)));
  app.use(bodyLimit({ maxSize: BODY_BYTES, onError: tooLarge }));
  app.onError(explain);
  app.notFound((context) => fail(context, 404, 'There is nothing here.'));

  const rules: ActionsJson = {
    rules: [
      { pathPattern: '/', apiPath: STAKE_PATH },
      // An action's own address is an action too.
      { pathPattern: STAKE_PATH, apiPath: STAKE_PATH },
    ],
  };
  app.get('/actions.json', (context) => context.json(rules));
  app.get('/healthz', (context) => context.text('ok'));
  app.get('/icon.svg', (context) => {
    const headers = { 'Content-Type': 'image/svg+xml', 'Cache-Control': 'public, max-age=86400' };
    return context.body(icon, 200, headers);
  });
  app.get(STAKE_PATH, async (context) => {
    const origin = originOf(settings, context);
    return context.json(describeStake(settings, await read(rpc, settings), origin));
  });
  app.post(STAKE_PATH, async (context) => {
    const body: unknown = await context.req.json().catch(() => null);
    const order = readOrder(context.req.query('amount'), body);
    const state = await read(rpc, settings);
    const deposit = await buildDeposit(rpc, state, order);
    const expected = `about ${formatSol(deposit.shares)} ${settings.symbol}`;
    const answer: ActionPostResponse = {
      type: 'transaction',
      transaction: deposit.transaction,
      message: `Stake ${formatSol(order.lamports)} SOL for ${expected}`,
      links: {
        next: {
          type: 'inline',
          action: {
            type: 'completed',
            icon: `${originOf(settings, context)}/icon.svg`,
            title: `Staked with ${settings.name}`,
            description: `${formatSol(order.lamports)} SOL came in for ${expected}.`,
            label: 'Staked',
          },
        },
      },
    };
    return context.json(answer);
  });
  return app;
}

async function read(rpc: Rpc<SolanaRpcApi>, { mint }: Settings): Promise<PoolState> {
  const abortSignal = AbortSignal.timeout(RPC_MS);
  return fetchPoolState(rpc, await poolAddresses(mint), { abortSignal });
}

/** Names the chain by its first block, once the RPC server has said it. */
function chainOf(rpc: Rpc<SolanaRpcApi>): () => Promise<string | null> {
  let known: string | null = null;
  return async () => {
    if (known !== null) return known;
    try {
      const abortSignal = AbortSignal.timeout(RPC_MS);
      known = `solana:${(await rpc.getGenesisHash().send({ abortSignal })).slice(0, 32)}`;
    } catch {
      // Asked again with the next request; what needs the server says so itself.
    }
    return known;
  };
}

function originOf({ publicUrl }: Settings, context: Context): string {
  return publicUrl ?? new URL(context.req.url).origin;
}

/** Words for whatever went wrong; details of what was not foreseen go to the log alone. */
function explain(error: Error, context: Context): Response {
  if (error instanceof ActionFailure) return fail(context, error.status, error.message);
  console.error(`${context.req.method} ${context.req.path}: ${reasons(error)}`);
  return fail(context, 503, 'The RPC server does not answer as it should. Try again in a moment.');
}

/** An error and what caused it, in one line of the log. */
function reasons(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${reasons(error.cause)}`;
}

function tooLarge(context: Context): Response {
  return fail(context, 413, 'The body is too large.');
}

function fail(context: Context, status: 400 | 404 | 413 | 422 | 503, message: string): Response {
  const error: ActionError = { message };
  return context.json(error, status);
}
