import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeStore } from "@hermes/runtime/testing";
import { openSqliteStore } from "@hermes/store/sqlite";
import type { Store } from "@hermes/runtime";

describeStore("The SQLite store", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hermes-store-"));
  const path = join(folder, "hermes.db");
  const store = await openSqliteStore({ path });
  const second = await openSqliteStore({ path });
  let handedOut: Store | undefined;
  return {
    store,
    another: () => (handedOut = second),
    async dispose() {
      await store.close();
      await (handedOut ?? second).close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
});
