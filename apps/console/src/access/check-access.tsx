import type { AccessDecision } from "@hermes/protocol";
import { useState, type FormEvent, type ReactNode } from "react";
import { useServices } from "../app/services.tsx";
import { useQuery } from "../app/use-query.ts";
import { Badge } from "../design/badge.tsx";
import { Button } from "../design/button.tsx";
import { ErrorNote } from "../design/note.tsx";
import { Select } from "../design/segmented.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { platformName } from "../sessions/platform-name.ts";

/** Asks what would be decided about a message of somebody. */
export function CheckAccess(): ReactNode {
  const { t } = useSpeech();
  const { client } = useServices();
  const platforms = useQuery("platforms.list", async () => await client.call("platforms.list"));
  const [chosen, setChosen] = useState<string>();
  const [userId, setUserId] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [decision, setDecision] = useState<AccessDecision>();
  const [error, setError] = useState<unknown>();
  const rows = platforms.data?.rows ?? [];
  const platform = chosen ?? rows[0]?.id ?? "";
  const forget = (): void => {
    setDecision(undefined);
    setError(undefined);
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    forget();
    setBusy(true);
    try {
      setDecision(await client.call("access.check", { platform, userId: userId.trim() }));
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className="card" aria-labelledby="check-title">
      <h2 id="check-title">{t.access.check}</h2>
      <p className="faint">{t.access.checkText}</p>
      <form className="check-form" onSubmit={(event) => void submit(event)}>
        <Select
          label={t.common.platform}
          value={platform}
          options={rows.map(({ id }) => ({ value: id, label: platformName(id) }))}
          onChange={(next) => {
            setChosen(next);
            forget();
          }}
        />
        <label className="field">
          <span className="field-label">{t.access.user}</span>
          <input
            className="input"
            value={userId}
            placeholder={t.access.userHint}
            maxLength={256}
            spellCheck={false}
            required
            onChange={(event) => {
              setUserId(event.target.value);
              forget();
            }}
          />
        </label>
        <Button look="primary" type="submit" isBusy={isBusy} disabled={platform === "" || userId.trim() === ""}>
          {t.access.submit}
        </Button>
      </form>
      <div role="status">
        {decision !== undefined && (
          <div className="decision">
            <Badge tone={decision.letIn ? "good" : "bad"} icon={decision.letIn ? "check" : "close"}>
              {decision.letIn ? t.access.letIn : t.access.notLetIn}
            </Badge>
            <p>{decision.reason}</p>
            <p className="faint">
              {t.access.rule}: <span className="code-words">{decision.rule}</span>
            </p>
          </div>
        )}
      </div>
      {error !== undefined && <ErrorNote error={error} />}
    </section>
  );
}
