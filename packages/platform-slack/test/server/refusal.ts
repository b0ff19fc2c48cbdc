import { refuse, type Refused } from "@hermes/testkit/server";

/** Slack's way to say no: 200, and why. */
export function no(error: string, more: Readonly<Record<string, unknown>> = {}): Refused {
  return refuse(200, { ok: false, error, ...more });
}
