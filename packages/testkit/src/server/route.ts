import type { ServerCall } from "./call.ts";
import type { Reply } from "./reply.ts";

/** One operation of the protocol. */
export interface Route {
  /** Default: any. */
  readonly method?: string;
  /** `/chats/:chat/messages`; a name stands for one segment or for the rest of one (`/bot:token/:method`). */
  readonly path: string;
  /** What faults and the log call it. Default: `METHOD /path` as written here. */
  readonly operation?: string | ((call: Pick<ServerCall, "parameters" | "url" | "method">) => string);
  /** Default: the server's. */
  readonly maxBodyBytes?: number;
  /** Answers, or throws what `refuse` makes. */
  handle(call: ServerCall): Reply | Promise<Reply>;
}

/** A route that fits, and what its names stand for. */
export interface Match {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
  readonly operation: string;
}

/** Finds the first route that fits. */
export function createRouter(routes: readonly Route[]): (method: string, url: URL) => Match | undefined {
  const compiled = routes.map((route) => ({ route, pattern: patternOf(route.path) }));
  return (method, url) => {
    for (const { route, pattern } of compiled) {
      if (route.method !== undefined && route.method !== method) continue;
      const found = pattern.exec(url.pathname);
      if (found === null) continue;
      const parameters = decodeAll(found.groups ?? {});
      if (parameters === undefined) continue;
      const { operation = `${method} ${route.path}` } = route;
      return { route, parameters, operation: typeof operation === "string" ? operation : operation({ parameters, url, method }) };
    }
    return undefined;
  };
}

function patternOf(path: string): RegExp {
  const source = path.replaceAll(/:(\w+)|[.*+?^${}()|[\]\\]/gu, (literal, name?: string) =>
    name === undefined ? `\\${literal}` : `(?<${name}>[^/]+)`,
  );
  return new RegExp(`^${source}$`, "u");
}

function decodeAll(groups: Readonly<Record<string, string>>): Readonly<Record<string, string>> | undefined {
  try {
    return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
  } catch {
    // An address with a broken escape fits no route.
    return undefined;
  }
}
