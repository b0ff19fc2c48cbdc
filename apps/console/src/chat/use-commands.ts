import type { CommandInfo } from "@hermes/protocol";
import { useEffect, useState, type KeyboardEvent } from "react";
import { useServices } from "../app/services.tsx";
import { useQuery } from "../app/use-query.ts";
import { completionsOf, moved } from "./command-completion.ts";

/** Commands that go on from what is written. */
export interface Commands {
  readonly rows: readonly CommandInfo[];
  /** -1: none. */
  readonly chosen: number;
  readonly choose: (index: number) => void;
  /** Whether the key was for the list. */
  onKeyDown(event: KeyboardEvent): boolean;
}

/** Offers commands while one is being written. */
export function useCommands(text: string, onChoose: (name: string) => void): Commands {
  const { client } = useServices();
  const { data } = useQuery("commands.list", async () => await client.call("commands.list"));
  const [at, setAt] = useState(0);
  const [closedFor, setClosedFor] = useState<string>();
  const found = completionsOf(text, data?.rows ?? []);
  const rows = closedFor === text ? [] : found;
  useEffect(() => setAt(0), [text]);
  const chosen = rows.length === 0 ? -1 : Math.min(at, rows.length - 1);

  const choose = (index: number): void => {
    const command = rows[index];
    if (command !== undefined) onChoose(command.name);
  };
  const run = (key: string): boolean => {
    switch (key) {
      case "ArrowDown":
      case "ArrowUp":
        setAt(moved(chosen, key === "ArrowDown" ? 1 : -1, rows.length));
        return true;
      case "Tab":
        choose(chosen);
        return true;
      case "Enter":
        // A command that is written out is meant to be sent.
        if (rows[chosen]?.name.toLowerCase() === text.slice(1).toLowerCase()) return false;
        choose(chosen);
        return true;
      case "Escape":
        setClosedFor(text);
        return true;
      default:
        return false;
    }
  };
  return {
    rows,
    chosen,
    choose,
    onKeyDown(event) {
      if (rows.length === 0 || event.shiftKey || !run(event.key)) return false;
      event.preventDefault();
      return true;
    },
  };
}
