import {
  backgroundOfSession,
  type Acceptance,
  type Clock,
  type Cursor,
  type Logger,
  type PlatformEvent,
  type SessionKey,
} from "@hermes/core";
import { Arrivals } from "./arrivals.ts";
import { admit, mayClaim, queueFullRule, tooOldRule, type Admission } from "./admission.ts";
import type { AccessRules } from "./access.ts";
import type { Roster } from "./agents/roster.ts";
import { checkEvent } from "./check-event.ts";
import type { Backlog } from "./backlog/backlog.ts";
import type { BusyDesk, Manner } from "./busy/busy-desk.ts";
import type { MessageChanges } from "./busy/message-changes.ts";
import { routeOf, workOf } from "./intake.ts";
import type { Catalogue } from "./catalogue/catalogue.ts";
import type { CommandButtons, CommandPress } from "./commands/command-buttons.ts";
import type { FollowedThreads } from "./followed-threads.ts";
import type { Lanes } from "./lanes.ts";
import type { AnswerListener } from "./outbox/answer-listener.ts";
import type { Notices } from "./outbox/notices.ts";
import type { Parking } from "./outbox/parking.ts";
import type { OwnerClaims } from "./owner-claim.ts";
import type { Activity } from "./activity.ts";
import type { PlatformFacts } from "./platform-facts.ts";
import type { DrainingNotices } from "./restart/draining-notices.ts";
import type { Accepted, EventIntake, IntakeWork, Store } from "./store.ts";
import type { Presses } from "./turn/presses.ts";
import type { Press, Questions } from "./turn/questions.ts";

/** What the inbox works with. */
export interface InboxParts {
  readonly store: Store;
  readonly lanes: Lanes;
  readonly claims: OwnerClaims;
  readonly questions: Questions;
  readonly presses: Presses;
  readonly roster: Roster;
  readonly commandButtons: Pick<CommandButtons, "read">;
  readonly notices: Notices;
  readonly catalogue: Catalogue;
  readonly busy: BusyDesk;
  readonly changes: MessageChanges;
  readonly backlog: Backlog;
  readonly parking: Parking;
  readonly answers: AnswerListener;
  readonly threads: FollowedThreads;
  readonly facts: PlatformFacts;
  readonly activity: Activity;
  readonly draining: Pick<DrainingNotices, "refuses" | "tell">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly maxQueuedPerSession: number;
  readonly platforms: ReadonlyMap<string, unknown>;
  /** A platform with this many lanes that have work is asked to wait. */
  readonly maxBusyLanes: number;
  /** Whether lanes may have work in the store that they do not know of yet. */
  isRecovering(): boolean;
  /** Why there is no room for anything new. */
  pressure(): string | undefined;
  rules(): AccessRules;
  /** Somebody's message was refused because too many of theirs wait. */
  onQueueFull(event: PlatformEvent, sessionKey: SessionKey, waiting: number): void;
}

const tellCrowdedEveryMs = 60_000;
const noPresses: ReadonlyMap<string, CommandPress> = new Map();
/** Conversations that begin beside others, of all people together. */
const maxBackground = 20;

/** An event with what is to be done with it, and how it came. */
interface Taken extends EventIntake {
  readonly manner: Manner;
  /** Its lane begins no turn before that; absent: as it is. */
  readonly holdUntilMs?: number;
  /** What a button was pressed for, as it came. */
  readonly press?: Press;
  /** A button that gave a command, or was to. */
  readonly choice?: CommandPress;
}

/** What is known of one batch while it is looked at. */
interface Arrival {
  readonly nowMs: number;
  readonly isRepeated: boolean;
  /** One for each event that will wait somewhere. */
  readonly works: { readonly kind: "turn" | "command"; readonly sessionKey: SessionKey }[];
  /** Undoes what the batch took, should it not be stored. */
  readonly giveBack: (() => void)[];
  readonly presses: ReadonlyMap<string, CommandPress>;
}

