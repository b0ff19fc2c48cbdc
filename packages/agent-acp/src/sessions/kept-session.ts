import type { Json, Turn } from "@hermes/core";
import { z } from "zod";

const kind = "acp-session";
const keptSession = z.looseObject({ kind: z.literal(kind), id: z.string().min(1).max(1000) });

/** The entry of a transcript, and the state of a turn, that name a session of the agent: they survive the gateway. */
export function keptAs(id: string): Json {
  return { kind, id };
}

/** The session that this conversation was last held in; undefined where none was kept. */
export async function keptSessionOf(turn: Pick<Turn, "transcript" | "resume">): Promise<string | undefined> {
  const inState = keptSession.safeParse(turn.resume?.state);
  if (inState.success) return inState.data.id;
  let last: string | undefined;
  for await (const entry of turn.transcript()) {
    const read = keptSession.safeParse(entry);
    if (read.success) last = read.data.id;
  }
  return last;
}

/** Whether this turn's prompt was given to the agent before the gateway went down: its checkpoint says so. */
export function wasPrompted({ resume }: Pick<Turn, "resume">): boolean {
  return resume?.after === "crash" && keptSession.safeParse(resume.state).success;
}
