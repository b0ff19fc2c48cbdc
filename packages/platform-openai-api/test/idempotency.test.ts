import { text } from "@hermes/core";
import { createMemoryStore } from "@hermes/runtime";
import { describe, expect, test } from "vitest";
import { echo, gate, LedAgent, stopped, untilStopped } from "./agents.ts";
import { keepOpen } from "./kept-store.ts";
import { startServer, until } from "./server.ts";

const chat = "/v1/chat/completions";
const ask = (content: string, more: object = {}) => ({ messages: [{ role: "user", content }], ...more });
const named = (name: string) => ({ headers: { "idempotency-key": name } });

describe("A request that comes twice under one name", () => {
  test("is answered once, to both", async () => {
    const opened = gate();
    const agent = new LedAgent(async function* (turn) {
      await opened.opened;
      yield* echo(turn);
    });
    await using server = await startServer(agent.run);
    const both = [server.call(chat, ask("x"), named("once")), server.call(chat, ask("x"), named("once"))];
    await agent.turn();
    opened.open();
    const [first, second] = await Promise.all(both.map(async (response) => await (await response).json()));
    expect(second).toEqual(first);
    expect(agent.turns).toHaveLength(1);
  });

  test("joins a stream, from its beginning", async () => {
    const opened = gate();
    const agent = new LedAgent(async function* () {
      yield text("First. ");
      await opened.opened;
      yield text("Second.");
    });
    await using server = await startServer(agent.run);
    const stream = ask("x", { stream: true });
    const first = (await server.call(chat, stream, named("once"))).body;
    const read = first?.pipeThrough(new TextDecoderStream()).getReader();
    let said = "";
    while (!said.includes("First.")) said += (await read?.read())?.value ?? "";
    const second = await server.call(chat, stream, named("once"));
    opened.open();
    for (let next = await read?.read(); next?.value !== undefined; next = await read?.read()) said += next.value;
    const contents = (events: string) => [...events.matchAll(/"content":"([^"]*)"/gu)].map(([, piece]) => piece).join("");
    expect(contents(said)).toBe("First. Second.");
    expect(contents(await second.text())).toBe("First. Second.");
    expect(agent.turns).toHaveLength(1);
  });

  test.each([{}, { stream: true }])("gets the same answer once it is over, also after a restart (%j)", async (more) => {
    const store = createMemoryStore();
    const agent = new LedAgent();
    const server = await startServer(agent.run, { store: keepOpen(store) });
    const first = await (await server.call(chat, ask("x", more), named("once"))).text();
    await server.gateway.idle();
    await server[Symbol.asyncDispose]();
    await using later = await startServer(agent.run, { store });
    const second = await (await later.call(chat, ask("x", more), named("once"))).text();
    const idOf = (answer: string): unknown => /chatcmpl-[0-9a-f-]{36}/u.exec(answer)?.[0];
    expect(idOf(second)).toBe(idOf(first));
    expect(second).toContain("You said: x");
    expect(agent.turns).toHaveLength(1);
  });

  test("is refused where the bodies differ, while it runs and after", async () => {
    const opened = gate();
    const agent = new LedAgent(async function* (turn) {
      await opened.opened;
      yield* echo(turn);
    });
    await using server = await startServer(agent.run);
    const first = server.call(chat, ask("x"), named("once"));
    await agent.turn();
    const meanwhile = await server.call(chat, ask("y"), named("once"));
    opened.open();
    await (await first).json();
    const after = await server.call(chat, ask("y"), named("once"));
    for (const response of [meanwhile, after]) {
      expect(response.status).toBe(409);
      expect(await response.json()).toMatchObject({ error: { code: "idempotency_conflict" } });
    }
  });

  test("goes on as long as one of its callers is there, and begins anew once all had left", async () => {
    const agent = new LedAgent(untilStopped);
    await using server = await startServer(agent.run);
    const hangUps = [new AbortController(), new AbortController()];
    const calls = await Promise.all(
      hangUps.map(({ signal }) => server.call(chat, ask("x", { stream: true }), { ...named("once"), signal })),
    );
    const turn = await agent.turn();
    hangUps[0]?.abort();
    await until(() => server.connections.closed === 1);
    expect(turn.signal.aborted).toBe(false);
    hangUps[1]?.abort();
    expect(await stopped(turn)).toBe("stop");
    expect(calls.map(({ status }) => status)).toEqual([200, 200]);
    // At once: what is being stopped is not joined.
    const again = new AbortController();
    const third = server
      .call(chat, ask("x", { stream: true }), { ...named("once"), signal: again.signal })
      .catch((error: unknown) => error);
    await agent.turn(2);
    again.abort();
    await third;
  });

  test("has a name that fits into a header and is no secret way to more", async () => {
    await using server = await startServer(echo);
    for (const name of ["", "x".repeat(256), "a b"]) expect((await server.call(chat, ask("x"), named(name))).status).toBe(400);
  });
});
