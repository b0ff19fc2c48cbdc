import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let nowMs = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function tick(): void {
  nowMs = Date.now();
  for (const listener of listeners) listener();
}

/** The time in milliseconds, rounded down to `stepMs`: the component is drawn again once per step. */
export function useNow(stepMs = 1000): number {
  const read = (): number => Math.floor((timer === undefined ? (nowMs = Date.now()) : nowMs) / stepMs) * stepMs;
  return useSyncExternalStore(subscribe, read);
}
