/** How the page is built and served. See scripts/bundle/bundleReport.ts for the budget that every build must keep. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { bundleReport } from './scripts/bundle/bundleReport.ts';
import { formulaPlugin } from './scripts/bundle/formulas.ts';
import { inlineScript } from './scripts/bundle/inlineScript.ts';
import { offline } from './scripts/bundle/offline.ts';

export default defineConfig({
  // Relative addresses: dist/ works from any sub-path of any static host.
  base: './',
  plugins: [react(), inlineScript(), formulaPlugin(), bundleReport({ budget: 1_000_000 }), offline()],
  // Workers are bundled apart and hold scripts of their own.
  worker: { format: 'es', plugins: () => [inlineScript()] },
  build: {
    reportCompressedSize: false,
    chunkSizeWarningLimit: 8000,
    // Kernels and frames are fetched as files: a data: URL would need a laxer content policy.
    assetsInlineLimit: 0,
  },
  // Imported only inside workers, where the development server would find it too late.
  optimizeDeps: { include: ['acorn', '@tensorflow/tfjs-backend-webgpu'] },
  server: { port: 5173 },
});
