import { Homeserver, type HomeserverOptions } from "./server/homeserver.ts";

export { Homeserver } from "./server/homeserver.ts";
export type { Account, Fields, Room, StoredEvent } from "./server/world.ts";

/** Starts a Matrix homeserver on a free port of 127.0.0.1. Close it. */
export async function startHomeserver(options: HomeserverOptions = {}): Promise<Homeserver> {
  const server = new Homeserver(options);
  await server.start();
  return server;
}
