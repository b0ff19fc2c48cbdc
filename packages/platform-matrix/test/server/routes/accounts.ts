import type { Route, ServerCall } from "@hermes/testkit/server";
import { matrixError } from "../matrix-error.ts";
import type { Homeserver } from "../homeserver.ts";
import type { Device } from "../sessions.ts";
import type { Fields } from "../world.ts";

const client = "/_matrix/client/v3";

/** Logging in and out, and the account's own data. */
export function accountRoutes(server: Homeserver): readonly Route[] {
  const { world, sessions } = server;
  const own = (call: ServerCall): Device => {
    const device = sessions.deviceOf(call);
    if (call.parameters["user"] !== device.userId) throw matrixError(403, "M_FORBIDDEN", "Cannot do that for other users");
    return device;
  };
  const shown = (device: Device): Fields => ({
    access_token: device.token,
    ...(device.refreshToken === undefined ? {} : { refresh_token: device.refreshToken, expires_in_ms: 300_000 }),
  });
  return [
    {
      method: "GET",
      path: "/.well-known/matrix/client",
      operation: "well-known",
      handle: () => {
        if (server.wellKnown === undefined) throw matrixError(404, "M_NOT_FOUND", "No such file");
        return { body: server.wellKnown };
      },
    },
    {
      method: "GET",
      path: "/_matrix/client/versions",
      operation: "versions",
      handle: () => ({ body: { versions: ["v1.1", "v1.11", "v1.15"], unstable_features: {} } }),
    },
    {
      method: "GET",
      path: `${client}/login`,
      operation: "login-flows",
      handle: () => ({ body: { flows: [{ type: "m.login.password" }] } }),
    },
    {
      method: "POST",
      path: `${client}/login`,
      operation: "login",
      handle(call) {
        const body = call.json() as {
          type?: unknown;
          identifier?: { type?: unknown; user?: unknown };
          password?: unknown;
          device_id?: string;
          refresh_token?: boolean;
        };
        if (body.type !== "m.login.password" || body.identifier?.type !== "m.id.user")
          throw matrixError(400, "M_UNKNOWN", "Unknown login type");
        const user = String(body.identifier.user);
        const account = world.accounts.get(user.startsWith("@") ? user : `@${user}:${world.serverName}`);
        if (account === undefined || account.password !== body.password)
          throw matrixError(403, "M_FORBIDDEN", "Invalid username or password");
        const device = sessions.open(account.userId, body.device_id, body.refresh_token === true && server.hasRefreshTokens);
        return { body: { user_id: account.userId, device_id: device.deviceId, home_server: world.serverName, ...shown(device) } };
      },
    },
    {
      method: "POST",
      path: `${client}/refresh`,
      operation: "refresh",
      handle: (call) => ({ body: shown(sessions.refresh(String((call.json() as Fields)["refresh_token"]))) }),
    },
    {
      method: "POST",
      path: `${client}/logout`,
      operation: "logout",
      handle(call) {
        sessions.end(sessions.deviceOf(call), false);
        return { body: {} };
      },
    },
    {
      method: "GET",
      path: `${client}/account/whoami`,
      operation: "whoami",
      handle(call) {
        const { userId, deviceId } = sessions.deviceOf(call);
        return { body: { user_id: userId, device_id: deviceId, is_guest: false } };
      },
    },
    {
      method: "GET",
      path: `${client}/profile/:user/displayname`,
      operation: "profile",
      handle(call) {
        const account = world.accounts.get(call.parameters["user"] ?? "");
        if (account === undefined) throw matrixError(404, "M_NOT_FOUND", "Profile not found");
        return { body: account.displayName === undefined ? {} : { displayname: account.displayName } };
      },
    },
    {
      method: "GET",
      path: `${client}/user/:user/account_data/:type`,
      operation: "account-data",
      handle(call) {
        const data = world.accounts.get(own(call).userId)?.data.get(call.parameters["type"] ?? "");
        if (data === undefined) throw matrixError(404, "M_NOT_FOUND", "Account data not found");
        return { body: data.content };
      },
    },
    {
      method: "PUT",
      path: `${client}/user/:user/account_data/:type`,
      operation: "set-account-data",
      handle(call) {
        const account = world.accounts.get(own(call).userId);
        if (account !== undefined) world.setData(account, call.parameters["type"] ?? "", call.json() as Fields);
        return { body: {} };
      },
    },
    {
      method: "POST",
      path: `${client}/user/:user/filter`,
      operation: "filter",
      handle(call) {
        own(call);
        return { body: { filter_id: server.keepFilter(call.json() as Fields) } };
      },
    },
    {
      method: "GET",
      path: `${client}/pushrules/`,
      operation: "push-rules",
      handle: () => ({ body: { global: { override: [], content: [], room: [], sender: [], underride: [] } } }),
    },
    {
      method: "GET",
      path: `${client}/capabilities`,
      operation: "capabilities",
      handle: () => ({ body: { capabilities: {} } }),
    },
  ];
}
