import { ClientEvent, createClient, SyncState, type MatrixClient } from "matrix-js-sdk";
import { logger } from "matrix-js-sdk/lib/logger.js";
import { closing } from "./closing.ts";
import type { Homeserver } from "./server.ts";

const silent = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing, getChild: () => silent };

function nothing(): void {
  // The SDK says a lot; what matters shows in what it does.
}

/** The vendor's own client, as its users make it: logged in with a password, synced, closed with the test. */
export async function openSdkClient(server: Homeserver, name: string): Promise<MatrixClient> {
  Object.assign(logger, silent, { log: nothing });
  const userId = `@${name}:${server.world.serverName}`;
  const visitor = createClient({ baseUrl: server.url, logger: silent });
  const session = await visitor.loginRequest({
    type: "m.login.password",
    identifier: { type: "m.id.user", user: userId },
    password: "FAKE-password-for-tests",
  });
  const { access_token: accessToken, device_id: deviceId } = session;
  const client = createClient({ baseUrl: server.url, userId, accessToken, deviceId, logger: silent });
  closing.push(async () => client.stopClient());
  const ready = new Promise<void>((resolve) => {
    client.on(ClientEvent.Sync, (state) => {
      if (state === SyncState.Prepared) resolve();
    });
  });
  await client.startClient({ initialSyncLimit: 20 });
  await ready;
  return client;
}
