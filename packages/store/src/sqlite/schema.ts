import { index, integer, primaryKey, real, sql, sqliteTable, text, uniqueIndex } from "#drizzle";

/** Single values of the store's own: the fence, how far the search index reaches. */
export const meta = sqliteTable("meta", { key: text("key").primaryKey(), value: integer("value").notNull() });

/** What came in. A row stays as long as its id must be recognised. */
export const events = sqliteTable(
  "events",
  {
    seq: integer("seq").primaryKey({ autoIncrement: true }),
    platform: text("platform").notNull(),
    eventId: text("event_id").notNull(),
    verdict: text("verdict", { enum: ["run", "observe", "pair", "refuse"] }).notNull(),
    rule: text("rule").notNull(),
    atMs: integer("at_ms").notNull(),
    sessionKey: text("session_key"),
    work: text("work", { enum: ["turn", "command", "answer"] }),
    state: text("state", { enum: ["recorded", "waiting", "taken", "dropped", "answer"] }).notNull(),
    /** The turn or notice that took it, or that it answers. */
    replyId: text("reply_id"),
    /** JSON; only of what was let in. */
    body: text("body"),
    /** It belongs to the turn of what waits before it. */
    joins: integer("joins", { mode: "boolean" }),
  },
  (table) => [
    uniqueIndex("events_identity").on(table.platform, table.eventId),
    index("events_waiting")
      .on(table.sessionKey, table.work, table.seq)
      .where(sql`state = 'waiting'`),
    // Neither has a turn of its own: found by it when their conversation is forgotten.
    index("events_aside")
      .on(table.sessionKey)
      .where(sql`state IN ('dropped', 'answer')`),
  ],
);

/** Acts of answering: turns of the agent, and notices of the gateway itself. */
export const turns = sqliteTable(
  "turns",
  {
    id: text("id").primaryKey(),
    kind: text("kind", { enum: ["turn", "notice"] }).notNull(),
    sessionKey: text("session_key").notNull(),
    sessionId: text("session_id"),
    /** The event a turn answers; a notice carries chat and origin itself. */
    seq: integer("seq"),
    chat: text("chat"),
    origin: text("origin"),
    /** JSON; what it was given beside that event: at its beginning, and while it ran. */
    inputs: text("inputs"),
    /** Where the turn's own entries begin in the history. */
    entryId: integer("entry_id"),
    state: text("state", { enum: ["running", "finished", "interrupted", "failed"] }).notNull(),
    /** JSON; begun since the last checkpoint, or still open. */
    tools: text("tools"),
    /** How many checkpoints; what the agent left at the last one (JSON), and had said by then. */
    step: integer("step"),
    checkpoint: text("checkpoint"),
    said: text("said"),
    /** JSON; the tools it took, once it is over. */
    steps: text("steps"),
    startedAtMs: integer("started_at_ms").notNull(),
    endedAtMs: integer("ended_at_ms"),
  },
  (table) => [
    index("turns_of_session").on(table.sessionKey, table.id),
    index("turns_running")
      .on(table.id)
      .where(sql`state = 'running'`),
  ],
);

/** One row per part of a reply, never one per edit. `body` is core's `Part` as JSON. */
export const parts = sqliteTable(
  "parts",
  {
    turnId: text("turn_id").notNull(),
    index: integer("idx").notNull(),
    state: text("state", { enum: ["open", "closed", "sent", "unknown", "failed"] }).notNull(),
    body: text("body").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.turnId, table.index] }),
    index("parts_pending")
      .on(table.turnId)
      .where(sql`state IN ('open', 'closed')`),
  ],
);

/** Conversations; at most one per key has not ended. */
export const sessions = sqliteTable(
  "sessions",
  {
    id: text("id").primaryKey(),
    key: text("key").notNull(),
    title: text("title"),
    chat: text("chat").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    updatedAtMs: integer("updated_at_ms").notNull(),
    endedAtMs: integer("ended_at_ms"),
    lastTurnId: text("last_turn_id"),
    /** A turn that was cut off: the next one is told what it left open. */
    cutOffTurnId: text("cut_off_turn_id"),
  },
  (table) => [
    uniqueIndex("sessions_current")
      .on(table.key)
      .where(sql`ended_at_ms IS NULL`),
    index("sessions_recent").on(table.updatedAtMs, table.id),
    index("sessions_of_key").on(table.key, table.id),
  ],
);

/** What was said. */
export const entries = sqliteTable(
  "entries",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    sessionId: text("session_id").notNull(),
    turnId: text("turn_id").notNull(),
    role: text("role", { enum: ["user", "assistant"] }).notNull(),
    text: text("text").notNull(),
    /** The event that brought it. */
    eventId: text("event_id"),
    atMs: integer("at_ms").notNull(),
  },
  (table) => [index("entries_of_session").on(table.sessionId, table.id)],
);

/** Agents' own entries, written by checkpoints. */
export const transcripts = sqliteTable(
  "transcripts",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    sessionId: text("session_id").notNull(),
    turnId: text("turn_id").notNull(),
    body: text("body").notNull(),
  },
  (table) => [index("transcripts_of_session").on(table.sessionId, table.id)],
);

/** What models took, by turn and model. */
export const usages = sqliteTable(
  "usages",
  {
    turnId: text("turn_id").notNull(),
    model: text("model").notNull(),
    sessionId: text("session_id").notNull(),
    sessionKey: text("session_key").notNull(),
    /** `platform:user id` of whoever asked. */
    person: text("person").notNull(),
    atMs: integer("at_ms").notNull(),
    calls: integer("calls").notNull(),
    inputTokens: integer("input_tokens").notNull(),
    outputTokens: integer("output_tokens").notNull(),
    cachedInputTokens: integer("cached_input_tokens").notNull(),
    reasoningTokens: integer("reasoning_tokens").notNull(),
    costUsd: real("cost_usd").notNull(),
    unpricedCalls: integer("unpriced_calls").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.turnId, table.model] }),
    index("usages_of_session").on(table.sessionId),
    index("usages_of_person").on(table.person, table.atMs),
    index("usages_by_age").on(table.atMs),
  ],
);

/** Questions of running turns. */
export const questions = sqliteTable(
  "questions",
  {
    turnId: text("turn_id").notNull(),
    key: text("key").notNull(),
    question: text("question").notNull(),
    expiresAtMs: integer("expires_at_ms").notNull(),
    answer: text("answer"),
  },
  (table) => [primaryKey({ columns: [table.turnId, table.key] })],
);

/** Chats that said they cannot be reached. */
export const parkedChats = sqliteTable(
  "parked_chats",
  {
    platform: text("platform").notNull(),
    chatId: text("chat_id").notNull(),
    reason: text("reason").notNull(),
    sinceMs: integer("since_ms").notNull(),
    retryAtMs: integer("retry_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.platform, table.chatId] })],
);

/** Platforms' cursors and small values. */
export const memory = sqliteTable(
  "memory",
  {
    platform: text("platform").notNull(),
    key: text("key").notNull(),
    value: text("value").notNull(),
    expiresAtMs: integer("expires_at_ms"),
  },
  (table) => [
    primaryKey({ columns: [table.platform, table.key] }),
    index("memory_expiring")
      .on(table.expiresAtMs)
      .where(sql`expires_at_ms IS NOT NULL`),
  ],
);

/** Who was made owner by a claim. */
export const grants = sqliteTable(
  "grants",
  {
    platform: text("platform").notNull(),
    userId: text("user_id").notNull(),
    role: text("role", { enum: ["owner"] }).notNull(),
    grantedAtMs: integer("granted_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.platform, table.userId] })],
);
