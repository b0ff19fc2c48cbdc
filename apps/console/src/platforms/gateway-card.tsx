import type { GatewayInfo } from "@hermes/protocol";
import type { ReactNode } from "react";
import { useNow } from "../app/clock.ts";
import { Badge } from "../design/badge.tsx";
import { Note } from "../design/note.tsx";
import { useSpeech } from "../i18n/language.tsx";

/** The gateway itself, in numbers. */
export function GatewayCard({ gateway }: { readonly gateway: GatewayInfo }): ReactNode {
  const { t, formats } = useSpeech();
  const nowMs = useNow();
  const facts: readonly (readonly [string, string])[] = [
    [t.platforms.uptime, formats.duration(Math.max(0, nowMs - gateway.startedAtMs))],
    [t.platforms.turns, formats.number(gateway.runningTurns)],
    [t.platforms.busy, formats.number(gateway.busyConversations)],
    [t.platforms.connections, formats.number(gateway.connections)],
    [t.platforms.memory, formats.bytes(gateway.residentBytes)],
    [t.platforms.agent, gateway.agent],
    [t.platforms.version, gateway.version],
  ];
  return (
    <section className="card gateway-card" aria-labelledby="gateway-title">
      <header className="card-header">
        <h2 id="gateway-title">{t.platforms.gateway}</h2>
        <Badge tone={gateway.ready ? "good" : "bad"} icon={gateway.ready ? "check" : "warning"}>
          {gateway.ready ? t.platforms.ready : t.platforms.notReady}
        </Badge>
      </header>
      {gateway.reasons.map((reason) => (
        <Note key={reason} tone="warn">
          {reason}
        </Note>
      ))}
      <dl className="numbers">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd title={value}>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
