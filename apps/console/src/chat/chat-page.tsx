import type { SessionInfo } from "@hermes/protocol";
import { useEffect, useState, type ReactNode } from "react";
import { useServices } from "../app/services.tsx";
import { useQuery } from "../app/use-query.ts";
import { useStore } from "../app/use-store.ts";
import { may } from "../connection/session.ts";
import { Badge } from "../design/badge.tsx";
import { Logo } from "../design/icon.tsx";
import { ErrorNote } from "../design/note.tsx";
import { Skeleton, usePageTitle } from "../design/page.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { platformName } from "../sessions/platform-name.ts";
import { SessionActions } from "../sessions/session-actions.tsx";
import { Composer } from "./composer.tsx";
import { isBusy } from "./conversation-state.ts";
import { openConversation, type Conversation } from "./conversation.ts";
import { MessageList } from "./message-list.tsx";
import { isAnsweredHere, newSessionKey, ownPlatform, randomSuffix } from "./session-key.ts";
import { visibleOutgoing } from "./visible-messages.ts";
import { beforeNextFrame } from "./frames.ts";

/** A conversation, or the beginning of a new one. */
export function ChatPage({ sessionKey }: { readonly sessionKey: string | undefined }): ReactNode {
  const { signedIn } = useServices();
  const [fresh, setFresh] = useState(() => freshKey(signedIn.user));
  useEffect(() => {
    // The key was used: the next new conversation has another one.
    if (sessionKey === fresh) setFresh(freshKey(signedIn.user));
  }, [sessionKey, fresh, signedIn.user]);
  return <Chat key={sessionKey ?? fresh} sessionKey={sessionKey ?? fresh} isNew={sessionKey === undefined} />;
}

function freshKey(user: string): string {
  return newSessionKey(user, randomSuffix(crypto.getRandomValues(new Uint8Array(10))));
}

function Chat({ sessionKey, isNew }: { readonly sessionKey: string; readonly isNew: boolean }): ReactNode {
  const { t } = useSpeech();
  const { sessions, signedIn } = useServices();
  const session = useStore(sessions.view).rows.find(({ session_key }) => session_key === sessionKey);
  const title = isNew ? t.sessions.newChat : session === undefined || session.title === "" ? t.sessions.untitled : session.title;
  usePageTitle(title);
  const closedBecause = !may(signedIn.scope, "write")
    ? t.chat.readOnly
    : isAnsweredHere(sessionKey, signedIn.user, session?.chat)
      ? undefined
      : t.chat.answeredOn(platformName(session?.chat.platform ?? sessionKey.split(":")[2] ?? ""));
  return (
    <div className="chat" data-new={isNew}>
      <ChatHeader title={title} session={session} isNew={isNew} />
      {isNew ? (
        <Beginning sessionKey={sessionKey} closedBecause={closedBecause} />
      ) : (
        <OpenChat sessionKey={sessionKey} closedBecause={closedBecause} />
      )}
    </div>
  );
}

interface ChatHeaderProps {
  readonly title: string;
  readonly session: SessionInfo | undefined;
  readonly isNew: boolean;
}

function ChatHeader({ title, session, isNew }: ChatHeaderProps): ReactNode {
  return (
    <header className="chat-header">
      <h1 className={isNew ? "visually-hidden" : undefined} title={title}>
        {title}
      </h1>
      {session !== undefined && session.chat.platform !== ownPlatform && (
        <Badge>
          {platformName(session.chat.platform)}
          {session.chat.name !== undefined && ` · ${session.chat.name}`}
        </Badge>
      )}
      {session !== undefined && <SessionActions session={session} />}
    </header>
  );
}

interface ChatProps {
  readonly sessionKey: string;
  readonly closedBecause: string | undefined;
}

/** Nothing is said yet: a greeting and the composer in the middle. */
function Beginning({ sessionKey, closedBecause }: ChatProps): ReactNode {
  const { t } = useSpeech();
  const { client } = useServices();
  const gateway = useQuery("gateway.status", async () => await client.call("gateway.status"));
  return (
    <div className="beginning">
      <Logo />
      <h2>{t.chat.greeting}</h2>
      <p>{t.chat.greetingText(gateway.data?.agent ?? t.chat.agent)}</p>
      <Composer sessionKey={sessionKey} closedBecause={closedBecause} isRunning={false} opensConversation />
    </div>
  );
}

function OpenChat({ sessionKey, closedBecause }: ChatProps): ReactNode {
  const conversation = useConversation(sessionKey);
  return conversation === undefined ? null : <Messages conversation={conversation} closedBecause={closedBecause} />;
}

function useConversation(sessionKey: string): Conversation | undefined {
  const { connection, onAccepted } = useServices();
  const [conversation, setConversation] = useState<Conversation>();
  useEffect(() => {
    const opened = openConversation({ sessionKey, connection, onNextFrame: beforeNextFrame });
    const end = onAccepted((message) => {
      if (message.sessionKey === sessionKey) opened.accepted(message);
    });
    setConversation(opened);
    return () => {
      end();
      opened.close();
    };
  }, [sessionKey, connection, onAccepted]);
  return conversation?.sessionKey === sessionKey ? conversation : undefined;
}

function Messages({
  conversation,
  closedBecause,
}: {
  readonly conversation: Conversation;
  readonly closedBecause: string | undefined;
}): ReactNode {
  const { t } = useSpeech();
  const { outbox } = useServices();
  const { sessionKey } = conversation;
  const view = useStore(conversation.view);
  const outgoing = visibleOutgoing(useStore(outbox.messages), sessionKey, view.state);
  const reload = (): void => void conversation.reload();
  return (
    <>
      {view.phase === "loading" && outgoing.length === 0 && (
        <div className="chat-loading">
          <Skeleton rows={5} />
        </div>
      )}
      {view.phase === "failed" && (
        <div className="chat-loading">
          <h2>{t.chat.missing}</h2>
          <ErrorNote error={view.error} onRetry={reload} />
        </div>
      )}
      {(view.phase === "ready" || outgoing.length > 0) && (
        <MessageList
          key={sessionKey}
          view={view}
          outgoing={outgoing}
          sessionKey={sessionKey}
          canAnswer={closedBecause === undefined}
          onEarlier={() => void conversation.loadEarlier()}
          onRetry={reload}
        />
      )}
      <Composer sessionKey={sessionKey} closedBecause={closedBecause} isRunning={isBusy(view.state)} />
    </>
  );
}
