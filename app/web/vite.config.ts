import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** The dev server injects inline scripts and styles, which the page's policy forbids. */
const withoutPolicyInDev: Plugin = {
  name: 'thaw-without-policy-in-dev',
  apply: 'serve',
  transformIndexHtml: (html) =>
    html.replace(/<meta\s+http-equiv="Content-Security-Policy"[^>]*>/, ''),
};

export default defineConfig(({ command }) => ({
  // Relative, so that the files work below any path and on IPFS.
  base: './',
  plugins: [react(), ...(command === 'serve' ? [withoutPolicyInDev] : [])],
  resolve: { conditions: ['thaw-source', 'module', 'browser', 'development|production'] },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    // A data: URI in a style sheet would need a wider policy.
    assetsInlineLimit: 0,
    manifest: true,
    sourcemap: false,
    // scripts/size.mjs is the limit that counts: compressed, of what a first visit loads.
    chunkSizeWarningLimit: 1_000,
  },
}));
