/** A place of the console. */
export type Route =
  | { readonly page: "chat"; readonly sessionKey: string | undefined }
  | { readonly page: "platforms" }
  | { readonly page: "deliveries"; readonly tab: "outgoing" | "incoming" }
  | { readonly page: "message"; readonly id: string }
  | { readonly page: "waiting" }
  | { readonly page: "access" }
  | { readonly page: "missing" };

/** Which place an address means. A conversation stands in the fragment: servers on the way do not see it. */
export function routeOf({ pathname, hash }: Pick<Location, "pathname" | "hash">): Route {
  const path = pathname.replace(/\/+$/u, "");
  switch (path) {
    case "":
      return { page: "chat", sessionKey: sessionOf(hash) };
    case "/platforms":
    case "/waiting":
    case "/access":
      return { page: path.slice(1) as "platforms" | "waiting" | "access" };
    case "/deliveries":
      return { page: "deliveries", tab: hash === "#incoming" ? "incoming" : "outgoing" };
    default:
      return messageOf(path);
  }
}

/** The address of a place. */
export function addressOf(route: Route): string {
  switch (route.page) {
    case "chat":
      return route.sessionKey === undefined ? "/" : `/#chat=${encodeURIComponent(route.sessionKey)}`;
    case "deliveries":
      return route.tab === "incoming" ? "/deliveries#incoming" : "/deliveries";
    case "message":
      return `/deliveries/${encodeURIComponent(route.id)}`;
    case "platforms":
    case "waiting":
    case "access":
      return `/${route.page}`;
    case "missing":
      return "/";
  }
}

function sessionOf(hash: string): string | undefined {
  const found = /^#chat=(.+)$/u.exec(hash)?.[1];
  return found === undefined ? undefined : decoded(found);
}

function messageOf(path: string): Route {
  const id = /^\/deliveries\/([^/]+)$/u.exec(path)?.[1];
  const known = id === undefined ? undefined : decoded(id);
  return known === undefined ? { page: "missing" } : { page: "message", id: known };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
