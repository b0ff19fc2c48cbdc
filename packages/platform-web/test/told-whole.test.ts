import type { LiveMessage, MessageEvent, Origin } from "@hermes/core";
import type { ChatStarted } from "@hermes/protocol";
import { createFakeClock, settle } from "@hermes/runtime/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { chatOnly } from "../src/mounted.ts";
import { createWebDoor } from "../src/web.ts";
import { Follower } from "./follower.ts";
import { createHost } from "./host.ts";
import { createPuppet, keyOf, startDoor } from "./set-up.ts";
import { openWire, type Wire } from "./wire.ts";

const sessionKey = keyOf("ada");
const words = fc.constantFrom("a", "bc ", "**d", "**", "`e`", "\n\n", "```\nf\n", "|", "* ", "_g_", "é", "💡", " ");
const text = fc.array(words, { maxLength: 8 }).map((pieces) => pieces.join(""));

type Step =
  | { readonly type: "ask" }
  | { readonly type: "grow" | "rewrite" | "finish"; readonly of: number; readonly text: string }
  | { readonly type: "send"; readonly of: number; readonly text: string }
  | { readonly type: "abandon" | "end"; readonly of: number }
  | { readonly type: "connect" | "disconnect" | "resubscribe"; readonly who: number };

const of = fc.nat(2);
const who = fc.nat(1);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ type: fc.constant("ask") }) },
  { weight: 8, arbitrary: fc.record({ type: fc.constant("grow"), of, text }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constantFrom("rewrite", "finish", "send"), of, text }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom("abandon", "end"), of }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constantFrom("connect", "disconnect", "resubscribe"), who }) },
);

interface Asked {
  readonly messageId: string;
  readonly origin: Origin;
  readonly finals: string[];
  live: LiveMessage | undefined;
  shown: string;
}

/** A door without a gateway: the test says what is shown, and when. */
async function openDoor() {
  const credential = { id: "c", userId: "ada", scope: "write", ended: new AbortController().signal } as const;
  const limits = { keptEvents: 6, messagesPerMinute: 100_000 };
  const door = createWebDoor({ authenticate: () => credential, handlers: chatOnly(), limits }, { clock: createFakeClock() });
  const offered: MessageEvent[] = [];
  const host = createHost(async (events) => {
    offered.push(...(events as readonly MessageEvent[]));
    return ["stored"];
  });
  const connection = await door.platform.connect(host, new AbortController().signal);
  const open = async (): Promise<Wire> => {
    const request = new Request("http://127.0.0.1/ws", { headers: { upgrade: "websocket" } });
    const received = await door.platform.receive?.(request, host);
    return openWire(received ?? new Response());
  };
  return { door, connection, open, offered };
}

