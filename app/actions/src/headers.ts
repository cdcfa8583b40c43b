import type { Context, MiddlewareHandler } from 'hono';

/** Version of the Actions specification that the answers follow. */
const ACTION_VERSION = '2.4';

/** What every answer says: any page may ask, and may read which version and chain it is for. */
const OPEN = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'GET,POST,PUT,OPTIONS',
  'Access-Control-Allow-Headers':
    'Content-Type, Authorization, Content-Encoding, Accept-Encoding, X-Accept-Action-Version, X-Accept-Blockchain-Ids',
  'Access-Control-Expose-Headers': 'X-Action-Version, X-Blockchain-Ids',
  'X-Action-Version': ACTION_VERSION,
} as const;

/**
 * Puts the Actions specification's headers on every answer, also on failures, and answers
 * preflights. `chain` names the chain as CAIP-2 does, or `null` while the RPC server is away.
 */
export function actionHeaders(chain: () => Promise<string | null>): MiddlewareHandler {
  return async (context, next) => {
    if (context.req.method === 'OPTIONS') {
      setHeaders(context, null);
      return context.body(null, 204);
    }
    // Asked while the answer is made, which asks the same server.
    const id = chain();
    await next();
    setHeaders(context, await id);
    return undefined;
  };
}

function setHeaders(context: Context, chain: string | null): void {
  for (const [name, value] of Object.entries(OPEN)) context.header(name, value);
  if (chain !== null) context.header('X-Blockchain-Ids', chain);
}
