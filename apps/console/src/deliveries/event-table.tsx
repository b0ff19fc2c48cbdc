import { verdicts, type EventRecord } from "@hermes/protocol";
import { useCallback, useState, type ReactNode } from "react";
import { Link } from "../app/navigation.tsx";
import { useServices } from "../app/services.tsx";
import { may } from "../connection/session.ts";
import { Badge } from "../design/badge.tsx";
import { IconButton } from "../design/button.tsx";
import { ConfirmDialog } from "../design/confirm.tsx";
import { EmptyState } from "../design/note.tsx";
import { Segmented } from "../design/segmented.tsx";
import { Ago } from "../design/time.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { platformName } from "../sessions/platform-name.ts";
import { verdictLooks } from "./delivery-looks.ts";
import { PagedRows } from "./paged-rows.tsx";
import { usePages } from "./use-pages.ts";

const refreshMs = 5000;
const pageRows = 50;

interface EventTableProps {
  readonly platform: string | undefined;
  readonly filter: ReactNode;
}

/** What came in and what was decided about it, newest first. */
export function EventTable({ platform, filter }: EventTableProps): ReactNode {
  const { t } = useSpeech();
  const { client } = useServices();
  const [verdict, setVerdict] = useState<"all" | (typeof verdicts)[number]>("all");
  const [replayed, setReplayed] = useState<EventRecord>();
  const ask = useCallback(
    async (after: string | undefined) =>
      await client.call("events.list", {
        limit: pageRows,
        ...(verdict === "all" ? {} : { verdict }),
        ...(platform === undefined ? {} : { platform }),
        ...(after === undefined ? {} : { after }),
      }),
    [client, verdict, platform],
  );
  const pages = usePages({
    name: `events:${verdict}:${platform ?? ""}`,
    ask,
    nameOf: ({ seq }: EventRecord) => String(seq),
    everyMs: refreshMs,
  });
  const isFiltered = verdict !== "all" || platform !== undefined;
  const options = [
    { value: "all" as const, label: t.common.all },
    ...verdicts.map((value) => ({ value, label: t.events.verdicts[value] })),
  ];
  return (
    <>
      <div className="filters">
        <Segmented label={t.events.verdict} value={verdict} options={options} onChange={setVerdict} />
        {filter}
      </div>
      <PagedRows
        pages={pages}
        empty={
          <EmptyState
            icon="inbox"
            title={isFiltered ? t.events.emptyFiltered : t.events.empty}
            text={isFiltered ? t.events.emptyFilteredText : t.events.emptyText}
          />
        }
      >
        {(rows) => <Rows rows={rows} onReplay={setReplayed} />}
      </PagedRows>
      {replayed !== undefined && (
        <ConfirmDialog
          onClose={() => setReplayed(undefined)}
          ask={{
            title: t.events.replayTitle,
            text: t.events.replayText,
            action: t.events.replay,
            run: async () => await client.call("events.replay", { seq: replayed.seq }),
            onDone: pages.refresh,
          }}
        />
      )}
    </>
  );
}

interface RowsProps {
  readonly rows: readonly EventRecord[];
  readonly onReplay: (row: EventRecord) => void;
}

function Rows({ rows, onReplay }: RowsProps): ReactNode {
  const { t } = useSpeech();
  const { signedIn } = useServices();
  const { columns } = t.events;
  const canReplay = may(signedIn.scope, "write");
  return (
    <div className="card table-card">
      <table className="rows">
        <thead>
          <tr>
            <th scope="col">{columns.verdict}</th>
            <th scope="col">{columns.rule}</th>
            <th scope="col">{columns.platform}</th>
            <th scope="col">{columns.state}</th>
            <th scope="col" className="number">
              {columns.time}
            </th>
            {canReplay && (
              <th scope="col">
                <span className="visually-hidden">{t.events.replay}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <EventRow key={row.seq} event={row} onReplay={canReplay ? () => onReplay(row) : undefined} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface EventRowProps {
  readonly event: EventRecord;
  readonly onReplay: (() => void) | undefined;
}

function EventRow({ event, onReplay }: EventRowProps): ReactNode {
  const { t } = useSpeech();
  const { verdict, rule, platform, state, atMs, seq, eventId } = event;
  const { tone, icon } = verdictLooks[verdict];
  return (
    <tr>
      <td>
        <Badge tone={tone} icon={icon}>
          {t.events.verdicts[verdict]}
        </Badge>
      </td>
      <td className="main-cell">
        <Link to={{ page: "message", id: String(seq) }} className="row-link" title={t.events.show(seq)}>
          {rule}
        </Link>
        <p className="faint code-words">{eventId}</p>
      </td>
      <td>{platformName(platform)}</td>
      <td>{t.events.states[state]}</td>
      <td className="number">
        <Ago atMs={atMs} />
      </td>
      {onReplay !== undefined && (
        <td className="number">
          <IconButton icon="again" label={`${t.events.replay}: ${seq}`} onClick={onReplay} />
        </td>
      )}
    </tr>
  );
}
