import type { Delivery } from "@hermes/protocol";
import { useCallback, useState, type ReactNode } from "react";
import { Link } from "../app/navigation.tsx";
import { useServices } from "../app/services.tsx";
import { Badge } from "../design/badge.tsx";
import { EmptyState } from "../design/note.tsx";
import { Segmented } from "../design/segmented.tsx";
import { Ago } from "../design/time.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { deliveryLooks } from "./delivery-looks.ts";
import { placeWords } from "./place-words.ts";
import { PagedRows } from "./paged-rows.tsx";
import { usePages } from "./use-pages.ts";

const refreshMs = 5000;
const pageRows = 50;

interface DeliveryTableProps {
  readonly platform: string | undefined;
  readonly filter: ReactNode;
}

/** Answers and notices on their way, newest first. */
export function DeliveryTable({ platform, filter }: DeliveryTableProps): ReactNode {
  const { t } = useSpeech();
  const { client } = useServices();
  const [state, setState] = useState<"all" | "pending" | "troubled">("all");
  const ask = useCallback(
    async (after: string | undefined) =>
      await client.call("deliveries.list", {
        limit: pageRows,
        ...(state === "all" ? {} : { state }),
        ...(platform === undefined ? {} : { platform }),
        ...(after === undefined ? {} : { after }),
      }),
    [client, state, platform],
  );
  const pages = usePages({
    name: `deliveries:${state}:${platform ?? ""}`,
    ask,
    nameOf: ({ replyId }: Delivery) => replyId,
    everyMs: refreshMs,
  });
  const isFiltered = state !== "all" || platform !== undefined;
  const options = (["all", "pending", "troubled"] as const).map((value) => ({ value, label: t.deliveries.filters[value] }));
  return (
    <>
      <div className="filters">
        <Segmented label={t.deliveries.filter} value={state} options={options} onChange={setState} />
        {filter}
      </div>
      <PagedRows
        pages={pages}
        empty={
          <EmptyState
            icon="paper"
            title={isFiltered ? t.deliveries.emptyFiltered : t.deliveries.empty}
            text={isFiltered ? t.deliveries.emptyFilteredText : t.deliveries.emptyText}
          />
        }
      >
        {(rows) => <Rows rows={rows} />}
      </PagedRows>
    </>
  );
}

function Rows({ rows }: { readonly rows: readonly Delivery[] }): ReactNode {
  const { t } = useSpeech();
  const { columns } = t.deliveries;
  return (
    <div className="card table-card">
      <table className="rows">
        <thead>
          <tr>
            <th scope="col">{columns.state}</th>
            <th scope="col">{columns.chat}</th>
            <th scope="col">{columns.kind}</th>
            <th scope="col" className="number">
              {columns.parts}
            </th>
            <th scope="col" className="number">
              {columns.started}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <DeliveryRow key={row.replyId} delivery={row} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function DeliveryRow({ delivery }: { readonly delivery: Delivery }): ReactNode {
  const { t } = useSpeech();
  const { state, chat, kind, parts, partsSent, failure, startedAtMs, replyId } = delivery;
  const { tone, icon } = deliveryLooks[state];
  return (
    <tr>
      <td>
        <Badge tone={tone} icon={icon} title={t.deliveries.stateMeanings[state]}>
          {t.deliveries.states[state]}
        </Badge>
      </td>
      <td className="main-cell">
        <Link to={{ page: "message", id: replyId }} className="row-link">
          {placeWords(chat)}
        </Link>
        {failure !== undefined && <p className="row-failure">{failure}</p>}
      </td>
      <td>{t.deliveries.kinds[kind]}</td>
      <td className="number">{t.deliveries.partsOf(partsSent, parts)}</td>
      <td className="number">
        <Ago atMs={startedAtMs} />
      </td>
    </tr>
  );
}
