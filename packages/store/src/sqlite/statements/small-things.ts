import { and, eq, sql } from "#drizzle";
import { grants, memory, meta, parkedChats } from "../schema.ts";
import { p, type Db } from "./placeholder.ts";

/** Single values, grants, chats that cannot be reached. */
export function prepareSmallThings(db: Db) {
  return {
    readMeta: db
      .select({ value: meta.value })
      .from(meta)
      .where(eq(meta.key, p("key")))
      .prepare(),
    writeMeta: db
      .update(meta)
      .set({ value: p("value") })
      .where(eq(meta.key, p("key")))
      .prepare(),
    readMemory: db
      .select({ value: memory.value })
      .from(memory)
      .where(
        and(
          eq(memory.platform, p("platform")),
          eq(memory.key, p("key")),
          sql`coalesce(${memory.expiresAtMs}, 9e15) > ${p("nowMs")}`,
        ),
      )
      .prepare(),
    writeMemory: db
      .insert(memory)
      .values({ platform: p("platform"), key: p("key"), value: p("value"), expiresAtMs: p("expiresAtMs") })
      .onConflictDoUpdate({
        target: [memory.platform, memory.key],
        set: { value: sql`excluded.value`, expiresAtMs: sql`excluded.expires_at_ms` },
      })
      .prepare(),
    deleteMemory: db
      .delete(memory)
      .where(and(eq(memory.platform, p("platform")), eq(memory.key, p("key"))))
      .prepare(),
    putGrant: db
      .insert(grants)
      .values({ platform: p("platform"), userId: p("userId"), role: p("role"), grantedAtMs: p("grantedAtMs") })
      .onConflictDoNothing()
      .prepare(),
    removeGrant: db
      .delete(grants)
      .where(and(eq(grants.platform, p("platform")), eq(grants.userId, p("userId"))))
      .prepare(),
    listGrants: db.select().from(grants).prepare(),
    parkChat: db
      .insert(parkedChats)
      .values({
        platform: p("platform"),
        chatId: p("chatId"),
        reason: p("reason"),
        sinceMs: p("sinceMs"),
        retryAtMs: p("retryAtMs"),
      })
      .onConflictDoUpdate({
        target: [parkedChats.platform, parkedChats.chatId],
        set: { reason: sql`excluded.reason`, sinceMs: sql`excluded.since_ms`, retryAtMs: sql`excluded.retry_at_ms` },
      })
      .prepare(),
    unparkChat: db
      .delete(parkedChats)
      .where(and(eq(parkedChats.platform, p("platform")), eq(parkedChats.chatId, p("chatId"))))
      .prepare(),
    listParkedChats: db.select().from(parkedChats).prepare(),
  };
}
