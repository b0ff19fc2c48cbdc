import type { HostSocket } from "@hermes/core";
import { isAllowed, type Scope } from "@hermes/protocol";
import type { Gateway } from "@hermes/runtime";
import type { Credential } from "../credentials/credential.ts";
import type { Uploads } from "../uploads/uploads.ts";
import { answer, notAllowed } from "./answer.ts";
import type { ConsoleDoor } from "./console-door.ts";
import type { ConsoleFiles } from "./console-files.ts";
import { unauthorized, type Doorkeeper, type Shown } from "./doorkeeper.ts";
import { giveFile, takeFile } from "./file-door.ts";
import type { Caller } from "./gate.ts";
import type { ReadinessWatch } from "./readiness.ts";

/** What the way of a request is chosen by. */
export interface RequestFacts extends Shown {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: string;
  /** The header `Accept-Encoding`. */
  readonly acceptEncoding: string | undefined;
}

/** The request itself, at a path that is chosen by the route. `untilGone`: its signal is aborted when the caller hangs up. */
export type ToRequest = (pathAndQuery: string, options?: { readonly untilGone?: boolean }) => Request;

/** A socket that may be opened. */
export interface Upgrade {
  readonly take: (socket: HostSocket) => Promise<void>;
  /** Who opens it has shown no credential. */
  readonly isAnonymous: boolean;
}

/** Answers a request by its path. */
export interface Routes {
  answer(facts: RequestFacts, toRequest: ToRequest, who: () => Caller): Response | Promise<Response>;
  /** What is done with a socket that somebody wants to open; a response refuses it. */
  upgrade(facts: RequestFacts, toRequest: ToRequest, caller: Caller): Promise<Response | Upgrade>;
}

export interface RoutesParts {
  readonly gateway: Pick<Gateway, "fetch" | "receive" | "status">;
  readonly readiness: ReadinessWatch;
  readonly doorkeeper: Doorkeeper;
  /** Answers at `/rpc`. */
  readonly rpc: (request: Request, credential: Credential | undefined) => Promise<Response>;
  /** Answers at `/v1/messages`. */
  readonly messages: (request: Request) => Promise<Response>;
  readonly metrics: () => string;
  readonly consoleDoor: ConsoleDoor;
  readonly consoleFiles: ConsoleFiles;
  readonly uploads: Uploads;
  /** Platforms that are the gateway's own doors, by the paths that lead to them: exact ones, or all that begin with one that ends in `/`. */
  readonly doors: ReadonlyMap<string, string>;
  /** Where a platform reads whose request it is. */
  readonly credentials: WeakMap<Request, Credential>;
}

/** Everything the gateway serves over HTTP. */
export function createRoutes(parts: RoutesParts): Routes {
  const { gateway, doorkeeper, doors } = parts;
  const doorAt = (path: string): string | undefined =>
    doors.get(path) ?? [...doors].find(([prefix]) => prefix.endsWith("/") && path.startsWith(prefix))?.[1];
  const ownDoors = new Set(doors.values());
  /** The request, with whose it is noted for the platform that gets it. */
  const signed = (request: Request, credential: Credential | undefined): Request => {
    if (credential !== undefined) parts.credentials.set(request, credential);
    return request;
  };
  /** A request to one of the gateway's own doors. */
  const atDoor = async (facts: RequestFacts, toRequest: ToRequest, caller: Caller): Promise<Response> => {
    const { path, query } = facts;
    if (path === "/healthz") return caller.refusal === "host" ? wrongHost(doorkeeper, caller) : health(facts);
    const platform = doorAt(path);
    const refused = doorkeeper.refuse(mayBeForeign(facts, caller, platform) ? { ...caller, isForeign: false } : caller);
    if (refused !== undefined) return refused;
    if (platform === undefined) return await ownDoor(facts, toRequest, caller, parts);
    const received = await gateway.receive(toRequest(`${path}${query}`, { untilGone: true }), platform);
    if (!(received instanceof Response)) return answer(426, { error: "this address is for sockets" }, { upgrade: "websocket" });
    // Its wrong keys count like the gateway's own.
    if (received.status === 401 && facts.authorization !== undefined) doorkeeper.refuseWrong(caller.address);
    return received;
  };
  return {
    answer(facts, toRequest, who) {
      const { path, query } = facts;
      const webhook = /^\/webhooks\/([A-Za-z0-9_-]+)\/?$/u.exec(path)?.[1];
      if (webhook !== undefined && !ownDoors.has(webhook)) return gateway.fetch(toRequest(`${path}${query}`));
      return atDoor(facts, toRequest, who());
    },
    async upgrade(facts, toRequest, caller) {
      const refused = doorkeeper.refuse(caller);
      if (refused !== undefined) return refused;
      const platform = doors.get(facts.path);
      if (platform === undefined || facts.method !== "GET") return answer(404, { error: "there is no socket here" });
      const credential = await doorkeeper.identify(facts, caller);
      if (credential instanceof Response) return credential;
      const received = await gateway.receive(signed(toRequest(`${facts.path}${facts.query}`), credential), platform);
      if (received instanceof Response) return received;
      return { take: received.upgrade, isAnonymous: credential === undefined };
    },
  };
}

