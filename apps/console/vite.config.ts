import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/**
 * `npm run dev:console` serves the sources, and passes everything else on to a server that runs. Sign-in
 * leads to that server's public URL, so start it with POSTERN_PUBLIC_URL=http://localhost:5173.
 */
const SERVER = process.env.POSTERN_DEV_SERVER ?? 'http://127.0.0.1:3000';
/** What the console calls that is not its own. */
const PASSED_ON = ['/api', '/oauth2', '/pam', '/.well-known', '/openapi.json', '/docs'];
/** Browsers that know `light-dark()`: made out for older ones, it needs what Mantine does not set. */
const BROWSERS = ['chrome123', 'edge123', 'firefox120', 'safari17.5'];

export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  plugins: [react()],
  build: {
    outDir: '../../dist-console',
    emptyOutDir: true,
    target: BROWSERS,
    manifest: true,
    // tools/check-console-budget.mjs says what the first load weighs, and how much it may.
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
    // A policy without data: for fonts and scripts; pictures of any size are files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    port: 5173,
    strictPort: true,
    proxy: Object.fromEntries(PASSED_ON.map((path) => [path, SERVER])),
  },
});
