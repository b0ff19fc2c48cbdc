import { clientEvent, type Account, type Fields, type Poison, type Room, type StoredEvent, type World } from "./world.ts";

/** What a client wants to be told of, as far as it is looked at. */
export interface SyncFilter {
  readonly types: readonly string[] | undefined;
  readonly limit: number;
  readonly stateTypes: readonly string[] | undefined;
  readonly isLazy: boolean;
}

export function readFilter(filter: Fields): SyncFilter {
  const room = (filter["room"] ?? {}) as { timeline?: Fields; state?: Fields };
  return {
    types: room.timeline?.["types"] as readonly string[] | undefined,
    limit: typeof room.timeline?.["limit"] === "number" ? room.timeline["limit"] : 10,
    stateTypes: room.state?.["types"] as readonly string[] | undefined,
    isLazy: room.state?.["lazy_load_members"] === true,
  };
}

/** The answer to a sync, and whether there is anything in it. */
export function syncSince(
  world: World,
  { userId, data }: Account,
  deviceId: string,
  since: number,
  filter: SyncFilter,
): { readonly answer: Fields; readonly isEmpty: boolean } {
  const join: Record<string, Fields> = {};
  const invite: Record<string, Fields> = {};
  const leave: Record<string, Fields> = {};
  for (const room of world.rooms.values()) {
    const own = room.state.get(`m.room.member ${userId}`);
    if (own === undefined) continue;
    const membership = world.membershipOf(room, userId);
    const isNew = own.position > since;
    if (membership === "join") {
      const news = newsOf(world, room, own, deviceId, since, filter);
      if (news !== undefined) join[room.id] = news;
    } else if (membership === "invite" && isNew) {
      invite[room.id] = { invite_state: { events: strippedState(room, own) } };
    } else if ((membership === "leave" || membership === "ban") && isNew && since > 0) {
      const events = room.events.filter((event) => event.position > since && event.position <= own.position);
      leave[room.id] = {
        state: { events: [] },
        timeline: { events: shown(events, deviceId, filter), limited: false, prev_batch: `t${since}` },
      };
    }
  }
  const accountData = [...data].filter(([, { position }]) => position > since).map(([type, { content }]) => ({ type, content }));
  const isEmpty = [join, invite, leave].every((rooms) => Object.keys(rooms).length === 0) && accountData.length === 0;
  return {
    isEmpty,
    answer: { next_batch: `s${world.position}`, rooms: { join, invite, leave }, account_data: { events: accountData } },
  };
}

function newsOf(
  world: World,
  room: Room,
  own: StoredEvent,
  deviceId: string,
  since: number,
  filter: SyncFilter,
): Fields | undefined {
  const isWhole = since === 0 || own.position > since;
  const unseen = room.events
    .filter((event) => (isWhole ? true : event.position > since))
    .filter((event) => fits(event, filter.types));
  const events = filter.limit === 0 ? [] : unseen.slice(-filter.limit);
  const state = [...room.state.values()].filter((event) => {
    if (!fits(event, filter.stateTypes)) return false;
    const isSpeaker = events.some((one) => "sender" in one && one.sender === event.state_key);
    if (event.type === "m.room.member" && filter.isLazy) return isSpeaker;
    return isWhole || event.position > since;
  });
  const hasNews = events.length > 0 || (isWhole && since === 0) || own.position > since;
  if (!hasNews) return undefined;
  const [first] = events;
  return {
    timeline: {
      events: shown(events, deviceId, filter),
      limited: events.length < unseen.length,
      prev_batch: `t${first === undefined ? world.position : first.position - 1}`,
    },
    state: { events: state.filter((event) => !events.includes(event)).map((event) => clientEvent(event, deviceId, false)) },
    ephemeral: { events: [] },
    account_data: { events: [] },
    summary: {},
    unread_notifications: { highlight_count: 0, notification_count: 0 },
  };
}

/** A page of a room, latest first, as `/messages` gives it. */
export function pageOf(
  room: Room,
  deviceId: string,
  page: { readonly from: number; readonly to: number; readonly limit: number; readonly types: readonly string[] | undefined },
): Fields {
  const before = room.events
    .filter((event) => event.position <= page.from && event.position > page.to)
    .filter((event) => fits(event, page.types))
    .toReversed();
  const chunk = before.slice(0, page.limit);
  const last = chunk.at(-1);
  const state = [...room.state.values()].filter(
    (event) => event.type === "m.room.member" && chunk.some((one) => "sender" in one && one.sender === event.state_key),
  );
  return {
    start: `t${page.from}`,
    chunk: chunk.map((event) => ("raw" in event ? event.raw : clientEvent(event, deviceId))),
    state: state.map((event) => clientEvent(event, deviceId)),
    ...(last === undefined || chunk.length === before.length ? {} : { end: `t${last.position - 1}` }),
  };
}

function shown(events: readonly (StoredEvent | Poison)[], deviceId: string, filter: SyncFilter): readonly unknown[] {
  return events
    .filter((event) => fits(event, filter.types))
    .map((event) => ("raw" in event ? event.raw : clientEvent(event, deviceId, false)));
}

/** What is no event has no type that a filter could look at. */
function fits(event: StoredEvent | Poison, types: readonly string[] | undefined): boolean {
  return types === undefined || "raw" in event || types.includes(event.type);
}

const stripped = [
  "m.room.create",
  "m.room.name",
  "m.room.avatar",
  "m.room.topic",
  "m.room.join_rules",
  "m.room.canonical_alias",
  "m.room.encryption",
];

/** What is told of a room before it is joined: no ids and no times. */
function strippedState(room: Room, own: StoredEvent): readonly Fields[] {
  const inviter = room.state.get(`m.room.member ${own.sender}`);
  const events = [...stripped.map((type) => room.state.get(`${type} `)), inviter, own].filter((event) => event !== undefined);
  return events.map(({ type, sender, content, state_key: key = "" }) => ({ type, sender, content, state_key: key }));
}
