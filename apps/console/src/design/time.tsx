import type { ReactNode } from "react";
import { useNow } from "../app/clock.ts";
import { useSpeech } from "../i18n/language.tsx";

/** How long ago something was; the whole date when the pointer rests on it. */
export function Ago({ atMs, isShort = false }: { readonly atMs: number; readonly isShort?: boolean }): ReactNode {
  const { formats } = useSpeech();
  const nowMs = useNow(Date.now() - atMs < 60_000 ? 1000 : 10_000);
  if (!Number.isFinite(atMs)) return null;
  return (
    <time dateTime={isoOf(atMs)} title={formats.moment(atMs)}>
      {(isShort ? formats.shortAgo : formats.ago)(Math.min(atMs, nowMs), nowMs)}
    </time>
  );
}

/** A moment, short. */
export function Stamp({ atMs }: { readonly atMs: number }): ReactNode {
  const { formats } = useSpeech();
  const nowMs = useNow(60_000);
  if (!Number.isFinite(atMs)) return null;
  return (
    <time dateTime={isoOf(atMs)} title={formats.moment(atMs)}>
      {formats.stamp(atMs, nowMs)}
    </time>
  );
}

/** A moment, whole. */
export function Moment({ atMs }: { readonly atMs: number }): ReactNode {
  const { formats } = useSpeech();
  return Number.isFinite(atMs) && <time dateTime={isoOf(atMs)}>{formats.moment(atMs)}</time>;
}

function isoOf(atMs: number): string {
  return new Date(atMs).toISOString();
}
