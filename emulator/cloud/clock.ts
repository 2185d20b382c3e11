/** The emulator's time: the real time until somebody moves it, persisted with the rest of the cloud. */
export interface Clock {
  now(): Date;
  /** Goes on from `date` at the ordinary pace. @throws {TypeError} outside the years 1970 to 9999, as all methods do */
  set(date: Date): void;
  /** Jumps ahead by `milliseconds` (back, if negative). */
  advance(milliseconds: number): void;
  /** Stands still, at `date` or now, until the next call of another method; {@link advance} keeps it still. */
  freeze(date?: Date): void;
  /** Back to the real time. */
  reset(): void;
}

/** How a clock differs from the real one. */
export interface ClockState {
  offsetMs: number;
  /** Milliseconds since 1970, where it stands still. */
  frozenAt: number | null;
}

const realTime: ClockState = { offsetMs: 0, frozenAt: null };

/** RFC 3339 has years of four digits, and ids count the seconds since 1970. */
const latestMs = Date.parse("9999-12-31T23:59:59.999Z");

export class VirtualClock implements Clock {
  #state: ClockState = realTime;
  /** The last stamp: the millisecond that it was made in, and its microseconds since 1970. */
  #lastTimestamp = { ms: 0, micros: 0n };

  /** @param recordUndo is told how to undo each change */
  constructor(private readonly recordUndo: (undo: () => void) => void) {}

  get state(): ClockState {
    return this.#state;
  }

  /** Takes over a state of before; the caller notes the change. */
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

  /** Now as the API writes it, RFC 3339 with microseconds; two stamps are never the same, even while it stands still. */
  timestamp(): string {
    const ms = this.now().getTime();
    // The starting digits only have to look like a microsecond clock's.
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

/** Whether a clock of this state tells a time that the API can write. */
export const isValidClockState = (state: ClockState): boolean => isInRange(timeOf(state));

const timeOf = ({ frozenAt, offsetMs }: ClockState): number => Math.floor(frozenAt ?? Date.now() + offsetMs);

const isInRange = (ms: number): boolean => ms >= 0 && ms <= latestMs;

function assertInRange(ms: number): void {
  if (Number.isNaN(ms)) throw new TypeError("the clock cannot be set to an invalid date");
  if (!isInRange(ms)) throw new TypeError("the clock can be set to the years 1970 to 9999 only");
}
