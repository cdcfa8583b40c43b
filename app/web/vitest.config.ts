import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// Of the client its source, not what was built of it last.
const SOURCE = 'thaw-source';

export default defineConfig({
  plugins: [react()],
  resolve: { conditions: [SOURCE, 'module', 'browser', 'development|production'] },
  ssr: { resolve: { conditions: [SOURCE, 'module', 'node', 'development|production'] } },
  test: { name: 'web', include: ['src/**/*.test.{ts,tsx}'], environment: 'node' },
});
