import type { DeliveryDetails, DeliveryPart } from "@hermes/protocol";
import { useState, type ReactNode } from "react";
import { Link } from "../app/navigation.tsx";
import { useServices } from "../app/services.tsx";
import { may } from "../connection/session.ts";
import { Badge } from "../design/badge.tsx";
import { Button } from "../design/button.tsx";
import { ConfirmDialog, type Confirmation } from "../design/confirm.tsx";
import { Moment } from "../design/time.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { canDrop, canRetry, deliveryLooks, partLooks } from "./delivery-looks.ts";
import { placeWords } from "./place-words.ts";

interface DeliveryDetailProps {
  readonly delivery: DeliveryDetails;
  readonly onChanged: () => void;
}

/** One delivery: what is known of it, what can be done, and its parts. */
export function DeliveryDetail({ delivery, onChanged }: DeliveryDetailProps): ReactNode {
  const { t } = useSpeech();
  const { tone, icon } = deliveryLooks[delivery.state];
  const titleId = `delivery-${delivery.replyId}`;
  return (
    <section className="card" aria-labelledby={titleId}>
      <header className="card-header">
        <h2 id={titleId}>{t.deliveries.kinds[delivery.kind]}</h2>
        <Badge tone={tone} icon={icon}>
          {t.deliveries.states[delivery.state]}
        </Badge>
      </header>
      <p className="faint">{t.deliveries.stateMeanings[delivery.state]}</p>
      <Facts delivery={delivery} />
      <DeliveryActions delivery={delivery} onChanged={onChanged} />
      <ol className="parts" aria-label={t.deliveries.parts}>
        {delivery.details.map((part) => (
          <PartView key={part.index} part={part} />
        ))}
      </ol>
    </section>
  );
}

function Facts({ delivery }: { readonly delivery: DeliveryDetails }): ReactNode {
  const { t, formats } = useSpeech();
  const { fact } = t.deliveries;
  const { author, endedAtMs, outcome, failure, attempts } = delivery;
  const facts: readonly (readonly [string, ReactNode] | undefined)[] = [
    [fact.where, placeWords(delivery.chat)],
    author === undefined ? undefined : [fact.author, author.name ?? author.id],
    [fact.started, <Moment key="started" atMs={delivery.startedAtMs} />],
    endedAtMs === undefined ? undefined : [fact.ended, <Moment key="ended" atMs={endedAtMs} />],
    outcome === undefined ? undefined : [fact.outcome, t.deliveries.outcomes[outcome]],
    attempts === 0 ? undefined : [fact.attempts, formats.number(attempts)],
    failure === undefined ? undefined : [fact.failure, failure],
    [
      fact.session,
      <span key="session" className="code-words">
        {delivery.sessionKey}
      </span>,
    ],
    [
      fact.id,
      <span key="id" className="code-words">
        {delivery.replyId}
      </span>,
    ],
  ];
  return (
    <dl className="facts">
      {facts.map(
        (row) =>
          row !== undefined && (
            <div key={row[0]}>
              <dt>{row[0]}</dt>
              <dd>{row[1]}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

function DeliveryActions({ delivery, onChanged }: DeliveryDetailProps): ReactNode {
  const { t } = useSpeech();
  const { client, signedIn } = useServices();
  const [ask, setAsk] = useState<Confirmation>();
  const { replyId, state, sessionKey } = delivery;
  const isAllowed = may(signedIn.scope, "write");
  const retry: Confirmation = {
    title: t.deliveries.retryTitle,
    text: t.deliveries.retryText,
    action: t.deliveries.retry,
    run: async () => await client.call("deliveries.retry", { replyId }),
    onDone: onChanged,
  };
  const drop: Confirmation = {
    title: t.deliveries.dropTitle,
    text: t.deliveries.dropText,
    action: t.deliveries.drop,
    isDangerous: true,
    run: async () => await client.call("deliveries.drop", { replyId }),
    onDone: onChanged,
  };
  return (
    <div className="card-footer">
      {isAllowed && canRetry(state) && (
        <Button look="primary" icon="again" onClick={() => setAsk(retry)}>
          {t.deliveries.retry}
        </Button>
      )}
      {isAllowed && canDrop(state) && (
        <Button icon="trash" onClick={() => setAsk(drop)}>
          {t.deliveries.drop}
        </Button>
      )}
      <Link to={{ page: "chat", sessionKey }} className="button button-plain">
        <span>{t.deliveries.openSession}</span>
      </Link>
      {ask !== undefined && <ConfirmDialog ask={ask} onClose={() => setAsk(undefined)} />}
    </div>
  );
}

function PartView({ part }: { readonly part: DeliveryPart }): ReactNode {
  const { t } = useSpeech();
  const { tone, icon } = partLooks[part.state];
  return (
    <li className="part">
      <header>
        <span className="part-number">{t.deliveries.part(part.index + 1)}</span>
        {part.kind !== "text" && <span className="faint">{t.deliveries.partKinds[part.kind]}</span>}
        <Badge tone={tone} icon={icon}>
          {t.deliveries.partStates[part.state]}
        </Badge>
      </header>
      {part.text === "" ? <p className="faint">{t.deliveries.emptyPart}</p> : <pre tabIndex={0}>{part.text}</pre>}
      {part.failure !== undefined && <p className="row-failure">{part.failure}</p>}
      {part.marked && <p className="faint">{t.deliveries.marked}</p>}
    </li>
  );
}
