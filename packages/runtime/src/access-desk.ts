import type { Clock, Logger } from "@hermes/core";
import { compileAccess, isAdmin, letsAnybodyIn, type AccessRules } from "./access.ts";
import { decideFor, type Admission } from "./admission.ts";
import type { AccessFacts, AccessPolicy } from "./options.ts";
import type { Store } from "./store.ts";

/** What the desk works with. */
export interface AccessDeskParts {
  readonly policy: AccessPolicy;
  readonly platforms: ReadonlyMap<string, unknown>;
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Knows who is let in: what the configuration says, and what was given and taken back since. */
export class AccessDesk {
  readonly #parts: AccessDeskParts;
  #rules: AccessRules;

  /** @throws TypeError for a policy that cannot be meant. */
  constructor(parts: AccessDeskParts) {
    this.#parts = parts;
    this.#rules = compileAccess(parts.policy, []);
  }

  get rules(): AccessRules {
    return this.#rules;
  }

  async open(): Promise<void> {
    await this.#refresh();
    if (letsAnybodyIn(this.#rules)) return;
    const example = `${[...this.#parts.platforms.keys()][0] ?? "*"}:123456789`;
    this.#parts.logger.warn(
      `Nobody is let in: every message is refused. Name people in \`access.allow\`, for example ["${example}"].`,
    );
  }

  async crown(platform: string, userId: string): Promise<void> {
    const { store, clock, logger } = this.#parts;
    await store.grantAccess({ platform, userId, role: "owner", grantedAtMs: clock.now() });
    await this.#refresh();
    logger.info(`[${platform}] ${userId} is the owner now`);
  }

  async hasOwner(): Promise<boolean> {
    return (await this.#parts.store.listGrants()).some((grant) => grant.role === "owner");
  }

  async facts(): Promise<AccessFacts> {
    const { policy, platforms, store } = this.#parts;
    const { allow = [], allowAll = false, allowAllOn = [] } = policy;
    return { configured: allow, granted: await store.listGrants(), open: allowAll ? [...platforms.keys()] : allowAllOn };
  }

  /** What would be decided about a direct message of somebody. */
  decide(platform: string, userId: string): Admission {
    return decideFor(platform, userId, this.#rules, this.#parts.clock.now());
  }

  /** Whether somebody may look after the gateway. */
  isAdmin(platform: string, userId: string): boolean {
    return isAdmin(platform, userId, this.#rules);
  }

  async revoke(platform: string, userId: string): Promise<boolean> {
    const isRevoked = await this.#parts.store.revokeAccess({ platform, userId });
    await this.#refresh();
    return isRevoked;
  }

  async #refresh(): Promise<void> {
    this.#rules = compileAccess(this.#parts.policy, await this.#parts.store.listGrants());
  }
}
