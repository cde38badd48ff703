import { defineConfig } from 'vitest/config';

// One worker for all files: they are small, and what they share is read once. The deadline is for what hangs,
// not for a busy machine.
export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    environment: 'node',
    pool: 'threads',
    maxWorkers: 1,
    isolate: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
