import type { RunningStep } from "@hermes/protocol";
import type { ReactNode } from "react";
import { Icon, Spinner } from "../design/icon.tsx";
import { useSpeech } from "../i18n/language.tsx";

/** Tools that were used in a row: one line, with all of them inside. */
export function Steps({ steps }: { readonly steps: readonly RunningStep[] }): ReactNode {
  const { t } = useSpeech();
  const running = steps.findLast(({ state }) => state === "running");
  const failed = steps.filter(({ state }) => state === "failed").length;
  const only = steps.length === 1 ? steps[0] : undefined;
  return (
    <details className="quiet-details">
      <summary data-running={running !== undefined}>
        {running === undefined ? <Icon name="tool" /> : <Spinner />}
        <span>{running?.title ?? only?.title ?? t.chat.stepsDone(steps.length)}</span>
        {running === undefined && failed > 0 && <span className="steps-failed">{t.chat.stepsFailed(failed)}</span>}
        <Icon name="chevron" className="details-chevron" />
      </summary>
      <ol className="steps">
        {steps.map((step) => (
          <li key={step.call_id} data-state={step.state}>
            <StepMark state={step.state} />
            <div>
              <p>{step.title}</p>
              {step.summary !== undefined && step.summary !== "" && <p className="step-summary">{step.summary}</p>}
            </div>
          </li>
        ))}
      </ol>
    </details>
  );
}

function StepMark({ state }: { readonly state: RunningStep["state"] }): ReactNode {
  const { t } = useSpeech();
  return (
    <span className="step-mark" role="img" aria-label={t.chat.stepStates[state]}>
      {state === "running" ? <Spinner /> : <Icon name={state === "done" ? "check" : "close"} />}
    </span>
  );
}
