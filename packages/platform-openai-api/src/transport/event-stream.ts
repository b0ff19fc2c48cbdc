import type { Clock } from "@hermes/core";

const keepAliveMs = 15_000;

export interface EventStreamOptions {
  readonly clock: Clock;
  /** What may wait for a slow reader. */
  readonly maxQueuedBytes: number;
  /** Nobody reads any more, or too slowly. */
  readonly onGone: () => void;
}

/** A body of server-sent events that is written as things happen. */
export interface EventStream {
  readonly body: ReadableStream<Uint8Array>;
  /** One or more whole events. Without effect once nobody reads. */
  write(events: string): void;
  /** The last events: whoever reads slowly gets them too, since nothing comes after them. */
  close(events?: string): void;
}

/** A stream that says something now and then even if nothing happens, and gives up on readers who fall too far behind. */
export function createEventStream({ clock, maxQueuedBytes, onGone }: EventStreamOptions): EventStream {
  const encoder = new TextEncoder();
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let cancelTimer: () => void = () => undefined;

  const end = (): ReadableStreamDefaultController<Uint8Array> | undefined => {
    const ended = controller;
    controller = undefined;
    cancelTimer();
    return ended;
  };

  const write = (events: string): void => {
    if (controller === undefined || events === "") return;
    // One event may be larger than what may wait: what counts is what waited before it.
    if ((controller.desiredSize ?? 0) >= 0) return controller.enqueue(encoder.encode(events));
    end()?.error(new Error("The reader is too slow"));
    onGone();
  };

  const keepAlive = (): void => {
    cancelTimer = clock.wakeAt(clock.now() + keepAliveMs, () => {
      write(": keep-alive\n\n");
      if (controller !== undefined) keepAlive();
    });
  };

  const body = new ReadableStream<Uint8Array>(
    {
      start(opened) {
        controller = opened;
      },
      cancel() {
        if (end() !== undefined) onGone();
      },
    },
    { highWaterMark: maxQueuedBytes, size: (chunk) => chunk.byteLength },
  );
  keepAlive();
  return {
    body,
    write,
    close(events = "") {
      if (events !== "") controller?.enqueue(encoder.encode(events));
      end()?.close();
    },
  };
}