/**
 * A door with keys of its own decides by itself which pages may call it. And people come to our page by links in other pages: it is
 * the same for everybody, and tells nothing.
 */
function mayBeForeign({ method, path }: RequestFacts, { isVisit }: Caller, platform: string | undefined): boolean {
  return platform !== undefined || (isVisit && method === "GET" && !isOwnAddress(path));
}

const ownAddresses: ReadonlySet<string> = new Set(["/readyz", "/metrics", "/rpc"]);

/** Whether something else than the page is served there. */
function isOwnAddress(path: string): boolean {
  return ownAddresses.has(path) || path.startsWith("/v1/") || path.startsWith("/console/");
}

function wrongHost(doorkeeper: Doorkeeper, caller: Caller): Response {
  return doorkeeper.refuse(caller) ?? answer(421, { error: "this name is not served here" });
}

function health({ method }: RequestFacts): Response {
  return method === "GET" || method === "HEAD" ? answer(200, { status: "ok" }) : notAllowed("GET, HEAD");
}

async function ownDoor(facts: RequestFacts, toRequest: ToRequest, caller: Caller, parts: RoutesParts): Promise<Response> {
  const { method, path, query } = facts;
  const isReading = method === "GET" || method === "HEAD";
  if (path === "/console/sign-in")
    return method === "POST" ? parts.consoleDoor.signIn(toRequest(path), caller) : notAllowed("POST");
  if (path === "/console/sign-out") return method === "POST" ? parts.consoleDoor.signOut(facts, caller) : notAllowed("POST");
  // The page is for everybody: nobody is asked who they are, and nothing is looked up.
  const page = isReading && !isOwnAddress(path) ? await parts.consoleFiles.find(path, facts.acceptEncoding) : undefined;
  if (page !== undefined) return page;
  const credential = await parts.doorkeeper.identify(facts, caller);
  if (credential instanceof Response) return credential;
  const needs = (scope: Scope): Response | undefined => lacks(credential, scope);
  switch (path) {
    case "/readyz":
      return isReading ? ready(credential, parts) : notAllowed("GET, HEAD");
    case "/metrics":
      if (!isReading) return notAllowed("GET, HEAD");
      return (
        needs("read") ??
        new Response(parts.metrics(), {
          headers: {
            "content-type": "text/plain; version=0.0.4; charset=utf-8",
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
          },
        })
      );
    case "/rpc":
      return method === "POST" ? parts.rpc(toRequest(path), credential) : notAllowed("POST");
    case "/console/session":
      if (!isReading) return notAllowed("GET, HEAD");
      return needs("read") ?? answer(200, { user: credential?.userId, scope: credential?.scope });
    case "/v1/messages":
      return method === "POST" ? (needs("write") ?? parts.messages(toRequest(path))) : notAllowed("POST");
    case "/v1/files":
      return method === "POST" ? (needs("write") ?? takeFile(toRequest(`${path}${query}`), parts.uploads)) : notAllowed("POST");
    default:
      break;
  }
  const file = /^\/v1\/files\/([\w-]{1,64})$/u.exec(path)?.[1];
  if (file !== undefined) return isReading ? (needs("read") ?? giveFile(file, parts.uploads)) : notAllowed("GET, HEAD");
  return answer(404, { error: "there is nothing here" });
}

function ready(credential: Credential | undefined, { readiness, gateway }: RoutesParts): Response {
  const { reasons } = readiness.now();
  const isReady = reasons.length === 0;
  const verdict = { status: isReady ? "ready" : "not ready" };
  const status = isReady ? 200 : 503;
  return answer(status, lacks(credential, "read") === undefined ? { ...verdict, reasons, ...gateway.status() } : verdict);
}

function lacks(credential: Credential | undefined, scope: Scope): Response | undefined {
  if (credential === undefined) return unauthorized();
  return isAllowed(credential.scope, scope) ? undefined : answer(403, { error: `this credential has not the scope ${scope}` });
}
