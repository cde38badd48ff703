import { defineConfig } from 'vite';

// The server shows index.html at `/` and everything else under `/app/`. Addresses stay relative, so that the
// twin may also stand behind a proxy under a path of its own.
export default defineConfig({
  base: './',
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2022', manifest: true },
  experimental: {
    renderBuiltUrl: (filename, { hostType }) => (hostType === 'html' ? `app/${filename}` : { relative: true }),
  },
});
