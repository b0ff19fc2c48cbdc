import { describe, expect, test } from "vitest";
import {
  createConnectionSurface,
  createStreamConsumer,
  PlatformError,
  type Chat,
  type Connection,
  type ConnectionSurfaceOptions,
  type Failure,
  type LiveMessage,
  type MessageRef,
  type OutboundMessage,
  type ReplySurface,
  type SendOptions,
  type Sent,
  type ShowRequest,
} from "../../src/index.ts";
import { FakeClock } from "./fake-clock.ts";
import { contextOf } from "./simulation.ts";

const chat: Chat = { ref: { platform: "test", chatId: "c" }, type: "dm" };
const author = { id: "u", isBot: false, assurance: "platform" } as const;

function refOf(messageId: string): MessageRef {
  return { platform: "test", chatId: "c", messageId };
}

function refused(failure: Failure, maybeDone = false): PlatformError {
  return new PlatformError({ platform: "test", failure, message: "Cannot do that", maybeDone });
}

interface Call {
  readonly method: string;
  readonly texts: readonly string[];
  readonly options?: SendOptions;
}

/** A connection that writes down what it is asked, and fails where it is told to. */
class RecordingConnection implements Pick<Connection, "send" | "edit" | "remove" | "openLive"> {
  readonly calls: Call[] = [];
  readonly failures: unknown[] = [];
  live: LiveMessage | null = null;

  async send(_chat: Chat, message: OutboundMessage, options: SendOptions): Promise<Sent> {
    this.#note("send", message.texts, options);
    const [first = "", ...others] = message.texts.map((_, index) => `s${this.calls.length}-${index}`);
    return [refOf(first), ...others.map(refOf)];
  }

  async edit(ref: MessageRef, message: OutboundMessage, options: SendOptions): Promise<void> {
    this.#note(`edit ${ref.messageId}`, message.texts, options);
  }

  async remove(ref: MessageRef): Promise<void> {
    this.#note(`remove ${ref.messageId}`, []);
  }

  async openLive(_chat: Chat, options: SendOptions): Promise<LiveMessage | null> {
    this.#note("open", [], options);
    return this.live;
  }

  liveMessage(more: Partial<LiveMessage> = {}): LiveMessage {
    return {
      mode: "replace",
      maxLength: 50,
      minIntervalMs: 100,
      update: async (view) => this.#note("update", [view.markdown]),
      finish: async (view) => {
        this.#note("finish", [view.markdown]);
        return [refOf("live")];
      },
      abandon: async () => this.#note("abandon", []),
      ...more,
    };
  }

  #note(method: string, texts: readonly string[], options?: SendOptions): void {
    this.calls.push({ method, texts, ...(options === undefined ? {} : { options }) });
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
  }
}

function scene(more: Partial<ConnectionSurfaceOptions["options"]> = {}): {
  readonly connection: RecordingConnection;
  readonly surface: ReplySurface;
  readonly clock: FakeClock;
} {
  const connection = new RecordingConnection();
  const clock = new FakeClock();
  const options = { signal: new AbortController().signal, mentions: [], ...more };
  return {
    connection,
    clock,
    surface: createConnectionSurface({ connection, chat, options, clock, idempotencyKey: (key) => `r:${key}` }),
  };
}

function request(more: Partial<ShowRequest> = {}): ShowRequest {
  return {
    part: 0,
    key: `${more.part ?? 0}`,
    revision: 1,
    texts: ["Hello"],
    refs: [],
    final: true,
    inDoubt: false,
    firstCalledAtMs: 0,
    files: [],
    actions: [],
    tools: [],
    ...more,
  };
}

