import * as fc from "fast-check";
import type { Match } from "../../../emulator";
import { faults } from "../faults";
import type { Scene } from "../scene";
import { programOf, prune, slots, type Declared, type Person } from "./declared";
import { heal } from "./heal";

/** The declarations of the schedule so far, and the answers of the user. */
export interface Model {
  declared: Declared;
  adopted: Map<string, true | string>;
}

type Command = fc.AsyncCommand<Model, Scene>;

const command = (text: string, run: (model: Model, scene: Scene) => Promise<void> | void): Command => ({
  check: () => true,
  run: async (model, scene) => run(model, scene),
  toString: () => text,
});

const places = fc.constantFrom("home" as const, "other" as const);
const accounts = fc.constantFrom("a" as const, "b" as const);
const roles = fc.constantFrom(
  "project.user" as const,
  "project.developer" as const,
  "project.admin" as const,
);
const people = fc.constantFrom<Person | undefined>("person", "newcomer", undefined);

/** Edits of the program. */
const edits: fc.Arbitrary<Command>[] = [
  fc
    .tuple(
      accounts,
      fc.option(
        fc.record({
          displayName: fc.constantFrom("ERP", "MES"),
          enableBasicAuth: fc.boolean(),
          place: places,
        }),
        {
          freq: 5,
          nil: undefined,
        },
      ),
    )
    .map(([account, inputs]) =>
      command(`declare account ${account} ${JSON.stringify(inputs)}`, ({ declared }) => {
        declared.accounts[account] = inputs;
        prune(declared);
      }),
    ),
  fc
    .tuple(accounts, fc.option(fc.integer({ min: 1, max: 3 }), { freq: 5, nil: undefined }))
    .map(([account, round]) =>
      command(`declare key of ${account} ${String(round)}`, ({ declared }) => {
        declared.keys[account] = round;
        prune(declared);
      }),
    ),
  fc.tuple(fc.constantFrom(...slots), fc.option(roles, { freq: 5, nil: undefined })).map(([slot, role]) =>
    command(`declare role ${slot} ${String(role)}`, ({ declared }) => {
      declared.roles[slot] = role;
      prune(declared);
    }),
  ),
  people.map((who) =>
    command(`declare wanderer ${String(who)}`, ({ declared }) => void (declared.wanderer = who)),
  ),
  people.map((who) => command(`declare admin ${String(who)}`, ({ declared }) => void (declared.admin = who))),
];

