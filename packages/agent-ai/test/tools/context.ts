import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSessionKey, systemClock, type AgentHost, type Answer, type Chat, type Question, type Turn } from "@hermes/core";
import type { AgentDelivery, AgentEvent, Clock, DeliveredMessage, Json } from "@hermes/core";
import type { ApprovalRequest, Tool, ToolContext, ToolResult, ToolSource } from "../../src/tool.ts";
import { createToolSources, toolsConfigurationSchema } from "../../src/tools/index.ts";

/** A folder that is gone when it is disposed of. */
export function temporaryFolder(): { readonly path: string; [Symbol.dispose](): void } {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "hermes-tools-")));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** What the gateway gives to an agent, and what the agent did with it. */
export interface TestHost extends AgentHost {
  readonly lines: readonly string[];
  readonly concealed: readonly string[];
  readonly deliveries: readonly AgentDelivery[];
}

export interface TestHostOptions {
  readonly clock?: Clock;
  readonly fetch?: AgentHost["fetch"];
  readonly delivers?: (delivery: AgentDelivery) => readonly DeliveredMessage[];
}

/** A host whose folder is below `home`. */
export function testHost(home: string, options: TestHostOptions = {}): TestHost {
  const lines: string[] = [];
  const concealed: string[] = [];
  const deliveries: AgentDelivery[] = [];
  const log = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  return {
    name: "main",
    logger: { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") },
    clock: options.clock ?? systemClock,
    home,
    folder: join(home, "gateway", "main"),
    fetch: options.fetch ?? (() => Promise.reject(new Error("Nothing may be fetched here"))),
    deliver: async (delivery) => {
      deliveries.push(delivery);
      return (options.delivers ?? (({ target }) => [{ target, state: "sent" }]))(delivery);
    },
    conceal: (secret) => void concealed.push(secret),
    lines,
    concealed,
    deliveries,
  };
}

export interface TestTurnOptions {
  readonly id?: string;
  readonly author?: string;
  readonly authors?: readonly string[];
  readonly chat?: Chat;
  readonly sessionId?: string;
  /** Groups and threads are shared where it says so. */
  readonly isShared?: boolean;
  readonly answers?: (question: Question) => Answer | Promise<Answer>;
  readonly signal?: AbortSignal;
}

/** A turn of Ada's, unless it is said otherwise. */
export function testTurn(options: TestTurnOptions = {}): Turn {
  const { author = "ada", authors = [author], chat = { ref: { platform: "telegram", chatId: "1" }, type: "dm" } } = options;
  const key = buildSessionKey({ kind: "chat", chat, userId: author }, { shareGroups: options.isShared ?? false });
  const inputs = authors.map((id) => ({
    text: "Hello",
    author: { id, name: id, isBot: false, assurance: "platform" as const },
    attachments: [],
    at: "2026-01-01T00:00:00Z",
  }));
  const [first, ...more] = inputs;
  if (first === undefined) throw new Error("A turn has at least one author");
  return {
    id: options.id ?? "turn-1",
    session: { id: options.sessionId ?? "session-1", key },
    chat,
    input: [first, ...more],
    chosen: {},
    signal: options.signal ?? new AbortController().signal,
    history: () => Promise.resolve([]),
    async *transcript() {},
    takeSteering: () => Promise.resolve([]),
    ask: async (question) => (options.answers ?? (() => ({ expired: true as const })))(question),
    download: () => Promise.reject(new Error("Nothing was sent")),
  };
}

/** What a tool is called with, and what it did with it. */
export interface TestContext extends ToolContext {
  readonly events: AgentEvent[];
  readonly asked: ApprovalRequest[];
}

export interface TestContextOptions {
  readonly turn?: Turn;
  readonly signal?: AbortSignal;
  readonly callId?: string;
  readonly approves?: boolean;
}

/** Approves nothing, unless it is said otherwise. */
export function testContext(options: TestContextOptions = {}): TestContext {
  const events: AgentEvent[] = [];
  const asked: ApprovalRequest[] = [];
  const turn = options.turn ?? testTurn();
  return {
    turn,
    callId: options.callId ?? "call-1",
    signal: options.signal ?? turn.signal,
    emit: (event) => void events.push(event),
    approve: async (request) => {
      asked.push(request);
      return options.approves === true ? { kind: "approved" } : { kind: "denied", why: "Ada said no." };
    },
    events,
    asked,
  };
}

/** Tools as a turn has them, closed when they are disposed of. */
export interface TestTools extends AsyncDisposable {
  readonly host: TestHost;
  readonly sources: readonly ToolSource[];
  tools(...sets: readonly string[]): Promise<readonly Tool[]>;
  /** Calls a tool of the sets that were configured. */
  call(name: string, input: Json, context?: TestContext): Promise<ToolResult>;
}

/** The tools that a configuration gives; `sets` are those that turns have. */
export function testTools(configuration: unknown, host: TestHost, sets: readonly string[]): TestTools {
  const sources = createToolSources(toolsConfigurationSchema.parse(configuration), host);
  const tools = async (...names: readonly string[]): Promise<readonly Tool[]> =>
    (await Promise.all(sources.map((source) => source.tools(names, new AbortController().signal)))).flat();
  return {
    host,
    sources,
    tools,
    async call(name, input, context = testContext()) {
      const tool = (await tools(...sets)).find((one) => one.name === name);
      if (tool === undefined) throw new Error(`There is no tool ${name}`);
      const call = tool.read(input);
      return typeof call === "string" ? { outcome: "failed", text: call } : await call.run(context);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(sources.map((source) => source.close()));
    },
  };
}
