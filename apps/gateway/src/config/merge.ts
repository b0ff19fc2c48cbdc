import type { Setting } from "./setting.ts";

/** The value of a key that won, and what it won against. */
export interface Winner {
  readonly setting: Setting;
  /** From the strongest down. */
  readonly overridden: readonly Setting[];
}

/** All layers as one: each key with its winner. */
export class Merged {
  readonly #root: Node;

  constructor(root: Node) {
    this.#root = root;
  }

  get(path: readonly string[]): Winner | undefined {
    return winnerOf(this.#find(path));
  }

  /** Whether any layer names the key or something under it. */
  has(path: readonly string[]): boolean {
    return this.#find(path) !== undefined;
  }

  /** The names directly under a key, in the order they were met. */
  names(path: readonly string[]): readonly string[] {
    return [...(this.#find(path)?.children.keys() ?? [])];
  }

  /** Every winner at or under a key. */
  under(path: readonly string[]): readonly Winner[] {
    const node = this.#find(path);
    return node === undefined ? [] : [...winnersIn(node)];
  }

  #find(path: readonly string[]): Node | undefined {
    let node: Node | undefined = this.#root;
    for (const part of path) node = node?.children.get(part);
    return node;
  }
}

interface Node {
  readonly children: Map<string, Node>;
  setting: Setting | undefined;
  overridden: Setting[];
}

/**
 * Lays one layer over the other, the weakest first. A value wins over everything weaker at its key, above it and under it; a
 * section that is only named changes nothing.
 */
export function mergeSettings(layers: readonly (readonly Setting[])[]): Merged {
  const root: Node = newNode();
  for (const layer of layers) for (const setting of layer) apply(root, setting);
  return new Merged(root);
}

function newNode(): Node {
  return { children: new Map(), setting: undefined, overridden: [] };
}

function apply(root: Node, setting: Setting): void {
  const beaten: Setting[] = [];
  let node = root;
  for (const part of setting.path) {
    if (setting.value !== undefined) take(node, beaten);
    let child = node.children.get(part);
    if (child === undefined) {
      child = newNode();
      node.children.set(part, child);
    }
    node = child;
  }
  if (setting.value === undefined) return;
  takeAll(node, beaten);
  node.children.clear();
  node.setting = setting;
  node.overridden = beaten;
}

/** Moves what a node held, and what that had beaten, into `beaten`. */
function take(node: Node, beaten: Setting[]): void {
  if (node.setting !== undefined) beaten.push(node.setting, ...node.overridden);
  node.setting = undefined;
  node.overridden = [];
}

function takeAll(node: Node, beaten: Setting[]): void {
  take(node, beaten);
  for (const child of node.children.values()) takeAll(child, beaten);
}

function winnerOf(node: Node | undefined): Winner | undefined {
  return node?.setting === undefined ? undefined : { setting: node.setting, overridden: node.overridden };
}

function* winnersIn(node: Node): Generator<Winner> {
  const winner = winnerOf(node);
  if (winner !== undefined) yield winner;
  for (const child of node.children.values()) yield* winnersIn(child);
}
