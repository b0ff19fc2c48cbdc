import { setImmediate } from "node:timers/promises";
import { z } from "zod";
import type { AgentEvent, AgentHost, Turn } from "@hermes/core";
import { isAcpError } from "../acp-error.ts";
import type { AcpConfiguration } from "../configuration.ts";
import type { PeerKeeper } from "../peer/peer-keeper.ts";
import { attachmentBlocks } from "../prompt/attachments.ts";
import type { ReceivedFiles } from "../prompt/files.ts";
import { promptText } from "../prompt/prompt.ts";
import { keptAs, wasPrompted } from "../sessions/kept-session.ts";
import type { AcpSession } from "../sessions/session.ts";
import type { Sessions } from "../sessions/sessions.ts";
import { unlessAborted, withTimeLimit } from "../time-limit.ts";
import { Prompting } from "./prompting.ts";

/** How long an agent may take to stop what it was told to stop, and then to answer anything at all. */
const cancelLimitMs = 2000;

/** What turns are run with. */
export interface TurnParts {
  readonly configuration: AcpConfiguration;
  readonly host: AgentHost;
  readonly sessions: Sessions;
  readonly keeper: PeerKeeper;
  readonly files: ReceivedFiles;
  readonly outputOf: (session: AcpSession, terminalId: string) => string | undefined;
  /** What was made for this session's turn runs for nothing any more. */
  readonly onStopped: (session: AcpSession) => Promise<void>;
}

/** One turn: opens the conversation's session, prompts, and tells what comes of it. Rejects with an `AcpError`. */
export async function* runTurn(turn: Turn, parts: TurnParts): AsyncGenerator<AgentEvent, void> {
  const { signal } = turn;
  const session = await unlessAborted(parts.sessions.open(turn), signal);
  if (session === undefined) return;
  const lacks = { history: session.isEmpty, isNewTurn: !wasPrompted(turn) };
  const notTaken = await unlessAborted(session.apply(turn.chosen), signal);
  if (notTaken === undefined) return;
  for (const id of notTaken) yield { type: "notice", text: `The agent did not take the choice of \`${id}\`.` };
  const attached = await unlessAborted(attachmentBlocks(turn, session.peer.facts.prompt, parts.files), signal);
  if (attached === undefined) return;
  const blocks = [await promptText(turn, lacks), ...attached];
  // Behind it the agent knows of the turn: after a crash it is asked to go on, and not given the same again.
  yield { type: "checkpoint", transcript: session.isEmpty ? [keptAs(session.id)] : [], state: keptAs(session.id) };
  if (signal.aborted) return;
  // What was told before this prompt and is read already belongs to no turn.
  await setImmediate();
  yield* promptAndListen(turn, session, blocks, parts);
}

async function* promptAndListen(
  turn: Turn,
  session: AcpSession,
  blocks: ConstructorParameters<typeof Prompting>[1],
  parts: TurnParts,
): AsyncGenerator<AgentEvent, void> {
  const { configuration, host } = parts;
  const prompting = new Prompting(
    {
      turn,
      session,
      host,
      permissions: configuration.permissions,
      limitMs: configuration.promptTimeoutMs,
      outputOf: (terminalId) => parts.outputOf(session, terminalId),
    },
    blocks,
  );
  const stop = (): void => prompting.queue.end();
  turn.signal.addEventListener("abort", stop, { once: true });
  try {
    if (turn.signal.aborted) stop();
    yield* prompting.queue.read();
    yield* prompting.detach();
  } finally {
    turn.signal.removeEventListener("abort", stop);
    prompting.detach();
    if (!prompting.isOver) await stopPrompt(turn.session.id, session, prompting, parts);
  }
}

/** Tells the agent to stop. What does not is left behind; a process in which nothing answers any more is ended. */
async function stopPrompt(sessionId: string, session: AcpSession, prompting: Prompting, parts: TurnParts): Promise<void> {
  const { clock, logger } = parts.host;
  await session.peer.notify("session/cancel", { sessionId: session.id });
  const [isLate] = await Promise.all([
    withTimeLimit(
      prompting.finished.then(() => !prompting.isOver),
      cancelLimitMs,
      clock,
      () => true,
    ),
    parts.onStopped(session),
  ]);
  if (!isLate || session.peer.isOver) return;
  logger.warn("The agent did not stop when it was told to: its session is left behind");
  parts.sessions.abandon(sessionId, session);
  if (!(await answersAnything(session))) await parts.keeper.end(session.peer, "was ended, because it did not answer any more");
}

/** Any answer to a question that no agent knows shows that it is alive; names with `_` are free for such things. */
async function answersAnything({ peer }: AcpSession): Promise<boolean> {
  try {
    await peer.request("_hermes/alive", {}, z.unknown(), cancelLimitMs);
    return true;
  } catch (error) {
    return isAcpError(error) && error.code === "refused";
  }
}
