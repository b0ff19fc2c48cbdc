import type { Scope } from "@hermes/protocol";
import type { Gateway } from "@hermes/runtime";
import { carriesToken, FailureLimit } from "./bearer.ts";
import type { ReadinessWatch } from "./readiness.ts";

/** Who asks, as far as the socket tells. */
export interface Caller {
  readonly address: string;
  /** The `Host` header is one that a page on a stranger's site cannot send. */
  readonly isHostAllowed: boolean;
}

export interface RoutesParts {
  readonly gateway: Pick<Gateway, "fetch" | "status">;
  readonly readiness: ReadinessWatch;
  /** Answers at `/rpc`. */
  readonly rpc: (request: Request, scope: Scope | undefined) => Promise<Response>;
  /** The bearer token of this gateway. */
  readonly token: string;
  /** Id of the platform that answers at `/terminal/messages`. */
  readonly terminal: string;
  readonly now: () => number;
}

/** Answers a request by its path. */
export type Routes = (
  request: RequestFacts,
  toRequest: (path: string) => Request,
  caller: Caller,
) => Response | Promise<Response>;

/** What the way of a request is chosen by. */
export interface RequestFacts {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: string;
  readonly authorization: string | undefined;
}

/** Everything the gateway serves over HTTP. */
export function createRoutes({ gateway, readiness, rpc, token, terminal, now }: RoutesParts): Routes {
  const failures = new FailureLimit(now);
  const authorize = ({ authorization }: RequestFacts, { address }: Caller): Response | undefined => {
    if (failures.isBlocked(address)) return answer(429, { error: "too many wrong tokens" }, { "retry-after": "60" });
    if (carriesToken(authorization, token)) return undefined;
    if (authorization !== undefined) failures.add(address);
    return answer(401, { error: "a bearer token is needed" }, { "www-authenticate": "Bearer" });
  };
  const ready = (request: RequestFacts, caller: Caller): Response => {
    const { reasons } = readiness.now();
    const verdict = { status: reasons.length === 0 ? "ready" : "not ready" };
    const status = reasons.length === 0 ? 200 : 503;
    if (request.authorization === undefined) return answer(status, verdict);
    return authorize(request, caller) ?? answer(status, { ...verdict, reasons, ...gateway.status() });
  };
  return (request, toRequest, caller) => {
    const { method, path, query } = request;
    const webhook = /^\/webhooks\/([A-Za-z0-9_-]+)\/?$/u.exec(path)?.[1];
    if (webhook !== undefined && webhook !== terminal) return gateway.fetch(toRequest(`${path}${query}`));
    if (!caller.isHostAllowed) return answer(421, { error: "this name is not served here" });
    switch (path) {
      case "/healthz":
        return method === "GET" || method === "HEAD" ? answer(200, { status: "ok" }) : notAllowed("GET, HEAD");
      case "/readyz":
        return method === "GET" || method === "HEAD" ? ready(request, caller) : notAllowed("GET, HEAD");
      case "/terminal/messages":
        if (method !== "POST") return notAllowed("POST");
        return authorize(request, caller) ?? gateway.fetch(toRequest(`/webhooks/${terminal}`));
      case "/rpc": {
        if (method !== "POST") return notAllowed("POST");
        // Without a credential there is what everybody may ask; with a wrong one there is nothing.
        if (request.authorization === undefined) return rpc(toRequest(path), undefined);
        return authorize(request, caller) ?? rpc(toRequest(path), "admin");
      }
      default:
        return answer(404, { error: "there is nothing here" });
    }
  };
}

/** A small answer in JSON that nobody keeps. */
export function answer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(`${JSON.stringify(body)}\n`, {
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store", "x-content-type-options": "nosniff", ...headers },
  });
}

function notAllowed(allow: string): Response {
  return answer(405, { error: "this method is not for this address" }, { allow });
}
