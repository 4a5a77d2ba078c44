import { fileURLToPath } from 'node:url';
import type { UserConfig } from 'vite';

/** The desk as static files below `/desk/`. Our packages come as sources, so nothing has to be built before. */
export default {
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/desk/',
  logLevel: 'warn',
  resolve: { conditions: ['@recourse/source', 'module', 'browser'] },
  build: {
    target: 'es2022',
    manifest: true,
    // One sheet for all: a style element or a data URL would need a hole in the policy.
    cssCodeSplit: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      // What every screen calls by is one file, with all that it imports: small ones compress worse.
      output: { codeSplitting: { groups: [{ name: 'calls', test: /packages.protocol.src.ops/ }] } },
      // 'use client' of libraries, which concerns servers that render
      onLog: (level, log, report) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
      },
    },
  },
  worker: { format: 'es' },
} satisfies UserConfig;
