import {
  PlatformError,
  isPlatformError,
  type Connection,
  type Failure,
  type LiveMessage,
  type OutboundMessage,
  type Platform,
  type PlatformEvent,
  type PlatformHost,
} from "@hermes/core";
import type { CaseName, PlatformBench } from "../../../src/cases.ts";

/** A way to be bad, and the cases that see it. */
export interface Fault {
  readonly mode?: "webhook" | "signed";
  readonly platform?: (platform: Platform) => Platform;
  /** What the harness shows of a server whose platform is bad. */
  readonly bench?: (bench: PlatformBench) => PlatformBench;
  /** Other cases that see it as well, since they stand on the same thing. */
  readonly alsoSeenBy?: readonly CaseName[];
}

type Changed = { readonly [K in keyof Connection]?: Connection[K] };

/** A platform whose connections differ. */
export function connection(change: (good: Connection, host: PlatformHost) => Changed): Pick<Fault, "platform"> {
  return {
    platform: (good) => ({
      ...good,
      async connect(host, signal) {
        const live = await good.connect(host, signal);
        return { ...live, ...change(live, host) };
      },
    }),
  };
}

/** A platform whose host is told something else, both ways in. */
export function host(change: (good: PlatformHost) => Partial<PlatformHost>): Pick<Fault, "platform"> {
  return {
    platform: (good) => {
      const changed = (given: PlatformHost): PlatformHost => ({ ...given, ...change(given) });
      return {
        ...good,
        connect: (given, signal) => good.connect(changed(given), signal),
        ...(good.receive === undefined
          ? {}
          : { receive: (request, given) => good.receive?.(request, changed(given)) ?? Promise.reject() }),
      };
    },
  };
}

/** Events that differ; what is left out never arrives. */
export function events(change: (event: PlatformEvent) => PlatformEvent | undefined): Pick<Fault, "platform"> {
  return host((good) => ({
    accept: (given, cursor) =>
      good.accept(
        given.flatMap((event) => change(event) ?? []),
        cursor,
      ),
  }));
}

/** Failures that are told as others. */
export function failures(from: Failure["kind"], to: Failure, maybeDone?: boolean): Pick<Fault, "platform"> {
  const retell = (error: unknown): unknown =>
    isPlatformError(error) && error.failure.kind === from
      ? new PlatformError({
          platform: "pigeon",
          failure: to,
          message: "Retold",
          ...(maybeDone === undefined ? {} : { maybeDone }),
        })
      : error;
  const told = async <T>(call: Promise<T> | undefined): Promise<T> => {
    try {
      return await (call as Promise<T>);
    } catch (error) {
      throw retell(error);
    }
  };
  return {
    platform: (good) => ({
      ...good,
      async connect(given, signal) {
        const live = await told(good.connect(given, signal));
        return {
          ...live,
          send: (...parameters) => told(live.send(...parameters)),
          edit: (...parameters) => told(live.edit?.(...parameters)),
          async listen(stop) {
            const ended = (await live.listen?.(stop)) ?? { reason: "requested" };
            return ended.reason === "lost" ? { reason: "lost", error: retell(ended.error) as Error } : ended;
          },
        };
      },
    }),
  };
}

/** A platform whose live messages differ. */
export function live(change: (good: LiveMessage) => Partial<LiveMessage>): Pick<Fault, "platform"> {
  return connection((good) => ({
    async openLive(...parameters) {
      const opened = (await good.openLive?.(...parameters)) ?? null;
      return opened === null ? null : { ...opened, ...change(opened) };
    },
  }));
}

/** A platform that sends something else where there are files. */
export function files(change: (message: OutboundMessage) => OutboundMessage): Pick<Fault, "platform"> {
  return connection((good) => ({
    send: (chat, message, options) => good.send(chat, message.files.length === 0 ? message : change(message), options),
  }));
}

export function textOf(markdown: string): string {
  return markdown.replaceAll(/\*\*|`/gu, "");
}

export function raise(message: string): never {
  throw new Error(message);
}
