// Steady clock in whole milliseconds; it never jumps.

export interface Clock {
  now(): number;
  /** Calls once after that many milliseconds; the returned function cancels it. */
  after(milliseconds: number, call: () => void): () => void;
}

export const steadyClock: Clock = {
  now: () => Math.floor(performance.now()),
  after: (milliseconds, call) => {
    const timer = setTimeout(call, milliseconds);
    return () => {
      clearTimeout(timer);
    };
  },
};
