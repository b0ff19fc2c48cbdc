import { useEffect, useState, type ReactNode } from "react";
import { Icon, Spinner } from "../design/icon.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { announce } from "./announcer.tsx";
import { useNow } from "./clock.ts";
import { useServices } from "./services.tsx";
import { useStore } from "./use-store.ts";

/** A short break is nobody's concern. */
const graceMs = 1200;

/** Says that the connection is away, and for how long; nothing while it is there. */
export function ConnectionBanner(): ReactNode {
  const { connection } = useServices();
  const isOpen = useStore(connection.status).kind === "open";
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    if (isOpen) {
      setLate(false);
      return;
    }
    const timer = setTimeout(() => setLate(true), graceMs);
    return () => clearTimeout(timer);
  }, [isOpen]);
  return isLate && !isOpen ? <Banner /> : null;
}

function Banner(): ReactNode {
  const { t } = useSpeech();
  const { connection } = useServices();
  const status = useStore(connection.status);
  const nowMs = useNow();
  useEffect(() => {
    announce(t.connection.connecting);
    return () => announce(t.connection.back);
  }, [t]);
  const seconds = status.kind === "waiting" ? Math.ceil((status.retryAtMs - nowMs) / 1000) : 0;
  const words = navigator.onLine
    ? status.kind === "waiting"
      ? t.connection.waiting(seconds)
      : t.connection.connecting
    : t.connection.offline;
  return (
    <div className="connection-banner">
      {navigator.onLine ? <Spinner /> : <Icon name="plug" />}
      <span>{words}</span>
      {status.kind === "waiting" && (
        <button type="button" className="link-button" onClick={() => connection.hurry()}>
          {t.connection.now}
        </button>
      )}
    </div>
  );
}
