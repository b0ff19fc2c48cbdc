const rightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/gu;

/** Whether a text is written from right to left: most of its letters are. */
export function isRightToLeft(text: string): boolean {
  const found = text.match(rightToLeft)?.length ?? 0;
  return found > 0 && found * 2 > (text.match(/\p{L}/gu)?.length ?? 0);
}

/** Whether anything in a text runs from right to left. */
export function hasRightToLeft(text: string): boolean {
  return text.search(rightToLeft) !== -1;
}
