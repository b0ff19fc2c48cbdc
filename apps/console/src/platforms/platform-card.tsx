import type { PlatformStatus } from "@hermes/protocol";
import { useState, type ReactNode } from "react";
import { useNow } from "../app/clock.ts";
import { useServices } from "../app/services.tsx";
import { may } from "../connection/session.ts";
import { Badge } from "../design/badge.tsx";
import { Button } from "../design/button.tsx";
import { ConfirmDialog } from "../design/confirm.tsx";
import { tell } from "../design/toasts.tsx";
import { errorSentence } from "../i18n/error-sentence.ts";
import { useSpeech } from "../i18n/language.tsx";
import { platformName } from "../sessions/platform-name.ts";
import { ConnectionFacts } from "./connection-facts.tsx";
import { AdmissionFacts, DeliveryFacts, TransportFacts } from "./platform-facts.tsx";
import { stateLooks } from "./state-looks.ts";

interface PlatformCardProps {
  readonly platform: PlatformStatus;
  readonly onChanged: () => void;
}

/** One platform: its connection, what comes in, what goes out. */
export function PlatformCard({ platform, onChanged }: PlatformCardProps): ReactNode {
  const { t, formats } = useSpeech();
  const nowMs = useNow();
  const { signedIn } = useServices();
  const { tone, icon } = stateLooks[platform.state];
  const titleId = `platform-${platform.id}`;
  return (
    <section className="card platform-card" aria-labelledby={titleId}>
      <header className="card-header">
        <div className="platform-who">
          <span className="platform-letter" aria-hidden="true">
            {platform.id.slice(0, 1).toUpperCase()}
          </span>
          <div>
            <h2 id={titleId}>{platformName(platform.id)}</h2>
            <p className="faint">
              {platform.kind}
              {platform.name !== undefined && ` · ${platform.name}`}
            </p>
          </div>
        </div>
        <Badge tone={tone} icon={icon}>
          {t.platforms.states[platform.state]} · {formats.duration(Math.max(0, nowMs - platform.sinceMs))}
        </Badge>
      </header>
      <ConnectionFacts platform={platform} />
      <div className="platform-traffic">
        <AdmissionFacts admission={platform.admission} />
        <DeliveryFacts delivery={platform.delivery} />
      </div>
      <TransportFacts platform={platform} />
      {may(signedIn.scope, "admin") && <PlatformActions platform={platform} onChanged={onChanged} />}
    </section>
  );
}

function PlatformActions({ platform, onChanged }: PlatformCardProps): ReactNode {
  const { t } = useSpeech();
  const { client } = useServices();
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const { id, state, isDoor } = platform;
  const resume = async (): Promise<void> => {
    setBusy(true);
    try {
      tell((await client.call("platforms.resume", { id })).message);
      onChanged();
    } catch (error) {
      tell(errorSentence(error, t));
    } finally {
      setBusy(false);
    }
  };
  const canHurry = state === "waiting" || state === "failed" || state === "blocked" || state === "tripped";
  return (
    <footer className="card-footer">
      {(state === "paused" || canHurry) && (
        <Button icon={state === "paused" ? "play" : "again"} isBusy={isBusy} onClick={() => void resume()}>
          {state === "paused" ? t.platforms.resume : t.platforms.tryNow}
        </Button>
      )}
      {state !== "paused" && state !== "stopped" && isDoor !== true && (
        <Button icon="pause" onClick={() => setAsking(true)}>
          {t.platforms.pause}
        </Button>
      )}
      {isAsking && (
        <ConfirmDialog
          onClose={() => setAsking(false)}
          ask={{
            title: t.platforms.pauseTitle(platformName(id)),
            text: t.platforms.pauseText,
            action: t.platforms.pause,
            run: async () => await client.call("platforms.pause", { id }),
            onDone: onChanged,
          }}
        />
      )}
    </footer>
  );
}
