import type { Clock } from "@hermes/core";
import type { PlatformStatus } from "../gateway-status.ts";
import { keepPausedPlatforms, pausedPlatforms } from "../paused-platforms.ts";
import type { Store } from "../store.ts";
import type { Supervisor } from "./supervisor.ts";

/** What platforms are looked after with. */
export interface PlatformDeskParts {
  readonly supervisors: ReadonlyMap<string, Supervisor>;
  readonly store: Pick<Store, "readMemory" | "writeMemory">;
  readonly clock: Clock;
}

/** Tells how the platforms are, disconnects them for a while and connects them again; what is paused is so after a restart, too. */
export class PlatformDesk {
  readonly #parts: PlatformDeskParts;

  constructor(parts: PlatformDeskParts) {
    this.#parts = parts;
  }

  /** Pauses what was paused in an earlier process. Call it once, before platforms are started. */
  async open(): Promise<void> {
    const { supervisors, store, clock } = this.#parts;
    for (const id of await pausedPlatforms(store, clock.now())) supervisors.get(id)?.pause();
  }

  list(): readonly PlatformStatus[] {
    return [...this.#parts.supervisors.values()].map((supervisor) => supervisor.status);
  }

  /** @throws RangeError for an unknown platform. */
  async pause(platform: string): Promise<boolean> {
    const isNew = this.#supervisor(platform).pause();
    await this.#keep();
    return isNew;
  }

  /** @throws RangeError for an unknown platform. */
  async resume(platform: string): Promise<boolean> {
    const isNew = this.#supervisor(platform).resume();
    await this.#keep();
    return isNew;
  }

  #supervisor(platform: string): Supervisor {
    const supervisor = this.#parts.supervisors.get(platform);
    if (supervisor === undefined) throw new RangeError(`There is no platform ${JSON.stringify(platform)}`);
    return supervisor;
  }

  async #keep(): Promise<void> {
    const { supervisors, store, clock } = this.#parts;
    const isPaused = new Map([...supervisors].map(([id, supervisor]) => [id, supervisor.isPaused]));
    await keepPausedPlatforms(store, isPaused, clock.now());
  }
}
