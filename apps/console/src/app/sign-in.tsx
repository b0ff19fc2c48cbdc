import { useState, type FormEvent, type ReactNode } from "react";
import type { SignInOutcome } from "../connection/session.ts";
import { Button } from "../design/button.tsx";
import { CopyButton } from "../design/copy-button.tsx";
import { Logo } from "../design/icon.tsx";
import { Note } from "../design/note.tsx";
import { usePageTitle } from "../design/page.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { LanguageChoice } from "./choices.tsx";
import type { Preferences } from "./preferences.ts";

interface SignInProps {
  readonly preferences: Preferences;
  readonly onCode: (code: string) => Promise<SignInOutcome>;
  /** How the link's code fared. */
  readonly outcome: SignInOutcome | undefined;
}

const command = "hermes console";

/** Asks for a one-time code and says where to get one. */
export function SignIn({ preferences, onCode, outcome: first }: SignInProps): ReactNode {
  const { t } = useSpeech();
  usePageTitle("");
  const [code, setCode] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState(first);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setOutcome(await onCode(code.trim().toUpperCase()));
    setBusy(false);
  };
  const problem = outcome === undefined || outcome === "signed-in" ? undefined : t.signIn.outcomes[outcome];
  return (
    <main className="centered sign-in-place">
      <div className="sign-in">
        <Logo />
        <h1>{t.signIn.title}</h1>
        <p className="sign-in-text">{t.signIn.text}</p>
        <form onSubmit={(event) => void submit(event)}>
          <label className="field">
            <span className="field-label">{t.signIn.code}</span>
            <input
              className="input code-input"
              value={code}
              onChange={(event) => setCode(event.target.value)}
              placeholder="XXXXX-XXXXX"
              autoComplete="one-time-code"
              autoCapitalize="characters"
              spellCheck={false}
              maxLength={64}
              required
              autoFocus
              aria-invalid={problem !== undefined}
            />
          </label>
          {problem !== undefined && <Note tone="bad">{problem}</Note>}
          <Button look="primary" type="submit" className="button-wide" isBusy={isBusy} disabled={code.trim() === ""}>
            {isBusy ? t.signIn.busy : t.signIn.submit}
          </Button>
        </form>
        <div className="sign-in-hint">
          <p>{t.signIn.hint}</p>
          <div className="command-line">
            <code>{command}</code>
            <CopyButton text={command} />
          </div>
          <p className="faint">{t.signIn.once}</p>
        </div>
        <LanguageChoice preferences={preferences} />
      </div>
    </main>
  );
}
