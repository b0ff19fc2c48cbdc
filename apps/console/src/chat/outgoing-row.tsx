import type { ReactNode } from "react";
import { useServices } from "../app/services.tsx";
import { useStore } from "../app/use-store.ts";
import { Button } from "../design/button.tsx";
import { Icon, Spinner } from "../design/icon.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { Attachments } from "./attachments.tsx";
import type { OutgoingMessage } from "./outbox.ts";

/** A message the gateway has not said yes to: on its way, or refused. */
export function OutgoingRow({ message }: { readonly message: OutgoingMessage }): ReactNode {
  const { t } = useSpeech();
  const { outbox, connection } = useServices();
  const isOpen = useStore(connection.status).kind === "open";
  const { key, text, attachments, refusal } = message;
  return (
    <article className="question" data-outgoing={refusal === undefined ? "sending" : "refused"} aria-label={t.chat.you}>
      <Attachments attachments={attachments} />
      {text !== "" && <div className="bubble">{text}</div>}
      <footer className="question-footer">
        {refusal === undefined ? (
          <span className="question-state" data-state="waiting">
            <Spinner />
            {isOpen ? t.chat.sending : t.chat.sendingOffline}
          </span>
        ) : (
          <>
            <span className="question-state" data-state="failed" role="alert">
              <Icon name="warning" />
              {t.chat.refused}: {refusal}
            </span>
            <Button look="quiet" icon="again" onClick={() => outbox.retry(key)}>
              {t.common.retry}
            </Button>
            <Button look="quiet" icon="trash" onClick={() => outbox.discard(key)}>
              {t.chat.discard}
            </Button>
          </>
        )}
      </footer>
    </article>
  );
}