/** Changes that people make by hand in the cloud. */
const hands: fc.Arbitrary<Command>[] = [
  fc.nat().map((which) =>
    command(`somebody deletes ${which}`, (_model, scene) => {
      const [name] = pick(scene.created(), which);
      if (name !== undefined) scene.deleteByHand(name);
    }),
  ),
  fc.tuple(fc.nat(), roles).map(([which, role]) =>
    command(`somebody changes the role of ${which} to ${role}`, (_model, { world, created }) => {
      const [name] = pick(
        created().filter((each) => /^projects\/.*\/members\//.test(each)),
        which,
      );
      if (name !== undefined) world.cloud.members.update(name, { roles: [`roles/${role}`] });
    }),
  ),
  fc.nat().map((which) =>
    command(`somebody renames ${which}`, (_model, { world, created }) => {
      const [name] = pick(
        created().filter((each) => /\/serviceaccounts\/[^/]+$/.test(each)),
        which,
      );
      if (name !== undefined) world.cloud.accounts.update(name, { displayName: "by hand" });
    }),
  ),
  fc.nat().map((which) =>
    command(`somebody makes a key for ${which}`, (_model, scene) => {
      const [account] = pick(
        scene.created().filter((each) => /\/serviceaccounts\/[^/]+$/.test(each)),
        which,
      );
      if (account === undefined || scene.world.cloud.keys.list(account).length > 5) return;
      scene.stranger(() => scene.world.cloud.keys.create({ account }));
    }),
  ),
];

const pick = <T>(items: readonly T[], which: number): T[] =>
  items.length === 0 ? [] : items.slice(which % items.length, (which % items.length) + 1);

/** The requests that can fail. */
const requests: readonly ((scene: Scene) => Match)[] = [
  ({ home }) => ({ method: "POST", path: `/v2/${home}/serviceaccounts` }),
  ({ home }) => ({ method: "POST", path: `/v2/${home}/serviceaccounts/*/keys` }),
  ({ home }) => ({ method: "POST", path: `/v2/${home}/members` }),
  ({ other }) => ({ method: "POST", path: `/v2/${other}/**` }),
  ({ world }) => ({ method: "POST", path: `/v2/${world.organization}/members` }),
  ({ home }) => ({ method: "PATCH", path: `/v2/${home}/**` }),
  ({ home }) => ({ method: "DELETE", path: `/v2/${home}/**` }),
  ({ other }) => ({ method: "DELETE", path: `/v2/${other}/**` }),
  ({ home }) => ({ method: "GET", path: `/v2/${home}/**` }),
];

interface Trouble {
  fault: number;
  request: number;
  skip: number;
  /** Whether another person creates a key at that moment. */
  stranger: boolean;
}

const trouble = fc.option(
  fc.record<Trouble>({
    fault: fc.nat({ max: faults.length - 1 }),
    request: fc.nat({ max: requests.length - 1 }),
    skip: fc.nat({ max: 1 }),
    stranger: fc.boolean(),
  }),
  { freq: 6 },
);

/** Runs of `pulumi up`, with and without failures, and the required result of each. */
const ups: fc.Arbitrary<Command> = trouble.map((given) =>
  command(
    given === null ? "up" : `up while ${faults[given.fault]!.name} ${JSON.stringify(given)}`,
    async (model, scene) => {
      if (given !== null) {
        const match = requests[given.request]!(scene);
        if (given.stranger && match.path.endsWith("/keys")) {
          scene.onRequest({ ...match, times: 1 }, ({ path }) => {
            const account = path.slice("/v2/".length, -"/keys".length);
            scene.stranger(() => scene.world.cloud.keys.create({ account }));
          });
        }
        faults[given.fault]!.strike(scene, { ...match, ...(given.skip > 0 ? { skip: given.skip } : {}) });
      }
      await scene.up(programOf(model.declared, scene, model.adopted));
      await scene.calm();
      await heal(model, scene);
    },
  ),
);

/**
 * Losing the state after something was created, running on a machine without the journal, and refreshing
 * without changing anything.
 */
const mishaps: fc.Arbitrary<Command>[] = [
  fc.nat().map((which) =>
    command(`the CLI is killed before it records ${which}`, async (model, scene) => {
      const program = programOf(model.declared, scene, model.adopted);
      const [name] = pick(
        Object.keys(program).filter((each) => !(each in scene.stack.state)),
        which,
      );
      if (name !== undefined) scene.stack.killCliAfter(name);
      await scene.up(program);
      await heal(model, scene);
    }),
  ),
  fc.constant(command("the next run is on another machine", (_model, scene) => scene.stack.moveAway())),
  fc.constant(
    command("refresh", async (_model, scene) => {
      await scene.refresh();
    }),
  ),
];

/** Schedules of events for one stack, with at most this number of commands. */
export const schedulesOf = (
  maxCommands: number,
  size: fc.SizeForArbitrary,
): fc.Arbitrary<Iterable<Command>> =>
  fc.commands(
    [
      ...edits.map((arbitrary) => ({ arbitrary, weight: 4 })),
      ...hands.map((arbitrary) => ({ arbitrary, weight: 1 })),
      { arbitrary: ups, weight: 10 },
      ...mishaps.map((arbitrary) => ({ arbitrary, weight: 1 })),
    ].flatMap(({ arbitrary, weight }) => Array<fc.Arbitrary<Command>>(weight).fill(arbitrary)),
    { size, maxCommands },
  );
