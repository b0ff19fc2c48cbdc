import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  buildSessionKey,
  systemClock,
  type Agent,
  type AgentEvent,
  type AgentHost,
  type Answer,
  type Attachment,
  type Chat,
  type Clock,
  type HistoryEntry,
  type Input,
  type Json,
  type Question,
  type StopReason,
  type Turn,
} from "@hermes/core";
import { onTestFinished } from "vitest";
import { acpAgent } from "../src/acp.ts";
import type { AcpOptions } from "../src/configuration.ts";

/** A folder that is gone when the test is. */
export async function temporaryFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "hermes-acp-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A host that remembers what was logged and concealed. */
export interface TestHost extends AgentHost {
  readonly log: { readonly level: string; readonly message: string }[];
  readonly concealed: string[];
}

export function createHost(folder: string, clock: Clock = systemClock): TestHost {
  const log: TestHost["log"] = [];
  const concealed: string[] = [];
  const note = (level: string) => (message: string) => void log.push({ level, message });
  return {
    name: "main",
    folder,
    home: folder,
    clock,
    log,
    concealed,
    logger: { debug: note("debug"), info: note("info"), warn: note("warn"), error: note("error") },
    fetch: () => Promise.reject(new Error("Nothing is fetched here")),
    deliver: () => Promise.reject(new Error("Nothing is delivered here")),
    conceal: (secret) => void concealed.push(secret),
  };
}

/** How a program of this folder is run as an agent. */
export function programOptions(name: string, args: readonly string[] = []): AcpOptions {
  const file = fileURLToPath(new URL(`agents/${name}.ts`, import.meta.url));
  return {
    command: process.execPath,
    args: ["--conditions=@hermes/source", file, ...args],
    environment: { PATH: dirname(process.execPath), LANG: "C.UTF-8" },
  };
}

/** An agent that is closed when the test is over. */
export interface RunningAgent {
  readonly agent: Agent;
  readonly host: TestHost;
  readonly folder: string;
}

/** What an agent of a test is given beside its options. */
export interface Given {
  readonly args?: readonly string[];
  readonly folder?: string;
  readonly clock?: Clock;
}

export async function startAgent(options: AcpOptions, given: Given = {}): Promise<RunningAgent> {
  const folder = given.folder ?? (await temporaryFolder());
  const host = createHost(join(folder, "agent"), given.clock);
  const agent = acpAgent(options, host);
  onTestFinished(() => agent.close?.());
  return { agent, host, folder };
}

/** The example agent, with a memory that outlives its process. */
export async function startExample(options: Partial<AcpOptions> = {}, given: Given = {}): Promise<RunningAgent> {
  const folder = given.folder ?? (await temporaryFolder());
  const program = programOptions("example-agent", given.args);
  const environment = { ...program.environment, AGENT_MEMORY: folder, ...options.environment };
  return await startAgent({ ...program, cwd: folder, ...options, environment }, { ...given, folder });
}

/** The agent that breaks the protocol in the ways that its arguments name. */
export async function startMisbehaving(
  ways: readonly string[],
  options: Partial<AcpOptions> = {},
  given: Given = {},
): Promise<RunningAgent> {
  const program = programOptions("misbehaving-agent", ways);
  return await startAgent({ ...program, ...options, environment: { ...program.environment, ...options.environment } }, given);
}

/** A clock that passes ten times as fast: for those who wait for what does not come. */
export const hastyClock: Clock = {
  now: () => systemClock.now() * 10,
  wakeAt: (atMs, callback) => systemClock.wakeAt(Math.ceil(atMs / 10), callback),
};

/** What a conversation is made of. */
export interface ConversationOptions {
  readonly id?: string;
  readonly type?: Chat["type"];
  readonly history?: readonly HistoryEntry[];
  readonly transcript?: readonly Json[];
  /** How questions are answered; without it they wait for ever. */
  readonly answer?: (question: Question) => Answer | Promise<Answer>;
  readonly download?: (attachment: Attachment) => Uint8Array | Promise<Uint8Array>;
}

