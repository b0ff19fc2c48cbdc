import { isRpcError } from "@hermes/protocol";
import type { ReactNode } from "react";
import { Link } from "../app/navigation.tsx";
import { useServices } from "../app/services.tsx";
import { useQuery } from "../app/use-query.ts";
import { Icon } from "../design/icon.tsx";
import { EmptyState, ErrorNote } from "../design/note.tsx";
import { Page, Skeleton } from "../design/page.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { errorSentence } from "../i18n/error-sentence.ts";
import { DeliveryDetail } from "./delivery-detail.tsx";
import { TimelineView } from "./timeline-view.tsx";

const refreshMs = 5000;

/** The way of one message, found by any id it has. */
export function MessagePage({ id }: { readonly id: string }): ReactNode {
  const { t } = useSpeech();
  const { client } = useServices();
  const timeline = useQuery(`timeline:${id}`, async () => await client.call("timeline.show", { id }), { everyMs: refreshMs });
  const isUnknown = isRpcError(timeline.error) && timeline.error.kind === "not-found";
  return (
    <Page title={t.deliveries.message} actions={<BackLink />}>
      <p className="code-words message-id">{id}</p>
      {isUnknown && <EmptyState icon="question" title={t.deliveries.notFound} text={errorSentence(timeline.error, t)} />}
      {timeline.error !== undefined && !isUnknown && <ErrorNote error={timeline.error} onRetry={timeline.refresh} />}
      {timeline.isLoading && <Skeleton rows={8} />}
      {timeline.data !== undefined && (
        <div className="message-columns">
          <div className="message-deliveries">
            {timeline.data.deliveries.map((delivery) => (
              <DeliveryDetail key={delivery.replyId} delivery={delivery} onChanged={timeline.refresh} />
            ))}
          </div>
          <TimelineView timeline={timeline.data} />
        </div>
      )}
    </Page>
  );
}

function BackLink(): ReactNode {
  const { t } = useSpeech();
  return (
    <Link to={{ page: "deliveries", tab: "outgoing" }} className="button button-plain">
      <Icon name="left" />
      <span>{t.deliveries.back}</span>
    </Link>
  );
}
