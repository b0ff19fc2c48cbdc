import { createRequire } from "node:module";
import type * as Core from "drizzle-orm";
import type * as Driver from "drizzle-orm/better-sqlite3";
import type * as Tables from "drizzle-orm/sqlite-core";

// Unbundled, drizzle's ES modules cost 300 ms and 200 MB at import; its CommonJS build does not. Built packages carry it bundled.
const require = createRequire(import.meta.url);
const core = require("drizzle-orm") as typeof Core;
const driver = require("drizzle-orm/better-sqlite3") as typeof Driver;
const tables = require("drizzle-orm/sqlite-core") as typeof Tables;

export const { and, asc, desc, eq, getTableColumns, gt, isNull, lt, or, sql } = core;
export const { drizzle } = driver;
export const { index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } = tables;
