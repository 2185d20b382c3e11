/** When a fault takes effect: before the change is made, or after it, so that only the answer is lost. */
export type Moment = "beforeCommit" | "afterCommit";

/** What goes wrong. */
export type Effect =
  /** Delays the answer by this many milliseconds. */
  | { kind: "latency"; ms: number }
  /** Sends another answer. A string `body` is sent as it is, any other as JSON. */
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
  /** Cuts the connection without an answer. */
  | { kind: "drop"; when: Moment }
  /** Never answers and keeps the connection open. */
  | { kind: "hang"; when: Moment }
  /** Makes the change, and cuts the connection after this many bytes of the answer's body. */
  | { kind: "truncate"; bytes: number };

/** Which requests a fault or hook applies to. */
export interface Match {
  /** Any method by default. */
  method?: string;
  /** `/v2/projects/p1/members`; `*` matches text without a slash, `**` any text. The token endpoint is `/oauth2/token`. */
  path: string;
  /** Email of the calling account; any by default. */
  caller?: string;
}

export interface Fault extends Match {
  effect: Effect;
  /** How many requests it applies to; 1 by default. */
  times?: number | "untilCleared";
  /** How many matching requests to let through first; 0 by default. */
  skip?: number;
}

export interface ActiveFault extends Fault {
  id: number;
  /** How many requests it has applied to so far. */
  struck: number;
}

/** Faults to inject. If several match a request, all count as used: latencies add up, and the first other effect applies. */
export interface Faults {
  /** @returns the fault's id, for {@link clear} */
  add(fault: Fault): number;
  list(): ActiveFault[];
  /** Removes one fault, or all. */
  clear(id?: number): void;
}

/** A request as faults and hooks see it. */
export interface Incoming {
  method: string;
  path: string;
  caller: string | undefined;
}

/** The active faults. Removes a fault after its last use. */
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

  /** Returns the effects for this request and counts each fault as used. */
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

/** Whether a request matches. */
export function matches({ method, path, caller }: Match, request: Incoming): boolean {
  return (
    (method === undefined || method === "*" || method.toUpperCase() === request.method) &&
    (caller === undefined || caller.toLowerCase() === request.caller?.toLowerCase()) &&
    matchesPattern(path, request.path)
  );
}

/** Whether a text matches a pattern with `*` and `**`. Not a regular expression, so that no pattern can take exponential time. */
function matchesPattern(pattern: string, text: string): boolean {
  const parts = pattern.match(/\*+|[^*]/gsu) ?? [];
  /** The positions in the pattern that the rest of the text may match from. A star may match nothing. */
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
