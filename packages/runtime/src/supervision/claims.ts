import type { Logger, Platform } from "@hermes/core";
import type { Lease, Locks } from "../locks.ts";

/** What claims are made with. */
export interface ClaimsParts {
  readonly platform: Pick<Platform, "id" | "claims">;
  readonly locks: Locks;
  /** What a loser of the claim is told. */
  readonly holder: string;
  readonly logger: Logger;
}

/** The claims of one platform: all of them are held, or none. */
export class Claims {
  readonly #parts: ClaimsParts;
  #leases: readonly Lease[] | undefined;
  /** Listeners that did not end when they were asked to. */
  readonly #lingering = new Set<Promise<unknown>>();
  #isWanted = false;

  constructor(parts: ClaimsParts) {
    this.#parts = parts;
  }

  /** Each is aborted when a claim that is held gets lost. */
  get lost(): readonly AbortSignal[] {
    return (this.#leases ?? []).map((lease) => lease.lost);
  }

  /** Somebody still listens: as long as that goes on, nothing is given back. */
  linger(listener: Promise<unknown>): void {
    this.#lingering.add(listener);
    void listener.then(async () => {
      this.#lingering.delete(listener);
      if (!this.#isWanted) await this.release();
    });
  }

  /** Holds all of them; where somebody else holds one, answers who. Rejects where it cannot be asked. */
  async hold(signal: AbortSignal): Promise<{ readonly heldBy: string } | undefined> {
    this.#isWanted = true;
    if (this.#leases !== undefined) return undefined;
    const { platform, locks, holder } = this.#parts;
    const leases: Lease[] = [];
    try {
      for (const claim of platform.claims) {
        const answer = await locks.acquire(`${claim.scope}-${claim.fingerprint}`, holder, signal);
        if ("heldBy" in answer) {
          await this.#give(leases);
          return answer;
        }
        leases.push(answer);
      }
    } catch (error) {
      // Kept, they would block this very platform when it asks for them again.
      await this.#give(leases);
      throw error;
    }
    this.#leases = leases;
    return undefined;
  }

  /** Gives back what was lost, so that it can be asked for again. Answers whether anything was. */
  async dropLost(): Promise<boolean> {
    if (!this.lost.some(({ aborted }) => aborted)) return false;
    await this.#drop();
    return true;
  }

  /** Gives them back, at the latest when nobody listens any more. Never rejects. */
  async release(): Promise<void> {
    this.#isWanted = false;
    if (this.#lingering.size === 0) await this.#drop();
  }

  /** Waits until nobody listens any more, and gives them back. */
  async end(): Promise<void> {
    await Promise.all(this.#lingering);
    await this.release();
  }

  async #drop(): Promise<void> {
    const leases = this.#leases ?? [];
    this.#leases = undefined;
    await this.#give(leases);
  }

  async #give(leases: readonly Lease[]): Promise<void> {
    const { platform, logger } = this.#parts;
    for (const lease of leases) {
      try {
        await lease.release();
      } catch (error) {
        logger.warn(`[${platform.id}] Releasing a lock failed: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
}
