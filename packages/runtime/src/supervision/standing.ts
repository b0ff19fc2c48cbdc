import type { Connection } from "@hermes/core";
import type { Connections } from "../connections.ts";
import { publishMenu, type CommandMenuParts } from "./command-menu.ts";
import { endsInTime, type Grace } from "./ends-in-time.ts";

/** What a standing connection is kept with. */
export interface StandingParts extends CommandMenuParts {
  readonly connections: Connections;
}

/** The connection that is used for sending, also while it is no longer listened to, until another takes its place. */
export class Standing {
  readonly #parts: StandingParts;
  readonly #grace: Grace;
  #connection: Connection | undefined;

  constructor(parts: StandingParts, grace: Grace) {
    this.#parts = parts;
    this.#grace = grace;
  }

  /** Takes the place of what stood there, which is hung up. Nothing is sent by it before `use`. */
  async replace(fresh: Connection): Promise<void> {
    await this.retire();
    this.#connection = fresh;
  }

  /** From now on it is sent by. */
  use(connection: Connection): void {
    this.#parts.connections.set(this.#parts.platform.id, connection);
    // Not awaited: it is used meanwhile. It never rejects.
    void publishMenu(connection, this.#parts);
  }

  /** Hangs it up. Never rejects, and waits for no adapter without end. */
  async retire(): Promise<void> {
    const { platform, connections, logger } = this.#parts;
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection === undefined) return;
    connections.remove(platform.id, connection);
    const hangingUp = (async () => await connection.disconnect())().catch((error: unknown) =>
      logger.warn(`[${platform.id}] Disconnecting failed: ${error instanceof Error ? error.message : String(error)}`),
    );
    if (!(await endsInTime(hangingUp, this.#grace)))
      logger.warn(`[${platform.id}] The adapter did not hang up within ${this.#grace.graceMs / 1000} s; it is left to itself`);
  }
}
