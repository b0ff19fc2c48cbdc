import type { OutboundFile } from "../message.ts";
import type { LiveLimits, ShowRequest, ShowResult } from "./state.ts";

/** Where a reply is shown. No method rejects: what went wrong is a result. */
export interface ReplySurface {
  /** A native live message for this part, or null where there is none. */
  open(part: number): Promise<LiveLimits | null>;
  show(request: ShowRequest): Promise<ShowResult>;
  /** Keeps a file that nobody keeps yet, for as long as this surface is there, and answers under which key. */
  hold?(file: OutboundFile): string;
  /** Gives up what is live and not finished: it is said again later. */
  giveUpLive?(): Promise<void>;
}
