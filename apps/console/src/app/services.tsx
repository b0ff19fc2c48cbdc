import { createContext, use, type ReactNode } from "react";
import type { Client } from "@hermes/protocol";
import type { Drafts } from "../chat/drafts.ts";
import type { AcceptedMessage, Outbox } from "../chat/outbox.ts";
import type { Connection } from "../connection/connection.ts";
import type { SignedIn } from "../connection/session.ts";
import type { Sessions } from "../sessions/sessions.ts";
import type { Navigation } from "./navigation.tsx";
import type { Preferences } from "./preferences.ts";

/** What every part of the console may use. */
export interface Services {
  readonly navigation: Navigation;
  readonly preferences: Preferences;
  readonly connection: Connection;
  readonly client: Client;
  readonly outbox: Outbox;
  /** Told of each message the gateway takes. Returns what ends it. */
  readonly onAccepted: (listener: (message: AcceptedMessage) => void) => () => void;
  readonly drafts: Drafts;
  readonly sessions: Sessions;
  readonly signedIn: SignedIn;
  readonly signOut: () => Promise<void>;
}

const ServicesContext = createContext<Services | undefined>(undefined);

export function ServicesProvider({
  services,
  children,
}: {
  readonly services: Services;
  readonly children: ReactNode;
}): ReactNode {
  return <ServicesContext value={services}>{children}</ServicesContext>;
}

/** What this part of the console may use. */
export function useServices(): Services {
  const services = use(ServicesContext);
  if (services === undefined) throw new Error("Expected this component to stand below a ServicesProvider");
  return services;
}
