/** What somebody may do: look, change what is on its way, everything. Each includes the ones before it. */
export type Scope = "read" | "write" | "admin";

const ranks: Readonly<Record<Scope | "none", number>> = { none: 0, read: 1, write: 2, admin: 3 };

/** Whether who holds `held` may do what needs `needed`; undefined holds nothing, `none` needs nothing. */
export function isAllowed(held: Scope | undefined, needed: Scope | "none"): boolean {
  return ranks[held ?? "none"] >= ranks[needed];
}
