import type { PlatformAdmission, PlatformDelivery, PlatformStatus } from "@hermes/protocol";
import type { ReactNode } from "react";
import { Ago } from "../design/time.tsx";
import { useSpeech } from "../i18n/language.tsx";

/** What came in, and when it last did. */
export function AdmissionFacts({ admission }: { readonly admission: PlatformAdmission }): ReactNode {
  const { t } = useSpeech();
  const { taken, refused, takenAtMs, refusedAtMs } = admission;
  return (
    <div className="traffic">
      <h3>{t.platforms.admission}</h3>
      <Counts
        counts={[
          [taken, t.platforms.taken],
          [refused, t.platforms.refused],
        ]}
      />
      <dl>
        <Last name={t.platforms.lastTaken} atMs={takenAtMs} />
        <Last name={t.platforms.lastRefused} atMs={refusedAtMs} />
      </dl>
    </div>
  );
}

/** What went out, when it last did, and why it last did not. */
export function DeliveryFacts({ delivery }: { readonly delivery: PlatformDelivery }): ReactNode {
  const { t } = useSpeech();
  const { sent, failed, sentAtMs, failedAtMs, failure } = delivery;
  return (
    <div className="traffic">
      <h3>{t.platforms.delivery}</h3>
      <Counts
        counts={[
          [sent, t.platforms.sent],
          [failed, t.platforms.failed],
        ]}
        isSecondBad={failed > 0}
      />
      <dl>
        <Last name={t.platforms.lastSent} atMs={sentAtMs} />
        <Last name={t.platforms.lastFailed} atMs={failedAtMs} />
      </dl>
      {failure !== undefined && <p className="platform-reason">{failure}</p>}
    </div>
  );
}

/** What the connection says of itself, and when it last did. */
export function TransportFacts({ platform }: { readonly platform: PlatformStatus }): ReactNode {
  const { t } = useSpeech();
  const { transport, replacedAtMs } = platform;
  if (transport === undefined) return null;
  return (
    <div className="traffic">
      <dl>
        <Last name={t.platforms.heard(t.platforms.transports[transport.state])} atMs={transport.heardAtMs} />
        {replacedAtMs !== undefined && <Last name={t.platforms.replaced} atMs={replacedAtMs} />}
      </dl>
    </div>
  );
}

interface CountsProps {
  readonly counts: readonly (readonly [number, string])[];
  readonly isSecondBad?: boolean;
}

function Counts({ counts, isSecondBad = false }: CountsProps): ReactNode {
  const { formats } = useSpeech();
  return (
    <p className="counts">
      {counts.map(([count, words], index) => (
        <span key={words} data-bad={index === 1 && isSecondBad}>
          <strong>{formats.number(count)}</strong> {words}
        </span>
      ))}
    </p>
  );
}

function Last({ name, atMs }: { readonly name: string; readonly atMs: number | undefined }): ReactNode {
  const { t } = useSpeech();
  return (
    <div>
      <dt>{name}</dt>
      <dd>{atMs === undefined ? <span className="faint">{t.common.never}</span> : <Ago atMs={atMs} />}</dd>
    </div>
  );
}
