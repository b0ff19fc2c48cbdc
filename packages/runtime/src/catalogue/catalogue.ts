import type { AgentWords } from "./agent-words.ts";
import type { BacklogWords } from "./backlog-words.ts";
import type { BusyMode } from "../busy/busy-mode.ts";
import type { BusyWords } from "./busy-words.ts";
import type { ButtonWords } from "./button-words.ts";
import type { DeliveryWords } from "./delivery-words.ts";
import type { SupervisionWords } from "./supervision-words.ts";
import type { RestartWords } from "./restart-words.ts";

/** Everything the gateway itself says to people, in one language. */
export interface Catalogue {
  readonly repeatMark: string;
  readonly undelivered: string;
  readonly uncertain: string;
  fileRefused(name: string): string;
  readonly agentFailed: string;
  readonly restartInterrupted: string;
  readonly restartShown: string;
  readonly chooseOne: string;
  readonly approve: string;
  readonly deny: string;
  readonly helpRetry: string;
  readonly retried: string;
  readonly nothingToRetry: string;
  readonly queueFull: (waiting: number) => string;
  readonly ownerNow: string;
  readonly unknownCommand: (name: string) => string;
  readonly commandFailed: (name: string) => string;
  readonly forAdminsOnly: (name: string) => string;
  readonly helpHeading: string;
  readonly helpNew: string;
  readonly helpStop: string;
  readonly helpStatus: string;
  readonly helpWhoami: string;
  readonly helpHelp: string;
  readonly newSession: (dropped: number) => string;
  readonly stopped: (dropped: number) => string;
  readonly nothingToStop: (dropped: number) => string;
  readonly status: (facts: StatusFacts) => string;
  readonly whoami: (facts: WhoamiFacts) => string;
  readonly agents: AgentWords;
  readonly backlog: BacklogWords;
  readonly busy: BusyWords;
  readonly buttons: ButtonWords;
  readonly delivery: DeliveryWords;
  readonly supervision: SupervisionWords;
  readonly restart: RestartWords;
}

/** What `/status` tells. */
export interface StatusFacts {
  readonly running: boolean;
  readonly waiting: number;
  readonly busyMode: BusyMode;
  readonly sessionId: string | undefined;
  readonly platform: string;
}

/** What `/whoami` tells. */
export interface WhoamiFacts {
  readonly platform: string;
  readonly userId: string;
  readonly rule: string;
  readonly sessionKey: string;
}
