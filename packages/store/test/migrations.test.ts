import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSessionKey } from "@hermes/core";
import { openSqliteStore } from "@hermes/store/sqlite";
import Sqlite from "better-sqlite3";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

it("The migrations that are shipped are those the schema asks for", () => {
  const folder = mkdtempSync(join(tmpdir(), "hermes-migrations-"));
  try {
    cpSync(join(root, "migrations/sqlite"), join(folder, "sqlite"), { recursive: true });
    const before = readdirSync(join(folder, "sqlite"));
    const config = join(folder, "drizzle.config.json");
    writeFileSync(config, JSON.stringify({ dialect: "sqlite", schema: join(root, "src/sqlite/schema.ts"), out: "./sqlite" }));
    execFileSync(join(root, "node_modules/.bin/drizzle-kit"), ["generate", `--config=${config}`], { cwd: folder, stdio: "pipe" });
    expect(readdirSync(join(folder, "sqlite"))).toEqual(before);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it("A database of the schema before keeps its conversations, and goes on with them", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hermes-migrations-"));
  const path = join(folder, "hermes.db");
  const sessionKey = buildSessionKey({ kind: "chat", chat });
  try {
    writeEarlier(path, sessionKey);
    const store = await openSqliteStore({ path });
    try {
      await store.open();
      const { entries, notices, waiting } = await store.listSaid({ sessionKey, limit: 10 });
      expect(entries.map(({ role, text, eventId, turnState }) => [role, text, eventId, turnState])).toEqual([
        ["assistant", "answer", undefined, "finished"],
        ["user", "question", undefined, "finished"],
      ]);
      expect([notices, waiting.map(({ event }) => event.eventId)]).toEqual([[], ["e2"]]);
      expect(await store.listSessions({ limit: 5 })).toMatchObject([{ id: "session_1", opening: "question" }]);
      const claimed = await store.claimTurn({ sessionKey, turnId: "turn_2", newSessionId: "session_9", nowMs: 5 });
      expect(claimed).toMatchObject({ sessionId: "session_1", event: { eventId: "e2" } });
      await store.finishTurn({ turnId: "turn_2", outcome: "finished", text: "more", parts: [], nowMs: 6 });
      const after = await store.listSaid({ sessionKey, limit: 2 });
      expect(after.entries.map(({ text, eventId }) => [text, eventId])).toEqual([
        ["more", "e2"],
        ["next", "e2"],
      ]);
      while ((await store.deleteSessions(sessionKey)) === "more");
      expect(await store.search({ text: "question", limit: 5 })).toEqual([]);
    } finally {
      await store.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

const chat = { ref: { platform: "p", chatId: "c" }, type: "dm" } as const;

/** A file as a gateway before the migration `0004` left it: one exchange, and a message that waits. */
function writeEarlier(path: string, sessionKey: string): void {
  const migrations = join(root, "migrations/sqlite");
  const before = readdirSync(migrations)
    .filter((name) => /^000[0-3]_.*\.sql$/u.test(name))
    .toSorted();
  const database = new Sqlite(path);
  for (const name of before) {
    for (const statement of readFileSync(join(migrations, name), "utf8").split("--> statement-breakpoint"))
      database.exec(statement);
  }
  database.pragma(`user_version = ${before.length}`);
  const eventOf = (eventId: string, text: string): string =>
    JSON.stringify({ version: 1, type: "message", eventId, messageId: eventId, chat, origin: {}, at: "", text, attachments: [] });
  const addEvent = database.prepare(
    `INSERT INTO events (platform, event_id, verdict, rule, at_ms, session_key, work, state, reply_id, body)
       VALUES ('p', ?, 'run', 'r', 1, ?, 'turn', ?, ?, ?)`,
  );
  addEvent.run("e1", sessionKey, "taken", "turn_1", eventOf("e1", "question"));
  addEvent.run("e2", sessionKey, "waiting", null, eventOf("e2", "next"));
  database
    .prepare("INSERT INTO sessions (id, key, chat, created_at_ms, updated_at_ms) VALUES ('session_1', ?, ?, 1, 1)")
    .run(sessionKey, JSON.stringify(chat));
  const addEntry = database.prepare(
    "INSERT INTO entries (session_id, turn_id, role, text, at_ms) VALUES ('session_1', 'turn_1', ?, ?, 1)",
  );
  addEntry.run("user", "question");
  addEntry.run("assistant", "answer");
  database
    .prepare(
      `INSERT INTO turns (id, kind, session_key, session_id, seq, entry_id, state, started_at_ms, ended_at_ms)
         VALUES ('turn_1', 'turn', ?, 'session_1', 1, 1, 'finished', 1, 1)`,
    )
    .run(sessionKey);
  database.close();
}
