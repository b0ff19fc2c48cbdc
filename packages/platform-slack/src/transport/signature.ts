import { createHmac, hash, timingSafeEqual } from "node:crypto";

/** "If the timestamp is more than five minutes from local time, it could be a replay attack" (Verifying requests from Slack). */
const toleranceSeconds = 5 * 60;

/** What a request says about where it comes from. */
export interface Signature {
  readonly timestamp: string;
  readonly value: string;
}

/** The signature in the headers, if it is of the right form and of now; Bolt's own check takes any time that is to come. */
export function signatureIn(headers: Headers, nowMs: number): Signature | undefined {
  const timestamp = headers.get("x-slack-request-timestamp") ?? "";
  const value = headers.get("x-slack-signature") ?? "";
  if (!/^\d{1,12}$/u.test(timestamp) || !/^v0=[0-9a-f]{64}$/u.test(value)) return undefined;
  return Math.abs(nowMs / 1000 - Number(timestamp)) > toleranceSeconds ? undefined : { timestamp, value };
}

/** Whether this body was signed with the secret. Compares hashes, so that nothing shows in the time it takes. */
export function isSigned(body: string, { timestamp, value }: Signature, secret: string): boolean {
  const expected = `v0=${createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex")}`;
  return timingSafeEqual(hash("sha256", value, "buffer"), hash("sha256", expected, "buffer"));
}