/** Admits, stores and wakes: what it has answered for is in the store. */
export class Inbox {
  readonly #parts: InboxParts;
  /** Taken in and not stored yet: they count as waiting, or a flood would pass the limit. */
  readonly #arriving = new Arrivals();
  #undecodable = 0;
  #toldCrowdedAtMs = -Infinity;

  constructor(parts: InboxParts) {
    this.#parts = parts;
  }

  get undecodableCount(): number {
    return this.#undecodable;
  }

  /** Why nothing new is taken now, in a few words. */
  get pressure(): string | undefined {
    const crowds = [...this.#parts.platforms.keys()].map((id) => this.#crowdOn(id));
    return crowds.find((crowd) => crowd !== undefined) ?? this.#parts.pressure();
  }

  /**
   * One commit for all events and the cursor.
   *
   * @throws when the store cannot take them, there is no room or too much work waits: then nothing may be acknowledged.
   */
  async accept(platform: string, events: readonly PlatformEvent[], cursor?: Cursor): Promise<readonly Acceptance[]> {
    return await this.#accept(platform, events, false, cursor);
  }

  /** An event that is worked off once more by hand: it cuts off nothing and joins nothing. */
  async acceptAgain(platform: string, event: PlatformEvent): Promise<Acceptance> {
    return (await this.#accept(platform, [event], true))[0] ?? "refused";
  }

  async #accept(
    platform: string,
    events: readonly PlatformEvent[],
    isRepeated: boolean,
    cursor?: Cursor,
  ): Promise<readonly Acceptance[]> {
    const { store, clock } = this.#parts;
    this.#refuseUnderPressure(platform);
    if (this.#parts.draining.refuses(events))
      throw new Error("The gateway is ending, and what is asked now would not be answered: ask again when it runs again");
    const checked = events.map((event) => checkEvent(platform, event, clock.now()));
    const read = this.#parts.threads.read(platform, checked, this.#parts.rules());
    const followed = read === undefined ? checked : await read;
    const pressed = this.#parts.commandButtons.read(followed, (event) => this.#parts.questions.isButton(event));
    const { events: meant, presses } = pressed === undefined ? { events: followed, presses: noPresses } : await pressed;
    const nowMs = clock.now();
    const arrival: Arrival = { nowMs, isRepeated, works: [], giveBack: [], presses };
    const intakes: Taken[] = [];
    const woken = new Set<EventIntake>();
    const accepted = await this.#store(arrival, async () => {
      for (const event of meant) intakes.push(this.#intake(event, arrival));
      const stored = store.acceptEvents({ platform, intakes, ...(cursor === undefined ? {} : { cursor }), nowMs });
      // A lane that rests takes its message in the same commit: writes take effect in the order of their calls.
      for (const intake of intakes.filter((each) => this.#comesFirst(each))) {
        woken.add(intake);
        this.#wake(intake, intake.work.kind, undefined);
      }
      return await stored;
    });
    return accepted.map((answer, index): Acceptance => {
      const intake = intakes[index];
      if (answer.status === "duplicate" || intake === undefined) return "duplicate";
      this.#parts.facts.admitted(platform, intake.verdict);
      if (!woken.has(intake)) this.#wake(intake, answer.work, answer);
      if (answer.work === "turn" && intake.work.kind === "turn") this.#parts.draining.tell(intake.event, intake.work.sessionKey);
      if (intake.verdict === "run") this.#settlePress(intake, answer.work);
      if (intake.rule === queueFullRule) this.#tellQueueFull(intake.event);
      if (intake.rule === tooOldRule) this.#parts.backlog.miss(intake.event, this.#parts.roster.keyOf(intake.event));
      return intake.verdict === "refuse" ? "refused" : "stored";
    });
  }

  #refuseUnderPressure(platform: string): void {
    const crowd = this.#crowdOn(platform);
    if (crowd !== undefined) this.#tellCrowded(crowd);
    const pressure = crowd ?? this.#parts.pressure();
    if (pressure !== undefined) throw new Error(`Nothing new is taken, since ${pressure}: offer the same events again later`);
  }

  /** Each platform has room of its own: one that takes no answers for a while must not keep others from being answered. */
  #crowdOn(platform: string): string | undefined {
    const { lanes, maxBusyLanes } = this.#parts;
    const busy = lanes.busyOf(platform);
    return busy < maxBusyLanes ? undefined : `too many conversations wait on ${platform} (${busy})`;
  }

