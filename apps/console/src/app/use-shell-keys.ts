import { useEffect } from "react";
import { isMac } from "./platform-keys.ts";
import type { Route } from "./route.ts";
import { useServices } from "./services.tsx";

/** What stands over the page. */
export type Overlay = "palette" | "shortcuts" | undefined;

/** Where `g` and a letter lead. */
export const goKeys: Readonly<Record<string, Route>> = {
  c: { page: "chat", sessionKey: undefined },
  p: { page: "platforms" },
  d: { page: "deliveries", tab: "outgoing" },
  w: { page: "waiting" },
  a: { page: "access" },
};

const sequenceMs = 1200;

interface ShellKeys {
  readonly overlay: Overlay;
  readonly setOverlay: (overlay: Overlay) => void;
  readonly toggleDrawer: () => void;
}

/** Keys that work everywhere; single letters only where nobody writes. */
export function useShellKeys({ overlay, setOverlay, toggleDrawer }: ShellKeys): void {
  const { navigation } = useServices();
  useEffect(() => {
    let goSinceMs = -Infinity;
    const onKey = (event: KeyboardEvent): void => {
      const isCommand = isMac() ? event.metaKey : event.ctrlKey;
      if (isCommand && event.key.toLowerCase() === "k") {
        event.preventDefault();
        return setOverlay(overlay === "palette" ? undefined : "palette");
      }
      if (event.metaKey || event.ctrlKey || event.altKey || isWriting(event.target) || hasDialog()) return;
      const place = performance.now() - goSinceMs < sequenceMs ? goKeys[event.key] : undefined;
      goSinceMs = event.key === "g" ? performance.now() : -Infinity;
      const run = place === undefined ? single(event.key) : () => navigation.go(place);
      if (run === undefined) return;
      event.preventDefault();
      run();
    };
    const single = (key: string): (() => void) | undefined => {
      if (key === "?") return () => setOverlay("shortcuts");
      if (key === "n") return () => navigation.go({ page: "chat", sessionKey: undefined });
      if (key === "[") return toggleDrawer;
      if (key === "/") return () => document.querySelector<HTMLElement>("[data-composer]")?.focus();
      return undefined;
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [overlay, setOverlay, toggleDrawer, navigation]);
}

/** A dialog has the keyboard to itself. */
export function hasDialog(): boolean {
  return document.querySelector("dialog[open]") !== null;
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}
