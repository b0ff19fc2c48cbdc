import { memo, type ReactNode } from "react";
import { Link } from "../app/navigation.tsx";
import { CopyButton } from "../design/copy-button.tsx";
import { Icon, Logo } from "../design/icon.tsx";
import { Stamp } from "../design/time.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { Markdown } from "../markdown/markdown.tsx";
import { textOf, type Answer } from "./conversation-state.ts";
import { segmentsOf } from "./segments.ts";
import { Steps } from "./steps.tsx";

/** What was answered, with what was done for it. */
export const AnswerRow = memo(({ answer }: { readonly answer: Answer }): ReactNode => {
  const { t } = useSpeech();
  const isRunning = answer.outcome === "running";
  const segments = segmentsOf(answer);
  const last = segments.at(-1);
  const isSilent = isRunning && last?.kind !== "text" && !answer.steps.some(({ state }) => state === "running");
  return (
    <article className="answer" aria-label={t.chat.agentSays} aria-busy={isRunning}>
      <span className="answer-mark">
        <Logo />
      </span>
      <div className="answer-body">
        <Reasoning text={answer.reasoning} isRunning={isRunning && last === undefined} />
        {segments.map((segment) =>
          segment.kind === "steps" ? (
            <Steps key={`steps-${segment.index}`} steps={segment.steps} />
          ) : (
            <Markdown key={`text-${segment.index}`} text={segment.text} isGrowing={isRunning && segment === last} />
          ),
        )}
        {isSilent && <Writing />}
        {!isRunning && <AnswerFooter answer={answer} />}
      </div>
    </article>
  );
});

/** Nothing can be read yet. */
function Writing(): ReactNode {
  const { t } = useSpeech();
  return (
    <p className="writing" role="img" aria-label={t.chat.thinking}>
      <span />
      <span />
      <span />
    </p>
  );
}

function Reasoning({ text, isRunning }: { readonly text: string; readonly isRunning: boolean }): ReactNode {
  const { t } = useSpeech();
  if (text.trim() === "") return null;
  return (
    <details className="quiet-details">
      <summary data-running={isRunning}>
        <Icon name="spark" />
        <span>{isRunning ? t.chat.thinking : t.chat.thoughts}</span>
        <Icon name="chevron" className="details-chevron" />
      </summary>
      <div className="reasoning">{text.trim()}</div>
    </details>
  );
}

function AnswerFooter({ answer }: { readonly answer: Answer }): ReactNode {
  const { t } = useSpeech();
  const { outcome, timestamp, id } = answer;
  const text = textOf(answer);
  return (
    <>
      {(outcome === "interrupted" || outcome === "failed") && (
        <p className="answer-outcome" data-outcome={outcome}>
          <Icon name={outcome === "failed" ? "warning" : "stop"} />
          {outcome === "failed" ? t.chat.answerFailed : t.chat.answerInterrupted}
        </p>
      )}
      <footer className="answer-footer">
        {text !== "" && <CopyButton text={text} label={t.chat.copyAnswer} />}
        <Link to={{ page: "message", id }} className="icon-button" label={t.chat.showWay} title={t.chat.showWay}>
          <Icon name="path" />
        </Link>
        {timestamp !== undefined && (
          <span className="row-time">
            <Stamp atMs={Date.parse(timestamp)} />
          </span>
        )}
      </footer>
    </>
  );
}
