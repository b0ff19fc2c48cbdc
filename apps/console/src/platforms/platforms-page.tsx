import type { ReactNode } from "react";
import { useServices } from "../app/services.tsx";
import { useQuery } from "../app/use-query.ts";
import { EmptyState, ErrorNote } from "../design/note.tsx";
import { Page, Skeleton } from "../design/page.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { GatewayCard } from "./gateway-card.tsx";
import { PlatformCard } from "./platform-card.tsx";

const refreshMs = 5000;

/** How the gateway and each of its platforms are. */
export function Platforms(): ReactNode {
  const { t } = useSpeech();
  const { client } = useServices();
  const platforms = useQuery("platforms.list", async () => await client.call("platforms.list"), { everyMs: refreshMs });
  const gateway = useQuery("gateway.status", async () => await client.call("gateway.status"), { everyMs: refreshMs });
  return (
    <Page title={t.pages.platforms} description={t.platforms.description}>
      {gateway.error !== undefined && <ErrorNote error={gateway.error} onRetry={gateway.refresh} />}
      {gateway.isLoading && <Skeleton rows={2} />}
      {gateway.data !== undefined && <GatewayCard gateway={gateway.data} />}
      {platforms.error !== undefined && <ErrorNote error={platforms.error} onRetry={platforms.refresh} />}
      {platforms.isLoading && <Skeleton rows={6} />}
      {platforms.data?.rows.length === 0 && <EmptyState icon="plug" title={t.platforms.empty} text={t.platforms.emptyText} />}
      {platforms.data !== undefined && platforms.data.rows.length > 0 && (
        <ul className="platform-cards">
          {platforms.data.rows.map((platform) => (
            <li key={platform.id}>
              <PlatformCard platform={platform} onChanged={platforms.refresh} />
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}
