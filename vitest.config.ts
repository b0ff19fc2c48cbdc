import { defineConfig } from "vitest/config";

export default defineConfig({
  ssr: { resolve: { conditions: ["@hermes/source", "module", "node", "development|production"] } },
  test: {
    include: ["packages/*/test/**/*.test.ts", "packages/*/template/test/*.test.ts", "apps/*/test/**/*.test.ts", "test/*.test.ts"],
    exclude: ["**/node_modules/**", "**/*.system.test.ts"],
    setupFiles: ["./test/setup.ts"],
    testTimeout: 15_000,
    isolate: false,
    pool: "threads",
  },
});
