import type { Clock, Logger } from "@hermes/core";

/** What whoever reads media is given. */
export interface MediaHost {
  readonly logger: Logger;
  readonly clock: Clock;
  /** A folder of its own, as an absolute path; made, readable by the owner alone, when there is something to keep. */
  readonly folder: string;
  /** Keeps a value out of the log from now on. Default: nobody does. */
  conceal?(secret: string): void;
  /** From 0 to 1, for the waits between tries. Default: the machine's. */
  random?(): number;
}
