/** As much of a browser's storage as is used. */
export type TextStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** Keeps a text, an empty one by forgetting it. A storage that is full keeps nothing: what is shown does not depend on it. */
export function keep(storage: TextStorage, name: string, text: string): void {
  try {
    if (text === "") storage.removeItem(name);
    else storage.setItem(name, text);
  } catch {
    storage.removeItem(name);
  }
}
