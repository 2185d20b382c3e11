import * as fc from "fast-check";
import { people, systems, type Grant, type Place, type ReviewScene } from "./scene";

/** An edit of the program, or a change of the cloud by somebody else. */
export interface Edit {
  readonly run: (scene: ReviewScene) => void;
  readonly toString: () => string;
}

const edit = (text: string, run: Edit["run"]): Edit => ({ run, toString: () => text });

const person = fc.constantFrom(...people);
const system = fc.constantFrom(...systems);
const place = fc.constantFrom<Place>("staging", "production", "organization");
const role = fc.constantFrom("project.user", "project.developer", "project.admin");
const number = fc.nat({ max: 30 });

/** An edit of one grant, if there is one. */
const onGrant = (text: string, which: number, change: (grant: Grant, scene: ReviewScene) => void): Edit =>
  edit(`${text} ${which}`, (scene) => {
    const grant = scene.grants[which % Math.max(scene.grants.length, 1)];
    if (grant !== undefined) change(grant, scene);
  });

const declare: fc.Arbitrary<Edit> = fc
  .record({ member: fc.oneof(person, system), place, role, adopt: fc.boolean() })
  .map((given) =>
    edit(`declare ${JSON.stringify(given)}`, (scene) => {
      const { member } = given;
      if (scene.grants.some((grant) => grant.member === member && grant.place === given.place)) return;
      const isSystem = systems.find((each) => each === member);
      if (isSystem !== undefined) scene.systems.add(isSystem);
      scene.grants.push({
        ...given,
        name: scene.newName(),
        aliases: [],
        isRetained: false,
        lastDay: undefined,
      });
    }),
  );

const edits: fc.Arbitrary<Edit>[] = [
  number.map((which) =>
    onGrant(
      "drop",
      which,
      (grant, scene) => void (scene.grants = scene.grants.filter((each) => each !== grant)),
    ),
  ),
  fc
    .tuple(number, role)
    .map(([which, wanted]) => onGrant(`make it ${wanted}`, which, (grant) => void (grant.role = wanted))),
  fc.tuple(number, fc.boolean(), fc.boolean()).map(([which, hasAlias, adopts]) =>
    onGrant(
      `rename${hasAlias ? " with an alias" : ""}${adopts ? " with adopt" : ""}`,
      which,
      (grant, scene) => {
        grant.aliases = hasAlias ? [...grant.aliases, grant.name] : [];
        grant.adopt ||= adopts;
        grant.name = scene.newName();
      },
    ),
  ),
  fc.tuple(number, person).map(([which, other]) =>
    onGrant(`give it to ${other}:`, which, (grant, scene) => {
      if (!scene.grants.some((each) => each.place === grant.place && each.member === other))
        grant.member = other;
    }),
  ),
  number.map((which) => onGrant("retain", which, (grant) => void (grant.isRetained = !grant.isRetained))),
  fc
    .tuple(number, fc.option(fc.nat({ max: 6 }), { nil: undefined }))
    .map(([which, lastDay]) =>
      onGrant(`end it on ${String(lastDay)}`, which, (grant) => void (grant.lastDay = lastDay)),
    ),
  fc.constant(edit("a day passes", (scene) => (scene.day += 1))),
  system.map((which) =>
    edit(`drop the account ${which}`, (scene) => {
      scene.systems.delete(which);
      scene.grants = scene.grants.filter(({ member }) => member !== which);
    }),
  ),
  fc
    .tuple(person, place, fc.oneof(role, fc.constant("")))
    .map(([who, where, wanted]) =>
      edit(`by hand: ${who} in ${where} ${wanted || "removed"}`, (scene) => scene.byHand(who, where, wanted)),
    ),
];

/** Some edits, then a review and an update. */
export interface Round {
  readonly edits: readonly Edit[];
  readonly refresh: boolean;
}

/** Ten rounds. The first declares much, so that there is something to edit. */
export const rounds: fc.Arbitrary<Round[]> = fc
  .tuple(
    fc.array(declare, { minLength: 8, maxLength: 8, size: "max" }),
    fc.array(
      fc.record({
        edits: fc.array(
          fc.oneof(
            { arbitrary: declare, weight: 3 },
            ...edits.map((arbitrary) => ({ arbitrary, weight: 1 })),
          ),
          {
            minLength: 2,
            maxLength: 6,
            size: "max",
          },
        ),
        refresh: fc.boolean(),
      }),
      { minLength: 9, maxLength: 9, size: "max" },
    ),
  )
  .map(([first, rest]) => [{ edits: first, refresh: false }, ...rest]);