describe("A connection's surface", () => {
  test("sends what has no message yet, under the part's own key", async () => {
    const { connection, surface } = scene();
    expect(await surface.show(request({ part: 3, texts: ["a", "b"] }))).toEqual({
      kind: "shown",
      refs: [refOf("s1-0"), refOf("s1-1")],
    });
    expect(connection.calls).toMatchObject([
      { method: "send", texts: ["a", "b"], options: { idempotencyKey: "r:3", mentions: [] } },
    ]);
  });

  test("gives up a live message that comes once the part was shown without it", async () => {
    const { connection, surface } = scene();
    const coming = Promise.withResolvers<LiveMessage>();
    connection.openLive = () => coming.promise;
    const opened = surface.open(0);
    await surface.show(request({ texts: ["Hel"], final: false }));
    coming.resolve(connection.liveMessage());
    expect(await opened).toBeNull();
    await surface.show(request({ texts: ["Hello"], refs: [refOf("s1-0")] }));
    expect(connection.calls.map(({ method }) => method)).toEqual(["send", "abandon", "edit s1-0"]);
  });

  test.each([
    ["is over once it is gone", "ENOENT", "invalid"],
    ["is tried again while the machine is short of something", "EMFILE", "unavailable"],
  ])("a file that cannot be opened %s", async (_name, code, kind) => {
    const connection: ConnectionSurfaceOptions["connection"] = {
      async send(_chat, { files }) {
        for (const file of files) await file.open();
        return [refOf("m")];
      },
    };
    const options = { signal: new AbortController().signal, mentions: [] };
    const openFile = async () => Promise.reject(Object.assign(new Error("no"), { code }));
    const surface = createConnectionSurface({ connection, chat, options, idempotencyKey: String, openFile });
    const file = { key: "k", kind: "file", name: "a", mimeType: "a/b", sizeBytes: 1 } as const;
    expect(await surface.show(request({ files: [file] }))).toEqual({ kind: "failed", failure: { kind }, maybeDone: false });
  });

  test("edits what has one", async () => {
    const { connection, surface } = scene();
    expect(await surface.show(request({ refs: [refOf("m")] }))).toEqual({ kind: "shown", refs: [refOf("m")] });
    expect(connection.calls.map(({ method }) => method)).toEqual(["edit m"]);
  });

  test("edits several messages one by one, and sends what is more", async () => {
    const { connection, surface } = scene();
    connection.failures.push(refused({ kind: "not-modified" }));
    expect(await surface.show(request({ texts: ["a", "b", "c"], refs: [refOf("m"), refOf("n")] }))).toEqual({
      kind: "shown",
      refs: [refOf("m"), refOf("n"), refOf("s3-0")],
    });
    expect(connection.calls.map(({ method, texts }) => [method, ...texts])).toEqual([
      ["edit m", "a"],
      ["edit n", "b"],
      ["send", "c"],
    ]);
  });

  test("removes messages that should show nothing", async () => {
    const { connection, surface } = scene();
    expect(await surface.show(request({ texts: [], refs: [refOf("m"), refOf("n")] }))).toEqual({ kind: "shown", refs: [] });
    expect(connection.calls.map(({ method }) => method)).toEqual(["remove m", "remove n"]);
  });

  test("says why a call failed, and whether it may have happened", async () => {
    const { connection, surface } = scene();
    connection.failures.push(refused({ kind: "rate-limited", retryAfterMs: 5 }), new Error("a fault in the adapter"));
    expect(await surface.show(request())).toEqual({
      kind: "failed",
      failure: { kind: "rate-limited", retryAfterMs: 5 },
      maybeDone: false,
    });
    expect(await surface.show(request())).toEqual({ kind: "failed", failure: { kind: "unavailable" }, maybeDone: true });
  });

  test("cannot edit or remove where the connection cannot", async () => {
    const { connection } = scene();
    const options = { signal: new AbortController().signal, mentions: [] };
    const surface = createConnectionSurface({
      connection: { send: (...call) => connection.send(...call) },
      chat,
      options,
      idempotencyKey: String,
    });
    const impossible = { kind: "failed", failure: { kind: "invalid" }, maybeDone: false };
    expect(await surface.show(request({ refs: [refOf("m")] }))).toEqual(impossible);
    expect(await surface.show(request({ refs: [refOf("m")], texts: [] }))).toEqual(impossible);
    expect(await surface.open(0)).toBeNull();
  });

  test("goes without the quote once the quoted message is gone", async () => {
    const { connection, surface } = scene({ quote: refOf("q") });
    connection.failures.push(refused({ kind: "not-found", what: "message" }));
    expect(await surface.show(request())).toMatchObject({ kind: "shown" });
    expect(connection.calls.map(({ options }) => options?.quote)).toEqual([refOf("q"), undefined]);
  });

  test("uses a reply grant as often as it is good, and not after it expired", async () => {
    const origin = {
      author,
      lifetime: "durable",
      grant: { value: "token", uses: 2, expiresAt: new Date(1_060_000).toISOString() },
    } as const;
    const counted = scene({ origin });
    counted.connection.failures.push(refused({ kind: "unavailable" }), refused({ kind: "unavailable" }, true));
    for (let call = 0; call < 4; call++) await counted.surface.show(request());
    expect(counted.connection.calls.map(({ options }) => options?.origin?.grant?.value)).toEqual([
      "token",
      "token",
      "token",
      undefined,
    ]);
    expect(counted.connection.calls[3]?.options?.origin).toEqual({ author, lifetime: "durable" });

    const expired = scene({ origin });
    await expired.clock.pass(60_000);
    await expired.surface.show(request());
    expect(expired.connection.calls[0]?.options?.origin?.grant).toBeUndefined();
  });

  test("shows a live message that it opened, until it is finished", async () => {
    const { connection, surface } = scene();
    connection.live = connection.liveMessage({ expiresAfterMs: 1000 });
    expect(await surface.open(0)).toEqual({ mode: "replace", maxLength: 50, minIntervalMs: 100, expiresAfterMs: 1000 });
    expect(await surface.show(request({ final: false }))).toEqual({ kind: "shown", refs: [] });
    expect(await surface.show(request({ texts: ["Hello world"] }))).toEqual({ kind: "shown", refs: [refOf("live")] });
    await surface.show(request({ part: 1 }));
    expect(connection.calls.map(({ method, texts }) => [method, ...texts])).toEqual([
      ["open"],
      ["update", "Hello"],
      ["finish", "Hello world"],
      ["send", "Hello"],
    ]);
  });

  test("has no live message where the platform has none, or cannot open it", async () => {
    const { connection, surface } = scene();
    expect(await surface.open(0)).toBeNull();
    connection.failures.push(refused({ kind: "unavailable" }));
    expect(await surface.open(0)).toBeNull();
  });

  test("gives up a draft that is refused in the end, but leaves a stream as it stands", async () => {
    for (const mode of ["replace", "append"] as const) {
      const { connection, surface } = scene();
      connection.live = connection.liveMessage({ mode });
      await surface.open(0);
      connection.failures.push(refused({ kind: "unavailable" }), refused({ kind: "invalid" }), new Error("gone"));
      await surface.show(request());
      await surface.show(request());
      expect(connection.calls.map(({ method }) => method).slice(3)).toEqual(mode === "replace" ? ["abandon"] : []);
    }
  });

  test("and a stream consumer show a whole answer", async () => {
    const { connection, surface, clock } = scene();
    const consumer = createStreamConsumer({ context: contextOf({ edit: { minIntervalMs: 500 } }), surface, clock });
    consumer.push({ type: "text-delta", text: "Hello" });
    await clock.pass(400);
    consumer.push({ type: "text-delta", text: " world" });
    consumer.end("finished");
    await clock.pass(500);
    expect((await consumer.settled).parts[0]).toMatchObject({ state: "sent", shown: ["Hello world"] });
    expect(connection.calls.map(({ method, texts }) => [method, ...texts])).toEqual([
      ["send", "Hello"],
      ["edit s1-0", "Hello world"],
    ]);
  });
});
