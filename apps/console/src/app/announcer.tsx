import type { ReactNode } from "react";
import { createStore } from "../connection/store.ts";
import { useStore } from "./use-store.ts";

interface Said {
  readonly text: string;
  /** Grows, so that the same words twice are said twice. */
  readonly number: number;
}

const said = createStore<Said>({ text: "", number: 0 });

/** Says something to people who listen to the page rather than look at it. */
export function announce(text: string): void {
  said.update(({ number }) => ({ text, number: number + 1 }));
}

/** The place screen readers listen to. */
export function Announcer(): ReactNode {
  const { text, number } = useStore(said);
  return (
    <div className="visually-hidden" aria-live="polite" role="status">
      <span key={number}>{text}</span>
    </div>
  );
}
