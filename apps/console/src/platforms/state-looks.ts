import type { PlatformStatus } from "@hermes/protocol";
import type { Tone } from "../design/badge.tsx";
import type { IconName } from "../design/icon.tsx";

interface Look {
  readonly tone: Tone;
  readonly icon: IconName | "busy";
}

/** How a platform's state looks. */
export const stateLooks: Readonly<Record<PlatformStatus["state"], Look>> = {
  up: { tone: "good", icon: "check" },
  connecting: { tone: "info", icon: "busy" },
  waiting: { tone: "warn", icon: "clock" },
  blocked: { tone: "bad", icon: "warning" },
  tripped: { tone: "bad", icon: "warning" },
  failed: { tone: "bad", icon: "warning" },
  paused: { tone: "neutral", icon: "pause" },
  stopped: { tone: "neutral", icon: "stop" },
};
