/** A platform's id as people read it: `my-telegram` → `My telegram`. */
export function platformName(id: string): string {
  return id === "" ? id : id[0]?.toUpperCase() + id.slice(1).replaceAll("-", " ");
}
