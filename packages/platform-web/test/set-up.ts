import type { AgentEvent, AgentFunction } from "@hermes/core";
import { createGateway, createMemoryStore, type Gateway, type GatewayOptions, type Store } from "@hermes/runtime";
import { createFakeClock, settle, type FakeClock } from "@hermes/runtime/testing";
import { onTestFinished } from "vitest";
import { chatOnly } from "../src/mounted.ts";
import type { WebCredential, WebOptions } from "../src/options.ts";
import { createWebDoor, type WebDoor } from "../src/web.ts";
import { openWire, type Wire } from "./wire.ts";

export interface Bench {
  readonly door: WebDoor;
  readonly gateway: Gateway;
  readonly clock: FakeClock;
  readonly store: Store;
  readonly log: readonly string[];
  readonly faults: readonly unknown[];
  /** A socket of somebody; `null`: who shows no credential. */
  readonly connect: (who?: string | null) => Promise<Wire>;
  readonly upgrade: (who?: string | null) => ReturnType<Gateway["receive"]>;
  /** The credential is no longer good. */
  readonly revoke: (who: string) => void;
}

export interface BenchOptions {
  readonly agent?: AgentFunction;
  readonly web?: Partial<Omit<WebOptions, "authenticate">>;
  readonly gateway?: Partial<Omit<GatewayOptions, "platforms" | "agent">>;
  readonly clock?: FakeClock;
  readonly store?: Store;
}

/** Answers a text with `echo: ` and that text. */
export const echo: AgentFunction = async function* (turn) {
  yield { type: "text-delta", text: `echo: ${turn.input[0].text}` };
};

/** The key of somebody's first conversation. */
export function keyOf(chatId: string): string {
  return `agent:main:web:dm:${chatId}`;
}

/** A started gateway with the door alone. Its users are called as they like: `root` has the scope `admin`, `guest` the scope `read`. */
export async function startDoor(options: BenchOptions = {}): Promise<Bench> {
  const { agent = echo, clock = createFakeClock(), store = createMemoryStore(), web = {} } = options;
  const log: string[] = [];
  const faults: unknown[] = [];
  const note =
    (level: string) =>
    (message: string): void =>
      void log.push(`${level}: ${message}`);
  const credentials = new Map<string, { readonly credential: WebCredential; readonly end: () => void }>();
  const credentialOf = (userId: string): WebCredential => {
    const known = credentials.get(userId);
    if (known !== undefined) return known.credential;
    const controller = new AbortController();
    const scope = userId === "root" ? "admin" : userId === "guest" ? "read" : "write";
    const credential: WebCredential = { id: `of-${userId}`, userId, scope, ended: controller.signal };
    credentials.set(userId, { credential, end: () => controller.abort() });
    return credential;
  };
  const door = createWebDoor(
    {
      authenticate: ({ headers }) => {
        const who = headers.get("x-who");
        return who === null ? undefined : credentialOf(who);
      },
      handlers: chatOnly(),
      ...web,
    },
    { clock, onFault: (error) => faults.push(error) },
  );
  const gateway = createGateway({
    access: { allowAllOn: ["web"] },
    logger: { debug: () => undefined, info: note("info"), warn: note("warn"), error: note("error") },
    random: () => 0.5,
    ...options.gateway,
    platforms: [door.platform],
    agent,
    clock,
    store,
  });
  await gateway.start();
  await settle();
  onTestFinished(async () => {
    door.close();
    await gateway.stop();
  });
  const upgrade = (who: string | null = "ada"): ReturnType<Gateway["receive"]> =>
    gateway.receive(
      new Request("http://127.0.0.1/webhooks/web", {
        headers: { upgrade: "websocket", ...(who === null ? {} : { "x-who": who }) },
      }),
    );
  return {
    door,
    gateway,
    clock,
    store,
    log,
    faults,
    upgrade,
    async connect(who) {
      const wire = openWire(await upgrade(who));
      await settle();
      return wire;
    },
    revoke: (who) => credentials.get(who)?.end(),
  };
}

/** An agent that says and does what the test lets it, each event once the one before is heard. */
export function createPuppet() {
  const turns: Puppet[] = [];
  const agent: AgentFunction = async function* (turn) {
    const queue: (AgentEvent | "end" | Error)[] = [];
    let wake = (): void => undefined;
    const put = (...items: readonly (AgentEvent | "end" | Error)[]): void => {
      queue.push(...items);
      wake();
    };
    turns.push({
      text: turn.input[0].text,
      attachments: turn.input[0].attachments,
      do: put,
      say: (text) => put({ type: "text-delta", text }),
      end: () => put("end"),
    });
    for (;;) {
      while (queue.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      const item = queue.shift();
      if (item === undefined || item === "end") return;
      if (item instanceof Error) throw item;
      yield item;
    }
  };
  return { agent, turns };
}

export interface Puppet {
  readonly text: string;
  readonly attachments: readonly unknown[];
  do(...events: readonly (AgentEvent | "end" | Error)[]): void;
  say(text: string): void;
  end(): void;
}
