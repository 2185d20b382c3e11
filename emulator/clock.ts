/** The emulator's time: the real time until somebody moves it, persisted with the rest of the world. */
export interface Clock {
  now(): Date;
  /** Goes on from `date` at the ordinary pace. */
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

export class VirtualClock implements Clock {
  #state: ClockState = { offsetMs: 0, frozenAt: null };
  #lastMs = 0;
  #micros = 0;

  constructor(private readonly changed: () => void) {}

  get state(): ClockState {
    return this.#state;
  }

  restore(state: ClockState): void {
    this.#state = state;
  }

  now(): Date {
    return new Date(this.#state.frozenAt ?? Date.now() + this.#state.offsetMs);
  }

  set(date: Date): void {
    this.#change({ offsetMs: valid(date) - Date.now(), frozenAt: null });
  }

  advance(milliseconds: number): void {
    const { offsetMs, frozenAt } = this.#state;
    if (frozenAt === null) this.#change({ offsetMs: offsetMs + milliseconds, frozenAt });
    else this.#change({ offsetMs, frozenAt: frozenAt + milliseconds });
  }

  freeze(date: Date = this.now()): void {
    this.#change({ offsetMs: this.#state.offsetMs, frozenAt: valid(date) });
  }

  reset(): void {
    this.#change({ offsetMs: 0, frozenAt: null });
  }

  /** Now as the API writes it, RFC 3339 with microseconds; two stamps are never the same, even while it stands still. */
  stamp(): string {
    const now = this.now();
    const ms = now.getTime();
    // The starting digits only have to look like a microsecond clock's.
    this.#micros = ms === this.#lastMs ? this.#micros + 1 : (ms * 7) % 500;
    this.#lastMs = ms;
    return now.toISOString().replace("Z", `${String(this.#micros).padStart(3, "0")}Z`);
  }

  #change(state: ClockState): void {
    this.#state = state;
    this.changed();
  }
}

function valid(date: Date): number {
  const ms = date.getTime();
  if (Number.isNaN(ms)) throw new TypeError("the clock cannot be set to an invalid date");
  return ms;
}
