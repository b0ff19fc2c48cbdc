import type { Scope } from "@hermes/protocol";

/** Who somebody is, by what they showed; what they may do follows from it alone. */
export interface Credential {
  /** A stable name, safe to log. */
  readonly id: string;
  readonly userId: string;
  readonly userName?: string;
  readonly scope: Scope;
  /** Aborted when the credential is no longer good. */
  readonly ended: AbortSignal;
}

/** The person whose gateway it is, whatever they sign in with. */
export const ownerId = "owner";
