import { refuse, type Refused } from "@hermes/testkit/server";

/** A refusal in Matrix's words. */
export function matrixError(
  status: number,
  errcode: string,
  error: string,
  more: Readonly<Record<string, unknown>> = {},
): Refused {
  return refuse(status, { errcode, error, ...more });
}
