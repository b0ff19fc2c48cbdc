import { describe, expect, test } from "vitest";
import { closeAfterEach } from "./closing.ts";
import { connectApp, failed, listen, options, saying, type ConnectedApp } from "./connected-app.ts";

closeAfterEach();

const chat = "T0ONE/D0ADA";

/** The kind of failure that `listen` came back with. */
async function lost(ended: ReturnType<typeof listen>): Promise<unknown> {
  const end = await (await ended).ended;
  return end.reason === "lost" ? end.error : end.reason;
}

async function heard({ host, server }: ConnectedApp, ...texts: readonly string[]): Promise<void> {
  await expect.poll(() => host.texts).toEqual(texts);
  await expect.poll(() => server.deliveries.waiting).toBe(0);
}

describe("A socket", () => {
  test("that Slack is about to close is replaced before: nothing is missed, nothing doubled", async () => {
    const app = await connectApp();
    await listen(app);
    const { server } = app;
    for (const round of [1, 2, 3]) {
      server.say({ chat, text: `before ${round}` });
      server.deliveries.write({ type: "disconnect", reason: round === 1 ? "warning" : "refresh_requested", debug_info: {} });
      server.say({ chat, text: `during ${round}` });
      await expect.poll(() => server.base.requestsOf("apps.connections.open").length).toBe(round + 1);
      await expect.poll(() => server.deliveries.sockets.length).toBe(1);
      server.say({ chat, text: `after ${round}` });
      // A socket that lived for a while was no failure.
      await expect.poll(() => app.host.texts.length).toBe(round * 3);
      for (let step = 0; step < 2; step += 1) await app.clock.skip();
    }
    await heard(app, ...[1, 2, 3].flatMap((round) => [`before ${round}`, `during ${round}`, `after ${round}`]));
    expect(app.host.reports.filter((report) => report !== "up")).toEqual([]);
  });

  test("that breaks is replaced at once, and what it brought comes again", async () => {
    const app = await connectApp();
    await listen(app);
    const { server, host } = app;
    let isFull = true;
    host.beforeAccept = () => {
      if (isFull) throw new Error("the disk is full");
    };
    server.say({ chat, text: "keep this" });
    await expect.poll(() => host.reports.at(-1)).toContain("degraded: Events cannot be stored");
    isFull = false;
    server.deliveries.sockets[0]?.drop();
    await heard(app, "keep this");
    expect(host.reports.some((report) => report.startsWith("resuming"))).toBe(true);
    await expect.poll(() => host.reports.at(-1)).toBe("up");
  });

  test("is not acknowledged over before the event is stored", async () => {
    const app = await connectApp();
    const { stop } = await listen(app);
    const { promise, resolve } = Promise.withResolvers<void>();
    app.host.beforeAccept = () => promise;
    app.server.say({ chat, text: "slowly" });
    await expect.poll(() => app.server.deliveries.waiting).toBe(1);
    expect(app.server.deliveries.acknowledged).toEqual(["env-1"]);
    resolve();
    await heard(app, "slowly");
    expect(await stop()).toEqual({ reason: "requested" });
  });

  test("takes no more than can wait to be stored", async () => {
    const app = await connectApp();
    await listen(app);
    const { promise, resolve } = Promise.withResolvers<void>();
    app.host.beforeAccept = () => promise;
    for (let count = 0; count < 250; count += 1) app.server.say({ chat, text: `text ${count}` });
    await expect.poll(() => app.host.reports.at(-1)).toContain("200 events wait to be stored");
    resolve();
    await expect.poll(() => app.server.deliveries.waiting).toBe(50);
    app.server.deliveries.retry();
    await expect.poll(() => app.host.texts.length).toBe(250);
  });

  test("that is closed again and again is given up, so that somebody hears of it", async () => {
    const app = await connectApp();
    const ended = listen(app);
    const { base, deliveries } = app.server;
    for (const pauseMs of [0, 1000, 2000, 4000, undefined]) {
      const opened = base.requestsOf("apps.connections.open").length;
      await expect.poll(() => deliveries.sockets.length).toBe(1);
      await expect.poll(() => app.clock.waits).toEqual([10_000]);
      deliveries.sockets[0]?.drop();
      if (pauseMs === undefined) break;
      if (pauseMs > 0) {
        await expect.poll(() => app.clock.waits).toEqual([pauseMs]);
        await app.clock.skip();
      }
      await expect.poll(() => base.requestsOf("apps.connections.open").length).toBe(opened + (opened === 0 ? 2 : 1));
    }
    expect(await lost(ended)).toMatchObject({
      failure: { kind: "unavailable" },
      message: expect.stringContaining("closes every socket") as string,
    });
  });

  test("of an app without Socket Mode says what to do", async () => {
    const app = await connectApp();
    const ended = listen(app);
    await expect.poll(() => app.server.deliveries.sockets.length).toBe(1);
    app.server.deliveries.write({ type: "disconnect", reason: "link_disabled" });
    expect(await lost(ended)).toMatchObject({
      failure: { kind: "forbidden" },
      message: expect.stringContaining("switch it on") as string,
    });
  });

  test("is not opened with a token that is wrong, and shows none", async () => {
    const app = await connectApp();
    app.server.isAppTokenRevoked = true;
    const end = await app.connection.listen?.(new AbortController().signal);
    expect(end).toMatchObject({ reason: "lost", error: { failure: { kind: "unauthorized" } } });
    expect(`${JSON.stringify(app.host.logs)}${end?.reason === "lost" ? end.error.message : ""}`).not.toContain("fakeapptoken");
  });

  test("is asked for again while Slack has trouble, and that ends", async () => {
    const app = await connectApp();
    app.server.fail("apps.connections.open", { type: "error", status: 503, body: "trouble" }, 5);
    const ended = app.connection.listen?.(new AbortController().signal);
    for (const pauseMs of [1000, 2000, 4000, 8000]) {
      await expect.poll(() => app.clock.waits).toEqual([pauseMs]);
      await app.clock.skip();
    }
    expect(await ended).toMatchObject({ reason: "lost", error: { failure: { kind: "unavailable" } } });
    expect(app.clock.waits).toEqual([]);
  });

  test("survives frames that are none, and events called like the SDK's own", async () => {
    const app = await connectApp();
    await listen(app);
    const { deliveries } = app.server;
    for (const frame of ["{", "[]", "7", { type: "events_api" }, { type: "hello" }, { type: "unheard-of", envelope_id: "x" }])
      deliveries.write(frame);
    for (const type of ["close", "error", "disconnected", "ws_message"]) app.server.event("T0ONE", { type });
    app.server.say({ chat, text: "still here" });
    await heard(app, "still here");
    expect(deliveries.sockets).toHaveLength(1);
  });
});

