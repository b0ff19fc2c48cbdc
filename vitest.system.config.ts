import { defineConfig } from "vitest/config";

/** What needs built packages, programs besides npm, or minutes. */
export default defineConfig({
  ssr: { resolve: { conditions: ["@hermes/source", "module", "node", "development|production"] } },
  test: {
    include: ["packages/*/test/**/*.system.test.ts", "apps/*/test/**/*.system.test.ts", "test/*.system.test.ts"],
    setupFiles: ["./test/setup.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
