import { memo, type ReactNode } from "react";
import { useServices } from "../app/services.tsx";
import { Button } from "../design/button.tsx";
import { Icon, Spinner } from "../design/icon.tsx";
import { Stamp } from "../design/time.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { Attachments } from "./attachments.tsx";
import type { Question } from "./conversation-state.ts";

interface QuestionRowProps {
  readonly question: Question;
  readonly sessionKey: string;
  readonly canAnswer: boolean;
}

/** What somebody said. */
export const QuestionRow = memo(({ question, sessionKey, canAnswer }: QuestionRowProps): ReactNode => {
  const { t } = useSpeech();
  const { text, author, attachments, timestamp } = question;
  return (
    <article className="question" aria-label={author ?? t.chat.you}>
      {author !== undefined && <p className="question-author">{author}</p>}
      <Attachments attachments={attachments} />
      {text !== "" && <div className="bubble">{text}</div>}
      <footer className="question-footer">
        <QuestionState question={question} />
        {canAnswer && question.state === "failed" && <SendAgain question={question} sessionKey={sessionKey} />}
        <span className="row-time">
          <Stamp atMs={Date.parse(timestamp)} />
        </span>
      </footer>
    </article>
  );
});

function QuestionState({ question: { state } }: { readonly question: Question }): ReactNode {
  const { t } = useSpeech();
  if (state === "finished" || state === "running") return null;
  return (
    <span className="question-state" data-state={state}>
      {state === "waiting" ? <Spinner /> : <Icon name={state === "failed" ? "warning" : "stop"} />}
      {t.chat.states[state]}
    </span>
  );
}

function SendAgain({ question, sessionKey }: Pick<QuestionRowProps, "question" | "sessionKey">): ReactNode {
  const { t } = useSpeech();
  const { outbox } = useServices();
  return (
    <Button look="quiet" icon="again" onClick={() => outbox.send({ sessionKey, text: question.text, attachments: [] })}>
      {t.chat.sendAgain}
    </Button>
  );
}