it("Whoever follows a conversation has heard each answer whole and once, whatever is rewritten and however often they come and go", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
      const { door, connection, open, offered } = await openDoor();
      const chat = { ref: { platform: "web", chatId: "ada" }, type: "dm" } as const;
      const caller = await open();
      const observer = new Follower(sessionKey);
      observer.connect(await open());
      const followers = [new Follower(sessionKey), new Follower(sessionKey)];
      const asked: Asked[] = [];
      const whole = new Map<string, string>();
      let sends = 0;
      const options = ({ origin }: Asked) => ({
        signal: new AbortController().signal,
        idempotencyKey: `r.${(sends += 1)}`,
        mentions: [],
        origin,
      });
      const take = async (current: Step): Promise<void> => {
        if (current.type === "ask") {
          const started = await caller.call<ChatStarted>("chat.send_stream", { text: "?" });
          const origin = offered.at(-1)?.origin;
          if (origin === undefined) throw new Error("Nothing was offered");
          asked.push({ messageId: started.message_id, origin, finals: [], live: undefined, shown: "" });
          return;
        }
        if ("who" in current) return await move(current.type, followers[current.who]);
        const one = asked[asked.length - 1 - current.of];
        if (one === undefined || whole.has(one.messageId)) return;
        await speak(current, one);
      };
      const move = async (type: "connect" | "disconnect" | "resubscribe", follower: Follower | undefined): Promise<void> => {
        if (follower === undefined) return;
        if (follower.isOnline && type !== "connect") follower.disconnect();
        if (!follower.isOnline && type !== "disconnect") follower.connect(await open());
        if (type === "resubscribe") await settle();
      };
      const speak = async (current: Exclude<Step, { type: "ask" } | { who: number }>, one: Asked): Promise<void> => {
        switch (current.type) {
          case "grow":
          case "rewrite":
            one.live ??= (await connection.openLive?.(chat, options(one))) ?? undefined;
            one.shown = current.type === "grow" ? one.shown + current.text : current.text;
            await one.live?.update({ markdown: one.shown, steps: [] });
            return;
          case "finish":
            if (one.live === undefined) return;
            await one.live.finish({ markdown: one.shown + current.text, steps: [] });
            one.finals.push(one.shown + current.text);
            break;
          case "abandon":
            await one.live?.abandon();
            break;
          case "send":
            if (one.live !== undefined) return;
            await connection.send(chat, { texts: [current.text], files: [], actions: [] }, options(one));
            one.finals.push(current.text);
            return;
          case "end":
            await one.live?.abandon();
            whole.set(one.messageId, one.finals.filter((final) => final !== "").join("\n\n"));
            connection.endAnswer?.(chat, one.origin, "finished");
            break;
        }
        one.live = undefined;
        one.shown = "";
      };
      for (const current of steps) await take(current);
      for (const [index] of asked.entries()) await take({ type: "end", of: index });
      for (const follower of followers) if (!follower.isOnline) follower.connect(await open());
      await settle();
      for (const follower of [observer, ...followers]) {
        follower.read();
        expect(follower.faults).toEqual([]);
        // Where a follower was not resumed, it reads the history for what was over then.
        for (const [messageId, truth] of whole) {
          if (follower !== observer && !follower.shown.has(messageId)) continue;
          expect(follower.textOf(messageId)).toBe(truth);
        }
      }
      const ends = caller.events.flatMap((event) =>
        event.type === "chat.done" ? [[event.message_id, event.text] as const] : [],
      );
      expect(new Map(ends)).toEqual(whole);
      expect(ends).toHaveLength(whole.size);
      door.close();
    }),
    { numRuns: 60 },
  );
}, 14_000);

it("What an agent says through a gateway comes whole, however it is cut, fenced and marked up", async () => {
  const piece = fc.oneof(
    { weight: 6, arbitrary: fc.record({ say: words }) },
    { weight: 1, arbitrary: fc.record({ waitMs: fc.constantFrom(10, 50, 500) }) },
    { weight: 1, arbitrary: fc.constant({ segment: true } as const) },
  );
  const visible = (markdown: string): string => markdown.replaceAll(/\s/gu, "");
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 30 }), async (pieces) => {
      const { agent, turns } = createPuppet();
      const { connect, clock, door, gateway } = await startDoor({ agent });
      const wire = await connect();
      const follower = new Follower(sessionKey);
      follower.connect(await connect());
      const { message_id } = await wire.call<ChatStarted>("chat.send_stream", { text: "?" });
      let said = "";
      const puppet = turns[0];
      for (const current of pieces) {
        if ("say" in current) puppet?.say(current.say);
        if ("say" in current) said += current.say;
        else if ("waitMs" in current) await clock.advance(current.waitMs);
        else puppet?.do({ type: "segment-end" });
      }
      puppet?.end();
      await clock.advance(5000);
      follower.read();
      expect(follower.faults).toEqual([]);
      const heard = visible(follower.textOf(message_id) ?? "nothing was heard");
      // Where a fence is cut by a segment its lines are written anew; what is said in it is not.
      const plain = (markdown: string): string => markdown.replaceAll("`", "");
      expect(plain(heard)).toBe(plain(visible(said)));
      door.close();
      await gateway.stop();
    }),
    { numRuns: 40 },
  );
}, 14_000);
