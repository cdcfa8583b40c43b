import { existsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

// Each package has a config of its own.
const packages = ['client', 'web', 'actions'];
const here = new URL('.', import.meta.url);

export default defineConfig({
  test: {
    projects: packages.filter((name) => existsSync(new URL(`${name}/vitest.config.ts`, here))),
  },
});
