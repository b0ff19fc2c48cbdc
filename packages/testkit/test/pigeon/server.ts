import { createHmac } from "node:crypto";
import { refuse, startProtocolServer, type ProtocolServer, type Route, type ServerCall } from "../../src/server.ts";
import { bot, checkText, PigeonWorld, type Letter, type PigeonFile, type PigeonUpdate } from "./world.ts";

export const token = "123456:FAKE-TOKEN-FOR-TESTS";
export const hookSecret = "FAKE-HOOK-SECRET-FOR-TESTS";

export interface PigeonServer {
  readonly world: PigeonWorld;
  readonly server: ProtocolServer;
  close(): Promise<void>;
}

/** The protocol of a messenger that exists in these tests only: JSON over HTTP, long polls, and pushes to an address. */
export async function startPigeonServer(doorUrl: string): Promise<PigeonServer> {
  const world = new PigeonWorld();
  const pusher = createPusher(world, doorUrl);
  const server = await startProtocolServer({
    secrets: [token, hookSecret],
    routes: [
      ...messageRoutes(world),
      ...placeRoutes(world),
      ...inboundRoutes(
        world,
        (signed) => pusher.start(signed),
        () => server,
      ),
    ],
    authorize({ headers }) {
      if (headers.get("authorization") !== `Bearer ${token}`) throw refuse(401, { code: "token" });
    },
  });
  world.onUpdate = () => {
    server.changed();
    pusher.wake();
  };
  return {
    world,
    server,
    async close() {
      await pusher.close();
      await server.close();
    },
  };
}

function messageRoutes(world: PigeonWorld): readonly Route[] {
  const id = ({ parameters }: ServerCall): string => parameters["id"] ?? "";
  return [
    {
      method: "POST",
      path: "/messages",
      operation: "send",
      async handle(call) {
        const { letter, files } = await readLetter(call, world);
        return { status: 201, body: { id: world.post(letter, bot, files).id } };
      },
    },
    {
      method: "PATCH",
      path: "/messages/:id",
      operation: "edit",
      handle(call) {
        const { text = "" } = call.json() as { readonly text?: string };
        const message = world.message(id(call));
        checkText(text, message.files);
        if (message.text === text) throw refuse(422, { code: "not-modified" });
        message.text = text;
        return { status: 204 };
      },
    },
    {
      method: "DELETE",
      path: "/messages/:id",
      handle(call) {
        world.messages.splice(world.messages.indexOf(world.message(id(call))), 1);
        return { status: 204 };
      },
    },
    {
      path: "/messages/:id/reactions/:emoji",
      handle(call) {
        const { reactions } = world.message(id(call));
        const { emoji = "" } = call.parameters;
        if (call.method === "PUT") reactions.push(emoji);
        else reactions.splice(reactions.indexOf(emoji), 1);
        return { status: 204 };
      },
    },
    {
      method: "GET",
      path: "/files/:id",
      operation: "download",
      handle(call) {
        const file = world.messages.flatMap(({ files }) => files).find((one) => one.id === id(call));
        if (file === undefined) throw refuse(404, { code: "message" });
        return { body: file.bytes };
      },
    },
    {
      method: "GET",
      path: "/sent/:key",
      handle(call) {
        const message = world.sent.get(call.parameters["key"] ?? "");
        if (message === undefined) throw refuse(404, { code: "message" });
        return { body: { id: message.id } };
      },
    },
    {
      method: "POST",
      path: "/presses/:id",
      handle(call) {
        if (!world.presses.delete(id(call))) throw refuse(404, { code: "message" });
        world.settled += 1;
        return { status: 204 };
      },
    },
  ];
}

async function readLetter(
  call: ServerCall,
  world: PigeonWorld,
): Promise<{ readonly letter: Letter; readonly files: readonly PigeonFile[] }> {
  if (call.headers.get("content-type")?.startsWith("multipart/") !== true) return { letter: call.json() as Letter, files: [] };
  const form = await call.form();
  const letter = form.get("letter");
  const files = form.getAll("file").filter((file) => file instanceof File);
  return {
    letter: JSON.parse(typeof letter === "string" ? letter : "null") as Letter,
    files: await Promise.all(
      files.map(async (file) => ({
        id: world.id(),
        kind: "file",
        name: file.name,
        mimeType: file.type,
        bytes: new Uint8Array(await file.arrayBuffer()),
      })),
    ),
  };
}

