/** The emulator's time. It is the real time until you change it. A data file keeps it. */
export interface Clock {
  now(): Date;
  /** Sets the time; the clock runs on from there. @throws {TypeError} outside the years 1970 to 9999, as all methods do */
  set(date: Date): void;
  /** Moves the time forward by `milliseconds`, or back if negative. */
  advance(milliseconds: number): void;
  /** Stops the clock at `date` (now by default) until `set` or `reset`. {@link advance} moves a stopped clock. */
  freeze(date?: Date): void;
  /** Returns to the real time. */
  reset(): void;
}

/** How a clock differs from the real time. */
export interface ClockState {
  offsetMs: number;
  /** Milliseconds since 1970 if the clock is stopped; otherwise null. */
  frozenAt: number | null;
}

const realTime: ClockState = { offsetMs: 0, frozenAt: null };

/** RFC 3339 years have four digits, and ids contain the seconds since 1970. */
const latestMs = Date.parse("9999-12-31T23:59:59.999Z");

export class VirtualClock implements Clock {
  #state: ClockState = realTime;
  /** The last timestamp: when it was made, and its microseconds since 1970. */
  #lastTimestamp = { ms: 0, micros: 0n };

  /** @param recordUndo receives the function that undoes each change */
  constructor(private readonly recordUndo: (undo: () => void) => void) {}

  get state(): ClockState {
    return this.#state;
  }

  /** Restores an earlier state. The caller records the change in the undo log. */
  restore(state: ClockState): void {
    this.#state = state;
  }

  now(): Date {
    return new Date(timeOf(this.#state));
  }

  set(date: Date): void {
    this.#change({ offsetMs: date.getTime() - Date.now(), frozenAt: null });
  }

  advance(milliseconds: number): void {
    const { offsetMs, frozenAt } = this.#state;
    if (frozenAt === null) this.#change({ offsetMs: offsetMs + milliseconds, frozenAt });
    else this.#change({ offsetMs, frozenAt: frozenAt + milliseconds });
  }

  freeze(date: Date = this.now()): void {
    this.#change({ offsetMs: this.#state.offsetMs, frozenAt: date.getTime() });
  }

  reset(): void {
    this.#change(realTime);
  }

  /** The time in the API's format, RFC 3339 with microseconds. Never returns the same value twice, even while stopped. */
  timestamp(): string {
    const ms = this.now().getTime();
    // JavaScript has no microseconds, so these digits are made up.
    const first = BigInt(ms) * 1000n + BigInt((ms * 7) % 500);
    const next = this.#lastTimestamp.micros + 1n;
    const micros = ms >= this.#lastTimestamp.ms && next > first ? next : first;
    this.#lastTimestamp = { ms, micros };
    const date = new Date(Number(micros / 1000n)).toISOString();
    return date.replace("Z", `${String(micros % 1000n).padStart(3, "0")}Z`);
  }

  #change(state: ClockState): void {
    assertInRange(timeOf(state));
    const before = this.#state;
    this.#state = state;
    this.recordUndo(() => (this.#state = before));
  }
}

/** Whether the API can represent this clock's time. */
export const isValidClockState = (state: ClockState): boolean => isInRange(timeOf(state));

const timeOf = ({ frozenAt, offsetMs }: ClockState): number => Math.floor(frozenAt ?? Date.now() + offsetMs);

const isInRange = (ms: number): boolean => ms >= 0 && ms <= latestMs;

function assertInRange(ms: number): void {
  if (Number.isNaN(ms)) throw new TypeError("the clock cannot be set to an invalid date");
  if (!isInRange(ms)) throw new TypeError("the clock can be set to the years 1970 to 9999 only");
}
