import type { AccessEntry } from "@hermes/protocol";
import { useState, type ReactNode } from "react";
import { useServices } from "../app/services.tsx";
import { useQuery } from "../app/use-query.ts";
import { may } from "../connection/session.ts";
import { Badge } from "../design/badge.tsx";
import { Button } from "../design/button.tsx";
import { ConfirmDialog } from "../design/confirm.tsx";
import { EmptyState, ErrorNote, Note } from "../design/note.tsx";
import { Page, Skeleton } from "../design/page.tsx";
import { Ago } from "../design/time.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { platformName } from "../sessions/platform-name.ts";
import { CheckAccess } from "./check-access.tsx";

const refreshMs = 15_000;

/** Who is let in, and what would be decided about somebody. */
export function Access(): ReactNode {
  const { t } = useSpeech();
  const { signedIn } = useServices();
  return (
    <Page title={t.pages.access} description={t.access.description}>
      <CheckAccess />
      {may(signedIn.scope, "admin") ? <LetIn /> : <Note tone="neutral">{t.access.adminOnly}</Note>}
    </Page>
  );
}

function LetIn(): ReactNode {
  const { t } = useSpeech();
  const { client } = useServices();
  const { data, error, isLoading, refresh } = useQuery("access.list", async () => await client.call("access.list"), {
    everyMs: refreshMs,
  });
  return (
    <>
      {error !== undefined && <ErrorNote error={error} onRetry={refresh} />}
      {isLoading && <Skeleton rows={4} />}
      {data !== undefined && data.open.length > 0 && (
        <Note tone="warn">
          <strong>{t.access.open}</strong> {t.access.openText} {data.open.map(platformName).join(", ")}
        </Note>
      )}
      {data?.entries.length === 0 && <EmptyState icon="shield" title={t.access.empty} text={t.access.emptyText} />}
      {data !== undefined && data.entries.length > 0 && <Entries entries={data.entries} onChanged={refresh} />}
    </>
  );
}

interface EntriesProps {
  readonly entries: readonly AccessEntry[];
  readonly onChanged: () => void;
}

function Entries({ entries, onChanged }: EntriesProps): ReactNode {
  const { t } = useSpeech();
  const { client } = useServices();
  const [revoked, setRevoked] = useState<AccessEntry>();
  const { columns } = t.access;
  const where = (platform: string): string => (platform === "*" ? t.access.everywhere : platformName(platform));
  return (
    <section aria-labelledby="entries-title" className="section">
      <h2 id="entries-title">{t.access.entries}</h2>
      <div className="card table-card">
        <table className="rows">
          <thead>
            <tr>
              <th scope="col">{columns.user}</th>
              <th scope="col">{columns.platform}</th>
              <th scope="col">{columns.by}</th>
              <th scope="col" className="number">
                {columns.since}
              </th>
              <th scope="col">
                <span className="visually-hidden">{columns.actions}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <tr key={`${entry.platform}:${entry.userId}:${entry.by}`}>
                <td className="main-cell code-words">{entry.userId}</td>
                <td>{where(entry.platform)}</td>
                <td>
                  <Badge
                    tone={entry.by === "owner" ? "info" : "neutral"}
                    icon={entry.by === "owner" ? "key" : "file"}
                    title={t.access.byText[entry.by]}
                  >
                    {t.access.by[entry.by]}
                  </Badge>
                </td>
                <td className="number">{entry.sinceMs === undefined ? "–" : <Ago atMs={entry.sinceMs} />}</td>
                <td className="number">
                  {entry.by === "owner" && (
                    <Button look="quiet" onClick={() => setRevoked(entry)}>
                      {t.access.revoke}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="faint">{t.access.configuredStays}</p>
      {revoked !== undefined && (
        <ConfirmDialog
          onClose={() => setRevoked(undefined)}
          ask={{
            title: t.access.revokeTitle,
            text: t.access.revokeText(revoked.userId, where(revoked.platform)),
            action: t.access.revoke,
            isDangerous: true,
            run: async () => await client.call("access.revoke", { platform: revoked.platform, userId: revoked.userId }),
            onDone: onChanged,
          }}
        />
      )}
    </section>
  );
}