function placeRoutes(world: PigeonWorld): readonly Route[] {
  return [
    { method: "GET", path: "/me", operation: "me", handle: () => ({ body: { id: bot.id, name: "Pigeon" } }) },
    { method: "GET", path: "/chats", handle: () => ({ body: [...world.chats].map(([id, { type }]) => ({ id, type })) }) },
    { method: "POST", path: "/typing", handle: () => ({ status: 204 }) },
    { method: "PUT", path: "/commands", handle: () => ({ status: 204 }) },
    {
      method: "POST",
      path: "/threads",
      handle(call) {
        const { chat = "" } = call.json() as { readonly chat?: string };
        const thread = world.id();
        world.chat(chat).threads.add(thread);
        return { body: { id: thread } };
      },
    },
    {
      method: "POST",
      path: "/direct",
      handle(call) {
        const { user = "" } = call.json() as { readonly user?: string };
        const id = `with-${user}`;
        if (!world.chats.has(id)) world.chats.set(id, { type: "dm", threads: new Set(), muted: false });
        return { body: { id } };
      },
    },
  ];
}

function inboundRoutes(world: PigeonWorld, push: (signed: boolean) => void, server: () => ProtocolServer): readonly Route[] {
  let pollers = 0;
  return [
    {
      method: "GET",
      path: "/updates",
      operation: "poll",
      async handle({ url, signal }) {
        pollers += 1;
        const own = pollers;
        world.acknowledge(Number(url.searchParams.get("after")));
        const waits = url.searchParams.get("wait") !== "0";
        if (waits) {
          const { lapses } = world;
          world.isAwaited = true;
          server().changed();
          await server()
            .until(() => world.updates.length > 0 || signal.aborted || own !== pollers || world.lapses > lapses, "an update")
            .catch(() => undefined);
          if (own === pollers) world.isAwaited = false;
        }
        if (own !== pollers) throw refuse(409, { code: "conflict" });
        return { body: world.updates };
      },
    },
    {
      method: "GET",
      path: "/history/:chat",
      handle({ url, parameters }) {
        const after = Number(url.searchParams.get("after"));
        const isWanted = ({ number, message }: PigeonUpdate): boolean =>
          number > after && (message as { readonly chat?: unknown } | undefined)?.chat === parameters["chat"];
        return { body: world.history.filter(isWanted) };
      },
    },
    {
      method: "PUT",
      path: "/hook",
      operation: "hook",
      handle(call) {
        push((call.json() as { readonly signed?: boolean }).signed === true);
        return { status: 204 };
      },
    },
  ];
}

/** The signature of a body. */
export function signatureOf(body: string | Uint8Array): string {
  return createHmac("sha256", hookSecret).update(body).digest("hex");
}

/** The headers by which a push is known. */
export function pushHeaders(body: string, signed: boolean): Readonly<Record<string, string>> {
  return signed ? { "x-pigeon-signature": signatureOf(body) } : { "x-pigeon-secret": hookSecret };
}

/** Pushes updates one after the other, each until it is taken. */
function createPusher(world: PigeonWorld, doorUrl: string) {
  const closing = new AbortController();
  let signed: boolean | undefined;
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    for (let update = world.updates[0]; update !== undefined && !closing.signal.aborted; update = world.updates[0]) {
      if (await push(JSON.stringify(update), signed === true)) world.acknowledge(update.number);
      else await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const push = async (body: string, isSigned: boolean): Promise<boolean> => {
    try {
      const headers = { "content-type": "application/json", ...pushHeaders(body, isSigned) };
      return (await fetch(doorUrl, { method: "POST", body, headers, signal: closing.signal })).ok;
    } catch {
      // Every failure is the same to the sender: it comes again.
      return false;
    }
  };
  const wake = (): void => {
    if (signed === undefined || closing.signal.aborted) return;
    running ??= run().finally(() => {
      running = undefined;
      if (world.updates.length > 0) wake();
    });
  };
  return {
    wake,
    start(isSigned: boolean) {
      signed = isSigned;
      wake();
    },
    async close() {
      closing.abort();
      await running;
    },
  };
}
