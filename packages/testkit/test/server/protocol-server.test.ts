import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { refuse, startProtocolServer, type ProtocolServer, type ProtocolServerOptions } from "../../src/server.ts";

const running: ProtocolServer[] = [];

afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});

/** A server that keeps notes. */
async function start(more: Partial<ProtocolServerOptions> = {}): Promise<{ server: ProtocolServer; notes: string[] }> {
  const notes: string[] = [];
  const server = await startProtocolServer({
    routes: [
      {
        method: "POST",
        path: "/bot:token/notes",
        operation: "write",
        handle(call) {
          const { note } = call.json() as { readonly note?: string };
          if (note === undefined) throw refuse(422, { error: "no note" });
          notes.push(note);
          return { status: 201, body: { written: note } };
        },
      },
      {
        method: "POST",
        path: "/files",
        async handle(call) {
          const file = (await call.form()).get("file");
          if (!(file instanceof File)) throw refuse(400);
          return { body: new Uint8Array(await file.arrayBuffer()), headers: { "x-name": file.name } };
        },
      },
    ],
    ...more,
  });
  running.push(server);
  return { server, notes };
}

function write(server: ProtocolServer, note: unknown, init: RequestInit = {}): Promise<Response> {
  return fetch(`${server.url}/bot12:FAKE/notes?key=12:FAKE`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: "Bearer 12:FAKE" },
    body: JSON.stringify(note),
    ...init,
  });
}

describe("A protocol server", () => {
  it("answers piece by piece, and breaks off where the pieces do", async () => {
    async function* pieces() {
      yield "one ";
      yield new TextEncoder().encode("two");
    }
    async function* broken() {
      yield* pieces();
      throw new Error("the end of it");
    }
    const { server } = await start({
      routes: [
        { path: "/whole", handle: () => ({ status: 201, headers: { "content-type": "text/plain" }, body: pieces() }) },
        { path: "/broken", handle: () => ({ body: broken() }) },
      ],
    });
    const whole = await fetch(`${server.url}/whole`);
    expect([whole.status, whole.headers.get("content-type"), await whole.text()]).toEqual([201, "text/plain", "one two"]);
    await expect(fetch(`${server.url}/broken`).then((answer) => answer.text())).rejects.toThrow(TypeError);
  });

  it("answers by its routes, and 404 to what fits none", async () => {
    const { server, notes } = await start();
    const answer = await write(server, { note: "milk" });
    expect([answer.status, await answer.json(), notes]).toEqual([201, { written: "milk" }, ["milk"]]);
    expect((await fetch(`${server.url}/elsewhere`)).status).toBe(404);
    expect((await fetch(`${server.url}/bot%zz/notes`, { method: "POST" })).status).toBe(404);
  });

  it("comes back under its address after it went down", async () => {
    const { server } = await start();
    const { url } = server;
    await server.close();
    const { server: again, notes } = await start({ port: Number(new URL(url).port) });
    expect(again.url).toBe(url);
    expect((await write(again, { note: "milk" })).status).toBe(201);
    expect(notes).toEqual(["milk"]);
  });

  it("keeps a log in which secrets are masked", async () => {
    const { server } = await start({ secrets: ["12:FAKE"] });
    await write(server, { note: "12:FAKE" });
    expect(server.requestsOf("write")).toMatchObject([{ path: "/bot•••/notes?key=•••", body: '{"note":"•••"}', status: 201 }]);
    expect(JSON.stringify(server.log)).not.toContain("FAKE");
  });

  it("refuses as its handlers say, bodies that are not JSON, and bodies that are too large", async () => {
    const { server } = await start({ maxBodyBytes: 20 });
    expect((await write(server, {})).status).toBe(422);
    expect((await write(server, undefined, { body: "{" })).status).toBe(400);
    expect((await write(server, { note: "x".repeat(20) })).status).toBe(413);
    const stream = new Blob(["x".repeat(21)]).stream();
    expect((await write(server, undefined, { body: stream, duplex: "half" })).status).toBe(413);
  });

  it("reads multipart forms, bytes included", async () => {
    const { server } = await start();
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    const form = new FormData();
    form.set("file", new File([bytes], "ü.bin"));
    const answer = await fetch(`${server.url}/files`, { method: "POST", body: form });
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(bytes);
    expect((await fetch(`${server.url}/files`, { method: "POST", body: "no form" })).status).toBe(400);
  });

  it("lets nobody in whom `authorize` refuses", async () => {
    const { server, notes } = await start({
      authorize: ({ headers }) => {
        if (headers.get("authorization") !== "Bearer right") throw refuse(401, { error: "who are you?" });
      },
    });
    expect([(await write(server, { note: "x" })).status, notes]).toEqual([401, []]);
  });
});

