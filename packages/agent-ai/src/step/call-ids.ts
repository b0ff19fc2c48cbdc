import { createHash } from "node:crypto";

/** What every provider takes for the id of a call; Anthropic is the strictest. */
const usable = /^[A-Za-z0-9_-]{1,64}$/u;

/**
 * The id of a call, unique in its conversation: the model's own where that will do. Some servers number the calls of each answer anew, or
 * use characters that another provider refuses.
 */
export function callIdFor(given: string, taken: ReadonlySet<string>): string {
  if (usable.test(given) && !taken.has(given)) return given;
  for (let count = taken.size; ; count += 1) {
    const id = `call_${createHash("sha256").update(`${count} ${given}`).digest("hex").slice(0, 24)}`;
    if (!taken.has(id)) return id;
  }
}
