import type { PlatformEvent, Received } from "@hermes/core";
import { describe, expect, test } from "vitest";
import { telegram } from "../src/index.ts";
import { RecordingHost } from "@hermes/testkit";
import { closeAfterEach, closing } from "./closing.ts";
import { listen, never, set } from "./listening-bot.ts";
import { person, startBotApiServer } from "./server.ts";

closeAfterEach();

const secret = "webhook-secret_1";

describe("a webhook", () => {
  const body = JSON.stringify({
    update_id: 5,
    message: { message_id: 1, date: 1, chat: { id: 42, type: "private" }, from: { id: 42, is_bot: false }, text: "hello" },
  });

  async function receive(
    host: RecordingHost,
    init: RequestInit = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    const platform = telegram({ token: "123456:FAKE-TOKEN-FOR-TESTS", mode: "webhook", webhook: { secret } });
    const all = { "x-telegram-bot-api-secret-token": secret, ...headers };
    const request = new Request("http://localhost/", { method: "POST", body, headers: all, ...init });
    return response(await platform.receive?.(request, host));
  }

  function response(received: Received | undefined): Response {
    return received instanceof Response ? received : expect.unreachable("a webhook is answered");
  }

  /** A body that says how much of it was read. */
  function counted(chunks: number, chunkBytes: number): { readonly body: ReadableStream<Uint8Array>; read: () => number } {
    let given = 0;
    const stream = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (given++ >= chunks) controller.close();
          else controller.enqueue(new Uint8Array(chunkBytes));
        },
      },
      { highWaterMark: 0 },
    );
    return { body: stream, read: () => given };
  }

  test("stores the update before it answers 200, also when the bot was never connected", async () => {
    const host = new RecordingHost();
    let storedWhenAnswered = false;
    host.beforeAccept = async () => {
      await Promise.resolve();
      storedWhenAnswered = true;
    };
    const answer = await receive(host);
    expect(answer.status).toBe(200);
    expect(storedWhenAnswered).toBe(true);
    expect(host.events).toMatchObject([{ type: "message", text: "hello", eventId: "123456:5" }]);
    expect(host.cursors).toEqual([]);
  });

  test.each([
    ["missing", {}],
    ["wrong", { "x-telegram-bot-api-secret-token": "wrong" }],
    ["a prefix", { "x-telegram-bot-api-secret-token": secret.slice(0, -1) }],
    ["longer", { "x-telegram-bot-api-secret-token": `${secret}1` }],
    ["empty", { "x-telegram-bot-api-secret-token": "" }],
  ])("refuses with 401 when the secret is %s, and reads nothing", async (_name, headers) => {
    const host = new RecordingHost();
    host.memory.get = () => expect.unreachable("nothing is looked up for a stranger");
    const { body: stream, read } = counted(3, 10);
    const answer = await receive(host, { body: stream, headers, duplex: "half" });
    expect(answer.status).toBe(401);
    expect(read()).toBe(0);
    expect(host.events).toEqual([]);
  });

  test("refuses what is no POST with 405", async () => {
    const answer = await receive(new RecordingHost(), { method: "GET", body: null });
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe("POST");
  });

  test("refuses a body that says it is too large, before reading it", async () => {
    const { body: stream, read } = counted(1, 10);
    const answer = await receive(new RecordingHost(), { body: stream, duplex: "half" }, { "content-length": "1048577" });
    expect(answer.status).toBe(413);
    expect(read()).toBe(0);
  });

  test("stops reading a body that turns out too large", async () => {
    const { body: stream, read } = counted(1000, 100_000);
    const answer = await receive(new RecordingHost(), { body: stream, duplex: "half" });
    expect(answer.status).toBe(413);
    expect(read()).toBeLessThan(13);
  });

  test("takes a body up to the limit", async () => {
    const padded = body.padEnd(1024 * 1024, " ");
    expect((await receive(new RecordingHost(), { body: padded })).status).toBe(200);
    expect((await receive(new RecordingHost(), { body: `${padded} ` })).status).toBe(413);
  });

  test.each([
    ["broken JSON", "{"],
    ["nothing", ""],
    ["bytes that are no UTF-8", new Uint8Array([0x22, 0xff, 0x22])],
  ])("refuses %s with 400 in one line", async (_name, broken) => {
    const host = new RecordingHost();
    const answer = await receive(host, { body: broken });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toBe("The body is not JSON in UTF-8\n");
    expect(host.events).toEqual([]);
  });

  test("is not upset by a sender who goes away", async () => {
    const stream = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error("gone")) });
    const host = new RecordingHost();
    expect((await receive(host, { body: stream, duplex: "half" })).status).toBe(400);
    expect(host.events).toEqual([]);
  });

  test("stores poison as undecodable and takes it, so that it does not come again", async () => {
    const host = new RecordingHost();
    expect((await receive(host, { body: '"poison"' })).status).toBe(200);
    expect(host.events).toMatchObject([{ type: "other", undecodable: true }]);
  });

  test("answers 503 when the store cannot take the update, and Telegram sends it again", async () => {
    const host = new RecordingHost();
    host.beforeAccept = () => {
      throw new Error("the disk is full");
    };
    expect((await receive(host)).status).toBe(503);
    host.beforeAccept = () => undefined;
    expect((await receive(host)).status).toBe(200);
    expect(host.texts).toEqual(["hello"]);
    expect(host.logs).toEqual(["An update could not be stored (Error); Telegram will send it again"]);
  });

  test("takes a second delivery of the same update for what it is", async () => {
    const host = new RecordingHost();
    await receive(host);
    expect((await receive(host)).status).toBe(200);
    expect(host.texts).toEqual(["hello"]);
  });

  test("knows the bot's name from the last connection, while Telegram is out of reach", async () => {
    const mention = JSON.stringify({
      update_id: 6,
      message: {
        message_id: 1,
        date: 1,
        chat: { id: -5, type: "group", title: "G" },
        from: { id: 42, is_bot: false },
        text: "@remembered_bot hi",
        entities: [{ type: "mention", offset: 0, length: 15 }],
      },
    });
    const stranger = new RecordingHost();
    await receive(stranger, { body: mention });
    expect(stranger.events).toMatchObject([{ addressed: false }]);
    const host = new RecordingHost();
    host.values.set("name:123456", "remembered_bot");
    await receive(host, { body: mention });
    expect(host.events).toMatchObject([{ addressed: true }]);
  });

  test("is set at Telegram on connecting, and what people say arrives through it", async () => {
    const server = await startBotApiServer();
    closing.push(() => server.close());
    const host = new RecordingHost();
    const { createServer } = await import("node:http");
    const door = createServer((request, answer) => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const received = platform.receive?.(
          new Request("http://localhost/", { method: "POST", headers, body: Buffer.concat(chunks) }),
          host,
        );
        void received?.then((given) => answer.writeHead(response(given).status).end());
      });
    });
    await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
    closing.push(async () => {
      door.closeAllConnections();
      await new Promise((resolve) => door.close(resolve));
    });
    const { port } = door.address() as { port: number };
    const url = `http://127.0.0.1:${port}/`;
    const platform = telegram({ token: server.token, apiRoot: server.apiRoot, mode: "webhook", webhook: { secret, url } });
    let refusals = 2;
    host.beforeAccept = () => {
      if (refusals-- > 0) throw new Error("busy");
    };
    server.say("before the webhook");
    const connection = await platform.connect(host, never);
    closing.push(() => connection.disconnect());
    expect(connection).not.toHaveProperty("listen");
    server.say("@hermes_test_bot hello", { chat: -100_123, from: person(7, "Grace") });
    await server.until(() => server.updates.pending.length === 0);
    expect(host.texts).toEqual(["before the webhook", "@hermes_test_bot hello"]);
    expect(host.events.at(-1)).toMatchObject({ addressed: true });
    expect(server.webhook.deliveries.map((delivery) => delivery.status)).toEqual([503, 503, 200, 200]);
    expect(host.reports).toEqual(["up"]);
    expect(server.violations).toEqual([]);
  });

  test("set by hand is left alone", async () => {
    const { server, host, platform } = await set({ mode: "webhook", webhook: { secret } });
    const connection = await platform.connect(host, never);
    await connection.disconnect();
    expect(server.callsOf("setWebhook")).toEqual([]);
  });
});

test("a polled bot has no door for webhooks, and a bot with one declares that Telegram retries", async () => {
  const polled = telegram({ token: "123456:FAKE-TOKEN-FOR-TESTS" });
  const pushed = telegram({ token: "123456:FAKE-TOKEN-FOR-TESTS", mode: "webhook", webhook: { secret } });
  expect(polled).not.toHaveProperty("receive");
  expect(polled.capabilities.inbound.replay).toBe("cursor");
  expect(pushed.capabilities.inbound.replay).toBe("retries");
});

test("an event of every kind is one that JSON can carry", async () => {
  const setting = await set();
  const events: PlatformEvent[] = setting.host.events;
  const message = setting.server.say("first");
  setting.server.edit(message, "second");
  await listen(setting);
  await setting.server.until(() => setting.server.updates.pending.length === 0);
  expect(JSON.parse(JSON.stringify(events))).toEqual(events);
  expect(events.map((event) => event.type)).toEqual(["message", "edit"]);
});
