import { rmSync } from 'node:fs';

import { LOGS } from './stage/paths.js';
import { serveKeeper } from './stage/remote.js';
import { type StageInfo, startStage } from './stage/stage.js';

/** Where the workers find the stage: JSON in the environment. */
const VARIABLE = 'THAW_STAGE';

/** What the workers are told. */
export interface SharedStage extends StageInfo {
  /** Where the keeper is switched. */
  readonly keeperUrl: string;
}

/** Starts the one stage that all workers share; Playwright calls what it returns at the end. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  rmSync(LOGS, { recursive: true, force: true });
  const stage = await startStage();
  const control = await serveKeeper(stage.keeper);
  const shared: SharedStage = { ...stage.info, keeperUrl: control.url };
  process.env[VARIABLE] = JSON.stringify(shared);
  return async () => {
    await control.close();
    await stage.stop();
  };
}

/** The stage, in a worker. */
export function sharedStage(): SharedStage {
  const text = process.env[VARIABLE];
  if (text === undefined) throw new Error('the stage is not up');
  return JSON.parse(text) as SharedStage;
}
