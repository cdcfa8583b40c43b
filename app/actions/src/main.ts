import { serve } from '@hono/node-server';

import { createApp } from './app.js';
import { HELP, type Settings, readSettings } from './settings.js';

/** Exit code for settings that do not fit, as the command line has it. */
const USAGE = 2;

function settings(): Settings {
  try {
    return readSettings(process.env);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.error('Run with --help for what can be set.');
    process.exit(USAGE);
  }
}

const [option] = process.argv.slice(2);
if (option === '--help' || option === '-h') {
  console.log(HELP);
} else if (option !== undefined) {
  console.error(`unknown option ${option}; there is --help`);
  process.exit(USAGE);
} else {
  const { host: hostname, port, ...rest } = settings();
  const { fetch } = createApp({ host: hostname, port, ...rest });
  const server = serve({ fetch, hostname, port }, (address) => {
    console.log(`Serving at http://${hostname}:${String(address.port)}`);
  });
  server.on('error', (error) => {
    console.error(`cannot listen on ${hostname}:${String(port)}: ${error.message}`);
    process.exit(1);
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => server.close());
}
