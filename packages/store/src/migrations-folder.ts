import { fileURLToPath } from "node:url";

/** Lies directly in `src`, and in one bundle in `dist`: from both, the same relative path is right. */
export const sqliteMigrationsFolder = fileURLToPath(new URL("../migrations/sqlite", import.meta.url));
