import type { Part } from "@hermes/core";

/** Whether something is still to be done so that a part shows what it should. */
export function isPending(part: Part): boolean {
  switch (part.state) {
    case "open":
    case "closed":
      return true;
    case "sent":
    case "unknown":
    case "failed":
      return false;
  }
}