/** What one turn brings. */
export interface TurnOptions {
  readonly input?: readonly [Input, ...Input[]];
  readonly chosen?: Readonly<Record<string, string>>;
  readonly resume?: Turn["resume"];
  readonly signal?: AbortSignal;
}

/** A conversation with an agent, driven the way a gateway drives one: checkpoints are kept, questions recorded. */
export class Conversation {
  readonly agent: Agent;
  readonly transcript: Json[];
  readonly questions: Question[] = [];
  state: Json | undefined;
  readonly #options: ConversationOptions;
  #turns = 0;

  constructor(agent: Agent, options: ConversationOptions = {}) {
    this.agent = agent;
    this.transcript = [...(options.transcript ?? [])];
    this.#options = options;
  }

  get id(): string {
    return this.#options.id ?? "conversation-1";
  }

  /** The turn as the agent is given it. */
  turn(text: string, { input, chosen = {}, resume, signal = new AbortController().signal }: TurnOptions = {}): Turn {
    const { type = "dm", history = [], answer, download } = this.#options;
    const chat: Chat = { ref: { platform: "test", chatId: "1" }, type };
    return {
      id: `turn-${(this.#turns += 1)}`,
      session: { id: this.id, key: buildSessionKey({ kind: "chat", chat, userId: "ada" }) },
      chat,
      input: input ?? [said(text)],
      chosen,
      signal,
      ...(resume === undefined ? {} : { resume }),
      history: () => Promise.resolve(history),
      transcript: () => entriesOf(this.transcript),
      takeSteering: () => Promise.resolve([]),
      ask: (question) => {
        this.questions.push(question);
        return answer === undefined ? new Promise(() => undefined) : Promise.resolve(answer(question));
      },
      download: async (attachment) => {
        if (download === undefined) throw new Error("There is nothing to download");
        return new Blob([Uint8Array.from(await download(attachment))]).stream();
      },
    };
  }

  /** All that comes of one turn. */
  async say(text: string, options: TurnOptions = {}): Promise<readonly AgentEvent[]> {
    const events: AgentEvent[] = [];
    for await (const event of this.events(text, options)) events.push(event);
    return events;
  }

  /** The events as they come. */
  async *events(text: string, options: TurnOptions = {}): AsyncGenerator<AgentEvent> {
    for await (const event of this.agent.run(this.turn(text, options))) {
      if (event.type === "checkpoint") {
        this.transcript.push(...event.transcript);
        this.state = event.state;
      }
      yield event;
    }
  }

  /** What was said in one turn. */
  async answerTo(text: string, options: TurnOptions = {}): Promise<string> {
    return textOf(await this.say(text, options));
  }
}

/** What somebody said. */
export function said(text: string, name = "Ada", attachments: readonly Attachment[] = []): Input {
  return {
    text,
    author: { id: name.toLowerCase(), name, isBot: false, assurance: "platform" },
    attachments,
    at: "2026-01-01T00:00:00.000Z",
  };
}

/** The words among events, with a bar for each break. */
export function textOf(events: readonly AgentEvent[]): string {
  return events.map((event) => (event.type === "text-delta" ? event.text : event.type === "segment-end" ? "|" : "")).join("");
}

/** Those of one type. */
export function only<Type extends AgentEvent["type"]>(
  events: readonly AgentEvent[],
  type: Type,
): readonly Extract<AgentEvent, { type: Type }>[] {
  return events.filter((event): event is Extract<AgentEvent, { type: Type }> => event.type === type);
}

/** What stops a turn, the way the gateway does. */
export function stopper(): { readonly signal: AbortSignal; readonly stop: (reason?: StopReason) => void } {
  const controller = new AbortController();
  return { signal: controller.signal, stop: (reason = "stop") => controller.abort(reason) };
}

/** Resolves once it is so; rejects after a few seconds. */
export async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const lateAtMs = Date.now() + 8000;
  while (!(await isSo())) {
    if (Date.now() > lateAtMs) throw new Error(`It never came to this: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Whether a process with this id runs. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function* entriesOf(entries: readonly Json[]): AsyncGenerator<Json> {
  for (const entry of entries) yield await Promise.resolve(entry);
}
