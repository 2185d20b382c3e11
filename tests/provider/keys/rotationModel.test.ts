import fc from "fast-check";
import type { Fault } from "../../../emulator";
import type { Properties } from "../stack";
import { startRotation } from "./rotationScene";
import { RotationWatch } from "./rotationWatch";

interface Declared {
  readonly incident: string;
  readonly rotateAfter: string | undefined;
  readonly overlap: string;
}
type Command = fc.AsyncCommand<object, RotationWatch>;

/** A step that can be taken at any time. */
const step = (text: string, run: (watch: RotationWatch) => Promise<void>): Command => ({
  check: () => true,
  run: (_model, watch) => run(watch),
  toString: () => text,
});

const refusal = (method: string, path: string): Fault => ({
  ...{ method, path, times: "untilCleared" },
  effect: { kind: "respond", status: path.startsWith("/oauth2") ? 400 : 403, body: { error: "no" } },
});
const faults: Record<string, Fault | undefined> = {
  "": undefined,
  "no key is made": refusal("POST", "/v2/**/keys"),
  "no key is deleted": refusal("DELETE", "/v2/**/keys/*"),
  "no key logs in": refusal("POST", "/oauth2/token"),
  "whether a key logs in is unknown": {
    ...refusal("POST", "/oauth2/token"),
    effect: { kind: "respond", status: 404 },
  },
};

const up = (declared: Declared, fault: string): Command =>
  step(`up(${JSON.stringify(declared)}${fault && `, ${fault}`})`, async (watch) => {
    const { scene } = watch;
    const { incident, ...schedule } = declared;
    const mints = () => scene.writes().filter((call) => call === `POST ${scene.account}/keys`).length;
    const before = mints();
    const mayMint = !isOnlyAnotherSchedule(watch, declared);
    const caller = scene.cloud.accounts.get(scene.account)!.email;
    const given = faults[fault];
    // The run itself uses another account, so it can still log in.
    if (given) scene.faults.add(given.path.startsWith("/oauth2") ? { ...given, caller } : given);
    const operation = () => scene.up({ rotationTriggers: { incident }, ...schedule });
    expect(await watch.violationsOf(operation)).toEqual([]);
    scene.faults.clear();
    if (!mayMint) expect(mints()).toBe(before);
    const { state } = watch;
    if (given === undefined && state?.incomplete === undefined) {
      // Each of our remaining keys is in the state.
      const known = [state?.previousKeyId, state?.keyId];
      expect(known).toEqual(expect.arrayContaining(watch.alive()));
    }
  });

/** Whether only `rotateAfter` has changed, on a key in its normal state. */
function isOnlyAnotherSchedule(
  { state, scene }: RotationWatch,
  { incident, rotateAfter }: Declared,
): boolean {
  return (
    state !== undefined &&
    state.incomplete === undefined &&
    scene.keys().includes(String(state.keyId)) &&
    (state.rotationTriggers as Properties).incident === incident &&
    state.rotateAfter !== rotateAfter
  );
}

const travel = (duration: string): Command =>
  step(`travel(${duration})`, ({ scene }) => {
    scene.travel(duration);
    return Promise.resolve();
  });

/** Decisions use another date from here until the next travel. */
const rehearse = (days: number): Command =>
  step(`rehearse(${days} days off)`, ({ scene: { settings, clock } }) => {
    settings["dt:asOf"] = new Date(clock.now().getTime() + days * 86_400_000).toISOString();
    return Promise.resolve();
  });

const refresh = step("refresh", async (watch) => {
  expect(await watch.violationsOf(() => watch.scene.restart().refresh())).toEqual([]);
});

const stranger = step("a stranger makes a key", (watch) => {
  if (watch.scene.keys().length < 5) watch.stranger();
  return Promise.resolve();
});

const deleteByHand = (which: "keyId" | "previousKeyId"): Command =>
  step(`somebody deletes ${which}`, ({ scene, state }) => {
    scene.cloud.keys.delete(`${scene.account}/keys/${String(state?.[which])}`);
    return Promise.resolve();
  });

const declared = fc.record({
  incident: fc.constantFrom("1", "2", "3"),
  rotateAfter: fc.constantFrom(undefined, "30d", "90d"),
  overlap: fc.constantFrom("24h", "0", "10d"),
});
const commands = [
  fc.tuple(declared, fc.constantFrom("", "", "", ...Object.keys(faults))).map((given) => up(...given)),
  fc.constantFrom("1h", "25h", "11d", "31d", "400d").map(travel),
  fc.constantFrom(-500, -20, 20, 500).map(rehearse),
  fc.constant(refresh),
  fc.constant(stranger),
  fc.constantFrom("keyId" as const, "previousKeyId" as const).map(deleteByHand),
];

test("after any declarations and events a key in the state works, and only our own keys are deleted", async () => {
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands: 14 }), async (steps) => {
      const watch = new RotationWatch(await startRotation());
      await fc.asyncModelRun(() => ({ model: {}, real: watch }), steps);
    }),
    { numRuns: 60, interruptAfterTimeLimit: 45_000 },
  );
});
