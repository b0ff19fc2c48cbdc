import { isPlatformError, type Json, type MessageRef, type PlatformHost } from "@hermes/core";
import { isTimestamp, parseChannel } from "../place.ts";
import type { Workspace, Workspaces } from "../workspaces.ts";

/** Where they are remembered. */
const key = "streams";
/** More are not written at a time by one app; the oldest goes. */
const maxRemembered = 200;

/**
 * The streams that are being written, remembered so that none that a killed process left behind looks for ever as if it were still being
 * written. What it says stays: the gateway counts it as said.
 */
export class OpenStreams {
  readonly #host: Pick<PlatformHost, "memory" | "logger">;
  readonly #open = new Map<string, MessageRef>();
  #writing: Promise<void> = Promise.resolve();

  constructor(host: Pick<PlatformHost, "memory" | "logger">) {
    this.#host = host;
  }

  /** Resolves once it is remembered. */
  async opened(ref: MessageRef): Promise<void> {
    this.#open.set(ref.messageId, ref);
    const [oldest] = this.#open.keys();
    if (this.#open.size > maxRemembered && oldest !== undefined) this.#open.delete(oldest);
    await this.#write();
  }

  async ended(messageId: string): Promise<void> {
    if (this.#open.delete(messageId)) await this.#write();
  }

  /** Ends what an earlier process left unfinished. Rejects only where the memory does. */
  async endLeft(workspaces: Workspaces, signal: AbortSignal): Promise<void> {
    const remembered = await this.#host.memory.get(key);
    if (!Array.isArray(remembered) || remembered.length === 0) return;
    const refs = remembered.flatMap(refIn);
    const over = await Promise.all(refs.map((ref) => this.#isOver(ref, workspaces, signal)));
    for (const [index, ref] of refs.entries()) if (over[index] === false) this.#open.set(ref.messageId, ref);
    await this.#write();
  }

  /** false: it has to be looked at again. */
  async #isOver(ref: MessageRef, workspaces: Workspaces, signal: AbortSignal): Promise<boolean> {
    const { team = "", channel = "" } = parseChannel(ref.chatId) ?? {};
    const workspace = workspaces.byTeam(team);
    if (workspace === undefined) return workspaces.trouble === undefined;
    try {
      await endLeft(ref, channel, workspace, signal);
      return true;
    } catch (error) {
      if (!isPlatformError(error)) throw error;
      const { kind } = error.failure;
      this.#host.logger.debug(`A stream that an earlier process left could not be ended: ${error.message}`);
      return kind !== "unavailable" && kind !== "rate-limited" && kind !== "aborted";
    }
  }

  /** One after the other: the newest state is written last. */
  #write(): Promise<void> {
    const { memory, logger } = this.#host;
    this.#writing = this.#writing.then(async () => {
      try {
        await memory.set(key, [...this.#open.values()] as unknown as Json);
      } catch (error) {
        // The answer is worth more than the memory of it.
        logger.warn(`A stream could not be remembered (${error instanceof Error ? error.name : typeof error})`);
      }
    });
    return this.#writing;
  }
}

async function endLeft(
  { messageId, threadId }: MessageRef,
  channel: string,
  { api }: Workspace,
  signal: AbortSignal,
): Promise<void> {
  const spot = { channel, thread: threadId };
  await api.stopStream(spot, messageId, undefined, signal);
  // Of one that was only begun nothing is left to read.
  const { text, blocks } = await api.contentAt(spot, messageId, signal);
  if (text.trim() === "" && blocks.length === 0) await api.deleteMessage(spot, messageId);
}

function refIn(value: unknown): MessageRef[] {
  const { platform, chatId, threadId, messageId } = (typeof value === "object" && value !== null ? value : {}) as Readonly<
    Record<string, unknown>
  >;
  if (typeof platform !== "string" || typeof chatId !== "string" || !isTimestamp(messageId) || !isTimestamp(threadId)) return [];
  return [{ platform, chatId, threadId, messageId }];
}
