/** What happens by chance, and happens again in the same way from the same seed. */
export interface Chance {
  /** 0 ≤ x < 1. */
  next(): number;
  /** True once in so many times. */
  onceIn(times: number): boolean;
  /** @throws Error where there is nothing to choose from. */
  pick<T>(choices: readonly T[]): T;
  /** One of the choices, each as often as its number says. */
  weigh<T>(choices: readonly (readonly [weight: number, choice: T])[]): T | undefined;
}

export function chanceFrom(seed: number): Chance {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    onceIn: (times) => next() < 1 / times,
    pick(choices) {
      const choice = choices[Math.floor(next() * choices.length)];
      if (choice === undefined) throw new Error("There is nothing to choose from");
      return choice;
    },
    weigh(choices) {
      let left = next() * choices.reduce((sum, [weight]) => sum + weight, 0);
      return choices.find(([weight]) => (left -= weight) < 0)?.[1];
    },
  };
}