  /** Once a minute is enough to be seen; once a message would bury everything else. Of other pressure its source tells. */
  #tellCrowded(pressure: string): void {
    const nowMs = this.#parts.clock.now();
    if (nowMs - this.#toldCrowdedAtMs < tellCrowdedEveryMs) return;
    this.#toldCrowdedAtMs = nowMs;
    this.#parts.logger.warn(`Nothing new is taken, since ${pressure}: it stays with the platforms, which offer it again`);
  }

  /** Only of what is new: a repetition of a message that was taken long ago was not refused. */
  #tellQueueFull(event: PlatformEvent): void {
    const sessionKey = this.#parts.roster.keyOf(event);
    this.#parts.onQueueFull(event, sessionKey, this.#parts.lanes.waiting(sessionKey));
  }

  async #store<T>(arrival: Arrival, write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (error) {
      for (const giveBack of arrival.giveBack) giveBack();
      throw error;
    } finally {
      for (const { sessionKey, kind } of arrival.works) this.#arriving.remove(sessionKey, kind);
    }
  }

  /** Nothing that its lane must do before it is there or on its way. Should it prove a repetition, its turn finds nothing to do. */
  #comesFirst({ work }: Taken): boolean {
    return work.kind === "turn" && this.#parts.lanes.isResting(work.sessionKey) && this.#arriving.isAlone(work.sessionKey);
  }

  #intake(offered: PlatformEvent, arrival: Arrival): Taken {
    const { lanes, roster } = this.#parts;
    const routed = routeOf(offered, { roster, nowMs: arrival.nowMs, hasRoom: lanes.backgroundCount < maxBackground });
    const { event, wanted, sessionKey } = routed;
    const manner: Manner = { isRepeated: arrival.isRepeated, ...(wanted === undefined ? {} : { wanted }) };
    if (event.type === "other") return { ...this.#other(event), manner };
    // What is asked to be asked next is no answer.
    const answering = wanted === "queue" ? undefined : this.#parts.questions.match(sessionKey, event);
    // An answer waits behind nobody.
    const waiting = answering === undefined ? this.#parts.lanes.waiting(sessionKey) + this.#arriving.turns(sessionKey) : 0;
    const giveBack = mayClaim(event) ? this.#parts.claims.take(event.text) : undefined;
    if (giveBack !== undefined) arrival.giveBack.push(giveBack);
    const lateness = arrival.isRepeated ? "fresh" : this.#parts.backlog.latenessOf(event);
    const admission = admit(event, this.#parts.rules(), {
      claims: giveBack !== undefined,
      waiting,
      maxWaiting: this.#parts.maxQueuedPerSession,
      isTooOld: lateness === "too-old",
    });
    this.#note(event, admission);
    const { verdict, rule } = admission;
    const work = workOf(routed, admission, answering, roster);
    if (work.kind !== "turn" || event.type !== "message") {
      if (work.kind === "command" || work.kind === "turn") this.#noteArriving(arrival, sessionKey, work.kind);
      const press = event.type === "action" && verdict === "run" ? { press: this.#parts.questions.pressOf(event) } : {};
      const choice = arrival.presses.get(event.eventId);
      return { event, verdict, rule, work, manner, ...press, ...(choice === undefined ? {} : { choice }) };
    }
    const { joins, holdUntilMs } = this.#parts.busy.arrive(
      event,
      sessionKey,
      { ...manner, isLate: lateness === "late" },
      waiting,
    );
    this.#noteArriving(arrival, sessionKey, "turn");
    return {
      event,
      verdict,
      rule,
      work: joins ? { ...work, joins } : work,
      manner,
      ...(holdUntilMs === undefined ? {} : { holdUntilMs }),
    };
  }

  /** `as`: what it was stored as; an answer that came too late is none. */
  #settlePress({ event, press, choice, work }: Taken, as: IntakeWork["kind"]): void {
    const { presses, notices, catalogue } = this.#parts;
    if (event.type === "command") presses.settleCommand(event);
    if (choice !== undefined) return presses.settleChoice(choice);
    // Somebody else was quicker, or its time was over.
    if (event.type !== "action" && work.kind === "answer" && as === "none")
      notices.give(
        { sessionKey: work.sessionKey, chat: event.chat, origin: event.origin },
        catalogue.agents.approval.nothingWaits,
      );
    if (event.type !== "action" || press === undefined) return;
    presses.settle(event, press.kind === "answered" && as !== "answer" ? { kind: "over" } : press);
  }

  /** What begins beside the conversation has a name by which it can be ended. */
  #tellBackground({ event }: Taken, sessionKey: SessionKey): void {
    const id = backgroundOfSession(sessionKey);
    if (id === undefined || !id.startsWith("bg_")) return;
    this.#parts.notices.give({ sessionKey, chat: event.chat }, this.#parts.catalogue.agents.started(id));
  }

  #noteArriving(arrival: Arrival, sessionKey: SessionKey, kind: "turn" | "command"): void {
    arrival.works.push({ kind, sessionKey });
    this.#arriving.add(sessionKey, kind);
  }

  #other(event: Extract<PlatformEvent, { type: "other" }>): EventIntake {
    if (event.undecodable === true) {
      this.#undecodable += 1;
      this.#parts.logger.warn(
        `[${event.chat.ref.platform}] Event ${event.eventId} could not be decoded (${event.name}); it is noted and passed over`,
      );
    }
    const { verdict, rule } = admit(event, this.#parts.rules(), { claims: false, waiting: 0, maxWaiting: 0 });
    return { event, verdict, rule, work: { kind: "none" } };
  }

  #note(event: PlatformEvent, admission: Admission): void {
    const { platform } = event.chat.ref;
    this.#parts.logger.debug(
      `[${platform}] Event ${event.eventId} of ${event.origin.author.id}: ${admission.verdict} by ${admission.rule} (${admission.reason})`,
    );
  }

  /** `stored`: as what it waits, which may be something else than was asked for. `accepted`: undefined before it is known. */
  #wake(intake: Taken, stored: IntakeWork["kind"], accepted: Extract<Accepted, { status: "stored" }> | undefined): void {
    const { event, work, manner, holdUntilMs } = intake;
    if (work.kind === "none") return;
    if (work.kind === "change") {
      if (event.type === "edit" || event.type === "delete") this.#parts.changes.made(event, work.text, accepted?.changed ?? []);
      return;
    }
    this.#parts.activity.note(work.sessionKey);
    if (work.kind === "turn") this.#tellBackground(intake, work.sessionKey);
    // Whoever writes can be written to. Not awaited: what waits for that chat is shown in its own time, and never rejects.
    void this.#parts.parking.unpark(event.chat.ref);
    switch (stored) {
      case "turn":
        // A command of an earlier process may wait before it, which would take it for what it is to end.
        if (this.#parts.isRecovering()) this.#parts.lanes.addCommands(work.sessionKey, 1);
        this.#parts.lanes.addTurns(work.sessionKey, 1, holdUntilMs);
        // An answer that came too late to be one waits: nobody meant it to cut off what the first one brought on.
        if (event.type === "message" && work.kind === "turn" && accepted !== undefined)
          this.#parts.busy.stored(event, work.sessionKey, accepted.seq, manner);
        break;
      case "command":
        this.#parts.lanes.addCommands(work.sessionKey, 1);
        break;
      case "answer":
        if (work.kind === "answer") this.#parts.questions.settle(work);
        // What it brings on is said to whoever asked what led to the question.
        this.#parts.answers.end(event.chat, event.origin, "finished");
        break;
      case "change":
      case "none":
        break;
    }
  }
}
