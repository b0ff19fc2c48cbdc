import { useEffect, useRef, type ReactNode } from "react";
import { announce } from "../app/announcer.tsx";
import { Button, IconButton } from "../design/button.tsx";
import { ErrorNote } from "../design/note.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { AnswerRow } from "./answer-row.tsx";
import { textOf, type Item } from "./conversation-state.ts";
import type { ConversationView } from "./conversation.ts";
import { nameOf } from "./load-conversation.ts";
import { NoticeRow } from "./notice-row.tsx";
import type { OutgoingMessage } from "./outbox.ts";
import { OutgoingRow } from "./outgoing-row.tsx";
import { QuestionRow } from "./question-row.tsx";
import { useMessageScroll } from "./use-message-scroll.ts";

interface MessageListProps {
  readonly view: ConversationView;
  readonly outgoing: readonly OutgoingMessage[];
  readonly sessionKey: string;
  readonly canAnswer: boolean;
  readonly onEarlier: () => void;
  readonly onRetry: () => void;
}

/** What was said, oldest first; it stays at the end as long as one reads there. */
export function MessageList({ view, outgoing, sessionKey, canAnswer, onEarlier, onRetry }: MessageListProps): ReactNode {
  const { t } = useSpeech();
  const { items, earlier } = view.state;
  const first = items[0];
  const { scroller, content, isAtEnd, toEnd } = useMessageScroll({
    firstName: first === undefined ? "" : nameOf(first),
    ownCount: outgoing.length,
    onTop: earlier === undefined ? undefined : onEarlier,
  });
  useAnnouncedAnswers(items);
  return (
    <div className="messages-place">
      <div ref={scroller} className="messages" tabIndex={0} role="log" aria-live="off" aria-label={t.chat.messages}>
        <div ref={content} className="messages-column">
          <Earlier
            hasMore={earlier !== undefined}
            isLoading={view.isLoadingEarlier}
            isEmpty={items.length === 0}
            onEarlier={onEarlier}
          />
          {items.map((item) => (
            <Row key={nameOf(item)} item={item} sessionKey={sessionKey} canAnswer={canAnswer} />
          ))}
          {outgoing.map((message) => (
            <OutgoingRow key={message.key} message={message} />
          ))}
          {view.error !== undefined && <ErrorNote error={view.error} onRetry={onRetry} />}
        </div>
      </div>
      {!isAtEnd && <IconButton icon="down" label={t.chat.latest} className="to-end" onClick={toEnd} />}
    </div>
  );
}

interface EarlierProps {
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  readonly isEmpty: boolean;
  readonly onEarlier: () => void;
}

function Earlier({ hasMore, isLoading, isEmpty, onEarlier }: EarlierProps): ReactNode {
  const { t } = useSpeech();
  if (isEmpty) return null;
  if (!hasMore) return <p className="conversation-begin">{t.chat.begin}</p>;
  return (
    <div className="conversation-begin">
      <Button look="quiet" icon="up" isBusy={isLoading} onClick={onEarlier}>
        {isLoading ? t.chat.earlier : t.chat.loadEarlier}
      </Button>
    </div>
  );
}

interface RowProps {
  readonly item: Item;
  readonly sessionKey: string;
  readonly canAnswer: boolean;
}

function Row({ item, sessionKey, canAnswer }: RowProps): ReactNode {
  switch (item.kind) {
    case "question":
      return <QuestionRow question={item} sessionKey={sessionKey} canAnswer={canAnswer} />;
    case "answer":
      return <AnswerRow answer={item} />;
    case "notice":
      return <NoticeRow notice={item} />;
  }
}

const mostSpoken = 600;

/** An answer is read out once, when it is over. */
function useAnnouncedAnswers(items: readonly Item[]): void {
  const { t } = useSpeech();
  const running = useRef<ReadonlySet<string>>(new Set());
  useEffect(() => {
    for (const item of items) {
      if (item.kind !== "answer" || item.outcome === "running" || !running.current.has(item.id)) continue;
      announce(t.chat.answerFinished(textOf(item).slice(0, mostSpoken)));
    }
    running.current = new Set(items.flatMap((item) => (item.kind === "answer" && item.outcome === "running" ? [item.id] : [])));
  }, [items, t]);
}
