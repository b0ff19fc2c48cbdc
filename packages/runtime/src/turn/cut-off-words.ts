import type { Catalogue } from "../catalogue/catalogue.ts";
import type { CutOffReason } from "./resumption.ts";

/** What is said in the chat of a turn that does not run by itself, with how to go on. */
export function cutOffWords(why: CutOffReason, { restartInterrupted, restartShown, restart }: Catalogue): string {
  switch (why) {
    case "tool-once":
      return restartInterrupted;
    case "shown":
      return restartShown;
    case "set-aside":
      return restart.setAside;
    case "held":
      return restart.held;
  }
}
