import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  buildSessionKey,
  PlatformError,
  systemClock,
  type Agent,
  type Attachment,
  type Chat,
  type Clock,
  type Input,
  type Turn,
} from "@hermes/core";
import { onTestFinished } from "vitest";
import { mediaConfigurationSchema, readMedia } from "../src/index.ts";

/** A file as it lies on the platform. */
export interface SentFile extends Attachment {
  readonly bytes?: Uint8Array;
}

/** What is told in a turn beside the files. */
export interface Said {
  readonly text?: string;
  readonly signal?: AbortSignal;
  readonly steering?: Input[];
  readonly change?: Input["change"];
}

/** An agent that keeps what it is given, behind the reading of media. */
export interface Bench {
  readonly agent: Agent;
  readonly folder: string;
  readonly logs: readonly string[];
  readonly concealed: readonly string[];
  /** The turns that the agent was given. */
  readonly given: readonly Turn[];
  /** How many files were fetched from the platform. */
  readonly fetched: () => number;
  /** What the agent reads of a message with these files. */
  reads(files: readonly SentFile[], said?: Said): Promise<string>;
  turnOf(files: readonly SentFile[], said?: Said): Turn;
  /** The same folder in a new process. */
  restarted(): Bench;
}

/** What a bench is made of. */
export interface BenchOptions {
  readonly configuration?: unknown;
  readonly clock?: Clock;
  readonly folder?: string;
  readonly agent?: Partial<Agent>;
}

const chat: Chat = { ref: { platform: "chat", chatId: "1" }, type: "dm" };

/** Makes one that is closed when the test is over. */
export function createBench(options: BenchOptions = {}): Bench {
  const { configuration = {}, clock = systemClock, folder = temporaryFolder() } = options;
  const logs: string[] = [];
  const concealed: string[] = [];
  const given: Turn[] = [];
  let fetched = 0;
  const log = (message: string): void => void logs.push(message);
  const inner: Agent = {
    features: { steer: true, undo: false, resume: "replay" },
    async *run(turn) {
      given.push(turn);
      yield { type: "text-delta", text: turn.input.map(({ text }) => text).join("\n---\n") };
    },
    ...options.agent,
  };
  const agent = readMedia(inner, mediaConfigurationSchema.parse(configuration), {
    logger: { debug: log, info: log, warn: log, error: log },
    clock,
    folder,
    conceal: (secret) => void concealed.push(secret),
    random: () => 0,
  });
  onTestFinished(async () => await agent.close?.());
  const turnOf = (files: readonly SentFile[], said: Said = {}): Turn => {
    const { text = "", signal = new AbortController().signal, steering = [], change } = said;
    const ada = { id: "ada", name: "Ada", isBot: false, assurance: "platform" } as const;
    const plain = files.map(({ bytes: _bytes, ...attachment }) => attachment);
    return {
      id: "turn-1",
      session: { id: "session-1", key: buildSessionKey({ kind: "chat", chat }) },
      chat,
      input: [
        { text, author: ada, attachments: plain, at: "2026-01-02T03:04:00.000Z", ...(change === undefined ? {} : { change }) },
      ],
      chosen: {},
      signal,
      history: async () => [],
      async *transcript() {},
      takeSteering: async () => steering.splice(0),
      ask: async () => ({ expired: true }),
      async download({ ticket }, { maxBytes = 20_971_520 } = {}) {
        fetched += 1;
        const bytes = files.find((file) => file.ticket === ticket)?.bytes;
        if (bytes === undefined) throw failed({ kind: "not-found", what: "message" });
        if (bytes.length > maxBytes) throw failed({ kind: "too-long" });
        return new Blob([new Uint8Array(bytes)]).stream();
      },
    };
  };
  return {
    agent,
    folder,
    logs,
    concealed,
    given,
    fetched: () => fetched,
    turnOf,
    async reads(files, said) {
      let read = "";
      for await (const event of agent.run(turnOf(files, said))) if (event.type === "text-delta") read += event.text;
      return read;
    },
    restarted: () => createBench({ ...options, folder }),
  };
}

/** A folder that is gone when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "hermes-media-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

let tickets = 0;

/** A file that somebody sent. Of what says how large it is the platform says so, unless told otherwise. */
export function sent(kind: Attachment["kind"], bytes: Uint8Array | string | undefined, more: Partial<SentFile> = {}): SentFile {
  tickets += 1;
  const content = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
  return {
    kind,
    ticket: `ticket-${tickets}`,
    ...(content === undefined ? {} : { bytes: content, sizeBytes: content.length }),
    ...more,
  };
}

function failed(failure: PlatformError["failure"]): PlatformError {
  return new PlatformError({ platform: "chat", failure, message: "Cannot fetch a file of somebody" });
}
