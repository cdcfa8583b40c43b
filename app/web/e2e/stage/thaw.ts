import { binary } from './paths.js';
import { run } from './service.js';
import type { StageInfo } from './stage.js';

/** Who signs what the command line sends: a power, or a holder that the pages are shown with. */
export type Role = 'admin' | 'operator' | 'guardian' | 'resident';

/**
 * Runs a verb of the command line on the stage's pool and returns its JSON report. It shares no
 * code with the app, so it is what the tests compare the pages with.
 *
 * Numbers of the reports become floats: exact below 2^53, which the stage's amounts are.
 */
export async function thaw<Report>(
  stage: Pick<StageInfo, 'rpcUrl' | 'mint' | 'keys'>,
  role: Role,
  args: readonly string[],
): Promise<Report> {
  const pool = stage.mint === '' ? [] : ['--pool', stage.mint];
  const global = ['--url', stage.rpcUrl, '--keypair', stage.keys[role], '--output', 'json-compact'];
  for (let tries = 1; ; tries += 1) {
    try {
      return JSON.parse(await run(binary('thaw'), [...args, ...global, ...pool])) as Report;
    } catch (error) {
      // A block of the local network began under the reading, which the command line notices
      // before it does anything: slots are far apart here.
      if (tries === 5 || !String(error).includes('its clock says')) throw error;
    }
  }
}
