import type { AccessPolicy } from "./options.ts";
import type { AccessGrant } from "./store.ts";

/** The policy as it is asked: sets instead of lists. */
export interface AccessRules {
  readonly allowAll: boolean;
  readonly allowAllOn: ReadonlySet<string>;
  /** `platform:user` and `*:user`. */
  readonly allow: ReadonlySet<string>;
  /** `platform:role` of roles that let in. */
  readonly allowRoles: ReadonlySet<string>;
  /** `platform:user` of owners. */
  readonly owners: ReadonlySet<string>;
  /** `platform:user` and `*:user` of those who were named to look after the gateway. */
  readonly admins: ReadonlySet<string>;
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
    allow: new Set((policy.allow ?? []).map((entry) => checkEntry(entry, "access.allow"))),
    allowRoles: new Set((policy.allowRoles ?? []).map((entry) => checkRole(entry))),
    admins: new Set((policy.admins ?? []).map((entry) => checkEntry(entry, "access.admins"))),
    owners: new Set(grants.map((grant) => `${grant.platform}:${grant.userId}`)),
  };
}

/** Whether anybody at all can get in. */
export function letsAnybodyIn(rules: AccessRules): boolean {
  const { allowAll, allowAllOn, allow, allowRoles, owners } = rules;
  return allowAll || [allowAllOn, allow, allowRoles, owners].some(({ size }) => size > 0);
}

/**
 * Whether somebody may look after the gateway: its owners and whom the configuration names. Where a platform has neither, those who are
 * let in there by their own id.
 */
export function isAdmin(platform: string, userId: string, { owners, admins, allow }: AccessRules): boolean {
  const isNamed = (list: ReadonlySet<string>): boolean => list.has(`${platform}:${userId}`) || list.has(`*:${userId}`);
  if (isNamed(owners) || isNamed(admins)) return true;
  const hasSome = [...owners, ...admins].some((entry) => entry.startsWith(`${platform}:`) || entry.startsWith("*:"));
  return !hasSome && isNamed(allow);
}

/** Role ids are one platform's own, so `*:` means nothing here. */
function checkRole(entry: string): string {
  const checked = checkEntry(entry, "access.allowRoles", "role");
  if (!checked.startsWith("*:")) return checked;
  throw new TypeError(`access.allowRoles: \`${entry}\` names no platform. Write the platform's id, a colon and the role's id.`);
}

function checkEntry(entry: string, key: string, what: "role" | "user" = "user"): string {
  const colon = entry.indexOf(":");
  const userId = entry.slice(colon + 1);
  if (colon < 1 || userId === "") {
    const everywhere = what === "user" ? ", or `*:123456789` for that id everywhere" : "";
    throw new TypeError(
      `${key}: expected \`platform:${what}-id\`, got \`${entry}\`. Write the platform's id, a colon and the ${what}'s id${everywhere}.`,
    );
  }
  if (userId === "*") {
    throw new TypeError(
      `${key}: \`${entry}\` would let everybody in. If that is meant, say so with \`allowAll\` or \`allowAllOn\`.`,
    );
  }
  return entry;
}
