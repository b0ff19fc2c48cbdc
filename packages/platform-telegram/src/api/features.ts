import { native, type Calls } from "./calls.ts";
import { isMissingMethod, isUnderstood } from "./failure.ts";

/** What the Bot API server can do; an older one of somebody's own cannot. */
export interface Features {
  /** Messages with headings, tables and more (Bot API 10.1). */
  rich: boolean;
  /** Messages that are shown while they are written (Bot API 9.3). */
  drafts: boolean;
}

/**
 * Asks for what is wanted in a way that shows nobody anything: there is no chat 0.
 *
 * @throws PlatformError when the server cannot be asked.
 */
export async function probe(wanted: Features, { raw, attempt }: Calls, signal: AbortSignal): Promise<Features> {
  const has = (call: () => Promise<unknown>): Promise<boolean> => attempt("ask what the server can do", () => refused(call));
  // One after the other, so that a connection is enough.
  const rich = wanted.rich && (await has(() => raw.sendRichMessage({ chat_id: 0, rich_message: { html: "x" } }, native(signal))));
  const drafts = wanted.drafts && (await has(() => raw.sendMessageDraft({ chat_id: 0, draft_id: 1, text: "x" }, native(signal))));
  return { rich, drafts };
}

/** Whether the method is there at all. */
async function refused(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    if (isMissingMethod(error)) return false;
    if (isUnderstood(error)) return true;
    throw error;
  }
}
