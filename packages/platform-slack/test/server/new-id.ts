import { randomUUID } from "node:crypto";

/** An id nobody has yet. */
export function newId(prefix: string): string {
  return prefix + randomUUID().replaceAll("-", "").slice(0, 10).toUpperCase();
}
