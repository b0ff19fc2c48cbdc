/** What the agent reads when it is refused something. */
export type RefusalReason = "invalid" | "not-found";

/** The library answers its own kind of error with a code and a sentence; it is loaded by the time that somebody is refused. */
export async function refuse(reason: RefusalReason, message: string): Promise<never> {
  const { RequestError } = await import("@agentclientprotocol/sdk");
  throw reason === "invalid" ? RequestError.invalidParams(undefined, message) : new RequestError(-32_002, message);
}
