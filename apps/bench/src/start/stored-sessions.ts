import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { startGateway } from "../processes/gateway.ts";

const dayMs = 24 * 60 * 60_000;

/** Brings a home into the state of a gateway with which `count` people have talked: each a conversation of one message and its answer. */
export async function storeSessions(home: string, count: number): Promise<void> {
  {
    // The gateway itself makes the database.
    await using gateway = await startGateway(home);
    await gateway.stop();
  }
  const database = new DatabaseSync(join(home, "gateway", "hermes.db"));
  database.exec("PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF; BEGIN");
  for (const statement of statements) database.prepare(statement).run({ count, fromMs: Date.now() - dayMs });
  database.prepare("UPDATE meta SET value = ? WHERE key = 'indexed_entry'").run(2 * count);
  database.exec("COMMIT");
  database.close();
}

const numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $count)";
const chat = `'{"ref":{"platform":"telegram","chatId":"' || (1000000 + i) || '"},"type":"dm"}'`;
const origin = `'{"author":{"id":"' || (1000000 + i) || '","isBot":false,"assurance":"platform"},"lifetime":"durable"}'`;
const key = "'agent:main:telegram:dm:' || (1000000 + i)";
const said = "'This is what person ' || i || ' wants to know, in a message of ordinary length'";
const body = `'{"version":1,"type":"message","eventId":"' || i || '","messageId":"' || i || '","chat":' || ${chat} || ',"origin":' || ${origin} ||
  ',"at":"2026-01-01T00:00:00.000Z","text":"' || ${said} || '","addressed":true,"attachments":[]}'`;
const part = `'{"index":0,"desired":["echo: ' || ${said} || '"],"desiredRevision":1,"shown":["echo: ' || ${said} ||
  '"],"shownRevision":1,"refs":[{"messageId":"' || i || '"}],"state":"sent","attempts":1}'`;

const statements = [
  `${numbers} INSERT INTO sessions (id, key, chat, created_at_ms, updated_at_ms)
   SELECT printf('session_%010d', i), ${key}, ${chat}, $fromMs, $fromMs + i FROM n`,
  `${numbers} INSERT INTO events (platform, event_id, verdict, rule, at_ms, session_key, work, state, body)
   SELECT 'telegram', i, 'run', 'allowed', $fromMs + i, ${key}, 'turn', 'taken', ${body} FROM n`,
  `${numbers} INSERT INTO turns (id, kind, session_key, session_id, seq, entry_id, state, started_at_ms, ended_at_ms)
   SELECT printf('turn_%010d', i), 'turn', ${key}, printf('session_%010d', i), i, 2 * i - 1, 'finished', $fromMs + i, $fromMs + i FROM n`,
  `${numbers} INSERT INTO parts (turn_id, idx, state, body) SELECT printf('turn_%010d', i), 0, 'sent', ${part} FROM n WHERE $fromMs > 0`,
  `${numbers} INSERT INTO entries (session_id, turn_id, role, text, at_ms)
   SELECT printf('session_%010d', i), printf('turn_%010d', i), role, prefix || ${said}, $fromMs + i
   FROM n, (SELECT 'user' AS role, '' AS prefix UNION ALL SELECT 'assistant', 'echo: ')`,
];
