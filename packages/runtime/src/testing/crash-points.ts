import type { Connection, LiveMessage, Platform } from "@hermes/core";
import type { Store, TurnStep } from "../store.ts";

const commits = [
  "acceptEvents",
  "claimTurn",
  "commitStep.parts",
  "commitStep.tool-start",
  "commitStep.tool-end",
  "commitStep.checkpoint",
  "askQuestion",
  "answerQuestion",
  "finishTurn",
  "postNotice",
  "settleParts",
  "dropQueued",
  "endSession",
] as const;
const calls = ["send", "edit", "findSent", "openLive", "update", "finish"] as const;

/**
 * A moment at which a process may end: before or after a commit; before a call to a platform, or after it and before what came of
 * it is recorded.
 */
export type CrashPoint = `${"before" | "after"}:${(typeof commits)[number] | (typeof calls)[number]}`;

/** Every moment at which the end of a process makes a difference to what is stored or shown. */
export const crashPoints: readonly CrashPoint[] = [...commits, ...calls].flatMap(
  (name) => [`before:${name}`, `after:${name}`] as const,
);

/** What passes crash points. */
export interface Mortal {
  readonly store: Store;
  readonly platform: Platform;
}

/**
 * The same store and platform, with `pass` called at each crash point: a test's way to end its process at a named one. What `pass`
 * does not let go on is as if the process had ended there.
 */
export function passingCrashPoints({ store, platform }: Mortal, pass: (point: CrashPoint) => Promise<void>): Mortal {
  return { store: passingStore(store, pass), platform: passingPlatform(platform, pass) };
}

type Method = (...parameters: unknown[]) => unknown;
type Pass = (point: CrashPoint) => Promise<void>;

const known: ReadonlySet<string> = new Set<string>([...commits, ...calls]);

function passingStore(store: Store, pass: Pass): Store {
  return new Proxy(store, {
    get(target, name: keyof Store) {
      const value: unknown = target[name];
      if (typeof value !== "function") return value;
      return (...parameters: unknown[]) => {
        const step = name === "commitStep" ? `.${(parameters[0] as TurnStep).kind}` : "";
        return between(`${name}${step}`, () => (value as Method).apply(target, parameters), pass);
      };
    },
  });
}

function passingPlatform(platform: Platform, pass: Pass): Platform {
  return {
    ...platform,
    async connect(host, signal) {
      const connection = await platform.connect(host, signal);
      const { openLive } = connection;
      const passing = passingMethods(connection, pass);
      if (openLive === undefined) return passing;
      return {
        ...passing,
        openLive: async (...call) => {
          const live = await between("openLive", () => openLive.apply(connection, call), pass);
          return live === null ? null : passingMethods(live, pass);
        },
      };
    },
  };
}

function passingMethods<T extends Connection | LiveMessage>(owner: T, pass: Pass): T {
  const methods = Object.entries(owner).map(([name, value]: [string, unknown]) => [
    name,
    typeof value === "function" && known.has(name)
      ? (...parameters: unknown[]) => between(name, () => (value as Method).apply(owner, parameters), pass)
      : value,
  ]);
  return Object.fromEntries(methods) as T;
}

async function between<T>(name: string, run: () => T, pass: Pass): Promise<Awaited<T>> {
  if (!known.has(name)) return await run();
  await pass(`before:${name}` as CrashPoint);
  const result = await run();
  await pass(`after:${name}` as CrashPoint);
  return result;
}
