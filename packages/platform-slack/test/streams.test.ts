import type { Chat, MessageRef, SendOptions } from "@hermes/core";
import { describe, expect, test } from "vitest";
import { RecordingHost } from "@hermes/testkit";
import { closeAfterEach, closing } from "./closing.ts";
import type { WorldMessage } from "./server/world.ts";
import { connectApp, direct, never, options, saying, shownIn, standing } from "./connected-app.ts";

closeAfterEach();

const toAda = (ref: Chat["ref"]): SendOptions => ({
  ...options,
  origin: {
    message: { ...ref, messageId: "1.000000" },
    author: { id: "U0ADA", isBot: false, assurance: "platform" },
    lifetime: "durable",
  },
});
const view = (markdown: string) => ({ markdown, steps: [] });

describe("A stream", () => {
  test("grows by what is new, is for whoever asked, and stays as it is", async () => {
    const { server, connection, thread } = await connectApp();
    const live = await connection.openLive?.(thread, toAda(thread.ref));
    await live?.update(view("It **gr"));
    await live?.update(view("It **grows**, <@U0"));
    const [ref] = (await live?.finish(view("It **grows**, <@U0ADA>."))) ?? [];
    const message = standing(server).at(-1);
    expect([message?.ts, message?.text, message?.isStreaming]).toEqual([ref?.messageId, "It **grows**, &lt;@U0ADA>.", false]);
    const pieces = server.base.requestsOf("chat.appendStream").map(({ body }) => new URLSearchParams(body).get("markdown_text"));
    expect(pieces).toEqual(["It **gr", "ows**, ", "&lt;@U0ADA>."]);
    expect(server.base.requestsOf("chat.startStream")[0]?.body).toContain("recipient_user_id=U0ADA");
  });

  test("is none outside of threads, for nobody, or where it is switched off", async () => {
    const { connection, thread } = await connectApp();
    expect(await connection.openLive?.(direct, toAda(direct.ref))).toBeNull();
    expect(await connection.openLive?.(thread, options)).toBeNull();
    const off = await connectApp({ streaming: false });
    expect(await off.connection.openLive?.(off.thread, toAda(off.thread.ref))).toBeNull();
    expect(off.connection.capabilitiesFor?.(off.thread).live).toBe(false);
  });

  test("is asked for once where Slack has none", async () => {
    const { server, connection, thread } = await connectApp({}, (slack) => void slack.missing.add("chat.startStream"));
    expect(connection.capabilitiesFor?.(thread).live).toBe(true);
    for (let round = 0; round < 3; round += 1) expect(await connection.openLive?.(thread, toAda(thread.ref))).toBeNull();
    expect(server.base.requestsOf("chat.startStream")).toHaveLength(1);
    expect(connection.capabilitiesFor?.(thread).live).toBe(false);
  });

  test("that Slack closed in a long silence goes on as edits, and nothing is lost", async () => {
    const { server, connection, thread } = await connectApp();
    const live = await connection.openLive?.(thread, toAda(thread.ref));
    await live?.update(view("one"));
    const message = standing(server).at(-1);
    if (message !== undefined) message.isStreaming = false;
    await live?.update(view("one two"));
    await live?.finish(view("one two three"));
    expect(shownIn(standing(server).at(-1))).toBe("one two three");
    expect(standing(server).filter(({ user }) => user === server.bot.userId)).toHaveLength(1);
  });

  test("that a crash left behind can be edited like any message", async () => {
    const { server, connection, thread } = await connectApp();
    const live = await connection.openLive?.(thread, toAda(thread.ref));
    await live?.update(view("half a sen"));
    const ref: MessageRef = { ...thread.ref, messageId: standing(server).at(-1)?.ts ?? "" };
    await connection.edit?.(ref, saying("a whole sentence"), options);
    expect(shownIn(standing(server).at(-1))).toBe("a whole sentence");
  });

  test("that Slack closed just before its end is found by its key all the same", async () => {
    const { server, connection, thread } = await connectApp();
    const live = await connection.openLive?.(thread, { ...toAda(thread.ref), idempotencyKey: "closed" });
    await live?.update(view("one"));
    const message = standing(server).at(-1);
    if (message !== undefined) message.isStreaming = false;
    const sent = await live?.finish(view("one"));
    expect(await connection.findSent?.(thread, "closed", 0)).toEqual(sent);
  });

  test("that a killed process left is ended at the next start: what it says stays, and what says nothing goes", async () => {
    const { server, connection, thread, host, platform } = await connectApp();
    const finished = await connection.openLive?.(thread, toAda(thread.ref));
    await finished?.finish(view("finished"));
    const live = await connection.openLive?.(thread, toAda(thread.ref));
    await live?.update(view("left in the middle"));
    await connection.openLive?.(thread, toAda(thread.ref));
    const own = (): readonly WorldMessage[] => standing(server).filter(({ user }) => user === server.bot.userId);
    expect(own().map(({ isStreaming }) => isStreaming)).toEqual([false, true, true]);
    const next = await platform.connect(new RecordingHost(host), never);
    closing.push(() => next.disconnect());
    expect(own().map(({ text, isStreaming }) => [text, isStreaming])).toEqual([
      ["finished", false],
      ["left in the middle", false],
    ]);
  });

  test("that cannot be ended yet is, at the start after", async () => {
    const { server, connection, thread, host, platform } = await connectApp();
    const live = await connection.openLive?.(thread, toAda(thread.ref));
    await live?.update(view("half"));
    const second = new RecordingHost(host);
    server.fail("chat.stopStream", { type: "error", status: 503, body: "trouble" });
    const secondLife = await platform.connect(second, never);
    closing.push(() => secondLife.disconnect());
    expect(second.values.get("streams")).toMatchObject([{ chatId: "T0ONE/C0CLUB" }]);
    const third = new RecordingHost(second);
    const thirdLife = await platform.connect(third, never);
    closing.push(() => thirdLife.disconnect());
    expect(third.values.get("streams")).toEqual([]);
    expect(standing(server).at(-1)).toMatchObject({ text: "half", isStreaming: false });
  });

  test("that Slack does not end keeps nobody waiting at the disconnect", async () => {
    const { server, connection, thread, host, clock } = await connectApp();
    const live = await connection.openLive?.(thread, toAda(thread.ref));
    await live?.update(view("half"));
    server.fail("chat.stopStream", { type: "hang", acted: false });
    const disconnected = connection.disconnect();
    expect(await clock.skip()).toBe(3000);
    await disconnected;
    expect(host.values.get("streams")).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  test("that a store cannot remember is shown all the same", async () => {
    const { server, connection, thread, host } = await connectApp();
    host.memory.set = () => Promise.reject(new Error("the disk is full"));
    const live = await connection.openLive?.(thread, toAda(thread.ref));
    await live?.finish(view("shown"));
    expect(standing(server).at(-1)?.text).toBe("shown");
    expect(host.logs.join()).not.toContain("disk");
  });

  test("that Slack refuses in channels is asked for in direct messages, and one for a stranger is none", async () => {
    const { server, connection, thread } = await connectApp();
    const refusal = (error: string) => ({ type: "error" as const, status: 200, body: { ok: false, error } });
    const root = server.say({ chat: direct.ref.chatId, text: "hello" });
    const chat: Chat = { ...direct, ref: { ...direct.ref, threadId: root.ts } };
    server.fail("chat.startStream", refusal("team_not_found"));
    expect(await connection.openLive?.(thread, toAda(thread.ref))).toBeNull();
    expect(connection.capabilitiesFor?.(thread).live).toBe(true);
    server.fail("chat.startStream", refusal("channel_type_not_supported"));
    expect(await connection.openLive?.(thread, toAda(thread.ref))).toBeNull();
    expect([thread, chat].map((one) => connection.capabilitiesFor?.(one).live)).toEqual([false, true]);
    const live = await connection.openLive?.(chat, toAda(chat.ref));
    await live?.finish(view("in private"));
    expect(server.base.requestsOf("chat.startStream")).toHaveLength(3);
  });

  test("that is given up, or under way when the app disconnects, stays as far as it was written", async () => {
    const { server, connection, thread, host } = await connectApp();
    const live = await connection.openLive?.(thread, toAda(thread.ref));
    await live?.update(view("half"));
    await live?.abandon();
    const other = await connection.openLive?.(thread, toAda(thread.ref));
    await other?.update(view("a third"));
    await connection.openLive?.(thread, toAda(thread.ref));
    await connection.disconnect();
    const own = standing(server).filter(({ user }) => user === server.bot.userId);
    expect(own.map(({ text, isStreaming }) => [text, isStreaming])).toEqual([
      ["half", false],
      ["a third", false],
    ]);
    expect(host.values.get("streams")).toEqual([]);
  });
});