test("Assistant threads begin with the prompts that are configured", async () => {
  const app = await connectApp({ suggestedPrompts: ["What is new?", { title: "Help", message: "What can you do?" }] });
  await listen(app);
  const thread = { user_id: "U0ADA", channel_id: "D0ADA", thread_ts: "1767225600.000100", context: {} };
  app.server.event("T0ONE", { type: "assistant_thread_started", assistant_thread: thread, event_ts: "1767225600.000100" });
  await expect
    .poll(() => app.server.prompts)
    .toEqual([
      [
        { title: "What is new?", message: "What is new?" },
        { title: "Help", message: "What can you do?" },
      ],
    ]);
});

test("A slash command and a press come by socket, and are acknowledged", async () => {
  const app = await connectApp();
  await listen(app);
  const { server, host, connection } = app;
  const [ref] = await connection.send(
    { ref: { platform: "slack", chatId: chat }, type: "dm" },
    { ...saying("Sure?"), actions: [[{ label: "Yes", token: "yes" }]] },
    options,
  );
  server.press(chat, ref.messageId, "Yes");
  server.command(chat, "/hermes", "status now");
  await expect.poll(() => host.events.map(({ type }) => type)).toEqual(["action", "command"]);
  await expect.poll(() => server.deliveries.waiting).toBe(0);
  expect(host.events[1]).toMatchObject({ name: "status", arguments: "now" });
});

