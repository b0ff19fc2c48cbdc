import { RpcError, type Caller, type Handlers, type Page, type ProtocolEvent } from "@hermes/protocol";
import { randomUUID } from "node:crypto";
import { answer } from "./answer.ts";
import { LoopbackConversation, type Happening } from "./conversations.ts";
import type { World } from "./world.ts";

/** A socket that asks. */
export interface LoopbackCaller extends Caller {
  readonly scope: "admin";
  readonly subscriptions: Set<string>;
  readonly send: (event: ProtocolEvent) => void;
}

export interface HandlersOptions {
  readonly world: World;
  readonly stream: string;
  readonly callers: ReadonlySet<LoopbackCaller>;
  readonly files: ReadonlyMap<string, { readonly name: string; readonly type: string; readonly bytes: Buffer }>;
}

/** Serves the methods from memory; nothing here talks to an agent or a platform. */
export function createHandlers({ world, stream, callers, files }: HandlersOptions): Handlers<LoopbackCaller> {
  const startedAtMs = Date.now() - 3 * 24 * 60 * 60_000;
  const taken = new Map<string, string>();
  const running = new Map<string, AbortController>();

  const conversation = (key: string): LoopbackConversation => {
    const found = world.conversations.get(key);
    if (found === undefined) throw new RpcError("not-found", "There is no such conversation");
    return found;
  };
  const tellIn =
    (to: LoopbackConversation) =>
    (happening: Happening): void => {
      const event = to.happen(happening);
      for (const caller of callers) if (caller.subscriptions.has(to.key)) caller.send(event);
    };
  const done = (message: string): { readonly done: true; readonly message: string } => ({ done: true, message });

  return {
    health: async () => ({ status: "ok", ready: true }),
    "gateway.status": async () => ({
      version: "0.1.0",
      startedAtMs,
      ready: world.platforms.every(({ state }) => state !== "failed"),
      reasons: world.platforms.flatMap(({ id, state }) => (state === "failed" ? [`The platform ${id} has failed`] : [])),
      runningTurns: running.size,
      busyConversations: running.size,
      connections: callers.size,
      residentBytes: 131_400_000,
      agent: "Echo",
    }),
    "gateway.restart": async () => done("The gateway restarts."),
    "commands.list": async () => ({
      rows: [
        { name: "help", description: "Lists what can be said to the gateway" },
        { name: "new", description: "Begins the conversation anew" },
        { name: "status", description: "Says what runs and what waits" },
        { name: "stop", description: "Interrupts the answer that runs" },
        { name: "retry", description: "Answers the last message once more" },
        { name: "title", description: "Gives the conversation a title" },
      ],
    }),
    "chat.send": async () => {
      throw new RpcError("unavailable", "The loopback gateway answers by events only");
    },
    "chat.send_stream": async ({ text, session_key, idempotency_key, attachments = [] }) => {
      const key = session_key ?? "agent:main:web:dm:ada";
      const known = idempotency_key === undefined ? undefined : taken.get(idempotency_key);
      if (known !== undefined) return { message_id: known, session_key: key };
      if (/refuse/iu.test(text)) throw new RpcError("conflict", "This conversation takes no messages at present");
      const to =
        world.conversations.get(key) ??
        new LoopbackConversation(key, { platform: "web", chatId: key.split(":").slice(4).join(":"), type: "dm" }, "", Date.now());
      world.conversations.set(key, to);
      const message_id = randomUUID();
      if (idempotency_key !== undefined) taken.set(idempotency_key, message_id);
      const timestamp = new Date().toISOString();
      const attached = attachments.flatMap((id) => {
        const file = files.get(id);
        return file === undefined
          ? []
          : [
              {
                kind: file.type.startsWith("image/") ? ("image" as const) : ("file" as const),
                name: file.name,
                mime_type: file.type,
                size: file.bytes.length,
                path: `/v1/files/${id}`,
              },
            ];
      });
      to.messages.push({ message_id, role: "user", text, timestamp, state: "running", attachments: attached });
      tellIn(to)({ type: "chat.message", message_id, text, timestamp, attachments: attached });
      const abort = new AbortController();
      running.set(key, abort);
      void answer({ conversation: to, id: message_id, question: text, signal: abort.signal, tell: tellIn(to), pause }).finally(
        () => {
          if (running.get(key) === abort) running.delete(key);
        },
      );
      return { message_id, session_key: key };
    },
    "chat.stop": async ({ session_key }) => {
      const abort = running.get(session_key);
      abort?.abort();
      return abort === undefined ? { done: false, message: "No answer runs here" } : done("Interrupted");
    },
    "chat.history": async ({ session_key, limit = 50, before }) => {
      const { messages } = conversation(session_key);
      const end = before === undefined ? messages.length : Number(before);
      const begin = Math.max(0, end - limit);
      const shown = messages.slice(begin, end);
      return { session_key, messages: shown, ...(begin > 0 ? { next: String(begin) } : {}) };
    },
    "session.list": async ({ limit = 50, after }) => {
      const all = [...world.conversations.values()]
        .map(({ info }) => info)
        .sort((one, other) => other.updated_at.localeCompare(one.updated_at));
      const from = after === undefined ? 0 : Number(after);
      const sessions = all.slice(from, from + limit);
      return { sessions, ...(from + limit < all.length ? { next: String(from + limit) } : {}) };
    },
    "session.search": async ({ text, limit = 30 }) => {
      const hits = [...world.conversations.values()].flatMap(({ info, messages }) =>
        messages.flatMap(({ role, text: said, timestamp }) => {
          const at = said.toLowerCase().indexOf(text.toLowerCase());
          if (at === -1 || role === "notice") return [];
          const excerpt = said.slice(Math.max(0, at - 30), at + 80).replaceAll(/\s+/gu, " ");
          return [{ session_key: info.session_key, title: info.title, role, excerpt, timestamp }];
        }),
      );
      return { hits: hits.sort((one, other) => other.timestamp.localeCompare(one.timestamp)).slice(0, limit) };
    },
    "session.title": async ({ session_key, title }) => {
      conversation(session_key).title = title;
      return done(title === "" ? "It is called by its first words again" : `It is called “${title}” now`);
    },
    "session.delete": async ({ session_key }) => {
      if (conversation(session_key).running.size > 0)
        return { done: false, message: "An answer is on its way here. Stop it first." };
      world.conversations.delete(session_key);
      return done("The conversation was deleted");
    },
    "session.subscribe": async ({ session_key, stream: known, since }, caller) => {
      const to = conversation(session_key);
      caller.subscriptions.add(session_key);
      const resumed = known === stream && since !== undefined;
      if (resumed) setImmediate(() => to.events.filter(({ seq }) => seq > since).forEach(caller.send));
      return { session_key, stream, seq: to.seq, resumed, running: resumed ? [] : to.runningAnswers };
    },
    "session.unsubscribe": async ({ session_key }, caller) => {
      caller.subscriptions.delete(session_key);
      return done("Nothing more is told of it");
    },
    "messages.send": async () => {
      throw new RpcError("unavailable", "The loopback gateway has no platforms to send to");
    },
    "channels.list": async () => ({ rows: [] }),
    "platforms.list": async () => ({ rows: world.platforms }),
    "platforms.status": async ({ id }) =>
      found(
        world.platforms.find((platform) => platform.id === id),
        `There is no platform \`${id}\``,
      ),
    "platforms.pause": async ({ id }) => changePlatform(world, id, "paused"),
    "platforms.resume": async ({ id }) => changePlatform(world, id, "connecting"),
    "access.list": async () => ({ entries: world.access, open: world.access.length === 0 ? [] : ["discord"] }),
    "access.check": async ({ platform, userId }) => {
      const entry = world.access.find(
        (known) => (known.platform === "*" || known.platform === platform) && known.userId === userId,
      );
      return entry === undefined
        ? { letIn: false, rule: "unknown-sender", reason: `Nobody let ${userId} in on ${platform}` }
        : {
            letIn: true,
            rule: entry.by,
            reason: entry.by === "owner" ? "They claimed this gateway" : "They are named in the configuration",
          };
    },
    "access.revoke": async ({ platform, userId }) => {
      const at = world.access.findIndex(
        (entry) => entry.by === "owner" && entry.platform === platform && entry.userId === userId,
      );
      if (at === -1) return { done: false, message: "Nobody was given that by a claim" };
      world.access.splice(at, 1);
      return done(`${userId} is no longer let in`);
    },
    "console.code": async () => ({ code: "FAKE-CODE", expiresAtMs: Date.now() + 60_000 }),
    "tokens.rotate": async () => ({ oldGoodUntilMs: Date.now() }),
    "deliveries.list": async ({ state, platform, limit = 50, after }) => {
      const states = { pending: ["queued", "sending", "parked"], troubled: ["unknown", "failed"] };
      const rows = world.deliveries.filter(
        (row) =>
          (state === undefined || states[state].includes(row.state)) &&
          (platform === undefined || row.chat.platform === platform),
      );
      return pageOf(rows, limit, after);
    },
    "deliveries.show": async ({ replyId }) =>
      found(
        world.deliveries.find((row) => row.replyId === replyId),
        "There is no such delivery",
      ),
    "deliveries.retry": async () => done("It is sent again"),
    "deliveries.drop": async () => done("What was not shown yet is given up"),
    "events.list": async ({ verdict, platform, limit = 50, after }) => {
      const rows = world.events.filter(
        (row) => (verdict === undefined || row.verdict === verdict) && (platform === undefined || row.platform === platform),
      );
      return pageOf(rows, limit, after);
    },
    "events.show": async ({ seq }) =>
      found(
        world.events.find((row) => row.seq === seq),
        "There is no such event",
      ),
    "events.replay": async ({ seq }) => done(`Event ${seq} came in once more`),
    "timeline.show": async ({ id }) => {
      const deliveries = world.deliveries.filter(({ replyId, seq }) => replyId === id || String(seq) === id);
      const event = world.events.find(({ seq, eventId }) => String(seq) === id || eventId === id || seq === deliveries[0]?.seq);
      if (event === undefined && deliveries.length === 0) throw new RpcError("not-found", `Nothing is known by the id “${id}”`);
      return { ...(event === undefined ? {} : { event }), deliveries };
    },
  };
}

async function pause(delayMs: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, delayMs));
}

function found<Value>(value: Value | undefined, problem: string): Value {
  if (value === undefined) throw new RpcError("not-found", problem);
  return value;
}

function pageOf<Row>(rows: readonly Row[], limit: number, after: string | undefined): Page<Row> {
  const from = after === undefined ? 0 : Number(after);
  return { rows: rows.slice(from, from + limit), ...(from + limit < rows.length ? { next: String(from + limit) } : {}) };
}

function changePlatform(
  world: World,
  id: string,
  state: "paused" | "connecting",
): { readonly done: boolean; readonly message: string } {
  const at = world.platforms.findIndex((platform) => platform.id === id);
  const platform = world.platforms[at];
  if (platform === undefined) return { done: false, message: `There is no platform \`${id}\`` };
  world.platforms[at] = { ...platform, state, sinceMs: Date.now() };
  return { done: true, message: state === "paused" ? `${id} is paused` : `${id} is connected again` };
}
