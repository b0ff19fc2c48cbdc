/** Two code points that are no characters stand around a bare link until it is known what follows it. */
const begin = "\uFDD0";
const end = "\uFDD1";

/** What no text may hold. */
export const linkMarks = /[\uFDD0\uFDD1]/gu;

const marked = /\uFDD0([^\uFDD1]*)\uFDD1(?<after>[.,:;"')\]]*(?:\s|$))?/gu;

/** A link that shows its address. */
export function bareLink(address: string): string {
  return begin + address + end;
}

/**
 * Discord takes everything up to the next space for a part of an address, marks and backslashes included: where something follows, the
 * address stands in brackets, which nobody sees.
 */
export function separateLinks(text: string): string {
  return text.replaceAll(marked, (_whole: string, address: string, after?: string) =>
    after === undefined ? `<${address}>` : address + after,
  );
}
