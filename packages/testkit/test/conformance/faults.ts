import {
  PlatformError,
  isPlatformError,
  type Connection,
  type Failure,
  type Json,
  type LiveMessage,
  type OutboundMessage,
  type Platform,
  type PlatformEvent,
  type PlatformHost,
  type ReplyView,
} from "@hermes/core";
import type { CaseName, PlatformBench } from "../../src/cases.ts";
import { hookSecret, token } from "../pigeon/server.ts";
import { maxCaptionLength } from "../pigeon/world.ts";

/** A way to be bad, and the cases that see it. */
export interface Fault {
  readonly mode?: "webhook" | "signed";
  readonly platform?: (platform: Platform) => Platform;
  /** What the harness shows of a server whose platform is bad. */
  readonly bench?: (bench: PlatformBench) => PlatformBench;
  /** Other cases that see it as well, since they stand on the same thing. */
  readonly alsoSeenBy?: readonly CaseName[];
}

type Changed = { readonly [K in keyof Connection]?: Connection[K] };

/** A platform whose connections differ. */
function connection(change: (good: Connection, host: PlatformHost) => Changed): Pick<Fault, "platform"> {
  return {
    platform: (good) => ({
      ...good,
      async connect(host, signal) {
        const live = await good.connect(host, signal);
        return { ...live, ...change(live, host) };
      },
    }),
  };
}

/** A platform whose host is told something else, both ways in. */
function host(change: (good: PlatformHost) => Partial<PlatformHost>): Pick<Fault, "platform"> {
  return {
    platform: (good) => {
      const changed = (given: PlatformHost): PlatformHost => ({ ...given, ...change(given) });
      return {
        ...good,
        connect: (given, signal) => good.connect(changed(given), signal),
        ...(good.receive === undefined
          ? {}
          : { receive: (request, given) => good.receive?.(request, changed(given)) ?? Promise.reject() }),
      };
    },
  };
}

/** Events that differ; what is left out never arrives. */
function events(change: (event: PlatformEvent) => PlatformEvent | undefined): Pick<Fault, "platform"> {
  return host((good) => ({
    accept: (given, cursor) =>
      good.accept(
        given.flatMap((event) => change(event) ?? []),
        cursor,
      ),
  }));
}

/** Failures that are told as others. */
function failures(from: Failure["kind"], to: Failure, maybeDone?: boolean): Pick<Fault, "platform"> {
  const retell = (error: unknown): unknown =>
    isPlatformError(error) && error.failure.kind === from
      ? new PlatformError({
          platform: "pigeon",
          failure: to,
          message: "Retold",
          ...(maybeDone === undefined ? {} : { maybeDone }),
        })
      : error;
  const told = async <T>(call: Promise<T> | undefined): Promise<T> => {
    try {
      return await (call as Promise<T>);
    } catch (error) {
      throw retell(error);
    }
  };
  return {
    platform: (good) => ({
      ...good,
      async connect(given, signal) {
        const live = await told(good.connect(given, signal));
        return {
          ...live,
          send: (...parameters) => told(live.send(...parameters)),
          edit: (...parameters) => told(live.edit?.(...parameters)),
          async listen(stop) {
            const ended = (await live.listen?.(stop)) ?? { reason: "requested" };
            return ended.reason === "lost" ? { reason: "lost", error: retell(ended.error) as Error } : ended;
          },
        };
      },
    }),
  };
}

/** A platform whose live messages differ. */
function live(change: (good: LiveMessage) => Partial<LiveMessage>): Pick<Fault, "platform"> {
  return connection((good) => ({
    async openLive(...parameters) {
      const opened = (await good.openLive?.(...parameters)) ?? null;
      return opened === null ? null : { ...opened, ...change(opened) };
    },
  }));
}

/** A platform that sends something else where there are files. */
function files(change: (message: OutboundMessage) => OutboundMessage): Pick<Fault, "platform"> {
  return connection((good) => ({
    send: (chat, message, options) => good.send(chat, message.files.length === 0 ? message : change(message), options),
  }));
}

