import type { Route, ServerCall } from "@hermes/testkit/server";
import type { Homeserver } from "../homeserver.ts";
import { matrixError } from "../matrix-error.ts";
import { pageOf, readFilter, syncSince, type SyncFilter } from "../sync.ts";
import type { Fields } from "../world.ts";

const client = "/_matrix/client/v3";

/** What comes in. */
export function syncRoutes(server: Homeserver): readonly Route[] {
  const { world, sessions } = server;
  const positionOf = (token: string | null): number => {
    if (token === null) return 0;
    const position = Number(/^[st](\d+)$/u.exec(token)?.[1] ?? Number.NaN);
    if (Number.isSafeInteger(position) && position <= world.position) return position;
    throw matrixError(400, "M_INVALID_PARAM", "Invalid stream token");
  };
  const filterOf = ({ url }: ServerCall): SyncFilter => {
    const given = url.searchParams.get("filter");
    if (given === null) return readFilter({});
    if (!given.startsWith("{")) return readFilter(server.filters.get(given) ?? {});
    try {
      return readFilter(JSON.parse(given) as Fields);
    } catch {
      throw matrixError(400, "M_INVALID_PARAM", "Invalid filter JSON");
    }
  };
  return [
    {
      method: "GET",
      path: `${client}/sync`,
      operation: "sync",
      async handle(call) {
        const device = sessions.deviceOf(call);
        const account = world.accounts.get(device.userId);
        if (account === undefined) throw matrixError(401, "M_UNKNOWN_TOKEN", "Unknown account");
        const since = positionOf(call.url.searchParams.get("since"));
        const filter = filterOf(call);
        const timeoutMs = Number(call.url.searchParams.get("timeout") ?? 0);
        const first = syncSince(world, account, device.deviceId, since, filter);
        if (!first.isEmpty || since === 0 || timeoutMs === 0) return { body: first.answer };
        await server.hold(timeoutMs, call.signal, () => !syncSince(world, account, device.deviceId, since, filter).isEmpty);
        // Whoever was logged out meanwhile is told nothing.
        sessions.deviceOf(call);
        return { body: syncSince(world, account, device.deviceId, since, filter).answer };
      },
    },
    {
      method: "GET",
      path: `${client}/rooms/:room/messages`,
      operation: "messages",
      handle(call) {
        const device = sessions.deviceOf(call);
        const room = server.roomOf(call, device.userId);
        const { searchParams } = call.url;
        if (searchParams.get("dir") !== "b") throw matrixError(400, "M_INVALID_PARAM", "dir must be one of [b]");
        const filter = JSON.parse(searchParams.get("filter") ?? "{}") as { readonly types?: readonly string[] };
        const from = searchParams.get("from");
        const page = {
          from: from === null ? world.position : positionOf(from),
          to: positionOf(searchParams.get("to")),
          limit: Math.min(Number(searchParams.get("limit") ?? 10), 100),
          types: filter.types,
        };
        return { body: pageOf(room, device.deviceId, page) };
      },
    },
  ];
}
