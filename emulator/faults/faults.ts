/** When a fault strikes: before the change is made, or after it with the answer lost. */
export type Moment = "beforeCommit" | "afterCommit";

/** What goes wrong. */
export type Effect =
  /** The answer comes later, by so many milliseconds. */
  | { kind: "latency"; ms: number }
  /** Another answer: a `body` that is no text goes out as JSON; none is an empty body. */
  | {
      kind: "respond";
      status: number;
      body?: unknown;
      headers?: Record<string, string>;
      /** Adds a Retry-After, in seconds or as an HTTP date on the emulator's clock. */
      retryAfter?: { seconds: number; as?: "seconds" | "date" };
      /** `beforeCommit` by default. */
      when?: Moment;
    }
  /** The connection is cut without an answer. */
  | { kind: "drop"; when: Moment }
  /** No answer, ever; the connection stays open. */
  | { kind: "hang"; when: Moment }
  /** The change is made; the connection is cut after so many bytes of the answer's body. */
  | { kind: "truncate"; bytes: number };

/** Which requests are meant. */
export interface Match {
  /** Any by default. */
  method?: string;
  /** `/v2/projects/p1/members`, with `*` for text without a slash and `**` for any text; the token endpoint is `/oauth2/token`. */
  path: string;
  /** Email of the calling account. */
  caller?: string;
}

export interface Fault extends Match {
  effect: Effect;
  /** How often; 1 by default. */
  times?: number | "untilCleared";
  /** How many matching requests pass unharmed first; 0 by default. */
  skip?: number;
}

export interface ActiveFault extends Fault {
  id: number;
  /** How often it has struck. */
  struck: number;
}

/** Faults on demand. Of several that match a request each strikes: latencies add up, the first other one decides. */
export interface Faults {
  /** @returns the fault's id, for {@link clear} */
  add(fault: Fault): number;
  list(): ActiveFault[];
  /** Ends one, or all. */
  clear(id?: number): void;
}

/** A request as faults and hooks see it. */
export interface Incoming {
  method: string;
  path: string;
  caller: string | undefined;
}

/** The emulator's own list of faults; what has struck often enough is gone from it. */
export class FaultList implements Faults {
  #active: { fault: ActiveFault; skipped: number }[] = [];
  #nextId = 1;

  add(fault: Fault): number {
    const id = this.#nextId++;
    this.#active.push({ fault: { ...fault, id, struck: 0 }, skipped: 0 });
    return id;
  }

  list(): ActiveFault[] {
    return this.#active.map(({ fault }) => ({ ...fault }));
  }

  clear(id?: number): void {
    this.#active = id === undefined ? [] : this.#active.filter(({ fault }) => fault.id !== id);
  }

  /** The effects that strike this request; each counts as used. */
  trigger(request: Incoming): Effect[] {
    const effects: Effect[] = [];
    for (const active of this.#active) {
      const { fault } = active;
      if (!matches(fault, request)) continue;
      if (active.skipped < (fault.skip ?? 0)) {
        active.skipped++;
        continue;
      }
      fault.struck++;
      effects.push(fault.effect);
    }
    this.#active = this.#active.filter(
      ({ fault: { struck, times = 1 } }) => times === "untilCleared" || struck < times,
    );
    return effects;
  }
}

/** Whether a request is meant. */
export function matches({ method, path, caller }: Match, request: Incoming): boolean {
  return (
    (method === undefined || method === "*" || method.toUpperCase() === request.method) &&
    (caller === undefined || caller.toLowerCase() === request.caller?.toLowerCase()) &&
    matchesPattern(path, request.path)
  );
}

/** Whether a text fits a pattern with `*` and `**`; it takes no longer than their lengths say, whatever the pattern. */
function matchesPattern(pattern: string, text: string): boolean {
  const parts = pattern.match(/\*+|[^*]/gsu) ?? [];
  /** The places in the pattern where the rest of the text may go on: a star may be passed over. */
  const from = (places: Iterable<number>): Set<number> => {
    const all = new Set(places);
    for (const place of all) if (parts[place]?.startsWith("*")) all.add(place + 1);
    return all;
  };
  let places = from([0]);
  for (const character of text) {
    const next: number[] = [];
    for (const place of places) {
      const part = parts[place];
      if (part === character) next.push(place + 1);
      else if (part?.startsWith("*") && (part.length > 1 || character !== "/")) next.push(place);
    }
    places = from(next);
    if (places.size === 0) return false;
  }
  return places.has(parts.length);
}
