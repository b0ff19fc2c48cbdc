import type { MessageEntity } from "grammy/types";
import { isTakenLink } from "./links.ts";

const splittable: ReadonlySet<string> = new Set(["bold", "italic", "underline", "strikethrough", "spoiler"]);
const quotes: ReadonlySet<string> = new Set(["blockquote", "expandable_blockquote"]);

/**
 * Holds the rules of nesting as Telegram does, without a word: code and links stand alone, quotes hold no quote, what overlaps
 * is cut at the edge. Each mending is noted in `repairs`.
 */
export function repairEntities(given: readonly MessageEntity[], repairs: string[]): MessageEntity[] {
  const entities = given.filter((entity) => entity.length > 0).sort((a, b) => a.offset - b.offset || b.length - a.length);
  const solid: MessageEntity[] = [];
  for (const entity of entities) {
    if (splittable.has(entity.type)) continue;
    if (entity.type === "text_link" && !isTakenLink(entity.url)) repairs.push("a link with a wrong address is dropped");
    else if (solid.some((other) => excludes(other, entity))) repairs.push(`${entity.type} inside or across another is dropped`);
    else solid.push(entity);
  }
  const soft = entities.filter((entity) => splittable.has(entity.type));
  const cut = soft.flatMap((entity) => cutAtEdges(entity, [...solid, ...soft], repairs));
  return [...solid, ...cut.filter((piece) => isOutsideCode(piece, solid, repairs))].sort(
    (a, b) => a.offset - b.offset || b.length - a.length,
  );
}

function end(entity: MessageEntity): number {
  return entity.offset + entity.length;
}

function intersect(left: MessageEntity, right: MessageEntity): boolean {
  return left.offset < end(right) && right.offset < end(left);
}

function contains(outer: MessageEntity, inner: MessageEntity): boolean {
  return outer.offset <= inner.offset && end(inner) <= end(outer);
}

/** Two of these cannot share a character, but for what stands within a quote. */
function excludes(first: MessageEntity, second: MessageEntity): boolean {
  if (!intersect(first, second)) return false;
  if (quotes.has(first.type) && !quotes.has(second.type)) return !contains(first, second);
  if (!quotes.has(first.type) && quotes.has(second.type)) return !contains(second, first);
  return true;
}

function cutAtEdges(entity: MessageEntity, others: readonly MessageEntity[], repairs: string[]): MessageEntity[] {
  const edges = new Set<number>();
  for (const other of others) {
    if (other === entity || !intersect(entity, other) || contains(entity, other) || contains(other, entity)) continue;
    for (const edge of [other.offset, end(other)]) if (entity.offset < edge && edge < end(entity)) edges.add(edge);
  }
  // Code inside a style cuts the style, although it is contained.
  for (const other of others) {
    if (!["code", "pre"].includes(other.type) || !intersect(entity, other)) continue;
    for (const edge of [other.offset, end(other)]) if (entity.offset < edge && edge < end(entity)) edges.add(edge);
  }
  if (edges.size > 0) repairs.push(`${entity.type} is cut at the edge of another`);
  const points = [entity.offset, ...[...edges].sort((a, b) => a - b), end(entity)];
  return points.slice(1).map((point, index) => {
    const offset = points[index] ?? entity.offset;
    return Object.assign({}, entity, { offset, length: point - offset });
  });
}

function isOutsideCode(piece: MessageEntity, solid: readonly MessageEntity[], repairs: string[]): boolean {
  const inside = solid.some((other) => ["code", "pre"].includes(other.type) && intersect(other, piece));
  if (inside) repairs.push(`${piece.type} inside code is dropped`);
  return !inside;
}
