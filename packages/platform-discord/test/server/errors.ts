import { refuse } from "@hermes/testkit/server";

const words: Readonly<Record<number, readonly [status: number, message: string]>> = {
  0: [401, "401: Unauthorized"],
  10_003: [404, "Unknown Channel"],
  10_004: [404, "Unknown Guild"],
  10_007: [404, "Unknown Member"],
  10_008: [404, "Unknown Message"],
  10_013: [404, "Unknown User"],
  10_014: [400, "Unknown Emoji"],
  10_015: [404, "Unknown Webhook"],
  10_062: [404, "Unknown interaction"],
  30_046: [429, "Maximum number of edits to messages older than 1 hour reached. Try again later."],
  40_005: [413, "Request entity too large"],
  40_060: [400, "Interaction has already been acknowledged."],
  50_001: [403, "Missing Access"],
  50_005: [403, "Cannot edit a message authored by another user"],
  50_006: [400, "Cannot send an empty message"],
  50_007: [403, "Cannot send messages to this user"],
  50_008: [400, "Cannot send messages in a non-text channel"],
  50_013: [403, "Missing Permissions"],
  50_024: [400, "Cannot execute action on this channel type"],
  50_083: [400, "Thread is archived"],
  160_004: [400, "A thread has already been created for this message"],
};

/** A refusal with Discord's code and words. */
export function refused(code: number): Error {
  const [status, message] = words[code] ?? [400, "Bad Request"];
  return refuse(status, { message, code });
}

/** "Invalid Form Body", with what is wrong with which field. */
export function invalidForm(field: string, code: string, message: string): Error {
  const errors = field.split(".").reduceRight<unknown>((inner, name) => ({ [name]: inner }), { _errors: [{ code, message }] });
  return refuse(400, { message: "Invalid Form Body", code: 50_035, errors });
}
