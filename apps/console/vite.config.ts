import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `npm run dev:console` serves the sources, and passes everything else on to a server that runs. */
const SERVER = process.env.POSTERN_PUBLIC_URL ?? 'http://127.0.0.1:3000';

export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  plugins: [react()],
  build: {
    outDir: '../../dist-console',
    emptyOutDir: true,
    target: 'es2022',
    manifest: true,
    // A policy without data: for fonts and scripts; pictures of any size are files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/oauth2', '/pam', '/openapi.json', '/docs'].map((path) => [path, SERVER]),
    ),
  },
});
