import { defineConfig } from 'vite';

/** One file that needs nothing but Node. */
export default defineConfig({
  resolve: { conditions: ['thaw-source', 'module', 'node', 'development|production'] },
  ssr: {
    noExternal: true,
    resolve: { conditions: ['thaw-source', 'module', 'node', 'development|production'] },
  },
  build: {
    ssr: 'src/main.ts',
    target: 'node20',
    rollupOptions: { output: { entryFileNames: 'server.js', codeSplitting: false } },
  },
});
