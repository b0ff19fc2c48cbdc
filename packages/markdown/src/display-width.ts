const ascii = /^[\x20-\x7E]*$/u;
const invisible = /\p{M}|\p{Cf}|\p{Cc}|\u115F|[\u{1F3FB}-\u{1F3FF}]/u;
const wide =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{16FE0}-\u{18D08}\u{1B000}-\u{1B2FB}\u{20000}-\u{3FFFD}]/u;
const emoji = /\p{Emoji_Presentation}|\p{Regional_Indicator}{2}|\p{Extended_Pictographic}\uFE0F|[0-9#*]\uFE0F?\u20E3/u;
/** Conjoining letters of a Korean syllable, which the first of them has made two columns wide. */
const koreanVowelOrFinal = /[\u1160-\u11FF\uD7B0-\uD7FB]/u;

let segmenter: Intl.Segmenter | undefined;

/** How many columns a line takes where every letter is equally wide, as in a terminal: two for Chinese and for an emoji, whatever it is made of. */
export function displayWidth(text: string): number {
  if (ascii.test(text)) return text.length;
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += emoji.test(segment) ? 2 : characterWidths(segment);
  return width;
}

function characterWidths(cluster: string): number {
  let width = 0;
  for (const character of cluster) {
    if (invisible.test(character) || koreanVowelOrFinal.test(character)) continue;
    width += wide.test(character) ? 2 : 1;
  }
  return width;
}