test("A slash command in a conversation that the bot is not in is answered to whoever gave it, five times at most", async () => {
  const app = await connectApp();
  await listen(app);
  const { server, host, connection } = app;
  server.world.addChannel("T0ONE", "C0ELSE", "elsewhere", [server.ada]);
  server.command("T0ONE/C0ELSE", "/hermes", "status");
  await expect.poll(() => host.events.length).toBe(1);
  const [command] = host.events;
  const elsewhere = { ref: { platform: "slack", chatId: "T0ONE/C0ELSE" }, type: "channel" as const };
  const answer = { ...options, ...(command === undefined ? {} : { origin: command.origin }) };
  for (let count = 0; count < 5; count += 1) await connection.send(elsewhere, saying("all is **well** <!here>"), answer);
  expect(server.responses[0]).toEqual({
    response_type: "ephemeral",
    replace_original: false,
    text: "all is well &lt;!here&gt;",
    blocks: [{ type: "markdown", text: "all is **well** &lt;!here>" }],
  });
  expect((await failed(connection.send(elsewhere, saying("a sixth"), answer))).failure.kind).toBe("forbidden");
  expect((await failed(connection.send(elsewhere, saying("to nobody"), options))).failure.kind).toBe("forbidden");
  expect(JSON.stringify([host.logs, [...host.values]])).not.toContain("/actions/");
});

test("A workspace that takes the app out is told as missing for as long as it is, and comes back by itself", async () => {
  const second = "xoxb-9999-8888-FAKETOKENOFTHESECOND";
  const app = await connectApp({ tokens: ["xoxb-1111-2222-FAKETOKENFORTESTS", second] }, (slack) => {
    slack.addTeam("T0TWO", second, "Second Society");
  });
  await listen(app);
  const { server, host, clock } = app;
  const bot = server.world.botOf("T0TWO");
  // Of somebody else's token there is nothing to fear.
  server.event("T0TWO", { type: "tokens_revoked", tokens: { oauth: ["U0ADA"], bot: [] } });
  bot.isRevoked = true;
  server.event("T0TWO", { type: "app_uninstalled" });
  await expect.poll(() => server.base.requestsOf("auth.test").length).toBe(4);
  for (let tick = 0; tick < 3; tick += 1) await clock.skip();
  await expect.poll(() => host.reports.at(-1)).toContain("degraded: 1 of 2 workspaces cannot be signed in to");
  bot.isRevoked = false;
  for (let tick = 0; tick < 6; tick += 1) await clock.skip();
  await expect.poll(() => server.base.requestsOf("auth.test").length).toBe(5);
  await clock.skip();
  await expect.poll(() => host.reports.at(-1)).toBe("up");
});

describe("The name of whoever wrote", () => {
  const authors = ({ host }: ConnectedApp): readonly unknown[] =>
    host.events.map(({ origin: { author } }) => author.name ?? author.id);

  test("is asked for once, and messages keep their order meanwhile", async () => {
    const app = await connectApp();
    await listen(app);
    const { server } = app;
    server.fail("users.info", { type: "error", status: 200, body: { ok: true, user: { real_name: "Grace" } } });
    server.say({ chat: "T0ONE/C0CLUB", text: "one", user: "U0GRACE" });
    server.say({ chat, text: "two" });
    server.say({ chat: "T0ONE/C0CLUB", text: "three", user: "U0GRACE" });
    await heard(app, "one", "two", "three");
    expect(authors(app)).toEqual(["Grace", "Ada", "Grace"]);
    expect(server.base.requestsOf("users.info")).toHaveLength(2);
  });

  test("is left out where Slack does not tell it, or not in time", async () => {
    const app = await connectApp({}, ({ bot }) => void bot.scopes.delete("users:read"));
    await listen(app);
    const { server, clock } = app;
    server.say({ chat, text: "one" });
    server.say({ chat, text: "two" });
    await heard(app, "one", "two");
    expect(server.base.requestsOf("users.info")).toHaveLength(1);
    server.fail("users.info", { type: "hang", acted: false });
    server.say({ chat: "T0ONE/C0CLUB", text: "three", user: "U0GRACE" });
    await expect.poll(() => clock.waits).toContain(800);
    expect(await clock.skip()).toBe(800);
    await heard(app, "one", "two", "three");
    expect(authors(app)).toEqual(["U0ADA", "U0ADA", "U0GRACE"]);
  });
});

test("What the gateway publishes can be typed with `!`, also after a restart", async () => {
  const app = await connectApp();
  await listen(app);
  await app.connection.publishCommands?.([{ name: "status", description: "How it is" }]);
  app.server.say({ chat, text: "!status" });
  await expect.poll(() => app.host.events.map(({ type }) => type)).toEqual(["command"]);
  expect(app.host.values.get("commands")).toEqual(["status"]);
});
