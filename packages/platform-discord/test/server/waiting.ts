import { refused } from "./errors.ts";

/** How long an interaction waits for its answer, and may be answered further. */
const answerMs = 3000;
const tokenMs = 15 * 60_000;

/** Something that somebody set off, and what became of it. */
export interface Waiting {
  readonly id: string;
  readonly token: string;
  readonly sinceMs: number;
  answer?: { readonly type: number; readonly data?: { readonly content?: string; readonly flags?: number } };
  isTakenBack: boolean;
}

/** The one answer that is waited for. */
export function answer(all: readonly Waiting[], id: string, token: string, body: unknown, nowMs: number): void {
  const waiting = all.find((one) => one.id === id && one.token === token);
  if (waiting === undefined || nowMs - waiting.sinceMs > answerMs) throw refused(10_062);
  if (waiting.answer !== undefined) throw refused(40_060);
  waiting.answer = body as NonNullable<Waiting["answer"]>;
}

/** Takes the answer away that stands there. */
export function takeBack(all: readonly Waiting[], token: string, nowMs: number): void {
  const waiting = all.find((one) => one.token === token);
  if (waiting?.answer === undefined || nowMs - waiting.sinceMs > tokenMs) throw refused(10_015);
  if (waiting.isTakenBack) throw refused(10_008);
  waiting.isTakenBack = true;
}
