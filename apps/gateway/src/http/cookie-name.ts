import { createHash } from "node:crypto";

/** Name of the page's cookie. Cookies know no ports: the gateways of two homes on one machine must not take each other's. */
export function cookieNameOf(home: string): string {
  return `hermes-${createHash("sha256").update(home).digest("hex").slice(0, 8)}`;
}
