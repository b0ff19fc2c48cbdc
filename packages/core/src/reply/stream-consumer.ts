import type { AgentEvent } from "../agent.ts";
import type { Clock } from "../clock.ts";
import type { Action, OutboundFile } from "../message.ts";
import { startReply } from "./start-reply.ts";
import type {
  LiveLimits,
  Part,
  ReplyContext,
  ReplyEffect,
  ReplyEnding,
  ReplyInput,
  ReplyState,
  ShowRequest,
  ShowResult,
} from "./state.ts";
import { isReplySettled, stepReply } from "./step-reply.ts";
import type { ReplySurface } from "./surface.ts";

export interface StreamConsumerOptions {
  readonly context: ReplyContext;
  readonly surface: ReplySurface;
  readonly clock: Clock;
  /** A reply to go on with, from `resumeReply` or `restartReply`. Default: a new one. */
  readonly state?: ReplyState;
  /** Told whenever parts changed, before anything is done about it. */
  readonly onChange?: (state: ReplyState) => void;
  /** Told of each part whose call came back, once that is part of the state. */
  readonly onSettled?: (part: Part) => void;
}

/** Shows what an agent says while it says it. */
export interface StreamConsumer {
  readonly state: ReplyState;
  /**
   * Every part is sent, unknown or failed. Stays open while there is something left to try, and after `abandon`; rejects if the
   * adapter's `measure` or one of the callbacks throws.
   */
  readonly settled: Promise<ReplyState>;
  push(event: AgentEvent): void;
  /** Puts something to somebody, with buttons where there are such; what is held back is shown before it. */
  pose(question: { readonly text: string; readonly actions: readonly (readonly Action[])[] }): void;
  /** Shows what is held back: nothing more is pushed until somebody has answered. */
  pause(): void;
  /** Gives up what is not shown yet. */
  drop(): void;
  /** Nothing more will be pushed; showing goes on. */
  end(how: ReplyEnding): void;
  /** Starts no more calls and cancels the timer; the state can be taken up again later. */
  abandon(): void;
}

/** The driver round `stepReply`: runs its effects on a surface, with one timer. */
export function createStreamConsumer(options: StreamConsumerOptions): StreamConsumer {
  const { context, surface, clock, onChange, onSettled } = options;
  const outcome = Promise.withResolvers<ReplyState>();
  let state = options.state ?? startReply(context);
  let isOver = false;
  let timer: { readonly atMs: number; readonly cancel: () => void } | undefined;

  // Whoever waits for it may do so only at the end: until then a failure is nobody's unhandled rejection.
  outcome.promise.catch(() => undefined);

  function tell(input: ReplyInput): void {
    if (isOver) return;
    try {
      step(input);
    } catch (error) {
      stop();
      outcome.reject(error);
    }
  }

  function step(input: ReplyInput): void {
    const before = state;
    const { state: after, effects } = stepReply(before, input, context, clock.now());
    state = after;
    if (after.parts !== before.parts) onChange?.(after);
    const settledPart = input.type === "settled" ? after.parts[input.part] : undefined;
    if (settledPart !== undefined) onSettled?.(settledPart);
    for (const effect of effects) run(effect);
    if (!isReplySettled(state)) return;
    stop();
    outcome.resolve(state);
  }

  function run(effect: ReplyEffect): void {
    switch (effect.type) {
      case "open":
        void open(effect.part).then((live) => tell({ type: "opened", live }));
        return;
      case "show": {
        const { type: _type, ...request } = effect;
        const { part, revision } = request;
        void show(request).then((result) => tell({ type: "settled", part, revision, result }));
        return;
      }
      case "wake":
        wake(effect.atMs);
    }
  }

  // A surface that throws has a fault; what it was asked to do may have been done.
  async function open(part: number): Promise<LiveLimits | null> {
    try {
      return await surface.open(part);
    } catch {
      return null;
    }
  }

  async function show(request: ShowRequest): Promise<ShowResult> {
    try {
      return await surface.show(request);
    } catch {
      return { kind: "failed", failure: { kind: "unavailable" }, maybeDone: true };
    }
  }

  function wake(atMs: number): void {
    if (timer?.atMs === atMs) return;
    timer?.cancel();
    timer = {
      atMs,
      cancel: clock.wakeAt(atMs, () => {
        timer = undefined;
        tell({ type: "clock" });
      }),
    };
  }

  function stop(): void {
    isOver = true;
    timer?.cancel();
    timer = undefined;
  }

  // Whoever creates it holds it before it makes its first call.
  if (options.state !== undefined) queueMicrotask(() => tell({ type: "clock" }));

  return {
    get state() {
      return state;
    },
    settled: outcome.promise,
    push: (event) => tell({ type: "agent", event: withKeys(event, surface) }),
    pose: (question) => {
      tell({ type: "question", ...question });
      tell({ type: "pause" });
    },
    pause: () => tell({ type: "pause" }),
    drop: () => tell({ type: "drop" }),
    end: (how) => tell({ type: "end", how }),
    abandon: stop,
  };
}

/** Files that nobody keeps are held by the surface. */
function withKeys(event: AgentEvent, surface: ReplySurface): AgentEvent {
  const held = (file: OutboundFile): OutboundFile => {
    if (file.key !== undefined || surface.hold === undefined) return file;
    const { kind, name, mimeType, sizeBytes } = file;
    return { key: surface.hold(file), kind, name, mimeType, sizeBytes, open: () => file.open() };
  };
  if (event.type === "file") return { ...event, file: held(event.file) };
  return event.type === "album" ? { ...event, files: event.files.map(held) } : event;
}
