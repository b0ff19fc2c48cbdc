import { PlatformError, type LiveMessage, type Platform } from "@hermes/core";
import { createScriptedPlatform, settle, type ScriptedPlatform } from "@hermes/runtime/testing";
import { describe, expect, it } from "vitest";
import { createHeldAgent, startGateway } from "./set-up.ts";

/** A platform whose live messages are of use as long as the connection that opened them. A stream stands there from its beginning. */
function createMortalLives(mode: LiveMessage["mode"]): { readonly chat: ScriptedPlatform; readonly updates: readonly string[] } {
  const chat = createScriptedPlatform({ style: "edit" });
  const updates: string[] = [];
  const connect: Platform["connect"] = async (host, signal) => {
    const connection = await chat.platform.connect(host, signal);
    let isOpen = true;
    return {
      ...connection,
      async openLive(to, options) {
        const say = async (markdown: string) => await connection.send(to, { texts: [markdown], files: [], actions: [] }, options);
        const stream = mode === "append" ? await say("…") : undefined;
        const show = async (markdown: string) => {
          if (!isOpen) throw closed();
          updates.push(markdown);
          if (stream === undefined) return undefined;
          await connection.edit?.(stream[0], { texts: [markdown], files: [], actions: [] }, options);
          return stream;
        };
        return {
          mode,
          maxLength: 1000,
          minIntervalMs: 500,
          update: async ({ markdown }) => void (await show(markdown)),
          finish: async ({ markdown }) => (await show(markdown)) ?? (await say(markdown)),
          abandon: async () => undefined,
        };
      },
      async disconnect() {
        isOpen = false;
        await connection.disconnect();
      },
    };
  };
  const platform: Platform = { ...chat.platform, capabilities: { ...chat.platform.capabilities, live: true }, connect };
  const spoken: ScriptedPlatform = new Proxy(chat, {
    get: (target, name: keyof ScriptedPlatform) => {
      if (name === "platform") return platform;
      const value: unknown = target[name];
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
  return { chat: spoken, updates };
}

function closed(): PlatformError {
  const failure = { kind: "unavailable" } as const;
  return new PlatformError({ platform: "scripted", failure, message: "The connection is closed", maybeDone: false });
}

async function answering(mode: LiveMessage["mode"], isTold: boolean) {
  const { chat, updates } = createMortalLives(mode);
  const held = createHeldAgent();
  const { gateway, clock } = await startGateway({ chat, agent: held.agent });
  await chat.says("go");
  await settle();
  held.turns[0]?.say("The first half, ");
  await clock.advance(2000);
  expect(updates).toHaveLength(1);
  chat.lose({ kind: "unavailable" });
  await clock.advance(30_000);
  held.turns[0]?.say("the second ");
  if (isTold) await clock.advance(5000);
  held.turns[0]?.say("half.");
  held.turns[0]?.end();
  await clock.advance(60_000);
  await gateway.idle();
  return chat.texts();
}

describe("An answer that is shown live while its connection is replaced", () => {
  it.each([true, false])("as a draft is said once, over the new one (more of it comes before its end: %s)", async (isTold) => {
    expect(await answering("replace", isTold)).toEqual(["The first half, the second half."]);
  });

  it.each([true, false])("as a stream goes on behind what stands there (more of it comes before its end: %s)", async (isTold) => {
    expect(await answering("append", isTold)).toEqual(["The first half,", "the second half."]);
  });
});
