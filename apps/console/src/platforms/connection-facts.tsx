import type { PlatformStatus } from "@hermes/protocol";
import type { ReactNode } from "react";
import { useNow } from "../app/clock.ts";
import { useSpeech } from "../i18n/language.tsx";
import { stateLooks } from "./state-looks.ts";

/** Why a platform is not up, or may not be, when it is tried again, and what it was offered meanwhile. */
export function ConnectionFacts({ platform }: { readonly platform: PlatformStatus }): ReactNode {
  const { t } = useSpeech();
  const { reason, doubt, state, breaker, turnedAway } = platform;
  const next = useNext(platform);
  const isBroken = breaker !== undefined && breaker.failures > 0;
  const words = [
    reason,
    doubt === undefined ? undefined : t.platforms.doubt(doubt),
    isBroken ? t.platforms.failures(breaker.failures) : undefined,
    state === "up" && breaker?.phase === "probing" ? t.platforms.probation : undefined,
    next,
    turnedAway === undefined ? undefined : t.platforms.turnedAway(turnedAway),
  ].filter((text) => text !== undefined);
  if (words.length === 0) return null;
  const tone = state === "up" ? "warn" : stateLooks[state].tone;
  return (
    <div className="platform-connection" data-tone={tone}>
      {words.map((text) => (
        <p key={text}>{text}</p>
      ))}
    </div>
  );
}

/** When it is tried again. */
function useNext({ retryAtMs, breaker, state }: PlatformStatus): string | undefined {
  const { t, formats } = useSpeech();
  const nowMs = useNow();
  if (state === "tripped") {
    const { probeAtMs } = breaker ?? {};
    if (probeAtMs === undefined) return t.platforms.probeByHand;
    return probeAtMs > nowMs ? t.platforms.probeIn(formats.duration(probeAtMs - nowMs)) : t.platforms.probeNow;
  }
  if (retryAtMs === undefined) return undefined;
  return retryAtMs > nowMs ? t.platforms.retryIn(formats.duration(retryAtMs - nowMs)) : t.platforms.retryNow;
}