describe("What goes wrong on command", () => {
  it("is a rate limit with the time to wait, so often as was asked for", async () => {
    const { server, notes } = await start();
    server.fail("write", { type: "rate-limit", retryAfterSeconds: 7 }, 2);
    const answers = [await write(server, { note: "a" }), await write(server, { note: "b" }), await write(server, { note: "c" })];
    expect(answers.map((answer) => [answer.status, answer.headers.get("retry-after")])).toEqual([
      [429, "7"],
      [429, "7"],
      [201, null],
    ]);
    expect(notes).toEqual(["c"]);
  });

  it("is an error, or an answer that means nothing", async () => {
    const { server, notes } = await start();
    server.fail("write", { type: "error", status: 503, body: "busy" });
    server.fail("write", { type: "garbage" });
    expect([await (await write(server, { note: "a" })).text(), notes]).toEqual(["busy", []]);
    await expect((await write(server, { note: "b" })).json()).rejects.toThrow(SyntaxError);
    expect(notes).toEqual(["b"]);
  });

  it.each([
    ["before", []],
    ["after", ["a"]],
  ] as const)("is a connection that breaks %s acting", async (when, written) => {
    const { server, notes } = await start();
    server.fail("write", { type: "drop", when });
    await expect(write(server, { note: "a" })).rejects.toThrow("fetch failed");
    expect(notes).toEqual(written);
  });

  it("is an answer that breaks off in its middle", async () => {
    const { server, notes } = await start();
    server.fail("write", { type: "cut", afterBytes: 5 });
    const answer = await write(server, { note: "a" });
    expect(answer.status).toBe(201);
    await expect(answer.text()).rejects.toThrow("terminated");
    expect(notes).toEqual(["a"]);
  });

  it("is silence, until the caller goes away", async () => {
    const { server, notes } = await start();
    server.fail("*", { type: "hang", acted: true });
    const controller = new AbortController();
    const call = write(server, { note: "a" }, { signal: controller.signal });
    await server.until(() => notes.length === 1);
    expect(server.underWay).toBe(1);
    controller.abort();
    await expect(call).rejects.toThrow("aborted");
    await server.until(() => server.underWay === 0);
  });

  it("is an answer that takes as long as the test likes", async () => {
    const { server, notes } = await start();
    const { promise, resolve } = Promise.withResolvers<void>();
    server.fail("write", { type: "delay", until: promise });
    const call = write(server, { note: "a" });
    await server.until(() => server.log.length === 1 && server.log[0]?.body !== "");
    expect(notes).toEqual([]);
    resolve();
    expect((await call).status).toBe(201);
  });

  it("is nothing any more once it is mended", async () => {
    const { server } = await start();
    server.fail("write", { type: "error", status: 500 }, 100);
    server.mend();
    expect((await write(server, { note: "a" })).status).toBe(201);
  });
});

describe("Sockets", () => {
  it("talk both ways, and break on command", async () => {
    const { server } = await start({
      sockets: [
        {
          path: "/live",
          async serve(socket) {
            for await (const message of socket.messages) {
              if (message === "drop") socket.drop();
              else socket.send({ heard: message });
            }
          },
        },
      ],
    });
    const client = new WebSocket(`${server.socketUrl}/live`);
    const heard = new Promise((resolve) => client.once("message", (data: Buffer) => resolve(data.toString())));
    client.once("open", () => client.send("hello"));
    expect(await heard).toBe('{"heard":"hello"}');
    const closed = new Promise((resolve) => client.once("close", resolve));
    client.send("drop");
    expect(await closed).toBe(1006);
    expect(server.failures).toEqual([]);
  });

  it("are opened nowhere else", async () => {
    const { server } = await start({ sockets: [{ path: "/live", serve: () => undefined }] });
    const client = new WebSocket(`${server.socketUrl}/elsewhere`);
    const failure = await new Promise<Error>((resolve) => client.once("error", resolve));
    expect(failure.message).toContain("404");
  });

  it("tell when a handler breaks", async () => {
    const { server } = await start({
      sockets: [{ path: "/live", serve: () => Promise.reject(new Error("broken handler")) }],
    });
    const client = new WebSocket(`${server.socketUrl}/live`);
    await new Promise((resolve) => client.once("close", resolve));
    expect(server.failures).toMatchObject([{ message: "broken handler" }]);
  });
});

describe("A server that is closed", () => {
  it("leaves no connection open, and tells those who still wait", async () => {
    const { server } = await start();
    await write(server, { note: "a" });
    const waiting = server.until(() => false, "the impossible");
    await Promise.all([expect(waiting).rejects.toThrow("while the impossible was waited for"), server.close()]);
    expect(server.connections).toBe(0);
    running.length = 0;
  });
});