function textOf(markdown: string): string {
  return markdown.replaceAll(/\*\*|`/gu, "");
}

function raise(message: string): never {
  throw new Error(message);
}

let count = 0;
const lostMessages: CaseName[] = [
  "what could not be stored comes again, the same",
  "what was not stored when the process ended comes again, the same",
];

/** For each case a fault that it alone sees, or that others see as well for a reason. */
export const faults: Readonly<Record<CaseName, Fault>> = {
  "connect with an aborted signal is refused as aborted": {
    platform: (good) => ({ ...good, connect: (given) => good.connect(given, new AbortController().signal) }),
  },
  "connect that is aborted on its way settles": {
    platform: (good) => ({
      ...good,
      async connect(given, signal) {
        if (signal.aborted) return await good.connect(given, signal);
        const live = await good.connect(given, new AbortController().signal);
        return signal.aborted ? await new Promise<never>(() => undefined) : live;
      },
    }),
  },
  "disconnect may be called twice": connection((good) => {
    let times = 0;
    return {
      async disconnect() {
        times += 1;
        if (times === 2) throw new Error("disconnected already");
        await good.disconnect();
      },
    };
  }),
  "each connect makes a connection of its own": {
    platform: (good) => {
      let live: Promise<Connection> | undefined;
      return { ...good, connect: (given, signal) => (live ??= good.connect(given, signal)) };
    },
  },
  "listen ends once, as requested, and never rejects": connection((good) => ({
    async listen(signal) {
      const wasAborted = signal.aborted;
      const ended = (await good.listen?.(signal)) ?? { reason: "requested" };
      return ended.reason === "lost" || wasAborted ? ended : { reason: "lost", error: new Error("aborted") };
    },
  })),
  "listen with an aborted signal ends as requested": connection((good) => ({
    listen: (signal) => (signal.aborted ? Promise.reject(new Error("aborted")) : (good.listen?.(signal) ?? Promise.reject())),
  })),
  "it reports as often as it promises, also while nothing happens": {
    platform: (good) => ({
      ...good,
      connect(given, signal) {
        const said = new Set<string>();
        const report: PlatformHost["report"] = (state) => {
          if (!said.has(state)) given.report(state);
          said.add(state);
        };
        return good.connect({ ...given, report }, signal);
      },
    }),
  },
  "nothing of it runs after it came back": connection((good, given) => ({
    async disconnect() {
      await good.disconnect();
      setTimeout(() => given.report("up"), 1);
    },
  })),
  "each operation is there exactly when it is declared": connection(() => ({ setTyping: undefined })),
  "the capability table is JSON, and the same each time": {
    platform: (good) => ({
      ...good,
      capabilities: { ...good.capabilities, inbound: { ...good.capabilities.inbound, windowMs: (count += 1) } },
    }),
  },
  "the numbers of the table can be kept": {
    platform: (good) => ({
      ...good,
      capabilities: { ...good.capabilities, pace: { perChat: { calls: 5, perMs: 1000 }, overall: { calls: 30, perMs: 0 } } },
    }),
  },
  "capabilitiesFor only narrows": connection((good) => ({
    capabilitiesFor(chat) {
      const here = good.capabilitiesFor?.(chat) ?? raise("The good platform narrows its capabilities");
      return chat.type === "dm" ? here : { ...here, edit: { minIntervalMs: 1 } };
    },
  })),
  "send returns every message it made, in order": {
    ...connection((good) => ({
      async send(...parameters) {
        const [first] = await good.send(...parameters);
        return [first];
      },
    })),
    alsoSeenBy: ["files that stand together keep their order, and send returns every message of theirs"],
  },
  "what was sent before stays when more is sent": connection((good) => {
    let last: Parameters<NonNullable<Connection["remove"]>>[0] | undefined;
    return {
      async send(chat, message, options) {
        const sent = await good.send(chat, message, options);
        if (last !== undefined && message.texts[0] === "second") await good.remove?.(last);
        [last] = sent;
        return sent;
      },
    };
  }),
  "measure is pure, and says what the server counts": {
    platform: (good) => ({ ...good, measure: (markdown) => (markdown.includes("xxx") ? textOf(markdown) : markdown).length }),
  },
  "a text that measures exactly the limit is taken whole": connection((good) => ({
    send: (chat, message, options) =>
      good.send(
        chat,
        { ...message, texts: message.texts.map((text) => (textOf(text).length === 200 ? text.slice(0, -3) : text)) },
        options,
      ),
  })),
  "a text above the limit is refused as too-long, and nothing of it is shown": connection((good) => ({
    send: (chat, message, options) =>
      good.send(
        chat,
        { ...message, texts: message.texts.map((text) => (textOf(text).length > 200 ? text.slice(0, 100) : text)) },
        options,
      ),
  })),
  "send with an aborted signal is refused as aborted, and nothing is shown": connection((good) => ({
    send: (chat, message, options) =>
      good.send(chat, message, options.signal.aborted ? { ...options, signal: new AbortController().signal } : options),
  })),
  "what an agent writes pings nobody who was not named": connection((good) => ({
    send: (chat, message, options) => good.send(chat, message, { ...options, mentions: [...options.mentions, "everyone"] }),
  })),
  "who is among the mentions is pinged": connection((good) => ({
    send: (chat, message, options) => good.send(chat, message, { ...options, mentions: [] }),
  })),
  "a silent message is silent, and others are not": connection((good) => ({
    send: (chat, message, options) => good.send(chat, message, { ...options, silent: false }),
  })),
  "a quote stands under what it quotes": connection((good) => ({
    send: (chat, message, { quote, ...options }) =>
      good.send(chat, message, quote === undefined ? options : { ...options, quote: { ...quote, messageId: "another" } }),
  })),
  "a send under the same key is not said twice": connection((good) => ({
    send: (chat, message, options) => {
      const isRepeated = options.idempotencyKey === "the same";
      return good.send(chat, message, isRepeated ? { ...options, idempotencyKey: `${(count += 1)}` } : options);
    },
  })),
  "findSent finds what was sent, and nothing else": connection(() => ({ findSent: async () => undefined })),
  "an edit shows the new text in the same place": connection((good) => ({
    async edit(ref, message, options) {
      if (message.texts[0] === "after") await good.send({ ref, type: "dm" }, message, options);
      else await good.edit?.(ref, message, options);
    },
  })),
  "an edit that changes nothing succeeds or says not-modified": failures("not-modified", { kind: "invalid" }),
  "an edit above the limit is refused as too-long, and what stood there stays": connection((good) => ({
    edit: async (ref, message, options) =>
      good.edit?.(ref, { ...message, texts: message.texts.map((text) => text.slice(0, 200)) }, options),
  })),
  "what is removed stands there no longer, and the rest does": connection(() => ({ remove: async () => undefined })),
  "a reaction is put there and taken back": connection((good) => ({
    react: async (ref, emoji) => good.react?.(ref, emoji, true),
  })),
  "typing can be shown and ended": connection((good) => ({
    setTyping: async (chat) =>
      void (await good.send(
        chat,
        { texts: ["…"], files: [], actions: [] },
        { signal: new AbortController().signal, idempotencyKey: "typing", mentions: [] },
      )),
  })),
  "a live message grows, and stays once it is finished": {
    ...connection((good) => ({
      async openLive(...parameters) {
        const live = (await good.openLive?.(...parameters)) ?? null;
        return live === null ? null : { ...live, finish: (view) => live.finish({ ...view, markdown: "It grows" }) };
      },
    })),
    alsoSeenBy: [
      "a live message that may be rewritten shows what it was rewritten to",
      "a live message above its limit is refused as too-long instead of cut",
    ],
  },
  "a live message that may be rewritten shows what it was rewritten to": live((good) => {
    let shown = "";
    const longer = (view: ReplyView): ReplyView => {
      shown = view.markdown.startsWith(shown) ? view.markdown : shown + view.markdown;
      return { ...view, markdown: shown };
    };
    return { update: (view) => good.update(longer(view)), finish: (view) => good.finish(longer(view)) };
  }),
  "a live message above its limit is refused as too-long instead of cut": live((good) => ({
    finish: (view) => good.finish({ ...view, markdown: view.markdown.slice(0, good.maxLength ?? 0) }),
  })),
  "a live message that is given up grows no more": live((good) => ({
    abandon: async () => void (await good.finish({ markdown: "It grows and was given up", steps: [] })),
  })),
  "a pressed button arrives with its token, and is settled": connection(() => ({ settleAction: async () => undefined })),
  "a thread is opened where something can be said then": connection((good) => ({
    async openThread(...parameters) {
      const thread = await good.openThread?.(...parameters);
      return { ref: { platform: "pigeon", chatId: thread?.ref.chatId ?? "", threadId: "nowhere" }, type: "group" };
    },
  })),
  "a direct message is opened where something can be said then": connection(() => ({
    openDirectMessage: async (userId) => ({ ref: { platform: "pigeon", chatId: `unknown-${userId}` }, type: "dm" }),
  })),
  "the chats that are listed can be sent to": connection(() => ({
    async *listChats() {
      // Nobody is known.
    },
  })),
  "commands are published": connection(() => ({ publishCommands: () => Promise.reject(new Error("not today")) })),
  "a message arrives as it was said": {
    ...events((event) =>
      event.type === "message" && event.text.startsWith("hello from group") ? { ...event, messageId: "other" } : event,
    ),
  },
  "ids and text come through JSON unharmed": events((event) =>
    event.type === "reaction" || event.type === "edit" ? { ...event, chat: { ...event.chat, name: undefined as never } } : event,
  ),
  "different messages have different event ids, and chats different ids": {
    ...events((event) => (event.type === "message" && event.text.endsWith("of two") ? { ...event, eventId: "the same" } : event)),
  },
  "what the bot says itself never arrives": {
    bench: (good) => ({
      ...good,
      people: { ...good.people, says: (said) => good.people.says(said.by === "ourselves" ? { ...said, by: "person" } : said) },
    }),
  },
  "other bots arrive flagged as bots": events((event) => ({
    ...event,
    origin: { ...event.origin, author: { ...event.origin.author, isBot: false } },
  })),
  "an edit arrives with the new text": events((event) =>
    event.type === "edit" && event.text === "before" ? { ...event, messageId: "another" } : event,
  ),
  "a second edit of a message is an event of its own": events((event) =>
    event.type === "edit" ? { ...event, eventId: `edit-${event.messageId}` } : event,
  ),
  "an edit that leaves the text as it was does not exist": {
    bench: (good) => ({
      ...good,
      people: { ...good.people, touches: async (message) => good.people.edits?.(message, "look at this") },
    }),
  },
  "a deletion arrives": events((event) => (event.type === "delete" ? { ...event, messageIds: ["another"] } : event)),
  "a reaction arrives with its emoji and its message": events((event) =>
    event.type === "reaction" ? { ...event, added: false } : event,
  ),
  "a message that nobody can decode stops nothing, and is marked": events((event) =>
    event.type === "other" ? undefined : event,
  ),
  "an answer sent to where a message came from stands there": connection((good) => ({
    send: (chat, message, options) =>
      good.send(
        chat.ref.threadId !== undefined && options.origin !== undefined
          ? { ...chat, ref: { platform: "pigeon", chatId: chat.ref.chatId } }
          : chat,
        message,
        options,
      ),
  })),
  "a target as people write it leads where events from there say they are": {
    bench: (good) => ({
      ...good,
      ...(good.manifest === undefined
        ? {}
        : { manifest: { ...good.manifest, parseTarget: (text) => ({ chatId: text, type: "dm" }) } }),
    }),
  },
  "a user id as people write it is the author's id": {
    bench: (good) => ({
      ...good,
      ...(good.manifest === undefined ? {} : { manifest: { ...good.manifest, parseUserId: (text) => text.toUpperCase() } }),
    }),
  },
  "what could not be stored comes again, the same": {
    ...host((good) => ({
      async accept(given, cursor) {
        try {
          return await good.accept(given, cursor);
        } catch {
          // Lost: the batch goes on as if it were stored.
          return given.map(() => "stored");
        }
      },
    })),
    alsoSeenBy: lostMessages,
  },
  "what was not stored when the process ended comes again, the same": {
    ...events((event) =>
      event.type === "message" && event.text === "across the end"
        ? { ...event, at: new Date((count += 1)).toISOString() }
        : event,
    ),
  },
  "what was stored and is told again is known by its event id": {
    ...events((event) =>
      event.type === "message" && event.text === "stored already" ? { ...event, eventId: `new-${(count += 1)}` } : event,
    ),
  },
  "nothing is acknowledged while it is not stored": {
    ...host((good) => ({
      async accept(given, cursor) {
        if (cursor !== undefined) await good.memory.set(cursor.key, cursor.value);
        return await good.accept(given, cursor);
      },
    })),
    alsoSeenBy: lostMessages,
  },
  "nothing is lost and nothing doubled while the store is slow": events((event) =>
    event.type === "message" && event.text === "slow 3" ? undefined : event,
  ),
  "what was refused is acknowledged like the rest": host((good) => ({
    async accept(given, cursor) {
      const answers = await good.accept(given);
      if (answers.includes("refused")) throw new Error("refused");
      return cursor === undefined ? answers : await good.accept([], cursor);
    },
  })),
  "what was stored does not come again after a restart": {
    platform: (good) => ({
      ...good,
      async connect(given, signal) {
        const kept = (await given.memory.get("kept")) as PlatformEvent | undefined;
        if (kept !== undefined) await given.accept([kept]);
        const accept: PlatformHost["accept"] = async (all, cursor) => {
          const answers = await given.accept(all, cursor);
          const once = all.find((event) => event.type === "message" && event.text === "only once");
          if (once !== undefined) await given.memory.set("kept", once as unknown as Json);
          return answers;
        };
        return await good.connect({ ...given, accept }, signal);
      },
    }),
  },
  "what is said while nobody listens arrives later": events((event) =>
    event.type === "message" && event.text === "while you were away" ? undefined : event,
  ),
  "what is caught up on is what would have been heard, and nothing older": connection((good) => ({
    async *catchUp(...parameters) {
      for await (const event of good.catchUp?.(...parameters) ?? []) yield { ...event, eventId: `caught-${event.eventId}` };
    },
  })),
  "files that are sent stand there byte for byte": {
    ...connection((good) => ({
      send: (chat, message, options) =>
        good.send(
          chat,
          { ...message, files: message.files.map((file) => ({ ...file, open: async () => new Blob(["another"]).stream() })) },
          options,
        ),
    })),
    alsoSeenBy: ["files that stand together keep their order, and send returns every message of theirs"],
  },
  "a file above the limit is refused, and nothing is shown": connection((good) => ({
    send: (chat, message, options) =>
      good.send(
        chat,
        {
          ...message,
          files: message.files.map((file) => ({
            ...file,
            sizeBytes: 1,
            open: async () =>
              new Blob([
                file.sizeBytes > 2000 ? "cut" : new Uint8Array(await new Response(await file.open()).arrayBuffer()),
              ]).stream(),
          })),
        },
        options,
      ),
  })),
  "what the table does not have is refused as invalid instead of left out": connection((good) => ({
    send: (chat, message, options) =>
      good.send(chat, { ...message, files: message.files.filter(({ kind }) => kind !== "image") }, options),
  })),
  "a caption of exactly the longest length stands whole with its file": files(({ texts, files, ...rest }) => ({
    ...rest,
    files,
    texts: texts.map((text) => (text.length === maxCaptionLength ? text.slice(1) : text)),
  })),
  "a caption above the limit is refused as too-long, and nothing is shown": files(({ texts, ...rest }) => ({
    ...rest,
    texts: texts.map((text) => text.slice(0, maxCaptionLength)),
  })),
  "files that stand together keep their order, and send returns every message of theirs": connection((good) => ({
    async send(chat, message, options) {
      const sent = await good.send(chat, message, options);
      return message.files.length > 1 ? [sent[0]] : sent;
    },
  })),
  "files that may not stand together are refused as invalid, and none of them is shown": files(({ files, ...rest }) => ({
    ...rest,
    files: files.filter(({ kind }) => kind === files[0]?.kind).slice(0, 3),
  })),
  "a ticket is good after a restart": {
    platform: (good) => {
      const known = new Set<string>();
      return {
        ...good,
        async connect(given, signal) {
          const accept: PlatformHost["accept"] = (all, cursor) => {
            for (const event of all)
              if (event.type === "message") for (const { ticket } of event.attachments) known.add(JSON.stringify(ticket));
            return given.accept(all, cursor);
          };
          const live = await good.connect({ ...given, accept }, signal);
          return {
            ...live,
            async download(attachment, options) {
              if (!known.has(JSON.stringify(attachment.ticket))) throw new Error("forgotten");
              return (await live.download?.(attachment, options)) ?? new ReadableStream();
            },
          };
        },
      };
    },
  },
  "an attachment says what it is": events((event) =>
    event.type === "message"
      ? { ...event, attachments: event.attachments.map((attachment) => ({ ...attachment, sizeBytes: 1 })) }
      : event,
  ),
  "no more than maxBytes is downloaded": connection((good) => ({
    download: async (attachment, options) =>
      (await good.download?.(attachment, { ...options, maxBytes: 1_000_000 })) ?? new ReadableStream(),
  })),
  "a rate limit is told with the time to wait": failures("rate-limited", { kind: "rate-limited", retryAfterMs: 3 }),
  "a chat that is gone is told as not-found": {
    ...failures("not-found", { kind: "invalid" }),
    alsoSeenBy: ["a thread that is gone is told as not-found", "a message that is gone is told as not-found"],
  },
  "a thread that is gone is told as not-found": {
    ...failures("not-found", { kind: "not-found", what: "chat" }),
    alsoSeenBy: ["a message that is gone is told as not-found"],
  },
  "a message that is gone is told as not-found": {
    ...failures("not-found", { kind: "not-found", what: "thread" }),
    alsoSeenBy: ["a chat that is gone is told as not-found"],
  },
  "a chat where the bot may not write is told as forbidden": failures("forbidden", { kind: "not-found", what: "chat" }),
  "wrong credentials are told as unauthorized": failures("unauthorized", { kind: "forbidden" }),
  "somebody else who listens is told as conflict": failures("conflict", { kind: "unavailable" }),
  "what the platform will never take is told as invalid": {
    ...failures("invalid", { kind: "forbidden" }),
    alsoSeenBy: [
      "files that may not stand together are refused as invalid, and none of them is shown",
      "what the table does not have is refused as invalid instead of left out",
      "a chat id that is none is refused without a try",
    ],
  },
  "a server that cannot have acted is told as unavailable and not done": failures("unavailable", { kind: "unavailable" }, true),
  "a server that may have acted is told as unavailable and maybe done": failures("unavailable", { kind: "unavailable" }, false),
  "a call that is aborted on its way is told as aborted and maybe done": {
    ...failures("aborted", { kind: "aborted" }, false),
  },
  "it works again once the trouble is over": connection((good) => {
    let isBroken = false;
    return {
      async send(...parameters) {
        if (isBroken)
          throw new PlatformError({ platform: "pigeon", failure: { kind: "unavailable" }, message: "broken for good" });
        try {
          return await good.send(...parameters);
        } catch (error) {
          isBroken = isPlatformError(error) && error.failure.kind === "rate-limited";
          throw error;
        }
      },
    };
  }),
  "a chat id that is none is refused without a try": connection((good) => ({
    send: (chat, message, options) =>
      good.send(/^[\w-]+$/u.test(chat.ref.chatId) ? chat : { ...chat, ref: { ...chat.ref, chatId: "ada" } }, message, options),
  })),
  "nothing that is shown or told holds a secret": {
    platform: (good) => ({
      ...good,
      connect(given, signal) {
        given.logger.debug(`Connecting with ${token}`);
        return good.connect(given, signal);
      },
    }),
  },
  "a genuine webhook is taken, also when the outward half was never connected": {
    mode: "webhook",
    platform: (good) => {
      let isConnected = false;
      return {
        ...good,
        connect(given, signal) {
          isConnected = true;
          return good.connect(given, signal);
        },
        async receive(request, given) {
          const isGenuine = request.headers.get("x-pigeon-secret") === hookSecret;
          if (isGenuine && !isConnected) return new Response(null, { status: 503 });
          return (await good.receive?.(request, given)) ?? new Response(null, { status: 500 });
        },
      };
    },
    alsoSeenBy: ["a body without an end is not read to its end"],
  },
  "a forged webhook is refused before anything of it is believed": {
    mode: "webhook",
    platform: (good) => ({
      ...good,
      async receive(request, given) {
        const body = await request.arrayBuffer();
        return (
          (await good.receive?.(new Request(request.url, { method: "POST", headers: request.headers, body }), given)) ??
          new Response()
        );
      },
    }),
    alsoSeenBy: ["a body without an end is not read to its end"],
  },
  "a forged webhook is refused whatever its body holds": {
    mode: "signed",
    platform: (good) => ({
      ...good,
      async receive(request, given) {
        const body = await request.text();
        try {
          JSON.parse(body);
        } catch {
          return new Response(null, { status: 400 });
        }
        return (
          (await good.receive?.(new Request(request.url, { method: "POST", headers: request.headers, body }), given)) ??
          new Response()
        );
      },
    }),
    alsoSeenBy: ["a body without an end is not read to its end"],
  },
  "a webhook that cannot be stored is not acknowledged": {
    mode: "webhook",
    platform: (good) => ({
      ...good,
      async receive(request, given) {
        const received = await good.receive?.(request, given);
        return received instanceof Response && received.status === 503 ? new Response() : (received ?? new Response());
      },
    }),
    alsoSeenBy: [...lostMessages, "what was stored and is told again is known by its event id"],
  },
  "a body without an end is not read to its end": {
    mode: "webhook",
    platform: (good) => ({
      ...good,
      async receive(request, given) {
        const isGenuine = request.headers.get("x-pigeon-secret") === hookSecret;
        const body = isGenuine ? await request.arrayBuffer() : null;
        if (body !== null && body.byteLength > 1_000_000) return new Response(null, { status: 413 });
        const whole = body === null ? request : new Request(request.url, { method: "POST", headers: request.headers, body });
        return (await good.receive?.(whole, given)) ?? new Response();
      },
    }),
  },
};
