import type { Acceptance, Chat, Connection, PlatformEvent, PlatformHost, SendOptions } from "@hermes/core";
import { describe, expect, it } from "vitest";
import { parseTerminalLine, type TerminalLine } from "../../src/terminal/protocol.ts";
import { createTerminal, type TerminalDoor } from "../../src/terminal/terminal.ts";

const token = "a-token-for-tests-only";

interface Door extends TerminalDoor {
  readonly accepted: PlatformEvent[];
  post(body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
  connection(): Promise<Connection>;
}

function doorThat(accept: () => Promise<readonly Acceptance[]> = async () => ["stored"]): Door {
  const accepted: PlatformEvent[] = [];
  const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const host: PlatformHost = {
    logger,
    async accept(events) {
      accepted.push(...events);
      return accept();
    },
    memory: { get: async () => undefined, set: async () => {}, delete: async () => {} },
    report: () => {},
    fetch: () => Promise.reject(new Error("not here")),
  };
  const door = createTerminal({ token, now: () => 0 });
  return {
    ...door,
    accepted,
    async post(body, headers = {}) {
      const request = new Request("http://localhost/webhooks/terminal", {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      });
      const received = await door.platform.receive?.(request, host);
      if (!(received instanceof Response)) throw new Error("No response");
      return received;
    },
    connection: () => door.platform.connect(host, new AbortController().signal),
  };
}

async function linesOf(response: Response): Promise<readonly (TerminalLine | undefined)[]> {
  return (await response.text()).trimEnd().split("\n").map(parseTerminalLine);
}

function answerTo(door: Door, index = 0): { readonly chat: Chat; readonly options: SendOptions; readonly messageId: string } {
  const event = door.accepted[index];
  if (event?.type !== "message") throw new Error("No message was accepted");
  const options = { signal: new AbortController().signal, idempotencyKey: "k", origin: event.origin, mentions: [] };
  return { chat: event.chat, options, messageId: event.messageId };
}

const outbound = (text: string): Parameters<Connection["send"]>[1] => ({ texts: [text], files: [], actions: [] });

describe("the terminal's door", () => {
  it("takes a message as one of that person's conversation, to be answered while the caller waits", async () => {
    const door = doorThat();
    await door.post({ user: "anna", text: "hello" });
    expect(door.accepted).toEqual([
      expect.objectContaining({
        type: "message",
        text: "hello",
        addressed: true,
        at: "1970-01-01T00:00:00.000Z",
        chat: { ref: { platform: "terminal", chatId: "anna" }, type: "dm" },
        origin: expect.objectContaining({
          lifetime: "request",
          author: { id: "anna", name: "anna", isBot: false, assurance: "platform" },
        }) as unknown,
      }),
    ]);
  });

  it.each([
    ["no token", { user: "a", text: "x" }, { authorization: "" }, 401],
    ["a wrong token", { user: "a", text: "x" }, { authorization: "Bearer wrong" }, 401],
    ["a form", "user=a&text=x", { "content-type": "application/x-www-form-urlencoded" }, 415],
    ["no JSON", "hello", {}, 400],
    ["no user", { text: "x" }, {}, 400],
    ["a user that is no plain name", { user: "a/../b", text: "x" }, {}, 400],
    ["an empty text", { user: "a", text: "  " }, {}, 400],
    ["too long a text", { user: "a", text: "x".repeat(200_001) }, {}, 400],
    ["too large a body", { user: "a", text: "x", more: "x".repeat(1_100_000) }, {}, 400],
  ])("refuses %s before anything is stored", async (_what, body, headers, status) => {
    const door = doorThat();
    expect((await door.post(body, headers)).status).toBe(status);
    expect(door.accepted).toEqual([]);
  });

  it("streams an answer that grows, then its end", async () => {
    const door = doorThat();
    const response = await door.post({ user: "anna", text: "hello" });
    const { chat, options, messageId } = answerTo(door);
    const connection = await door.connection();
    const live = await connection.openLive?.(chat, options);
    await live?.update({ markdown: "one", steps: [] });
    await live?.update({ markdown: "one two", steps: [] });
    await live?.finish({ markdown: "one two three", steps: [] });
    await connection.send(chat, outbound("four"), options);
    door.settle(messageId, "finished");
    expect(await linesOf(response)).toEqual([
      { type: "text", text: "one" },
      { type: "text", text: " two" },
      { type: "text", text: " three" },
      { type: "message-end" },
      { type: "text", text: "four" },
      { type: "message-end" },
      { type: "end", outcome: "finished" },
    ]);
  });

  it("gives each of two waiting terminals its own answer", async () => {
    const door = doorThat();
    const responses = [await door.post({ user: "anna", text: "1" }), await door.post({ user: "anna", text: "2" })];
    const connection = await door.connection();
    for (const index of [1, 0]) {
      const { chat, options, messageId } = answerTo(door, index);
      await connection.send(chat, outbound(`answer ${index}`), options);
      door.settle(messageId, "finished");
    }
    for (const [index, response] of responses.entries())
      expect((await linesOf(response))[0]).toEqual({ type: "text", text: `answer ${index}` });
  });

  it("says at once that a message was refused", async () => {
    const door = doorThat(async () => ["refused"]);
    expect(await linesOf(await door.post({ user: "a", text: "x" }))).toEqual([{ type: "end", outcome: "refused" }]);
  });

  it("says that a message could not be stored", async () => {
    expect((await doorThat(() => Promise.reject(new Error("full"))).post({ user: "a", text: "x" })).status).toBe(503);
  });

  it("fails a send for good when the terminal has hung up, since nobody will ever see it", async () => {
    const door = doorThat();
    const response = await door.post({ user: "a", text: "x" });
    const { chat, options } = answerTo(door);
    await response.body?.cancel();
    const connection = await door.connection();
    await expect(connection.send(chat, outbound("late"), options)).rejects.toMatchObject({
      failure: { kind: "forbidden" },
      maybeDone: false,
    });
    expect(await connection.openLive?.(chat, options)).toBeNull();
  });

  it("lets only so many terminals wait", async () => {
    const door = doorThat();
    for (let count = 0; count < 64; count += 1) expect((await door.post({ user: "a", text: "x" })).status).toBe(200);
    expect((await door.post({ user: "a", text: "x" })).status).toBe(429);
    door.settle(answerTo(door).messageId, "finished");
    expect((await door.post({ user: "a", text: "x" })).status).toBe(200);
  });

  it("tells every terminal that waits when the gateway ends", async () => {
    const door = doorThat();
    const responses = [await door.post({ user: "a", text: "1" }), await door.post({ user: "b", text: "2" })];
    door.close();
    for (const response of responses) expect(await linesOf(response)).toEqual([{ type: "end", outcome: "shutdown" }]);
  });
});
