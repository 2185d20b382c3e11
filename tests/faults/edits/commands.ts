import * as fc from "fast-check";
import type { Grant, Person, Place } from "./program";
import type { Scene, UpOptions } from "./scene";

type Command = fc.AsyncCommand<object, Scene>;

const command = (text: string, run: (scene: Scene) => unknown): Command => ({
  check: () => true,
  run: async (_model, scene) => {
    await run(scene);
  },
  toString: () => text,
});

const people = fc.constantFrom<Person>("ann", "bob", "cy");
const places = fc.constantFrom<Place>("staging", "production", "organization");
const roles = fc.constantFrom<Grant["role"]>("project.user", "project.developer", "project.admin");
const teams = fc.constantFrom<string | undefined>("it", "board", undefined);
const numbers = fc.nat({ max: 40 });

const pick = ({ grants }: Scene, which: number): Grant | undefined =>
  grants[which % Math.max(grants.length, 1)];

/** An edit of one grant, if there is one. */
const edit = (text: string, which: number, change: (grant: Grant, scene: Scene) => void): Command =>
  command(`${text} ${which}`, (scene) => {
    const grant = pick(scene, which);
    if (grant !== undefined) change(grant, scene);
  });

const edits: fc.Arbitrary<Command>[] = [
  fc.tuple(people, places, roles, teams, fc.boolean()).map(([person, place, role, team, isElsewhere]) =>
    command(`declare ${person} in ${place} as ${role}`, (scene) => {
      if (scene.grants.some((grant) => grant.person === person && grant.place === place)) return;
      const name = scene.newName();
      const address = scene.addressOf(person);
      scene.grants.push({
        ...{ person, place, address, name, team, role, isElsewhere },
        ...{ aliases: [], deleteFirst: false },
      });
    }),
  ),
  numbers.map((which) =>
    edit(
      "drop",
      which,
      (grant, scene) => void (scene.grants = scene.grants.filter((each) => each !== grant)),
    ),
  ),
  fc
    .tuple(numbers, roles)
    .map(([which, role]) => edit(`make ${role}`, which, (grant) => void (grant.role = role))),
  numbers.map((which) =>
    edit("rename with an alias", which, (grant, scene) => {
      grant.aliases.push(grant.name);
      grant.name = scene.newName();
    }),
  ),
  numbers.map((which) => edit("rename", which, (grant, scene) => void (grant.name = scene.newName()))),
  fc.tuple(numbers, teams).map(([which, team]) =>
    edit(`move into ${String(team)}`, which, (grant, scene) => {
      if (team === grant.team) return;
      grant.team = team;
      grant.aliases = [];
      if (which % 2 === 0) grant.name = scene.newName();
    }),
  ),
  fc.constantFrom("account" as const, "key" as const).map((what) =>
    command(`rename the ${what}`, (scene) => {
      scene.system = { ...scene.system, [what]: scene.newName() };
    }),
  ),
  fc
    .boolean()
    .map((hasAliases) =>
      command(`move to the other door ${hasAliases ? "with" : "without"} aliases`, (scene) =>
        scene.switchDoor(hasAliases),
      ),
    ),
  numbers.map((which) =>
    edit("switch the provider of", which, (grant) => void (grant.isElsewhere = !grant.isElsewhere)),
  ),
  numbers.map((which) =>
    command(`name all by their place in a table, from ${which}`, (scene) => {
      const { grants } = scene;
      scene.grants = [
        ...grants.slice(which % (grants.length + 1)),
        ...grants.slice(0, which % (grants.length + 1)),
      ];
      scene.grants.forEach((grant, index) => {
        Object.assign(grant, { name: `row-${index}`, team: undefined, aliases: [] });
      });
    }),
  ),
  numbers.map((which) =>
    edit("replace a person in", which, (grant, scene) => {
      const others = (["ann", "bob", "cy"] as const).filter(
        (person) => !scene.grants.some((each) => each.place === grant.place && each.person === person),
      );
      const [person] = others;
      if (person === undefined) return;
      scene.grants = scene.grants.map((each) =>
        each === grant ? { ...grant, person, address: scene.addressOf(person) } : each,
      );
    }),
  ),
  people.map((person) =>
    command(`the address of ${person} changes`, (scene) => void scene.changeAddress(person)),
  ),
  people.map((person) =>
    command(`the program takes up the address of ${person}`, (scene) => {
      for (const grant of scene.grants) if (grant.person === person) grant.address = scene.addressOf(person);
    }),
  ),
];

const ups: fc.Arbitrary<Command> = fc
  .record<UpOptions>({
    refresh: fc.boolean(),
    parallel: fc.constantFrom(1, 8),
    part: fc.option(
      fc.record({
        kind: fc.constantFrom("target" as const, "exclude" as const),
        picks: fc.array(numbers, { minLength: 1, maxLength: 3 }),
      }),
      { freq: 3, nil: undefined },
    ),
    replace: fc.option(numbers, { freq: 2, nil: undefined }),
  })
  .map((options) => command(`up ${JSON.stringify(options)}`, (scene) => scene.up(options)));

/** Schedules of edits and runs. */
export const editsOf = (maxCommands: number): fc.Arbitrary<Iterable<Command>> =>
  fc.commands(
    [...edits.map((arbitrary) => ({ arbitrary, weight: 2 })), { arbitrary: ups, weight: 14 }].flatMap(
      ({ arbitrary, weight }) => Array<fc.Arbitrary<Command>>(weight).fill(arbitrary),
    ),
    { size: "max", maxCommands },
  );
