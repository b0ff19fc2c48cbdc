import { timelineSteps, type Timeline, type TimelineStep } from "@hermes/protocol";
import type { ReactNode } from "react";
import { Badge } from "../design/badge.tsx";
import { Icon, type IconName } from "../design/icon.tsx";
import { useSpeech } from "../i18n/language.tsx";
import type { Catalogue } from "../i18n/catalogue.ts";
import { deliveryLooks, partLooks, verdictLooks } from "./delivery-looks.ts";
import { placeWords } from "./place-words.ts";

const icons: Readonly<Record<TimelineStep["kind"], IconName>> = {
  received: "inbox",
  rule: "shield",
  lane: "path",
  turn: "spark",
  part: "paper",
  ref: "check",
};

/** The way of a message from top to bottom. */
export function TimelineView({ timeline }: { readonly timeline: Timeline }): ReactNode {
  const { t } = useSpeech();
  return (
    <section className="card timeline-card" aria-labelledby="timeline-title">
      <h2 id="timeline-title">{t.deliveries.timeline}</h2>
      <ol className="timeline">
        {timelineSteps(timeline).map((step, index) => (
          <Step key={index} step={step} />
        ))}
      </ol>
    </section>
  );
}

function Step({ step }: { readonly step: TimelineStep }): ReactNode {
  const { t, formats } = useSpeech();
  return (
    <li>
      <span className="timeline-mark">
        <Icon name={icons[step.kind]} />
      </span>
      <div>
        <p className="timeline-title">
          {t.deliveries.steps[step.kind]} <StepBadge step={step} />
        </p>
        <p className="timeline-words">{wordsOf(step, t)}</p>
        <p className="faint">{step.atMs === undefined ? t.deliveries.noTime : formats.moment(step.atMs)}</p>
      </div>
    </li>
  );
}

function StepBadge({ step }: { readonly step: TimelineStep }): ReactNode {
  const { t } = useSpeech();
  switch (step.kind) {
    case "rule":
      return <Badge {...verdictLooks[step.event.verdict]}>{t.events.verdicts[step.event.verdict]}</Badge>;
    case "turn":
      return <Badge {...deliveryLooks[step.delivery.state]}>{t.deliveries.states[step.delivery.state]}</Badge>;
    case "part":
      return <Badge {...partLooks[step.part.state]}>{t.deliveries.partStates[step.part.state]}</Badge>;
    default:
      return null;
  }
}

function wordsOf(step: TimelineStep, t: Catalogue): string {
  switch (step.kind) {
    case "received": {
      const { content } = step.event;
      if (content === undefined) return t.deliveries.nothingKept;
      const from = t.deliveries.from(content.author.name ?? content.author.id, placeWords(content.chat));
      const files = content.attachments === 0 ? "" : ` (${t.deliveries.attachments(content.attachments)})`;
      return `${from}${files}${content.text === undefined ? "" : ` — ${content.text}`}`;
    }
    case "rule":
      return t.deliveries.byRule(step.event.rule);
    case "lane":
      return t.deliveries.inSession(step.sessionKey);
    case "turn":
      return placeWords(step.delivery.chat);
    case "part":
      return t.deliveries.part(step.part.index + 1);
    case "ref":
      return step.ref.messageId;
  }
}
