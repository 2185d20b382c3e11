import type { Effect, Match, Moment } from "../../emulator";
import type { Scene } from "./scene";

/** A failure of one kind of request. */
export interface Fault {
  readonly name: string;
  /** Prepares the failure. It ends with the run. */
  strike(scene: Scene, at: Match): void;
  /** Whether the request still takes effect. */
  readonly commits: boolean;
  /** Whether it kills a process: then the run fails without a message. */
  readonly kills?: boolean;
  /** Whether it represents the others where running all of them takes too long. */
  readonly isTypical?: boolean;
  /** Whether the answer reaches the provider. */
  readonly isKnown?: boolean;
}

const effect = (name: string, commits: boolean, of: Effect, times = 1): Fault => ({
  name,
  commits,
  strike: (scene, at) => void scene.world.faults.add({ ...at, effect: of, times }),
});
const respond = (status: number, when: Moment, body?: unknown): Effect => ({
  kind: "respond",
  status,
  when,
  ...(body === undefined ? {} : { body }),
});
const page = "<html><body><h1>Bad Gateway</h1></body></html>";
const moments = ["beforeCommit", "afterCommit"] as const;
const isAfter = (when: Moment): boolean => when === "afterCommit";
const words = { beforeCommit: "before the commit", afterCommit: "after the commit" };

const kill = (name: string, when: Moment): Fault => ({
  name,
  commits: isAfter(when),
  kills: true,
  strike(scene, at) {
    scene.onRequest({ ...at, when, times: 1 }, () => scene.stack.killProvider());
    // The emulator would still carry out the request.
    if (!isAfter(when)) scene.world.faults.add({ ...at, effect: { kind: "drop", when } });
  },
});

const all: readonly Fault[] = [
  ...moments.flatMap((when) => [
    effect(`the connection is cut ${words[when]}`, isAfter(when), { kind: "drop", when }),
    effect(`no answer comes, stuck ${words[when]}`, isAfter(when), { kind: "hang", when }),
    effect(`a 503 ${words[when]}`, isAfter(when), respond(503, when, { error: "unavailable", code: 503 })),
    effect(`a gateway's page with status 502 ${words[when]}`, isAfter(when), respond(502, when, page)),
    effect(`500 without a body, three times, ${words[when]}`, isAfter(when), respond(500, when, ""), 3),
    effect(`a page in place of the answer ${words[when]}`, isAfter(when), respond(200, when, page)),
    effect(`the connection is cut again and again ${words[when]}`, isAfter(when), { kind: "drop", when }, 20),
    kill(`the provider is killed ${words[when]}`, when),
  ]),
  effect("a 429", false, { kind: "respond", status: 429, retryAfter: { seconds: 0 } }),
  effect("a 429 that tells no time, twice", false, respond(429, "beforeCommit"), 2),
  effect("an answer cut short", true, { kind: "truncate", bytes: 20 }),
  { ...effect("a late answer", true, { kind: "latency", ms: 150 }), isKnown: true },
  {
    name: "the CLI is killed while the provider works on",
    commits: true,
    kills: true,
    isKnown: true,
    strike: (scene, at) =>
      scene.onRequest({ ...at, when: "afterCommit", times: 1 }, () => scene.stack.killCli()),
  },
];

const typical =
  /cut (before|after)|stuck after|503 before|page in place of the answer after|again before|killed|a 429$/;

/** The failures that any request can have: the answer is lost, late or wrong, or the process is killed. */
export const faults = all.map((fault): Fault => ({ ...fault, isTypical: typical.test(fault.name) }));

/** Wrong answers that apply only to a request that creates something. */
export const wrongAnswers: readonly Fault[] = [
  effect("an empty object in place of what was made", true, respond(200, "afterCommit", {})),
  effect("an empty answer", true, respond(204, "afterCommit")),
  effect("half an answer", true, respond(201, "afterCommit", '{"name":"projects/p')),
  effect("an answer of other types", true, respond(200, "afterCommit", { name: 7, key: [], secret: null })),
];
