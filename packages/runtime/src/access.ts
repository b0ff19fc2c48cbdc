import type { AccessPolicy } from "./options.ts";
import type { AccessGrant } from "./store.ts";

/** The policy as it is asked: sets instead of lists. */
export interface AccessRules {
  readonly allowAll: boolean;
  readonly allowAllOn: ReadonlySet<string>;
  /** `platform:user` and `*:user`. */
  readonly allow: ReadonlySet<string>;
  /** `platform:user` of owners. */
  readonly owners: ReadonlySet<string>;
}

/**
 * Checks and compiles a policy.
 *
 * @throws TypeError naming the entry that cannot be meant and what to write instead.
 */
export function compileAccess(policy: AccessPolicy, grants: readonly AccessGrant[]): AccessRules {
  return {
    allowAll: policy.allowAll === true,
    allowAllOn: new Set(policy.allowAllOn ?? []),
    allow: new Set((policy.allow ?? []).map(checkEntry)),
    owners: new Set(grants.map((grant) => `${grant.platform}:${grant.userId}`)),
  };
}

/** Whether anybody at all can get in. */
export function letsAnybodyIn(rules: AccessRules): boolean {
  return rules.allowAll || rules.allowAllOn.size > 0 || rules.allow.size > 0 || rules.owners.size > 0;
}

function checkEntry(entry: string): string {
  const colon = entry.indexOf(":");
  const userId = entry.slice(colon + 1);
  if (colon < 1 || userId === "") {
    throw new TypeError(
      `access.allow: expected \`platform:user-id\`, got \`${entry}\`. Write the platform's id, a colon and the user's id, or \`*:123456789\` for that id everywhere.`,
    );
  }
  if (userId === "*") {
    throw new TypeError(
      `access.allow: \`${entry}\` would let everybody in. If that is meant, say so with \`allowAll\` or \`allowAllOn\`.`,
    );
  }
  return entry;
}
